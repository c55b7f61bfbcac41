"""Working data of a week besides residents and rates: scalars, flags and counters."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

from simulator.evidence.parameters import Table
from simulator.foundations import categories as c
from simulator.foundations.measures import NAMES
from simulator.population.columns import Residents
from simulator.rules.social_care import WAITING

I64 = NDArray[np.int64]
U8 = NDArray[np.uint8]
U16 = NDArray[np.uint16]
U32 = NDArray[np.uint32]

CELLS: Final = len(c.AGE_BANDS) * len(c.DEPRIVATION) * 2
ROUTINE, URGENT, FROM_LIST, ON_LIST = range(4)
"""Positions in ``Workspace.requests``."""
BY_STAFF, AUTOMATED, FAILED, RETURNED, MISSED = range(5)
"""Columns of ``Workspace.task_counts``."""
MEMBER_WEEKS, OFFERS, ENGAGEMENTS = range(3)
"""Columns of ``Workspace.taking_part``."""
BEDS, VOLUNTEERS, PLACES = range(3)
"""Rows of ``Workspace.flows``; the places of a programme are in row ``PLACES`` plus its slot."""
CAME, WENT = range(2)
"""Columns of ``Workspace.flows``."""


class Workspace(NamedTuple):
    """Flags of the week and counters of the quarter. N residents, T tasks, P slots for programmes, M measures."""

    event: U8  # (N,) an event of `rules.demography`, carried out at the end of `live`
    row_of_berth: U32  # (N,)
    berth: U32  # (N,) a compact copy of the residents' ``berth``
    generation: U32  # (N,) likewise of their ``generation``, updated when a berth passes to another resident
    random_words: U32  # (8, N) this week's random words: stream LIVE in 0-3, stream FEEL in 4-7
    away: U8  # (N,) a compact copy of the residents' ``away``, updated by the loops that change it
    neighbourhood: U16  # (N,) likewise of the residents' ``neighbourhood``
    counters: I64  # (K,) all the counters that follow, down to ``waiting``, which are parts of it
    counts: I64  # (90, M) this quarter's measures by cell
    stock: I64  # (90, M) what phase count adds to them every week, taken every four weeks
    task_counts: I64  # (T, 5) this quarter's contacts
    requests: I64  # (4,) this week's requests to the practice, people seen from its waiting list, and left on it
    members: I64  # (P,) enrolled at the end of the week
    eligible: I64  # (P,) could be offered a place this week, about as many as next week
    taking_part: I64  # (P, 3) this quarter's member-weeks, offers, engagements
    flows: I64  # (2 + P, 2) this quarter's people who came into and went from beds, volunteering and each programme
    waiting: I64  # (1,) people who wait for an assessment of social care needs at the end of the week
    joined: U8  # (N,) bits of the programmes joined this week
    attended: U8  # (N,) 1 for a member of groups who attends one of them this week
    queue: U32  # (N,) scratch list of rows
    order: U32  # (N,) scratch list of random words
    patients: U32  # (N,) rows of those with a request, an acute episode or a stay in hospital this week
    found: I64  # (1,) number of these
    bounds: U32  # (5, N) words above which nothing happens, by the rows of `simulator.kernels.look`
    most_unmet: Table  # (N,) unmet needs up to which the bound on episodes holds
    margins: Table  # (3,) how far probabilities may rise until bounds are renewed, and if they are now, as there
    busy: U8  # (N,) bits for which a resident's state asks for a look every week, as there
    life_due: U8  # (N,) 1 for those with social care, and those who move within four weeks
    strain: U8  # (N,) bits of strain from a housemate's care this week; set in phase live, read in need_care
    lonely_ties: U8  # (N,) close ties with lonely people; counted every four weeks if loneliness travels
    pointed: U8  # (N,) bits of the programmes to which a conversation pointed; read and cleared in phase take_part


class WeekInputs(NamedTuple):
    """This week's scalars, set by services and programmes before the residents' phases."""

    seed: int
    week: int  # weeks since the warm-up began, which address random numbers
    elapsed: int  # weeks since the scenario began, 0 in the warm-up
    trend_week: int  # of these, the weeks for which yearly rises have gone on
    quarter_slot: int  # column of ``admissions_by_quarter``
    urgent_seen: float  # probability
    routine_seen: float  # probability, for those who ask this week and are not turned away
    booked_seen: float  # probability, for those who wait for a later appointment
    turned_away: float  # probability that a routine request is turned away
    attempt_fails: Table  # (A,) probability that an attempt to reach the practice fails, by age band
    reference_support: float  # mean support of adults at the start
    score_centre: float  # mean unscaled loneliness score of adults at the start
    score_spread: float  # its standard deviation
    local_demand: float  # ratio: acute episodes relative to those expected of the residents
    levels: Table  # (T,) share of each task's contacts that is automated
    failing: Table  # (T,) ratio: failure of automated contacts, relative to that at the start of their automation
    offers: Table  # (P,) probability that an eligible resident is offered a place
    still_open: U8  # (P,) 1 if the programme runs
    working: U8  # (P,) 1 if it takes new members
    room: Table  # (P,) share of people introduced by other programmes for whom there is a free place
    programmes: int  # slots in use
    risk_at_least: Table  # (P * ALTERNATIVES,) predicted risk required for eligibility, if any
    continuity_gain: Table  # (2**P,) added probability of seeing the usual clinician, by bits of `enrolled`
    not_through: Table  # (T,) probability that a contact meant for staff does not reach them
    skill: Table  # (T,) ratio: relational value of a contact, relative to usual skill
    same_doctor: float  # probability that a consultation is with the usual GP
    gp_left: float  # probability that a resident's usual GP has left the practice in the last quarter
    waits: Table  # (4,) probability of waiting to leave hospital of those in need of support, by cause
    assessed: float  # probability that someone waiting for an assessment is assessed
    home_care_met: float  # share of home care that is delivered
    control_programme: int  # the programme whose trial has a control arm, or -1
    control_share: float  # share of residents in the control arm, chosen at random
    control_takes_up: int  # 1 if controls are offered it too, and are randomised when they take it up


def empty_week() -> WeekInputs:
    """A week whose numbers are all 0."""
    tasks, programmes = np.zeros(len(c.TASKS)), np.zeros(c.PROGRAMME_SLOTS)
    flags = np.zeros(c.PROGRAMME_SLOTS, np.uint8)
    tables: dict[str, NDArray[Any]] = {
        "attempt_fails": np.zeros(len(c.AGE_BANDS)),
        **dict.fromkeys(("levels", "failing", "not_through", "skill"), tasks),
        **dict.fromkeys(("offers", "room"), programmes),
        **dict.fromkeys(("still_open", "working"), flags),
        "risk_at_least": np.zeros(c.PROGRAMME_SLOTS * c.ALTERNATIVES),
        "continuity_gain": np.zeros(1 << c.PROGRAMME_SLOTS),
        "waits": np.zeros(len(c.WAIT_CAUSES)),
    }
    numbers = {name: kind() for name, kind in get_type_hints(WeekInputs).items() if kind in (int, float)}
    return WeekInputs(**{**numbers, **tables})


def new_workspace(residents: Residents) -> Workspace:
    """Empty flags and counters for these residents."""
    size = len(residents.berth)
    row_of_berth = np.empty(size, np.uint32)
    row_of_berth[residents.berth] = np.arange(size, dtype=np.uint32)
    patients, before = np.zeros(size, np.uint32), np.flatnonzero(residents.asking | residents.episode)
    patients[: len(before)] = before  # of the week before, whose requests and episodes are over
    made = Workspace(
        event=np.zeros(size, np.uint8),
        row_of_berth=row_of_berth,
        berth=residents.berth.copy(),
        generation=residents.generation.astype(np.uint32),
        random_words=np.zeros((8, size), np.uint32),
        away=residents.away.copy(),
        neighbourhood=residents.neighbourhood.copy(),
        **_counters(),
        joined=np.zeros(size, np.uint8),
        attended=np.zeros(size, np.uint8),
        queue=np.zeros(size, np.uint32),
        order=np.zeros(size, np.uint32),
        patients=patients,
        found=np.array([len(before)], np.int64),
        bounds=np.full((5, size), 0xFFFFFFFF, np.uint32),
        most_unmet=np.full(size, np.inf),
        margins=np.array([np.inf, np.inf, 0.0]),
        busy=np.full(size, 7, np.uint8),
        life_due=np.ones(size, np.uint8),
        strain=np.zeros(size, np.uint8),
        lonely_ties=np.zeros(size, np.uint8),
        pointed=np.zeros(size, np.uint8),
    )
    made.waiting[0] = (residents.care_state == WAITING).sum()
    return made


_SHAPES: Final[dict[str, tuple[int, ...]]] = {
    "counts": (CELLS, len(NAMES)),
    "stock": (CELLS, len(NAMES)),
    "task_counts": (len(c.TASKS), 5),
    "requests": (4,),
    "members": (c.PROGRAMME_SLOTS,),
    "eligible": (c.PROGRAMME_SLOTS,),
    "taking_part": (c.PROGRAMME_SLOTS, 3),
    "flows": (PLACES + c.PROGRAMME_SLOTS, 2),
    "waiting": (1,),
}
"""Counters by name, with their shapes."""


def _counters() -> dict[str, I64]:
    """Empty counters, and the array that holds them all."""
    ends = np.cumsum([0, *map(math.prod, _SHAPES.values())])
    whole = np.zeros(ends[-1], np.int64)
    parts = zip(_SHAPES.items(), ends[:-1], ends[1:], strict=True)
    return {"counters": whole, **{name: whole[first:stop].reshape(shape) for (name, shape), first, stop in parts}}


class Part(NamedTuple):
    """The rows that one thread runs a pass over, from ``first`` to before ``stop``, and its workspace."""

    workspace: Workspace
    first: int
    stop: int


def parts_of(workspace: Workspace, parts: int) -> tuple[Part, ...]:
    """The rows in ``parts`` of about equal size, each with its own counters and lists; for 1 the workspace itself."""
    size = len(workspace.berth)
    if parts == 1:
        return (Part(workspace, 0, size),)
    edges, before = [size * k // parts for k in range(parts + 1)], workspace.patients[: workspace.found[0]].copy()
    found = []
    for first, stop in pairwise(edges):
        mine = before[(before >= first) & (before < stop)]
        lists = {name: getattr(workspace, name)[first:stop] for name in ("queue", "patients")}
        lists["patients"][: len(mine)] = mine
        own = workspace._replace(**_counters(), **lists, found=np.array([len(mine)], np.int64))
        found.append(Part(own, first, stop))
    return tuple(found)


def add_counters(workspace: Workspace, part: Part) -> None:
    """Add what was counted in a part, which begins again from nothing."""
    if part.workspace is not workspace:
        workspace.counters[:] += part.workspace.counters
        part.workspace.counters[:] = 0
