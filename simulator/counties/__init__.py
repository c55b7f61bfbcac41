"""Counties: neighbouring places between which a practice can spread."""

from __future__ import annotations

from simulator.counties.county import County, CountyFile, scaled
from simulator.counties.loading import county_names, load_county, read_county
