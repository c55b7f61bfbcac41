"""Counties: neighbouring places between which a practice can spread."""

from __future__ import annotations

from simulator.counties.county import County, CountyFile, counties_schema, scaled
from simulator.counties.loading import county_names, load_county, read_county

__all__ = ["County", "CountyFile", "counties_schema", "county_names", "load_county", "read_county", "scaled"]
