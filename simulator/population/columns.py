"""The state of all residents: an array of records, with one row per resident and one field per trait.

``residents.age_weeks`` is the column of one trait (a view, shape (N,) or (N, slots)), ``residents[row]`` one resident.
Records keep the data of one person together in memory and pass to compiled code as one argument.

A *berth* is a place on the practice's list. When someone dies or moves away the berth passes to a newcomer; berth and
generation together are the permanent identity that addresses a resident's random numbers. Rows may be in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.foundations.categories import (
    AGE_BAND_STARTS,
    NO_TIE,
    PROGRAMME_SLOTS,
    QUARTERS_REMEMBERED,
    TIE_SLOTS,
    WEEKS_PER_YEAR,
)
from simulator.foundations.compiling import CACHE_LINE
from simulator.rules.care import NEVER_DISCHARGED

_NEVER = 1000
BAND_ENDS: Final = np.array([start * WEEKS_PER_YEAR for start in (*AGE_BAND_STARTS[1:], _NEVER)], np.int32)
"""Age in weeks at which each age band ends; no one reaches the end of the last."""
BAND_ENDS.setflags(write=False)
ASKS_ROUTINE: Final = 1
ASKS_URGENT: Final = 2
AWAY_HOSPITAL: Final = 1
AWAY_GROUP: Final = 2
"""Bits of ``away``: in hospital all week; absent from the group's meeting this week."""


@dataclass
class Trait:
    """A column of the residents; for one resident a number, or an array of numbers for a wide column."""

    kind: type[np.generic]
    meaning: str
    start: float = 0  # initial value of an empty resident, and of a newcomer if a phase changes the trait
    most: int | None = None  # largest possible value, if smaller than the type's
    size: int | None = None  # entries of a wide column
    phases: tuple[str, ...] = ()  # phases of a resident's week that change it

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, resident: Traits | None, owner: type) -> Any:
        if resident is None:
            return self
        column = resident.by_trait[self.name]
        return column.item(resident.row) if self.size is None else column[resident.row]

    def __set__(self, resident: Traits, value: Any) -> None:
        resident.by_trait[self.name][resident.row] = value


class Traits:
    """All traits; columns, agents, newcomers, tests and the model's page are built from this list."""

    by_trait: Mapping[str, NDArray[Any]]  # the columns of all residents
    row: int  # of this resident

    # fmt: off
    # Traits that most phases use come first and fill one cache line of 64 bytes, by size so that there are no gaps. A
    # record has five whole lines, since the processor prefetches these better.
    support = Trait(np.float64, "in [0, 1), from bonding ties and trust", phases=("meet",))
    continuity = Trait(np.float64, "in [0, 1], share of recent consultations with the usual GP",
        phases=("ask", "get_care"))
    trust = Trait(np.float64, "in [0, 1], linking tie to services", phases=("meet", "ask", "get_care"))
    unmet_need = Trait(np.float64, "unmet needs, decaying",
        phases=("feel", "ask", "get_care", "need_care", "take_part"))
    berth = Trait(np.uint32, "number of the place on the practice's list, 0..N-1, in any row order")
    days_in_hospital = Trait(np.int32, "remaining days of a stay; 0 = not in hospital", phases=("get_care", "recover"))
    transient = Trait(np.float32, "temporary personal ratio on acute episodes, mean 1",
        start=1.0, phases=("fall_ill",))
    generation = Trait(np.uint16, "number of earlier residents in the berth")
    age_band = Trait(np.uint8, "position in `simulator.foundations.categories.AGE_BANDS`", most=8, phases=("live",))
    deprivation = Trait(np.uint8, "0 = most deprived fifth", most=4)
    conditions = Trait(np.uint8, "0, 1, 2, 3+", most=3, phases=("fall_ill",))
    lonely = Trait(np.uint8, "1 = often or always lonely", most=1, phases=("live", "feel"))
    lives_alone = Trait(np.uint8, "1 if no household tie", start=1, most=1)
    digital_capability = Trait(np.uint8, "0 = offline, 1 = online with very low capability, 2 = higher", most=2)
    gp_request = Trait(np.uint8, "from `rules.practice_queue`: NO_REQUEST, BOOKED, CALLS_AGAIN",
        most=2, phases=("ask", "get_care", "take_part"))
    gp_request_weeks = Trait(np.uint8, "weeks since a routine request that is open was first made, with an upper limit",
        phases=("ask", "get_care"))
    episode = Trait(np.uint8, "this week's, from `rules.illness`: NO_EPISODE, ACUTE_EPISODE, READMISSION",
        most=2, phases=("fall_ill",))
    asking = Trait(np.uint8, "bits of this week's requests to the practice: ASKS_ROUTINE, ASKS_URGENT",
        most=3, phases=("ask",))
    away = Trait(np.uint8, "bits AWAY_HOSPITAL, AWAY_GROUP", most=3, phases=("recover", "take_part"))
    weeks_since_discharge = Trait(np.uint8, "for a year; the week of discharge counts as 1, and 255 is never",
        start=NEVER_DISCHARGED, phases=("get_care", "recover"))
    care_state = Trait(np.uint8, "from `rules.social_care`: NO_CARE, WAITING, HOME_CARE, CARE_HOME",
        most=3, phases=("need_care",))
    saw_usual_gp = Trait(np.uint8, "1 = the last consultation was with the usual GP",
        most=1, phases=("ask", "get_care"))
    usual_gp_quarters = Trait(np.uint8, "whole quarters with the same usual GP, with an upper limit", phases=("live",))
    enrolled = Trait(np.uint8, "bits: programmes of which a member after the last `take_part`",
        phases=("take_part",))
    volunteer = Trait(np.uint8, "1 = volunteers in a programme", most=1, phases=("volunteer",))
    slots_used = Trait(np.uint8, "tie slots from this number on are empty")
    # The second line.
    age_weeks = Trait(np.int32, "age in weeks of a 52-week year", phases=("live",))
    moves_in_week = Trait(np.int32, "week in which the household moves away, drawn a year ahead; -1 = not this year",
        start=-1)
    weeks_lonely = Trait(np.int32, "weeks since loneliness began; 0 if not lonely", phases=("live", "feel"))
    household = Trait(np.uint32, "number of the household; members share household ties")
    frailty = Trait(np.float32, "lasting personal ratio on acute episodes, mean 1", start=1.0)
    personal_need = Trait(np.float32, "lasting personal part of the loneliness score")
    mood = Trait(np.float32, "passing part of the loneliness score", phases=("live", "feel"))
    outlook = Trait(np.float32, "in [0, 1], how far ties are seen anew after sessions on how one sees them",
        phases=("feel", "take_part"))
    care_weeks = Trait(np.uint16, "weeks since the care state began, with an upper limit", phases=("need_care",))
    neighbourhood = Trait(np.uint16, "number of the home's neighbourhood")
    admissions_by_quarter = Trait(np.uint8, "in the last year, as a ring of quarters, with an upper limit",
        size=QUARTERS_REMEMBERED, phases=("get_care",))
    care_plan = Trait(np.uint8, "1 = has a care plan", most=1, phases=("take_part",))
    sex = Trait(np.uint8, "0 = female, 1 = male", most=1)
    income_half = Trait(np.uint8, "0 = below the median", most=1)
    programme_status = Trait(np.uint8, "for each programme of the run", size=PROGRAMME_SLOTS, phases=("take_part",))
    programme_weeks = Trait(np.uint16, "weeks since the status began", size=PROGRAMME_SLOTS, phases=("take_part",))
    strength = Trait(np.float32, "in [0, 1]", size=TIE_SLOTS, phases=("meet",))
    context = Trait(np.uint8, "NO_TIE if the slot is empty", start=NO_TIE, size=TIE_SLOTS, phases=("meet",))
    meetings = Trait(np.uint8, "bits: whether the tie meets in each week of this block of eight",
        size=TIE_SLOTS, phases=("meet", "take_part"))
    contact_level = Trait(np.uint16, "weekly contact probability of this tie, in 1/65536",
        size=TIE_SLOTS, phases=("take_part",))
    other = Trait(np.uint32, "row at the other end; own row for a professional, someone elsewhere or an empty slot",
        size=TIE_SLOTS, phases=("meet",))
    # fmt: on


COLUMNS: Final = tuple(one for one in vars(Traits).values() if isinstance(one, Trait))


def _record(columns: tuple[Trait, ...]) -> np.dtype[np.void]:
    """The record of these columns, which ends with a cache line."""
    kinds = [(one.name, one.kind) if one.size is None else (one.name, one.kind, (one.size,)) for one in columns]
    close = np.dtype(kinds, align=True)
    fields = [(name, *close.fields[name]) for name in close.names]  # type: ignore[index, union-attr]
    whole: Any = dict(zip(("names", "formats", "offsets"), zip(*fields, strict=True), strict=True))
    whole["itemsize"] = -(-close.itemsize // CACHE_LINE) * CACHE_LINE
    return np.dtype(whole, align=True)


RESIDENT: Final = _record(COLUMNS)
TRAITS: Final = tuple(one.name for one in COLUMNS)
"""Names of all traits."""
Residents: TypeAlias = "np.recarray[Any, Any]"
"""N records of dtype RESIDENT, shape (N,)."""


AT_START: Final = np.zeros(1, RESIDENT)
"""One resident with every trait at its initial value."""
for _one in COLUMNS:
    AT_START[_one.name] = _one.start
RESET_TRAITS: Final = tuple(one.name for one in COLUMNS if one.phases and one.size is None)
"""Traits changed by phases; for newcomers they are reset to their initial value or redrawn."""


def empty_residents(size: int) -> Residents:
    """``size`` residents without ties, each in a separate household; berths in row order, other traits initial."""
    residents = copy_residents(np.repeat(AT_START, size).view(np.recarray))
    own_row = np.arange(size, dtype=np.uint32)
    residents.berth = own_row
    residents.household = own_row
    residents.other = own_row[:, None]
    return residents


def copy_residents(residents: Residents) -> Residents:
    """A copy that begins at a cache line, so that no record straddles one line more than it must."""
    room = np.empty(len(residents) + 1, RESIDENT)
    start = -room.ctypes.data % CACHE_LINE
    aligned = room.view(np.uint8)[start : start + residents.nbytes].view(RESIDENT)
    aligned[:] = residents
    return aligned.view(np.recarray)


def records_of(residents: Residents) -> NDArray[Any]:
    """The same memory as a plain array, which is faster to pass to compiled code."""
    return residents.view(RESIDENT, np.ndarray)


def by_trait_of(residents: Residents) -> dict[str, NDArray[Any]]:
    """The same memory trait by trait: a record array looks every name up among its own attributes first."""
    records = records_of(residents)
    return {name: records[name] for name in TRAITS}
