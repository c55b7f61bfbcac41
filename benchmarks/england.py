"""All 326 districts of England at full size: a random share of them is run, and the time of the whole is estimated."""

from __future__ import annotations

import math
import random
import time
from typing import Any, Final

from benchmarks.measure import peak_megabytes
from simulator.api import specify_comparable
from simulator.counties.spread_runs import seed_offset_of
from simulator.districts import district, district_titles, place_residents
from simulator.running.ensemble import own_executor, run_seed
from simulator.scenario.scenario import load_scenario

_ARMS: Final = ("baseline", "relational_offset")


def england(share: float, workers: int, seed: int) -> dict[str, Any]:
    """One pair of runs of five years in a random ``share`` of the districts, each with all its residents.

    The time of all districts is the ratio estimate of Cochran 1977 (Sampling Techniques, 3rd ed., chapter 6): processor
    time a resident times all residents, with its standard error. The largest districts start first.
    """
    names = sorted(district_titles())
    chosen = random.Random(seed).sample(names, round(share * len(names)))
    chosen.sort(key=lambda name: -place_residents(name))
    started = time.perf_counter()
    with own_executor(workers) as executor:
        list(executor.map(district_pair, ["isles_of_scilly"] * workers))  # compiles, or reads what is compiled
        begun = time.perf_counter()
        found = list(executor.map(district_pair, chosen))
    ended = time.perf_counter()
    residents, seconds = ([float(one[name]) for one in found] for name in ("residents", "seconds"))
    whole, n = sum(place_residents(name) for name in names), len(found)
    rate = sum(seconds) / sum(residents)
    spread = sum((spent - rate * lived) ** 2 for spent, lived in zip(seconds, residents, strict=True))
    return {
        "districts": n,
        "residents": int(sum(residents)),
        "processor_seconds": sum(seconds),
        "clock_seconds": ended - begun,
        "start_seconds": begun - started,
        "all_processor_seconds": rate * whole,
        "all_error": math.sqrt((1.0 - n / len(names)) * n / (n - 1) * spread) * len(names) / n,
        "largest": max(found, key=lambda one: float(one["peak_mb"])),
    }


def district_pair(name: str) -> dict[str, Any]:
    """Processor seconds of one pair of a district in this process, and its peak memory so far."""
    started = time.process_time()
    specs = specify_comparable([load_scenario(arm) for arm in _ARMS], place=district(name)).specs
    runs = run_seed(specs, seed_offset_of(name), 0)
    if not all(hasattr(run, "cells") for run in runs):
        raise RuntimeError(f"{name}: {runs}")
    residents = place_residents(name)
    spent = time.process_time() - started
    return {"name": name, "residents": residents, "seconds": spent, "peak_mb": peak_megabytes()}
