"""Whom to follow: a connected community of adults around people whom a plan reaches, the same for the same run."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.foundations.categories import ADULT_BAND, NO_TIE
from simulator.population.columns import Residents

SIZE: Final = 300
"""Adults followed."""


def ties_of(residents: Residents, row: int) -> list[tuple[int, float]]:
    """Rows of the adults to whom this resident has a tie, each with its strength [strength]."""
    person = residents[row]
    there = (person.context != NO_TIE) & (person.other != row) & (residents.age_band[person.other] >= ADULT_BAND)
    return list(zip(person.other[there].tolist(), person.strength[there].tolist(), strict=True))


def community(residents: Residents, reached: NDArray[np.bool_], size: int = SIZE) -> list[int]:
    """Rows of ``size`` adults who hang together by ties, in the order in which they are chosen.

    It begins with the adult among the ``reached`` (N,) who has most of them within two ties. Then, again and again,
    comes the one who has the strongest ties to those chosen; but as long as fewer than half of these are reached, comes
    someone they know who is. Between equals, the lower berth. There are fewer than ``size`` if nobody else is known to
    them. Raises ValueError if no adult is reached.
    """
    berths = residents.berth

    def reached_nearby(row: int) -> tuple[int, int]:
        known = {further for near, _ in ties_of(residents, row) for further, _ in ties_of(residents, near)}
        return int(reached[list(known)].sum()), -int(berths[row])

    adults = np.flatnonzero(reached & (residents.age_band >= ADULT_BAND)).tolist()
    if not adults:
        raise ValueError(
            "The plan reaches no adult, so there is nobody to follow. Choose one whose programmes are joined."
        )
    best = max(adults, key=reached_nearby)
    chosen: dict[int, None] = {best: None}
    pull: defaultdict[int, float] = defaultdict(float)
    while len(chosen) < size:
        for other, strength in ties_of(residents, best):
            if other not in chosen:
                pull[other] += strength
        if not pull:
            break
        seeks = 2 * int(reached[list(chosen)].sum()) < len(chosen)
        best = max(pull, key=lambda row: (seeks and bool(reached[row]), pull[row], -int(berths[row])))
        del pull[best]
        chosen[best] = None
    return list(chosen)
