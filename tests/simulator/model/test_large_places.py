"""Very large places: people meet within their town, and numbers fit their columns."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.events.acquaintances import TOWN, pick
from simulator.events.group_meetings import _seats
from simulator.foundations import random_numbers as draws
from simulator.foundations.input_files import Document
from simulator.places import load_place
from simulator.places.place import impossible
from simulator.population.columns import RESIDENT

KEY = (5, draws.FRIENDS, 40)


def numbered(size: int) -> np.recarray:
    """Residents of whom only the berth matters: rows in the opposite order."""
    residents = np.zeros(size, RESIDENT).view(np.recarray)
    residents.berth = np.arange(size, dtype=np.uint32)[::-1]
    return residents


def picked(residents: np.recarray, row: int, draws_of_one: int = 200) -> np.ndarray:
    """Berths that the resident of a row picks."""
    row_of_berth = np.argsort(residents["berth"]).astype(np.uint32)
    rows = [int(pick(residents, row_of_berth, KEY, row, k)) for k in range(draws_of_one)]
    return residents["berth"][rows].astype(np.int64)


@pytest.mark.parametrize("berth", [0, 9_000, 60_000, 99_999])
def test_residents_of_a_large_place_meet_people_of_their_own_town(berth):
    residents = numbered(100_000)
    found = picked(residents, 99_999 - berth)
    first = min(max(0, berth - TOWN // 2), 100_000 - TOWN)
    assert found.min() >= first
    assert found.max() < first + TOWN
    assert np.ptp(found) > 0.9 * TOWN


def test_residents_of_a_place_no_larger_than_a_town_can_meet_anyone():
    residents = numbered(20_000)
    found = picked(residents, 7)
    own = residents["berth"][7]
    uniforms = [draws.draw(5, draws.FRIENDS, 40 * 64 + k, int(own), 0)[0] for k in range(200)]
    numbers = np.array([int(u * TOWN) for u in uniforms])
    assert found.tolist() == np.where(numbers < 20_000, numbers, own).tolist()


def test_groups_of_a_large_place_are_formed_by_town():
    words = np.array([9, 3, 7, 1], np.uint32)
    came = np.array([0, 99_999, 1, 99_998], np.uint32)
    assert _seats(numbered(100_000), came, words).tolist() == [3, 1, 2, 0]
    assert _seats(numbered(30_000), came % 30_000, words).tolist() == [3, 1, 2, 0]
    mixed = np.array([1, 7, 3, 9], np.uint32)
    assert _seats(numbered(100_000), came, mixed).tolist() == [1, 3, 0, 2]
    assert _seats(numbered(30_000), came % 30_000, mixed).tolist() == [0, 2, 1, 3]


def test_more_neighbourhoods_than_their_numbers_allow_are_refused(messages):
    vast = load_place("frome").model_copy(update={"residents": 60_000_000, "neighbourhood_size": 500})
    (problem,) = impossible(vast, Document("vast.yaml", {}, {}))
    messages.check(problem)
    assert impossible(vast.model_copy(update={"neighbourhood_size": 1500}), Document("vast.yaml", {}, {})) == []
