"""The census of a quarter: trusted adults, friendships across the income median, and trust."""

from __future__ import annotations

import numpy as np

from simulator.events.census import take_census
from simulator.foundations.categories import FRIEND, GROUP, HOUSEHOLD, KIN, NEIGHBOUR, PROFESSIONAL, VOLUNTEER
from simulator.foundations.measures import INDEX, NAMES
from simulator.model.place_model import PlaceModel
from simulator.population.columns import Residents, empty_residents
from tests.helpers.support import random_residents, small_spec
from tests.simulator.model.test_order import rearranged

COUNTED = (
    "children_present",
    "children_trusting",
    "friendships_below",
    "friendships_across",
    "adults_present",
    "trust_millionths",
)
CHILD, ADULT = 1, 4


def census(residents: Residents, strength: float = 0.2) -> np.ndarray:
    counts = np.zeros((90, len(NAMES)), np.int64)
    take_census(residents, strength, counts)
    return counts


def totals(residents: Residents, strength: float = 0.2) -> dict[str, int]:
    counts = census(residents, strength).sum(axis=0)
    return {name: int(counts[INDEX[name]]) for name in COUNTED}


def family(*ties: tuple[int, int, int, float]) -> Residents:
    """A child (row 0) and adults in rows 1 and 2; ties as row, other, context, strength, in the first free slot."""
    residents = empty_residents(3)
    residents.age_band = [CHILD, ADULT, ADULT]
    residents.income_half = [0, 0, 1]
    for row, other, context, strength in ties:
        slot = int(residents.slots_used[row])
        residents.other[row, slot], residents.context[row, slot] = other, context
        residents.strength[row, slot] = strength
        residents.slots_used[row] = slot + 1
    return residents


def test_a_trusted_adult_is_grown_up_close_enough_and_neither_of_the_household_nor_kin() -> None:
    def trusting(*tie: int | float) -> int:
        return totals(family((0, *tie)))["children_trusting"]  # type: ignore[arg-type]

    assert trusting(0, PROFESSIONAL, 0.3) == 1
    assert trusting(0, PROFESSIONAL, 0.1) == 0
    assert [trusting(1, context, 0.9) for context in (GROUP, VOLUNTEER)] == [1, 1]
    assert [trusting(1, context, 0.9) for context in (HOUSEHOLD, KIN, FRIEND, NEIGHBOUR)] == [0, 0, 0, 0]
    another_child = family((0, 1, GROUP, 0.9))
    another_child.age_band[1] = CHILD
    assert totals(another_child)["children_trusting"] == 0


def test_a_child_with_two_trusted_adults_counts_once() -> None:
    found = totals(family((0, 1, GROUP, 0.5), (0, 0, PROFESSIONAL, 0.5)))
    assert (found["children_present"], found["children_trusting"]) == (1, 1)


def test_friends_of_the_lower_half_are_counted_where_both_ends_live_in_the_place() -> None:
    found = totals(family((1, 2, FRIEND, 0.5), (1, 1, FRIEND, 0.5), (1, 2, KIN, 0.5), (2, 1, FRIEND, 0.5)))
    assert (found["friendships_below"], found["friendships_across"]) == (1, 1)
    comparable = family((1, 2, FRIEND, 0.5))
    comparable.income_half[2] = 0
    assert totals(comparable)["friendships_across"] == 0


def test_trust_is_that_of_adults_in_millionths() -> None:
    residents = family()
    residents.trust = [0.9, 0.25, 0.5]
    assert totals(residents)["trust_millionths"] == 750_000
    assert totals(residents)["adults_present"] == 2


def test_the_order_of_residents_does_not_matter() -> None:
    residents = random_residents(400, 3)
    assert totals(residents)["children_trusting"] > 0
    order = np.random.default_rng(1).permutation(len(residents))
    assert np.array_equal(census(residents), census(rearranged(residents, order)))


def test_a_higher_strength_asked_for_finds_no_more_trusted_adults() -> None:
    residents = random_residents(400, 3)
    found = [totals(residents, strength)["children_trusting"] for strength in (0.0, 0.3, 0.6, 1.01)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == 0


def test_a_quarter_is_counted_once_without_side_effects() -> None:
    residents = random_residents(300, 3)
    residents.volunteer = 0
    model = PlaceModel(small_spec(weeks=13, residents=300), 1, warmed_up=residents)
    while model.elapsed < model.spec.weeks:
        model.step()
    (cells,) = model.book.cells
    counted = {name: int(cells[:, INDEX[name]].sum()) for name in COUNTED}
    assert counted == totals(model.columns, model.rates.wider.trusted_adult_strength)
