"""The table of published and reached margins."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.description.place import describe_place
from simulator.evidence import load_evidence
from simulator.foundations.categories import FRIEND
from simulator.places import load_place
from simulator.population.build import build_population
from simulator.population.columns import empty_residents
from simulator.population.ties import make_tie
from simulator.specification.spec import rates_from

COLUMNS = ["margin", "category", "unit", "asked", "reached", "difference", "source"]


def test_every_margin_is_shown_as_published_and_as_reached() -> None:
    place = load_place("frome")
    table = describe_place(place, build_population(place, rates_from(load_evidence()), 0))
    assert list(table.columns) == COLUMNS
    assert {
        "age",
        "sex",
        "deprivation",
        "living alone",
        "household size",
        "mean ties",
        "close friends",
        "friends",
    } <= set(table["margin"])
    divided = table[table["margin"].isin(["age", "sex", "deprivation", "household size", "number of ties"])]
    assert divided.groupby("margin")["reached"].sum().to_numpy() == pytest.approx(100.0)
    asked = table[table["asked"].notna()]
    assert np.allclose(asked["difference"], asked["reached"] - asked["asked"])
    exact = table[table["margin"].isin(["age", "sex", "deprivation"])]
    assert exact["difference"].abs().max() < 0.1
    assert table["source"].str.len().min() > 5


def test_close_friends_are_strong_ties_of_adults_outside_the_household() -> None:
    place = load_place("frome").model_copy(update={"residents": 2000})
    residents = empty_residents(2000)
    residents.age_band = 4
    for b in range(1, 4):
        make_tie(residents, 0, b, FRIEND, 0.99, 1000, 0)
    make_tie(residents, 5, 6, FRIEND, 0.10, 1000, 0)
    table = describe_place(place, residents).set_index(["margin", "category"])["reached"]
    assert table["close friends", "2-3"] == pytest.approx(100.0 * 1 / 2000)
    assert table["close friends", "1"] == pytest.approx(100.0 * 3 / 2000)
    assert table["close friends", "none"] == pytest.approx(100.0 * 1996 / 2000)
    assert table["mean ties", "friend"] == pytest.approx(8 / 2000)


def test_values_without_evidence_are_nan() -> None:
    place = load_place("frome").model_copy(update={"residents": 2000})
    table = describe_place(place, empty_residents(2000)).set_index(["margin", "category"])
    assert np.isnan(table.loc[("mean ties", "household"), "asked"])
    assert np.isnan(table.loc[("friends", "same neighbourhood"), "reached"])
    assert table.loc[("number of ties", "0"), "reached"] == 100.0
