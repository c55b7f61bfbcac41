"""Study cohorts: members, matched controls and randomised groups, each with a year before and a year after.

Week ``w`` is when a person joined, or was found eligible. The year before is the 52 weeks up to and including ``w``
(care comes before programmes within a week), the year after the 52 weeks that follow. A study counts people who were
present in both, as analysts of linked records do: people who died or moved away are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.evaluation.panel import ON_FILE, Ints, Panel
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import AGE_BANDS, CONDITIONS, DEPRIVATION, SEXES, WEEKS_PER_YEAR
from simulator.specification.programme_packing import stream_of

MOST_BEFORE: Final = 3
"""Matching treats three or more admissions in the year before as one class."""
MATCH_ON: Final = (
    ("age_band", "sex", "deprivation", "conditions", "before"),
    ("age_band", "sex", "conditions", "before"),
    ("age_band", "conditions", "before"),
)
"""Exact matching on all of these; members without a match are tried again without deprivation, then without sex."""
_SIZES: Final = {
    "age_band": len(AGE_BANDS),
    "sex": len(SEXES),
    "deprivation": len(DEPRIVATION),
    "conditions": len(CONDITIONS),
    "before": MOST_BEFORE + 1,
}
_GENERATION_BITS: Final = 16
_NAMES: Final = {"age_band": AGE_BANDS, "sex": SEXES, "deprivation": DEPRIVATION, "conditions": CONDITIONS}


def year_before(panel: Panel, rows: Ints, weeks: Ints) -> Ints:
    """Admissions in the 52 weeks up to and including each week."""
    return panel.admitted(rows, weeks - (WEEKS_PER_YEAR - 1), weeks)


def year_after(panel: Panel, rows: Ints, weeks: Ints) -> NDArray[np.float64]:
    """Admissions per year in the follow-up after each week: the 52 weeks that follow, or the first part of them."""
    counted = panel.admitted(rows, weeks + 1, weeks + panel.follow_up)
    return np.asarray(counted * (WEEKS_PER_YEAR / panel.follow_up), dtype=np.float64)


def first_joined(panel: Panel) -> pd.DataFrame:
    """People who joined, with the week in which they first did: row, week."""
    weeks, rows = np.nonzero(np.diff(panel.joined.astype(np.int64), axis=0))
    first = panel.times_joined(rows, panel.entered[weeks, rows].astype(np.int64), weeks) == 1
    return pd.DataFrame({"row": rows[first], "week": weeks[first]})


def first_eligible(panel: Panel) -> pd.DataFrame:
    """People found eligible while the programme took members, with the first week: row, week."""
    begins = panel.eligible.copy()
    begins[1:] &= ~(panel.eligible[:-1] * (panel.entered[1:] == panel.entered[:-1]).astype(np.uint8))
    weeks, rows = np.nonzero(begins)
    found = pd.DataFrame({"row": rows, "week": weeks, "entered": panel.entered[weeks, rows]})
    return found.drop_duplicates(["row", "entered"])[["row", "week"]].reset_index(drop=True)


def follow_up_complete(panel: Panel, people: pd.DataFrame) -> pd.DataFrame:
    """Those of ``people`` with complete follow-up."""
    return people[people["week"] <= panel.weeks - 1 - WEEKS_PER_YEAR]


def with_follow_up(panel: Panel, people: pd.DataFrame, *, weeks_before: int) -> pd.DataFrame:
    """Those of ``people`` with complete follow-up who were present throughout it and in the weeks before."""
    people = follow_up_complete(panel, people)
    rows, weeks = people["row"].to_numpy(), people["week"].to_numpy()
    return people[panel.stayed(rows, weeks - weeks_before, weeks + WEEKS_PER_YEAR)].reset_index(drop=True)


def with_characteristics(panel: Panel, people: pd.DataFrame) -> pd.DataFrame:
    """``people`` (row, week) with an identifier and their recorded characteristics, categories by name."""
    rows, weeks = people["row"].to_numpy(), people["week"].to_numpy()
    columns = {name: panel.trait(name, rows, weeks) for name in ON_FILE}
    return people.assign(
        person=_persons(panel, rows, weeks),
        **{
            name: pd.Categorical.from_codes(codes, categories=pd.Index(_NAMES[name]), ordered=True)
            if name in _NAMES
            else codes.astype(bool)
            for name, codes in columns.items()
        },
    )


def random_allocation(panel: Panel, people: pd.DataFrame, seed: int, programme: str) -> NDArray[np.float64]:
    """The model's uniform draw that allocates each person to the offer of this programme or to the control arm."""
    stream = stream_of(programme, draws.TRIAL)
    rows, weeks = people["row"].to_numpy(), people["week"].to_numpy()
    identities = zip(panel.trait("berth", rows, weeks), panel.trait("generation", rows, weeks), strict=True)
    uniforms = [draws.draw(seed, stream, 0, berth, generation)[1] for berth, generation in identities]
    return np.array(uniforms, np.float64)


def matched_controls(panel: Panel, members: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Matched controls (row, week, weight), and whether each member has any; weights add up to 1 per member.

    All exact matches are used, rather than one of them (coarsened exact matching; Iacus SM, King G and Porro G 2012,
    Political Analysis 20:1).
    """
    return _matched(panel, members, panel, partial(_never_members, panel))


def matched_controls_elsewhere(
    panel: Panel, members: pd.DataFrame, other: Panel
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Matched controls from another place without the programme, among those eligible there in the same week."""
    return _matched(panel, members, other, partial(_eligible_there, other))


def _matched(
    panel: Panel, members: pd.DataFrame, other: Panel, pool_of: Callable[[int], Ints]
) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Members of ``panel`` matched with rows of ``other`` that are in the pool of the week in which they joined."""
    matched = np.zeros(len(members), bool)
    parts = []
    for week, these in _by_week(members):
        pool = pool_of(week)
        for keys in MATCH_ON:
            left = these[~matched[these]]
            if not len(left):
                break
            codes = _codes(other, pool, week, keys)
            wanted = _codes(panel, members["row"].to_numpy()[left], week, keys)
            size = int(max(codes.max(initial=0), wanted.max())) + 1
            there, asked = np.bincount(codes, minlength=size), np.bincount(wanted, minlength=size)
            matched[left] = there[wanted] > 0
            weight = np.divide(asked, there, out=np.zeros(size), where=there > 0)[codes]
            parts.append(_rows_of_week(pool, weight, week))
    return _stacked(parts), matched


def eligible_non_members(panel: Panel, members: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Never-members eligible in the week in which a member joined (row, week, weight), and which members have any."""
    served = np.zeros(len(members), bool)
    parts = []
    for week, these in _by_week(members):
        pool = _never_members(panel, week)
        pool = pool[panel.eligible[week][pool] == 1]
        served[these] = len(pool) > 0
        parts.append(_rows_of_week(pool, np.full(len(pool), len(these) / max(1, len(pool))), week))
    return _stacked(parts), served


def per_person(panel: Panel, comparators: pd.DataFrame) -> pd.DataFrame:
    """Comparators of several weeks as one row per person: the sum of weights, and weighted means of the two years.

    ``week`` is the first in which the person was a comparator. Overall means are unchanged, and one person counts once.
    """
    rows, weeks = comparators["row"].to_numpy(), comparators["week"].to_numpy()
    weight = comparators["weight"].to_numpy()
    table = comparators.assign(
        who=panel.trait("berth", rows, weeks) << _GENERATION_BITS | panel.trait("generation", rows, weeks),
        before=year_before(panel, rows, weeks) * weight,
        after=year_after(panel, rows, weeks) * weight,
    )
    people = table.groupby("who", sort=False).agg(
        row=("row", "first"),
        week=("week", "first"),
        weight=("weight", "sum"),
        before=("before", "sum"),
        after=("after", "sum"),
    )
    people["before"] /= people["weight"]
    people["after"] /= people["weight"]
    return people.reset_index(drop=True)


def _never_members(panel: Panel, week: int) -> Ints:
    """Rows of those present in both years around ``week`` who have not joined by the end, without volunteers."""
    rows = np.arange(panel.entered.shape[1])
    last = np.full(len(rows), week + WEEKS_PER_YEAR)
    first = np.full(len(rows), week - (WEEKS_PER_YEAR - 1))
    there = panel.stayed(rows, first, last)
    entered = panel.entered[week].astype(np.int64)
    never = panel.joined[last + 1, rows] == panel.joined[entered, rows]
    volunteer = panel.trait("volunteer", rows, np.full(len(rows), week)) == 1
    return np.flatnonzero(there & never & ~volunteer)


def _eligible_there(other: Panel, week: int) -> Ints:
    """Rows of those eligible in a week, in a place without the programme, who are present in both years around it."""
    rows = np.flatnonzero(other.eligible[week])
    last, first = np.full(len(rows), week + WEEKS_PER_YEAR), np.full(len(rows), week - (WEEKS_PER_YEAR - 1))
    return rows[other.stayed(rows, first, last)]


def _codes(panel: Panel, rows: Ints, week: int, keys: tuple[str, ...]) -> Ints:
    """One number that encodes all ``keys`` of each row in a week."""
    weeks = np.full(len(rows), week)
    code = np.zeros(len(rows), np.int64)
    for key in keys:
        if key == "before":
            value = np.minimum(year_before(panel, rows, weeks), MOST_BEFORE)
        else:
            value = panel.trait(key, rows, weeks)
        code = code * _SIZES[key] + value
    return code


def _persons(panel: Panel, rows: Ints, weeks: Ints) -> list[str]:
    """A permanent identifier for each: place on the list, and number of earlier holders."""
    berths, generations = panel.trait("berth", rows, weeks), panel.trait("generation", rows, weeks)
    return [f"{berth}-{generation}" for berth, generation in zip(berths, generations, strict=True)]


def _by_week(members: pd.DataFrame) -> Iterator[tuple[int, Ints]]:
    """Each week in which members joined, and their positions."""
    weeks = members["week"].to_numpy(np.int64)
    for week in np.unique(weeks).tolist():
        yield week, np.flatnonzero(weeks == week)


def _rows_of_week(rows: Ints, weight: NDArray[np.float64], week: int) -> pd.DataFrame:
    there = weight > 0.0
    return pd.DataFrame({"row": rows[there], "week": week, "weight": weight[there]})


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame({"row": np.empty(0, np.int64), "week": np.empty(0, np.int64), "weight": np.empty(0)})
    return pd.concat(parts, ignore_index=True)
