"""Places: the residents of a place, described by published margins, each with its source."""

from __future__ import annotations

from simulator.places.loading import load_place, place_names, read_place
from simulator.places.margins import FEWEST_RESIDENTS, HOUSEHOLD_SIZES, PlaceFile
from simulator.places.national import CLOSE_FRIENDS, Source, england
from simulator.places.place import Place
from simulator.places.table import AreaTable, clashing_names, place_from_table, read_areas, slug
