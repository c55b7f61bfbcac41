"""What a week works with besides residents and rates: this week's scalars, flags and counters."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.evidence.parameters import Table
from simulator.foundations import categories as c
from simulator.foundations.measures import NAMES
from simulator.population.columns import Residents

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]

CELLS: Final = len(c.AGE_BANDS) * len(c.DEPRIVATION) * 2
ROUTINE, URGENT = range(2)
"""Positions in ``Workspace.requests``."""
BY_STAFF, AUTOMATED, FAILED, RETURNED, MISSED = range(5)
"""Columns of ``Workspace.task_counts``."""
MEMBER_WEEKS, OFFERS, ENGAGEMENTS = range(3)
"""Columns of ``Workspace.taking_part``."""


class Workspace(NamedTuple):
    """Flags of the week and counters of the quarter. N residents, T tasks, P slots for programmes, M measures."""

    event: U8  # (N,) an event of `rules.demography`, to be settled at the end of `live`
    row_of_berth: U32  # (N,)
    random_words: U32  # (8, N) this week's random words: stream LIVE in 0-3, stream FEEL in 4-7
    away: U8  # (N,) a compact copy of the residents' ``away``, kept by the loops that change it
    neighbourhood: U16  # (N,) as ``away``: of the residents' ``neighbourhood``
    counts: I64  # (90, M) this quarter's measures by cell
    task_counts: I64  # (T, 5) this quarter's contacts
    requests: I64  # (2,) this week's requests to the practice
    members: I64  # (P,) enrolled at the end of the week
    eligible: I64  # (P,) could be offered a place next week
    taking_part: I64  # (P, 3) this quarter's member-weeks, offers, engagements
    joined: U8  # (N,) bits of the programmes joined this week
    came: U8  # (N,) 1 for a member of groups who comes to one of them this week
    queue: U32  # (N,) scratch list of rows
    order: U32  # (N,) scratch list of random words
    apart: U16  # (N,) bits of the tie slots that do not meet this week, from before phase meet to its end
    turn: U32  # (N,) rows as get_care and what follows take them: of each block, those who ask for nothing first
    asking_from: U32  # (N,) by a block's first row: where in ``turn`` those who ask for something begin


class WeekInputs(NamedTuple):
    """This week's scalars, set by services and programmes before the residents' phases."""

    seed: int
    week: int  # since the warm-up began: addresses draws
    elapsed: int  # weeks since the scenario began, 0 in the warm-up: trends
    quarter_slot: int  # column of ``admissions_by_quarter``
    urgent_seen: float  # probability
    routine_seen: float  # probability
    reference_support: float  # mean support of adults at the start
    local_demand: float  # ratio: acute episodes by a trend of the place's own, relative to the scenario's first week
    levels: Table  # (T,) share of each task's contacts that is automated
    offers: Table  # (P,) probability that an eligible resident is offered a place
    still_open: U8  # (P,) 1 if the programme runs
    working: U8  # (P,) 1 if it takes new members
    room: Table  # (P,) share of those whom other programmes bring that there are free places for
    programmes: int  # slots in use
    risk_at_least: Table  # (P * ALTERNATIVES,) predicted risk that makes eligible, where that is asked for
    continuity_gain: Table  # (2**P,) probability by bits of `enrolled`: added chance of seeing one's own clinician
    not_through: Table  # (T,) probability that a contact meant for staff does not get through
    skill: Table  # (T,) ratio: relational value of a contact, relative to usual skill
    same_doctor: float  # probability that a consultation is with the usual GP
    wait_ratio: float  # ratio on waiting to leave hospital
    assessed: float  # probability that someone who waits for it is assessed
    home_care_met: float  # share of home care that is given
    control_programme: int  # the programme of which some are never offered a place, for a trial; -1 for none
    control_share: float  # share of residents, by lot, who are not


def new_workspace(residents: Residents) -> Workspace:
    """Empty flags and counters for these residents."""
    size = len(residents.berth)
    row_of_berth = np.empty(size, np.uint32)
    row_of_berth[residents.berth] = np.arange(size, dtype=np.uint32)
    programmes = c.PROGRAMME_SLOTS
    return Workspace(
        event=np.zeros(size, np.uint8),
        row_of_berth=row_of_berth,
        random_words=np.zeros((8, size), np.uint32),
        away=residents.away.copy(),
        neighbourhood=residents.neighbourhood.copy(),
        counts=np.zeros((CELLS, len(NAMES)), np.int64),
        task_counts=np.zeros((len(c.TASKS), 5), np.int64),
        requests=np.zeros(2, np.int64),
        members=np.zeros(programmes, np.int64),
        eligible=np.zeros(programmes, np.int64),
        taking_part=np.zeros((programmes, 3), np.int64),
        joined=np.zeros(size, np.uint8),
        came=np.zeros(size, np.uint8),
        queue=np.zeros(size, np.uint32),
        order=np.zeros(size, np.uint32),
        apart=np.zeros(size, np.uint16),
        turn=np.arange(size, dtype=np.uint32),
        asking_from=np.zeros(size, np.uint32),
    )
