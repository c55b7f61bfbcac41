"""A place as specified and as its simulated population turned out: margins, ties, close friends, homophily."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.evidence import load_evidence
from simulator.evidence.parameters import Rates
from simulator.foundations.categories import (
    ADULT_BAND,
    AGE_BANDS,
    CONTEXTS,
    DEPRIVATION,
    FRIEND,
    HOUSEHOLD,
    NO_TIE,
    SEXES,
    TIE_SLOTS,
)
from simulator.places import CLOSE_FRIENDS, HOUSEHOLD_SIZES, Place, england
from simulator.population.columns import Residents
from simulator.rules import ties as rules
from simulator.specification.spec import rates_from

_RESIDENTS: Final = "% of residents"
_CLOSE_RANGES: Final = ((0, 0), (1, 1), (2, 3), (4, 5), (6, TIE_SLOTS))
"""Smallest and largest count in each published category of close friends."""
_DEGREES: Final = ((0, 0), (1, 3), (4, 6), (7, 9), (10, 12), (13, 14), (TIE_SLOTS, TIE_SLOTS))
_NOT_ASKED: Final = float("nan")


class _Row(NamedTuple):
    margin: str
    category: str
    unit: str
    asked: float
    reached: float
    source: str


def describe_place(place: Place, residents: Residents, rates: Rates | None = None) -> pd.DataFrame:
    """Every margin of a place as specified and as its residents reach it, one row per category.

    Columns: margin, category, unit, asked (NaN if nothing was specified), reached, difference (reached minus asked),
    source. ``rates`` are those the residents were built with (default: the shipped central values); they specify ties
    by context, homophily, and which ties are close. *Close friends* are kin, friends and neighbours outside the
    household whose tie has at least ``ties.close_strength``.
    """
    rates = rates if rates is not None else rates_from(load_evidence())
    rows = [*_margins(place, residents), *_ties(residents, rates)]
    rows += [*_close_friends(residents, rates), *_homophily(residents, rates)]
    table = pd.DataFrame(rows, columns=list(_Row._fields))
    table.insert(5, "difference", table["reached"] - table["asked"])
    return table


def _margins(place: Place, residents: Residents) -> list[_Row]:
    sources = {source.margin: source.source for source in place.sources}
    joint = sources["age_by_deprivation"]
    rows = [
        *_divided("age", AGE_BANDS, place.age, residents.age_band, sources.get("age", joint)),
        *_divided("sex", SEXES, place.sex, residents.sex, sources["sex"]),
        *_divided(
            "deprivation", DEPRIVATION, place.deprivation, residents.deprivation, sources.get("deprivation", joint)
        ),
    ]
    for band in range(ADULT_BAND, len(AGE_BANDS)):
        reached = 100.0 * _mean(residents.lives_alone[residents.age_band == band])
        asked = 100.0 * place.living_alone[band]
        rows.append(_Row("living alone", AGE_BANDS[band], "% of age band", asked, reached, sources["living_alone"]))
    people = np.bincount(residents.household)
    size = np.minimum(people[people > 0], len(HOUSEHOLD_SIZES)) - 1
    sizes = _divided("household size", HOUSEHOLD_SIZES, place.household_sizes, size, sources["household_sizes"])
    return [*rows, *(row._replace(unit="% of households") for row in sizes)]


def _divided(
    margin: str, names: Sequence[str], asked: Sequence[float], category: NDArray[Any], source: str
) -> list[_Row]:
    """Rows of a margin that divides a whole; ``category`` holds positions in ``names``."""
    reached = np.bincount(category, minlength=len(names)) / len(category)
    return [
        _Row(margin, name, _RESIDENTS, 100.0 * share, 100.0 * float(part), source)
        for name, share, part in zip(names, asked, reached, strict=True)
    ]


def _ties(residents: Residents, rates: Rates) -> list[_Row]:
    """Mean ties by context, and the distribution of the number of ties."""
    rows = []
    for context, name in enumerate(CONTEXTS):
        housemates = context == HOUSEHOLD
        asked = _NOT_ASKED if housemates else float(rates.ties.mean_ties[context])
        reached = float(np.count_nonzero(residents.context == context)) / len(residents)
        source = "follows from households" if housemates else "evidence: ties.mean_ties"
        rows.append(_Row("mean ties", name, "ties per resident", asked, reached, source))
    degree = (residents.context != NO_TIE).sum(axis=1)
    limit = f"at most {TIE_SLOTS} ties per resident"
    rows.append(_Row("mean ties", "all", "ties per resident", _NOT_ASKED, _mean(degree), limit))
    rows += [
        _Row("mean ties", name, "ties per resident", _NOT_ASKED, reached, "Hall JA 2019: hours together")
        for name, reached in _layers(residents, rates)
    ]
    for low, high in _DEGREES:
        name = str(low) if low == high else f"{low}-{high}"
        reached = 100.0 * _mean((degree >= low) & (degree <= high))
        rows.append(_Row("number of ties", name, _RESIDENTS, _NOT_ASKED, reached, limit))
    return rows


def _layers(residents: Residents, rates: Rates) -> list[tuple[str, float]]:
    """Mean ties per resident by strength: close friend, friend, casual friend (by hours together), and weaker."""
    tie = rates.ties
    hours = {"close": tie.hours_to_close, "friend": tie.hours_to_friend, "casual": tie.hours_to_casual, "weaker": 0.0}
    layers, at_least = [], 0.0
    for name, needed in hours.items():
        strength = rules.growth(needed, tie.hours_to_close, tie.close_strength)
        count = float(np.count_nonzero((residents.strength >= strength) & (residents.context != NO_TIE)))
        layers.append((f"strength: {name}", (count - at_least) / len(residents)))
        at_least = count
    return layers


def _close_friends(residents: Residents, rates: Rates) -> list[_Row]:
    nation = england()
    outside = (residents.context != NO_TIE) & (residents.context != HOUSEHOLD)
    close = outside & (residents.strength >= rates.ties.close_strength)
    number = close.sum(axis=1)[residents.age_band >= ADULT_BAND]
    source = nation.sources["close_friends"].source
    rows = []
    for name, asked, (low, high) in zip(CLOSE_FRIENDS, nation.close_friends, _CLOSE_RANGES, strict=True):
        reached = 100.0 * _mean((number >= low) & (number <= high))
        rows.append(_Row("close friends", name, "% of adults", 100.0 * asked, reached, source))
    return rows


def _homophily(residents: Residents, rates: Rates) -> list[_Row]:
    """Friends in the other income half, in the same neighbourhood, and of about the same age."""
    friends = residents.context == FRIEND
    adults = (residents.age_band >= ADULT_BAND)[:, None]
    lower = (residents.income_half == 0)[:, None]
    band, other = residents.age_band.astype(np.int16), residents.other
    upper = residents.income_half[other] == 1
    near = residents.neighbourhood[other] == residents.neighbourhood[:, None]
    same_age = np.abs(band[other] - band[:, None]) <= 1
    rows = [
        ("upper income half", "% of friends of lower half", "cross_income_share", upper, friends & adults & lower),
        ("same neighbourhood", "% of friends", "same_neighbourhood_share", near, friends),
        ("same or next age band", "% of friends of adults", "same_age_share", same_age, friends & adults),
    ]
    return [
        _Row(
            "friends",
            name,
            unit,
            100.0 * getattr(rates.ties, asked),
            100.0 * _mean(similar[of]),
            f"evidence: ties.{asked}",
        )
        for name, unit, asked, similar, of in rows
    ]


def _mean(values: NDArray[Any]) -> float:
    """Mean, or NaN if there are no values."""
    return float(np.mean(values)) if values.size else float("nan")
