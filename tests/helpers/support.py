"""Random but valid residents in every possible state, and a small place with everything switched on."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulator.agents.volunteers import Volunteer
from simulator.foundations import categories as c
from simulator.kernels.workspace import WeekInputs
from simulator.model.place_model import PlaceModel
from simulator.places import Place, load_place
from simulator.population.columns import (
    AWAY_GROUP,
    AWAY_HOSPITAL,
    BAND_ENDS,
    COLUMNS,
    Residents,
    empty_residents,
)
from simulator.population.ties import FULL_LEVEL
from simulator.rules.care import NEVER_DISCHARGED
from simulator.rules.illness import NO_EPISODE
from simulator.rules.practice_queue import BOOKED, CALLS_AGAIN, NO_REQUEST
from simulator.rules.programmes import ENROLLED, FINISHED
from simulator.scenario.scenario import Scenario
from simulator.specification.programme_table import sums_by_membership
from simulator.specification.spec import Spec, build_spec

SMALL: Final = 2_000
CORE: Final = c.PROGRAMMES[:3]
"""The programmes of every run."""
AUTOMATED: Final = [
    {"service": "gp_practice", "task": "consultation", "share": 0.1, "ramp_weeks": 0},
    {"service": "gp_practice", "task": "appointment_booking", "share": 0.6, "from_week": 2, "ramp_weeks": 8},
    {"service": "gp_practice", "task": "test_result", "share": 0.5, "ramp_weeks": 4},
    {"service": "council_contact_centre", "task": "council_tax_and_benefits", "share": 0.6, "ramp_weeks": 0},
    {"service": "council_contact_centre", "task": "street_and_waste", "share": 0.8, "from_week": 5, "ramp_weeks": 0},
    {"service": "community_hub", "task": "advice", "share": 0.2, "ramp_weeks": 0},
    {"service": "gp_practice", "task": "clinical_notes", "share": 0.6, "ramp_weeks": 10},
    {"service": "gp_practice", "task": "letters_coded", "share": 0.5, "ramp_weeks": 0},
    {"service": "adult_social_care", "task": "assessment_records", "share": 0.4, "ramp_weeks": 0},
]
REINVESTED: Final = {
    "share": 0.85,
    "programmes": {"health_connectors": 0.45, "talking_cafes": 0.2, "complex_care_hub": 0.35},
}
FUNDED: Final = [
    {"programme": "health_connectors", "kind": "new_money", "payer": "nhs", "units": 1.0},
    {"programme": "talking_cafes", "kind": "new_money", "payer": "voluntary", "units": 2.0},
    {"programme": "complex_care_hub", "kind": "pump_priming", "payer": "council", "units": 1.0, "weeks": 45},
]
STAFFED: Final = [
    {"service": "gp_practice", "role": "receptionist", "hours_per_week": -4.0, "from_week": 3, "reason": "a cut"},
    {"service": "adult_social_care", "role": "home_carer", "hours_per_week": -30.0, "reason": "a cut"},
    {"service": "hospital", "role": "discharge_coordinator", "hours_per_week": 2.0, "weeks": 40, "reason": "relief"},
    {"service": "gp_practice", "role": "clinician", "training_hours_per_week": 3.0, "reason": "training"},
]
OWN_PROGRAMME: Final = Path(__file__).with_name("walking_group.yaml")
BESIDES: Final = ("gp_continuity", "discharge_liaison", "befriending", "trusted_adult", "walking_group")
"""Together with the programmes of every run they fill all slots and use every lever."""
FUNDED_BESIDES: Final = [
    {"programme": name, "kind": "new_money", "payer": "nhs", "units": units}
    for name, units in zip(BESIDES, (0.2, 1.0, 0.5, 1.0, 3.0), strict=True)
]
EVENTFUL: Final[dict[str, Any]] = {
    "programmes.lag": dict.fromkeys(CORE, 1.0),
    "volunteers.says_yes": 0.9,
    "volunteers.willing_share": 0.8,
    "staffing.usual_utilisation": {"gp_practice.clinician": 1.4},
    "care.local_recording_growth": 0.3,
    "illness.local_demand_growth": 0.4,
    "demography.leave_home_rate": 2.0,
    "demography.separation_rate": 0.5,
    "demography.moving_in_rate": 2.0,
}
"""Changed evidence: programmes work at once, rare household events are frequent, and appointments are short."""


@lru_cache(maxsize=8)
def small_place(residents: int = SMALL) -> Place:
    """Frome with fewer residents."""
    return load_place("frome").model_copy(update={"residents": residents})


def small_spec(
    *, weeks: int = 52, residents: int = SMALL, changes: Mapping[str, Any] | None = None, **parts: Any
) -> Spec:
    """A spec of a small place: the baseline with ``parts`` of a scenario and changed evidence values."""
    reasons = {path: {"value": value, "reason": "a test"} for path, value in (changes or {}).items()}
    scenario = Scenario.model_validate(
        {"name": "small", "title": "Small", "question": "What if?", "changes": reasons, **parts}
    )
    return build_spec(scenario, small_place(residents), weeks=weeks)


def everything_spec(*, weeks: int = 52, residents: int = SMALL, changes: Mapping[str, Any] | None = None) -> Spec:
    """A spec with every kind of task automated, all programmes funded, and frequent rare events."""
    everything = {
        "automate": AUTOMATED,
        "reinvest": REINVESTED,
        "programmes": [str(OWN_PROGRAMME)],
        "funding": [*FUNDED, *FUNDED_BESIDES],
        "staffing": STAFFED,
    }
    at_once = {f"programme.{name}.lag": 1.0 for name in BESIDES}
    changed = {**EVENTFUL, **at_once, **(changes or {})}
    return small_spec(weeks=weeks, residents=residents, changes=changed, **everything)


def random_residents(size: int, seed: int) -> Residents:
    """``size`` residents in any valid state: rows in any order of berths, ties mirrored and with empty slots."""
    return _random_residents(size, seed).copy()


@lru_cache(maxsize=4)
def _random_residents(size: int, seed: int) -> Residents:
    random_words = np.random.default_rng(seed)
    residents = empty_residents(size)
    residents.berth = random_words.permutation(size)
    residents.generation = random_words.integers(0, 4, size)
    _people(residents, random_words)
    _ties(residents, random_words)
    _states(residents, random_words)
    for trait in COLUMNS:
        column = residents[trait.name]
        if trait.phases and trait.most is not None and (column == trait.start).all():  # set by nothing above
            by_itself = np.random.default_rng((seed, zlib.crc32(trait.name.encode())))  # whichever others there are
            column[:] = np.where(by_itself.random(size) < 0.5, trait.start, by_itself.integers(0, trait.most + 1, size))
    by_itself = np.random.default_rng((seed, 1))
    residents.mood = by_itself.normal(0.0, 0.6, size)
    residents.outlook = np.where(by_itself.random(size) < 0.5, 0.0, by_itself.random(size))
    return residents


def _people(r: Residents, random_words: np.random.Generator) -> None:
    size = len(r)
    r.household = _households(size, random_words)
    ages = random_words.integers(0, c.OLDEST_AGE * c.WEEKS_PER_YEAR, size)
    birthday = random_words.random(size) < 0.1  # a week before a band begins, or before retirement
    edges = np.array([*BAND_ENDS[:-1], 66 * c.WEEKS_PER_YEAR]) - 1
    r.age_weeks = np.where(birthday, random_words.choice(edges, size), ages)
    r.age_band = np.searchsorted(BAND_ENDS, r.age_weeks, side="right")
    for name, high in (
        ("sex", 2),
        ("income_half", 2),
        ("deprivation", 5),
        ("digital_capability", 3),
        ("conditions", 4),
        ("neighbourhood", 4),
    ):
        r[name] = random_words.integers(0, high, size)
    r.frailty = random_words.lognormal(0.0, 0.5, size)
    r.transient = random_words.lognormal(0.0, 1.0, size)
    r.personal_need = random_words.normal(0.0, 0.3, size)
    for name in ("support", "trust", "continuity"):
        r[name] = np.where(random_words.random(size) < 0.05, 0.0, random_words.random(size))
    r.unmet_need = np.where(random_words.random(size) < 0.6, 0.0, random_words.exponential(1.0, size))
    leaving = random_words.choice(
        [-1, -1, -1, -1, -1, c.WARM_UP_WEEKS, c.WARM_UP_WEEKS + 3], int(r.household.max()) + 1
    )
    r.moves_in_week = leaving[r.household]


def _households(size: int, random_words: np.random.Generator) -> np.ndarray:
    sizes = random_words.integers(1, c.HOUSEHOLD_LIMIT, size)
    return random_words.permutation(np.repeat(np.arange(size), sizes)[:size])


def _states(r: Residents, random_words: np.random.Generator) -> None:
    size = len(r)
    adult = r.age_band >= c.ADULT_BAND

    def some(share: float) -> np.ndarray:
        return random_words.random(size) < share

    r.lonely = adult & some(0.3)
    r.weeks_lonely = np.where(r.lonely == 1, random_words.integers(1, 300, size), 0)
    r.gp_request = random_words.choice([NO_REQUEST, NO_REQUEST, BOOKED, CALLS_AGAIN], size)
    r.usual_gp_quarters = random_words.choice([0, 5, 6, 20, 61, 62, 255], size)
    r.gp_request_weeks = np.where(r.gp_request > 0, random_words.choice([0, 1, 2, 3, 255], size), 0)
    r.days_in_hospital = np.where(some(0.15), random_words.choice([1, 6, 7, 8, 14, 40], size), 0)
    at_home = r.days_in_hospital == 0
    r.episode = np.where(at_home, random_words.integers(0, 3, size), NO_EPISODE)
    r.asking = np.where(at_home, random_words.integers(0, 4, size), 0)
    r.weeks_since_discharge = random_words.choice([0, 1, 4, 5, 100, NEVER_DISCHARGED - 1, NEVER_DISCHARGED], size)
    r.admissions_by_quarter = random_words.choice([0, 0, 0, 1, 2, 255], (size, 4))
    volunteer = adult & (r.lonely == 0) & some(0.1)
    status = np.where(adult[:, None], random_words.integers(0, FINISHED + 1, (size, len(CORE))), 0)
    status[volunteer, c.TALKING_CAFES] = ENROLLED
    r.volunteer, r.programme_status[:, : len(CORE)] = volunteer, status
    r.programme_weeks[:, : len(CORE)] = np.where(status > 0, random_words.integers(0, 60, status.shape), 0)
    r.enrolled = ((status == ENROLLED) << np.arange(len(CORE))).sum(axis=1)
    r.care_plan = status[:, c.COMPLEX_CARE_HUB] == ENROLLED
    cafe = status[:, c.TALKING_CAFES]
    elsewhere = (cafe == FINISHED) | ((cafe == ENROLLED) & some(0.4))
    r.away = np.where(at_home, 0, AWAY_HOSPITAL) | np.where(elsewhere, AWAY_GROUP, 0)
    r.care_state = np.where(adult, random_words.choice([0, 0, 1, 2, 3], size), 0)
    r.care_weeks = np.where(r.care_state > 0, random_words.choice([0, 5, 65535], size), 0)


SOON_FORGOTTEN: Final = 0.0051
"""Strength of half of all ties: without a meeting, most are gone within the week."""


def _ties(r: Residents, random_words: np.random.Generator) -> None:
    size = len(r)
    filled: list[list[tuple[int, int, float, int, int]]] = [[] for _ in range(size)]
    pairs = set()
    by_household: dict[int, list[int]] = {}
    for row, household in enumerate(r.household.tolist()):
        by_household.setdefault(household, []).append(row)
    for rows in by_household.values():
        pairs |= {(a, b) for a in rows for b in rows if a < b}
    housemates = set(pairs)
    pairs |= {(int(min(p)), int(max(p))) for p in random_words.integers(0, size, (3 * size, 2)) if p[0] != p[1]}
    count = len(pairs)
    contexts = random_words.choice([c.KIN, c.FRIEND, c.NEIGHBOUR, c.GROUP, c.VOLUNTEER], count).tolist()
    strengths = np.where(random_words.random(count) < 0.5, random_words.random(count), SOON_FORGOTTEN).tolist()
    together = random_words.random(count).tolist()
    rest = random_words.integers(0, [65536, 256], (count, 2)).tolist()
    for number, (a, b) in enumerate(sorted(pairs)):
        if max(len(filled[a]), len(filled[b])) >= c.TIE_SLOTS - 1:
            continue
        tie = (contexts[number], strengths[number], *rest[number])
        if (a, b) in housemates:
            tie = (c.HOUSEHOLD, 0.9 + 0.1 * together[number], int(FULL_LEVEL), 255)
        filled[a].append((b, *tie))
        filled[b].append((a, *tie))
    own = np.where(random_words.random(size) < 0.5, random_words.choice([c.KIN, c.FRIEND, c.PROFESSIONAL], size), -1)
    strengths, rest = random_words.random(size).tolist(), random_words.integers(0, [65536, 256], (size, 2)).tolist()
    for row, context in enumerate(own.tolist()):
        if context >= 0:
            level, meetings = rest[row]
            level = int(FULL_LEVEL) if context == c.PROFESSIONAL else level  # a connector meets every week
            filled[row].append((row, context, strengths[row], level, meetings))
    _fill_slots(r, filled, random_words)
    r.lives_alone = ~(r.context == c.HOUSEHOLD).any(axis=1)


def _fill_slots(
    r: Residents, filled: list[list[tuple[int, int, float, int, int]]], random_words: np.random.Generator
) -> None:
    """The ties of each resident in any order and in any of the first slots, with up to two holes."""
    columns = [r[name] for name in ("other", "context", "strength", "contact_level", "meetings")]
    for row, ties in enumerate(filled):
        slots = sorted(random_words.permutation(min(c.TIE_SLOTS, len(ties) + 2))[: len(ties)].tolist())
        r.slots_used[row] = slots[-1] + 1 if ties else 0
        for slot, position in zip(slots, random_words.permutation(len(ties)).tolist(), strict=True):
            for column, value in zip(columns, ties[position], strict=True):
                column[row, slot] = value


def place_model(spec: Spec, residents: Residents, seed: int = 1, **options: Any) -> PlaceModel:
    """A model that continues with a copy of these residents, with volunteers and counters from their columns."""
    model = PlaceModel(spec, seed, warmed_up=residents.copy(), **options)
    by_berth = model.workspace.row_of_berth
    for row in by_berth[model.columns.volunteer[by_berth] == 1].tolist():
        model.volunteers.append(Volunteer(model, row, model.week - 1, c.TALKING_CAFES))
    status = model.columns.programme_status
    model.workspace.members[:] = (status == ENROLLED).sum(axis=0)
    model.workspace.eligible[:] = (status == 0).sum(axis=0) // 2
    model.workspace.away[:] = model.columns.away
    return model


def busy_week(model: PlaceModel, week: int = c.WARM_UP_WEEKS) -> WeekInputs:
    """A week in which everything can happen: tasks automated, appointments short, places offered, one programme closed
    and one in a trial.
    """
    return model.now._replace(
        week=week,
        elapsed=70,
        trend_week=70,
        urgent_seen=0.7,
        routine_seen=0.6,
        booked_seen=0.4,
        turned_away=0.2,
        attempt_fails=np.linspace(0.7, 0.3, len(c.AGE_BANDS)),
        levels=np.linspace(0.05, 0.6, len(c.TASKS)),
        offers=by_slot(0.5, 0.4, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5),
        still_open=by_slot(1, 1, 0, 1, 1, 1, 1, 1).astype(np.uint8),
        working=by_slot(1, 1, 1, 1, 1, 1, 1, 1).astype(np.uint8),
        room=by_slot(1.0, 0.7, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
        continuity_gain=sums_by_membership(by_slot(0.0, 0.0, 0.3, 0.2)),
        not_through=np.linspace(0.0, 0.5, len(c.TASKS)),
        skill=np.linspace(0.8, 1.3, len(c.TASKS)),
        same_doctor=0.5,
        gp_left=0.3,
        waits=np.array([0.3, 0.2, 0.3, 0.3]),
        assessed=0.3,
        home_care_met=0.7,
        control_programme=c.TALKING_CAFES,
        control_share=0.5,
        control_takes_up=0,
    )


def by_slot(*values: float) -> np.ndarray:
    """Values of the first programmes, 0 in the slots beyond."""
    return np.pad(np.array(values, np.float64), (0, c.PROGRAMME_SLOTS - len(values)))


def differing(one: Residents, other: Residents) -> list[str]:
    """Names of the columns in which two populations differ in any bit."""
    return [name for name in one.dtype.names or () if one[name].tobytes() != other[name].tobytes()]
