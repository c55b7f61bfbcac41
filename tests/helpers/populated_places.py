"""The shipped central rates, populations of any size, and invariants of ties."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from simulator.evidence import load_evidence
from simulator.evidence.parameters import Rates
from simulator.foundations.categories import NO_TIE
from simulator.places import Place, load_place
from simulator.population.build import build_population
from simulator.population.columns import Residents
from simulator.specification.spec import rates_from


@lru_cache(maxsize=1)
def rates() -> Rates:
    return rates_from(load_evidence())


def sized(name: str, residents: int) -> Place:
    """A shipped place with another number of residents."""
    return load_place(name).model_copy(update={"residents": residents})


@lru_cache(maxsize=8)
def population(name: str = "frome", residents: int = 28_000, seed: int = 1) -> Residents:
    """Residents of a shipped place; shared between tests, so read-only."""
    return build_population(sized(name, residents), rates(), seed)


def assert_mirrored(residents: Residents) -> None:
    """Check that every tie is in one slot of each end with equal values, and slots past ``slots_used`` are empty."""
    size = len(residents)
    row, slot = np.nonzero(residents.context != NO_TIE)
    other = residents.other[row, slot].astype(np.int64)
    assert np.all(slot < residents.slots_used[row])
    empty_row, empty_slot = np.nonzero(residents.context == NO_TIE)
    assert np.array_equal(residents.other[empty_row, empty_slot], empty_row)
    assert not residents.strength[empty_row, empty_slot].any()
    within = other != row
    row, slot, other = row[within], slot[within], other[within]
    forward = np.sort(row * size + other)
    assert np.array_equal(forward, np.sort(other * size + row))
    assert len(np.unique(forward)) == len(forward), "a pair is tied twice"
    there, back = np.argsort(row * size + other), np.argsort(other * size + row)
    for column in ("context", "strength", "contact_level", "meetings"):
        values = residents[column][row, slot]
        assert np.array_equal(values[there], values[back]), column
