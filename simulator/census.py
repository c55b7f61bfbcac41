"""The census at a quarter's end: trusted adults, friends across the income median, trust. Whole numbers by cell.

Counted once a quarter and not weekly, since ties change slowly; read by `simulator.wider` and by the outcomes of the
same names. It looks at columns alone, so both executions share it, and no order of residents can matter.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.categories import (
    ADULT_BAND,
    DEPRIVATION,
    FRIEND,
    GROUP,
    PROFESSIONAL,
    SCHOOL_BAND,
    TIE_SLOTS,
    VOLUNTEER,
)
from simulator.columns import Residents
from simulator.measures import INDEX, MILLIONTHS
from simulator.parts import parts_of

Counts = NDArray[np.int64]
_LOWER, _UPPER = 0, 1
"""Values of ``income_half``."""


def take_census(residents: Residents, trusted_strength: float, counts: Counts) -> None:
    """Add the census to ``counts``, shape (cells, measures). ``trusted_strength`` is a tie strength in [0, 1].

    A trusted adult is the other end of a tie to a professional, to a volunteer or in a group, of at least that
    strength, who is grown up and neither of the household nor kin. Friends count where both ends live in the place,
    since nobody else's income is known.
    """
    for rows in parts_of(len(residents)):
        _count_part(residents, rows, trusted_strength, counts)


def _count_part(residents: Residents, part: slice, trusted_strength: float, counts: Counts) -> None:
    """Add those of some rows, whose friends may be anywhere."""
    here: Any = residents[part]
    first = part.start
    band = np.ascontiguousarray(here.age_band)
    cell = (band.astype(np.int64) * len(DEPRIVATION) + here.deprivation) * 2 + here.lonely
    children = np.flatnonzero(band == SCHOOL_BAND)
    _add(counts, "children_present", cell[children])
    _add(counts, "children_trusting", cell[children[_trusting(residents, first + children, trusted_strength)]])
    adults = np.flatnonzero(band >= ADULT_BAND)
    _add(counts, "adults_present", cell[adults])
    # Whole millionths add up exactly as floating-point numbers too: they stay far below 2^53.
    trust = np.floor(here.trust[adults] * MILLIONTHS)
    counts[:, INDEX["trust_millionths"]] += np.bincount(cell[adults], trust, len(counts)).astype(np.int64)
    below = adults[here.income_half[adults] == _LOWER]
    mine, slot = np.divmod(np.flatnonzero(here.context[below] == FRIEND), TIE_SLOTS)
    rows = below[mine]
    others = here.other[rows, slot]
    in_place = others != first + rows
    _add(counts, "friendships_below", cell[rows[in_place]])
    _add(counts, "friendships_across", cell[rows[in_place & (residents.income_half[others] == _UPPER)]])


def _trusting(residents: Residents, children: NDArray[np.intp], trusted_strength: float) -> NDArray[np.bool_]:
    """Which of these children have a trusted adult, shape (children,). A professional is nobody's row but the own."""
    flat = residents.context[children].ravel()
    child, slot = np.divmod(np.flatnonzero((flat == GROUP) | (flat == PROFESSIONAL) | (flat == VOLUNTEER)), TIE_SLOTS)
    rows = children[child]
    professional = residents.context[rows, slot] == PROFESSIONAL
    grown_up = professional | (residents.age_band[residents.other[rows, slot]] >= ADULT_BAND)
    trusting = np.zeros(len(children), np.bool_)
    trusting[child[grown_up & (residents.strength[rows, slot] >= trusted_strength)]] = True
    return trusting


def _add(counts: Counts, measure: str, cells: NDArray[np.int64]) -> None:
    """One more of a measure for each entry of ``cells``."""
    counts[:, INDEX[measure]] += np.bincount(cells, minlength=len(counts))
