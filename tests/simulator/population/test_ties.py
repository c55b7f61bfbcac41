"""Ties: mirrored slots, replacement of the weakest, and meetings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from simulator.foundations.categories import (
    FRIEND,
    HOUSEHOLD,
    KIN,
    NEIGHBOUR,
    NO_TIE,
    PROFESSIONAL,
    TIE_SLOTS,
)
from simulator.population.columns import Residents, empty_residents
from simulator.population.ties import (
    FULL_LEVEL,
    are_tied,
    drop_all_ties,
    drop_slot,
    drop_tie,
    make_tie,
    make_tie_elsewhere,
    meeting_mask,
    refresh_meetings,
)
from tests.helpers.populated_places import assert_mirrored, population

# Making and ending --------------------------------------------------------------------------------------------------


def test_a_tie_stands_at_both_ends() -> None:
    residents = empty_residents(3)
    assert make_tie(residents, 0, 2, FRIEND, 0.5, 1000, 9)
    assert_mirrored(residents)
    assert are_tied(residents, 0, 2)
    assert are_tied(residents, 2, 0)
    assert not are_tied(residents, 0, 1)
    assert residents.slots_used.tolist() == [1, 0, 1]
    assert residents.meetings[2, 0] == 9


def test_nobody_is_tied_twice_or_to_themselves() -> None:
    residents = empty_residents(2)
    assert make_tie(residents, 0, 1, FRIEND, 0.5, 1000, 0)
    assert not make_tie(residents, 1, 0, KIN, 0.9, 1000, 0)
    assert not make_tie(residents, 1, 1, FRIEND, 0.9, 1000, 0)
    assert (residents.context != NO_TIE).sum() == 2


def test_a_tie_elsewhere_fills_one_slot_and_may_be_one_of_many() -> None:
    residents = empty_residents(2)
    assert make_tie_elsewhere(residents, 0, KIN, 0.7, 30_000)
    assert make_tie_elsewhere(residents, 0, PROFESSIONAL, 0.4, 30_000)
    assert residents.slots_used.tolist() == [2, 0]
    assert residents.other[0, :2].tolist() == [0, 0]
    assert not are_tied(residents, 0, 0)
    drop_slot(residents, 0, 0)
    assert residents.context[0, :2].tolist() == [NO_TIE, PROFESSIONAL]
    assert_mirrored(residents)


def test_the_first_empty_slot_is_filled_and_slots_used_is_updated() -> None:
    residents = empty_residents(6)
    for b in (1, 2, 3):
        make_tie(residents, 0, b, FRIEND, 0.5, 1000, 0)
    assert drop_tie(residents, 0, 2)
    assert not drop_tie(residents, 0, 2)
    assert residents.slots_used[0] == 3
    make_tie(residents, 0, 4, FRIEND, 0.5, 1000, 0)
    assert residents.other[0, :3].tolist() == [1, 4, 3]
    drop_tie(residents, 3, 0)
    assert residents.slots_used[0] == 2
    assert residents.slots_used[3] == 0
    assert_mirrored(residents)


def full_house() -> Residents:
    """Row 0 has 15 friends, rows 1 to 15, of strengths 0.1 and up; row 16 has none."""
    residents = empty_residents(TIE_SLOTS + 2)
    for b in range(1, TIE_SLOTS + 1):
        assert make_tie(residents, 0, b, FRIEND, 0.1 + 0.05 * b, 1000, 0)
    return residents


def test_where_slots_are_full_the_weakest_goes_at_both_ends() -> None:
    residents = full_house()
    assert make_tie(residents, 16, 0, FRIEND, 0.5, 1000, 0)
    assert not are_tied(residents, 0, 1)
    assert residents.slots_used[1] == 0
    assert are_tied(residents, 0, 16)
    assert_mirrored(residents)


def test_a_tie_that_would_be_the_weakest_is_not_made() -> None:
    residents = full_house()
    assert not make_tie(residents, 16, 0, FRIEND, 0.12, 1000, 0)
    assert not make_tie_elsewhere(residents, 0, PROFESSIONAL, 0.12, 1000)
    assert are_tied(residents, 0, 1)
    assert residents.slots_used[16] == 0


def test_a_household_tie_displaces_and_is_never_displaced() -> None:
    residents = full_house()
    assert make_tie(residents, 16, 0, HOUSEHOLD, 0.05, FULL_LEVEL, 255)
    assert not are_tied(residents, 0, 1)
    residents.context[0] = HOUSEHOLD
    assert not make_tie_elsewhere(residents, 0, KIN, 0.99, 1000)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["make", "elsewhere", "drop", "slot", "all"]),
            st.integers(0, 24),
            st.integers(0, 24),
            st.sampled_from([HOUSEHOLD, KIN, FRIEND, NEIGHBOUR]),
            st.floats(0.0, 1.0, width=32),
        ),
        max_size=200,
    )
)
def test_ties_stay_mirrored_under_any_changes(steps: list[tuple[str, int, int, int, float]]) -> None:
    residents = empty_residents(25)
    for what, a, b, context, strength in steps:
        if what == "make":
            make_tie(residents, a, b, context, strength, 1000 + a + b, 3)
        elif what == "elsewhere":
            make_tie_elsewhere(residents, a, context, strength, 500)
        elif what == "drop":
            drop_tie(residents, a, b)
        elif what == "slot" and residents.context[a, b % TIE_SLOTS] != NO_TIE:
            drop_slot(residents, a, b % TIE_SLOTS)
        elif what == "all":
            drop_all_ties(residents, a)
            assert residents.slots_used[a] == 0
    assert_mirrored(residents)


# Meeting ------------------------------------------------------------------------------------------------------------


@given(
    seed=st.integers(0, 2**63 - 1),
    block=st.integers(0, 100),
    a=st.integers(0, 2**32 - 1),
    b=st.integers(0, 2**32 - 1),
    level=st.integers(0, 65_535),
)
def test_both_ends_of_a_tie_meet_in_the_same_weeks(seed: int, block: int, a: int, b: int, level: int) -> None:
    assume(a != b)
    assert meeting_mask(seed, block, a, 1, b, 2, level, FRIEND) == meeting_mask(seed, block, b, 2, a, 1, level, FRIEND)


def test_meetings_are_as_frequent_as_the_level_says_and_a_household_always_meets() -> None:
    masks = [meeting_mask(5, block, 7, 0, 8, 0, 16_384, FRIEND) for block in range(2000)]
    weeks = np.unpackbits(np.array(masks, np.uint8))
    assert weeks.mean() == pytest.approx(0.25, abs=0.01)
    assert meeting_mask(5, 0, 7, 0, 8, 0, 0, HOUSEHOLD) == 255
    assert meeting_mask(5, 0, 7, 0, 8, 0, 0, FRIEND) == 0


def test_a_refresh_of_all_gives_each_tie_its_own_mask() -> None:
    residents = population(residents=2000).copy()
    residents.generation[::7] = 3
    make_tie_elsewhere(residents, 5, KIN, 0.99, 40_000)
    refresh_meetings(residents, 11, 4, 0, 1024)
    refresh_meetings(residents, 11, 4, 1024, 2000)
    assert_mirrored(residents)
    for i in range(0, 2000, 13):
        for j in range(residents.slots_used[i]):
            b = int(residents.other[i, j])
            if b != i:
                mask = meeting_mask(
                    11,
                    4,
                    residents.berth[i],
                    residents.generation[i],
                    residents.berth[b],
                    residents.generation[b],
                    residents.contact_level[i, j],
                    residents.context[i, j],
                )
                assert residents.meetings[i, j] == mask


def test_people_elsewhere_meet_independently_of_each_other() -> None:
    residents = empty_residents(1)
    for _ in range(3):
        make_tie_elsewhere(residents, 0, KIN, 0.5, 32_768)
    seen = set()
    for block in range(20):
        refresh_meetings(residents, 1, block, 0, 1)
        seen.add(tuple(residents.meetings[0, :3].tolist()))
    assert len(seen) == 20
    assert all(len(set(masks)) > 1 for masks in seen)
