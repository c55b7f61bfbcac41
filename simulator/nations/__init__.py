"""Nations: a scenario compared with a baseline in many places, with results added up."""

from __future__ import annotations

from simulator.nations.folder import NationFolder
from simulator.nations.loading import load_nation, nation_names
from simulator.nations.nation import Area, Nation
from simulator.nations.question import NationQuestion, nation_question
from simulator.nations.running import NationRuns, PlaceResult, run_nation
