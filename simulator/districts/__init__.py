"""The 326 local authority districts of England (boundaries of 2011) as places, by name.

They are no part of what determines a run: a district is a place like any other once it is loaded.
"""

from __future__ import annotations

from simulator.districts.loading import (
    district,
    district_kinds,
    district_titles,
    hexagons,
    load_place,
    map_source,
    named_district,
    place_names,
    place_residents,
    place_titles,
)
