"""The state of all residents: an array of records, one row a resident, one field a trait.

``residents.age_weeks`` is the column of one trait (a view, shape (N,) or (N, slots)), ``residents[row]`` one resident.
Records keep what belongs to one person together in memory, and pass to compiled code as one argument.

A *berth* is a place on the practice's list. Someone who dies or moves away leaves the berth to a newcomer; berth and
generation together are the permanent identity that addresses a resident's draws. Rows may be in any order.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.foundations.categories import (
    AGE_BAND_STARTS,
    NO_TIE,
    PROGRAMME_SLOTS,
    TIE_SLOTS,
    WEEKS_PER_QUARTER,
    WEEKS_PER_YEAR,
)
from simulator.rules.care import NEVER_DISCHARGED

_NEVER = 1000
BAND_ENDS: Final = np.array([start * WEEKS_PER_YEAR for start in (*AGE_BAND_STARTS[1:], _NEVER)], np.int32)
"""Age in weeks at which each age band ends; nobody reaches the end of the last."""
BAND_ENDS.setflags(write=False)
QUARTERS_REMEMBERED: Final = WEEKS_PER_YEAR // WEEKS_PER_QUARTER
"""Admissions are remembered by quarter for one year, for eligibility."""
ASKS_ROUTINE: Final = 1
ASKS_URGENT: Final = 2
AWAY_HOSPITAL: Final = 1
AWAY_GROUP: Final = 2
"""Bits of ``away``: in hospital all week; not at the group's meeting this week."""

# What most passes look at comes first and fits one line of the processor's cache. A record is five lines long, since
# the processor foresees a whole number of them better (`live` takes half as long again with 312 bytes, not 320).
RESIDENT: Final = np.dtype(
    [
        ("berth", np.uint32),  # number of the place on the list, 0..N-1, in any row order
        ("age_weeks", np.int32),  # age in weeks of a 52-week year
        ("moves_in_week", np.int32),  # week in which the household leaves, drawn a year ahead; -1 = not this year
        ("weeks_lonely", np.int32),  # weeks since it began; 0 if not lonely
        ("support", np.float64),  # in [0, 1), from bonding ties and trust
        ("continuity", np.float64),  # in [0, 1], share of recent consultations with the usual GP
        ("days_in_hospital", np.int32),  # days still to stay; 0 = not in hospital
        ("generation", np.uint16),  # how many have held the berth before
        ("care_weeks", np.uint16),  # weeks since the care state began, saturating
        ("age_band", np.uint8),  # categories are positions in `simulator.foundations.categories`
        ("deprivation", np.uint8),  # 0 = most deprived fifth
        ("conditions", np.uint8),  # 0, 1, 2, 3+
        ("lonely", np.uint8),  # 1 = often or always lonely
        ("lives_alone", np.uint8),  # 1 if no household tie
        ("digital_capability", np.uint8),
        ("waiting_for_gp", np.uint8),  # 1 = was refused a routine consultation and asks again
        ("episode", np.uint8),  # this week, of `rules.illness`: NO_EPISODE, ACUTE_EPISODE, READMISSION
        ("asking", np.uint8),  # bits of what was asked of the practice this week: ASKS_ROUTINE, ASKS_URGENT
        ("away", np.uint8),  # bits AWAY_HOSPITAL, AWAY_GROUP
        ("weeks_since_discharge", np.uint8),  # saturating; the week of discharge itself counts as 1
        ("care_plan", np.uint8),  # 1 = has a care plan
        ("care_state", np.uint8),  # of `rules.social_care`: NO_CARE, WAITING, HOME_CARE, CARE_HOME
        ("volunteer", np.uint8),  # 1 = volunteers in a programme
        ("slots_used", np.uint8),  # tie slots at or beyond this are empty
        ("admissions_by_quarter", np.uint8, (QUARTERS_REMEMBERED,)),  # of the last year, ring by quarter, saturating
        ("enrolled", np.uint8),  # bits: programmes of which a member, as the last `take_part` left it
        ("programme_status", np.uint8, (PROGRAMME_SLOTS,)),  # in each programme of the run, of `rules.programmes`
        ("sex", np.uint8),
        ("income_half", np.uint8),  # 0 = below the median
        ("neighbourhood", np.uint16),
        ("household", np.uint32),  # number of the household; members share household ties
        ("trust", np.float64),  # in [0, 1], linking tie to services
        ("personal_need", np.float64),  # personal need for connection, added to the age's
        ("frailty", np.float64),  # lasting personal ratio on acute episodes, mean 1
        ("transient", np.float64),  # passing personal ratio on acute episodes, mean 1
        ("unmet_need", np.float64),  # unmet needs, decaying
        ("programme_weeks", np.uint16, (PROGRAMME_SLOTS,)),  # weeks since the status began
        ("strength", np.float32, (TIE_SLOTS,)),  # in [0, 1]
        ("context", np.uint8, (TIE_SLOTS,)),  # NO_TIE if the slot is empty
        ("meetings", np.uint8, (TIE_SLOTS,)),  # bits: does the tie meet in each week of this block of eight
        ("contact_level", np.uint16, (TIE_SLOTS,)),  # weekly contact probability of this tie, in 1/65536
        ("other", np.uint32, (TIE_SLOTS,)),  # row at the other end; own: a professional, someone elsewhere, or empty
    ],
    align=True,
)
TRAITS: Final = tuple(RESIDENT.names or ())
"""Names of all traits."""
Residents: TypeAlias = "np.recarray[Any, Any]"
"""N records of dtype RESIDENT, shape (N,)."""


def empty_residents(size: int) -> Residents:
    """``size`` residents with no ties, each a household of their own; berths in row order, ratios 1, the rest 0."""
    residents = np.zeros(size, RESIDENT).view(np.recarray)
    own_row = np.arange(size, dtype=np.uint32)
    residents.berth = own_row
    residents.household = own_row
    residents.other = own_row[:, None]
    residents.lives_alone = 1
    residents.frailty = 1.0
    residents.transient = 1.0
    residents.moves_in_week = -1
    residents.weeks_since_discharge = NEVER_DISCHARGED
    residents.context = NO_TIE
    return residents


def records_of(residents: Residents) -> NDArray[Any]:
    """The same memory as a plain array, which compiled code recognises faster at each call."""
    return residents.view(RESIDENT, np.ndarray)
