"""The answer in a district of England, from the runs of all districts and, at other sizes, from those of one town.

Districts were run at the plan's own size. What more or less of it adds is taken from the place whose sizes ship, for
each resident: a district's mean at a size is the town's there, plus by how much the two differ at the plan's own size
(below that, in proportion to size). The town's ranges are widened or narrowed to the district's at that size.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.text.lens_names import key_title
from dashboard.topics.answer import Answer, ready_answer
from dashboard.topics.districts import districts_note, districts_source, whole_district_rows
from dashboard.topics.signs import SIGNS, adults_of
from simulator.bundle.districts import BASE, DistrictsPlan, load_district_results
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.paired_statistics import Floats, range_of
from simulator.comparison.smallest_differences import DEFAULTS, Matters
from simulator.districts import load_place
from simulator.errors import SimulatorError
from simulator.experiments.between_sizes import BetweenSizes
from simulator.experiments.size_targets import DEFAULT_TARGETS, parse_target, smallest_multiples
from simulator.lenses import apply_lens
from simulator.scenario.scenario import load_scenario

_OF_AMOUNT: Final = ("pounds", "units", "members", "offers", "joined", "volunteers")


def district_answer(scenario: str, place: str, base: str, names: tuple[str, ...], matters: Matters) -> Answer | None:
    """The answer in a district; None for another place, plan or lens than districts were run for.

    ``names`` are the lenses, the most cautious first.
    """
    try:
        plan = DistrictsPlan.of_record(load_district_results().record)
        if (scenario, base) != (plan.scenario, BASE) or not set(names) <= set(plan.lenses):
            return None
        hashes = tuple(apply_lens(name).hash for name in names)
        return _answer(place, names, tuple(matters.items()), (*hashes, load_scenario(scenario).hash))
    except SimulatorError:
        return None


@lru_cache(maxsize=64)
def _answer(
    place: str, names: tuple[str, ...], matters: tuple[tuple[str, float], ...], _made_of: tuple[str, ...]
) -> Answer | None:
    record = load_district_results().record
    plan = DistrictsPlan.of_record(record)
    usual = whole_district_rows(place, names, DEFAULTS)
    town = ready_answer(plan.scenario, str(load_scenario(BASE).place_reference), BASE, names)
    if usual.empty or town is None:
        return None
    found = load_place(place)
    share = found.residents / town.residents
    sized = f"At other sizes, each further step adds what it adds in {town.place}, for each resident."
    lenses = {key: _at_sizes(one, usual[usual["lens"] == key], share) for key, one in town.lenses.items()}
    targets = [parse_target(text) for text in DEFAULT_TARGETS]
    return replace(
        town,
        place=found.title,
        residents=found.residents,
        adults=adults_of(place, found.residents),
        lenses=lenses,
        smallest={key: smallest_multiples(one.chances(targets, (key, key_title(key)))) for key, one in lenses.items()},
        scenario=(place, town.scenario[1]),
        flow={name: {account: share * x for account, x in money.items()} for name, money in town.flow.items()},
        new_money={multiple: share * pounds for multiple, pounds in town.new_money.items()},
        spent=share * town.spent,
        estimated=whole_district_rows(place, names, MappingProxyType(dict(matters))),
        notes=(districts_note(usual, plan), sized),
        source=districts_source(record),
    )


def _at_sizes(town: BetweenSizes, rows: pd.DataFrame, share: float) -> BetweenSizes:
    """A district at every size, by its rows at the plan's own size; ``share`` is its residents for each of the town."""
    mine = rows.set_index("measure").to_dict("index")
    (own,) = np.flatnonzero(town.multiples == 1.0)
    words, baselines, differences, matters = {}, {}, {}, {}
    for measure in SIGNS:
        row, each = mine[measure], 1.0 if OUTCOMES[measure].per else share
        there = each * town.differences[measure]
        words[measure] = town.words[measure]
        differences[measure] = like_town(there, there[own], row, np.minimum(town.multiples, 1.0)[:, None])
        baselines[measure] = np.full(len(town.draws), row["baseline"])
        matters[measure] = float(row["matters"])
    served = town.programmes.assign(**{column: share * town.programmes[column] for column in _OF_AMOUNT})
    return replace(town, words=words, baselines=baselines, differences=differences, matters=matters, programmes=served)


def like_town(there: Floats, own: Floats, row: Mapping[Hashable, Any], departs: Floats | float) -> Floats:
    """A district's differences, shape (..., n), from those of n pairs ``there``, in a town of its number of residents.

    ``row`` is the district's at the plan's own size, where the town's are ``own``, shape (n,): ``departs`` times as far
    as these are apart the mean is moved, and the range is as much wider or narrower.
    """
    mean, (low, high) = there.mean(axis=-1, keepdims=True), range_of(own)
    ratio = (row["high"] - row["low"]) / (high - low) if high > low and np.isfinite(row["high"]) else 1.0
    return np.asarray(mean + departs * (row["difference"] - own.mean()) + ratio * (there - mean), np.float64)
