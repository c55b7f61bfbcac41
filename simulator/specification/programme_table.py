"""The programmes of a run for compiled code: arrays of the same shape in every scenario.

P slots for programmes, A alternatives per slot, W conditions per alternative, flattened: ``slot * A + alternative``,
times W. The effects of enrolment are looked up by the bits of ``enrolled``: shape (2**P,), each entry the sum over the
programmes whose bit is set, computed once per run.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any, Final, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from simulator.evidence.parameters import Table
from simulator.foundations.categories import (
    ALTERNATIVES,
    CONDITIONS,
    DEPRIVATION,
    DIGITAL_CAPABILITY,
    PROGRAMME_SLOTS,
    SEXES,
)

Whole = NDArray[np.int64]
MEMBERSHIPS: Final = 1 << PROGRAMME_SLOTS
UNSET: Final = -1
"""Context if a programme forms no tie, and slot if it introduces to no other programme."""


(
    YOUNGEST,
    OLDER_THAN_ALL,
    MANY_CONDITIONS,
    MANY_ADMISSIONS,
    IN_QUARTERS,
    DISCHARGED,
    LONELY,
    UNMET,
    ALONE,
    OF_DEPRIVATION,
    OF_DIGITAL,
    OF_SEX,
) = range(12)
"""Positions of an alternative's conditions, as in `simulator.programme_files.EligibilityRule`."""
ELIGIBILITY_FIELDS: Final = 12
FEATURES: Final = {
    "conditions": CONDITIONS,
    "lonely": ("no", "yes"),
    "alone": ("no", "yes"),
    "deprivation": DEPRIVATION,
    "digital": DIGITAL_CAPABILITY,
    "sex": SEXES,
    "admissions": ("0", "1", "2 or more"),
    "unmet": ("no", "yes"),
    "stay": ("now or lately", "no"),
}
"""Categorical features of a resident, in the order of the bits of ``excluded``; admissions are those of a year."""
FIRST_BIT: Final = dict(zip(FEATURES, accumulate(map(len, FEATURES.values()), initial=0), strict=False))
"""First bit of each of `FEATURES`."""
LATELY: Final = 4
"""Weeks since a discharge that count as lately in `FEATURES`."""
MOST_ADMISSIONS: Final = len(FEATURES["admissions"]) - 1
"""Admissions from which `FEATURES` no longer tell their number."""


class ProgrammeTable(NamedTuple):
    """Programmes by slot, alternatives of eligibility by slot and number, and effects by membership."""

    offer_stream: Whole  # (P,) stream of draws
    member_stream: Whole  # (P,) stream of draws
    trial_stream: Whole  # (P,) stream of draws
    table_stream: Whole  # (P,) stream of draws
    randomise: Table  # (P,) share of the eligible in the offer arm
    engagement: Table  # (P,) probability
    unmet_need_found: Table  # (P,) needs
    old_ties: Table  # (P,) old ties brought back per new member
    sessions: Table  # (P,) sessions per week on how members see their ties
    caseload: Table  # (P,) members per unit
    duration: Table  # (P,) weeks
    asked_again: Table  # (P,) weeks
    attendance: Table  # (P,) probability per week that a member of a group attends
    introduces: Whole  # (P,) slot, or UNSET
    introduction: Table  # (P,) probability
    tie_context: Whole  # (P,) context of the tie with worker or volunteer, or UNSET
    tie_level: Whole  # (P,) contact level of that tie, in 1/65536
    tie_strength: Table  # (P,) strength after the first contact; in a group, with the neighbour at the table
    is_group: Whole  # (P,) 1 if members meet each other
    alternatives: Whole  # (P,) number of alternatives; 0 = no one is eligible
    eligibility_rules: Whole  # (P*A*W,) conditions of each alternative, see YOUNGEST and the positions below it
    excluded: Whole  # (P*A,) bits of `FEATURES` that the alternative excludes
    asks_more: Whole  # (P*A,) 1 if `FEATURES` and age cannot tell who meets the alternative, only who does not
    top_share: Table  # (P*A,) share of the list by predicted risk; 1 = everyone
    acute_episodes: Table  # (2**P,) log ratio on acute episodes
    overnight_admission: Table  # (2**P,) log ratio on overnight admission
    waiting: Table  # (2**P,) ratio on delayed discharge
    readmission: Table  # (2**P,) log ratio on admissions in the months after a discharge
    care_plans: int  # bits of the programmes whose members have a care plan
    groups: int  # bits of the programmes whose members meet each other
    help_in_illness: Table  # (2**P,) share of the help in illness that could be mobilised, at most 1


def sums_by_membership(by_slot: Table) -> Table:
    """Sums over the programmes of each membership, from shape (P,) to (2**P,), added in the order of slots.

    >>> sums_by_membership(np.array([1.0, 10.0, 100.0, 0, 0, 0, 0, 0]))[[0, 1, 5]].tolist()
    [0.0, 1.0, 101.0]
    """
    sums = np.zeros(MEMBERSHIPS)
    for slot in range(PROGRAMME_SLOTS):
        sums += np.where(np.arange(MEMBERSHIPS) >> slot & 1, by_slot[slot], 0.0)
    return sums


def no_programmes() -> dict[str, Any]:
    """The fields of a table without programmes, to be filled in: zeros, no introductions and no ties."""
    table: dict[str, Any] = {}
    for name, kind in _KINDS.items():
        size = _SIZES.get(name, PROGRAMME_SLOTS)
        if kind is int:
            table[name] = 0
        elif name in _BY_MEMBERSHIP:
            table[name] = np.full(MEMBERSHIPS, _BY_MEMBERSHIP[name])
        else:
            table[name] = np.zeros(size, np.float64 if kind == Table else np.int64)
    table["introduces"][:] = table["tie_context"][:] = UNSET
    return table


_KINDS: Final = get_type_hints(ProgrammeTable)
_SIZES: Final = {
    "eligibility_rules": PROGRAMME_SLOTS * ALTERNATIVES * ELIGIBILITY_FIELDS,
    "excluded": PROGRAMME_SLOTS * ALTERNATIVES,
    "asks_more": PROGRAMME_SLOTS * ALTERNATIVES,
    "top_share": PROGRAMME_SLOTS * ALTERNATIVES,
}
_BY_MEMBERSHIP: Final = {
    "acute_episodes": 0.0,
    "overnight_admission": 0.0,
    "waiting": 1.0,
    "readmission": 0.0,
    "help_in_illness": 0.0,
}
