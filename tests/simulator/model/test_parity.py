"""Agents and compiled columns agree to the last bit: each phase alone, and a small place over a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from simulator.foundations import categories as c
from simulator.foundations.measures import NAMES
from simulator.kernels.workspace import MISSED, add_counters, parts_of
from simulator.model import simulation
from simulator.model.place_model import WEEK, PlaceModel
from simulator.population.columns import COLUMNS
from simulator.residents.resident import Resident
from simulator.running.ensemble import cores, own_executor
from simulator.specification.spec import Spec
from tests.helpers.loops import LOOPS, PHASES
from tests.helpers.support import (
    CORE,
    busy_week,
    differing,
    everything_spec,
    place_model,
    random_residents,
)

KERNELS = {phase: LOOPS[phase] for phase in PHASES}
CENSUS = ("children_present", "children_trusting", "friendships_below", "friendships_across", "adults_present")
CENSUS += ("trust_millionths",)
"""Counted when a quarter ends, and in no phase."""
OFTEN = {
    "demography.death_rate": dict.fromkeys(c.AGE_BANDS, 3.0),
    "demography.leave_home_rate": 12.0,
    "demography.separation_rate": 12.0,
    "demography.moving_in_rate": 12.0,
    "ties.friend_making_rate": 5.0,
    "loneliness.mood_half_life": 1.0,
    "loneliness.travel_effect": 0.1,
    "loneliness.friend_making_ratio": 0.5,
    "ties.close_strength": 0.5,
    "illness.condition_onset_rate": dict.fromkeys(c.AGE_BANDS, 8.0),
    "illness.emergency_admission_rate": dict.fromkeys(c.AGE_BANDS, 9000.0),
    "illness.transient_weeks": 4.0,
    "care.minor_attendance_rate": dict.fromkeys(c.DEPRIVATION, 9.0),
    "care.readmission_probability": 0.8,
    "contacts.contacts_per_year": dict.fromkeys(c.TASKS, 70.0),
    "contacts.missed_probability": dict.fromkeys(c.TASKS, 0.2),
    "social_care.request_rate": dict.fromkeys(c.AGE_BANDS, 4000.0),
    "social_care.withdrawal_rate": 12.0,
    "care.discharge_need": dict.fromkeys(c.AGE_BANDS, 1.0),
    "social_care.home_care_weeks": 8.0,
    "social_care.care_home_weeks": 8.0,
    "social_care.care_home_move_rate": 4.0,
    "programmes.duration": dict.fromkeys(CORE, 3.0),
}
"""Evidence so changed that in one week of a hundred residents every branch of every phase is taken by someone."""

RARE = {
    "social_care.request_rate": dict.fromkeys(c.AGE_BANDS, 200.0),
    "social_care.withdrawal_rate": 0.5,
    "social_care.waiting_weeks": 60.0,
    "care.discharge_need": dict.fromkeys(c.AGE_BANDS, 1.0),
    "illness.emergency_admission_rate": dict.fromkeys(c.AGE_BANDS, 500.0),
}
"""Evidence under which what happens to few does happen in a year of a small place."""


@lru_cache(maxsize=1)
def often_spec() -> Spec:
    return everything_spec(changes=OFTEN)


WEEKS = (c.WARM_UP_WEEKS, c.WARM_UP_WEEKS + c.SLOW_STEP - 1)
"""A week with which a year begins, and one in which ties, support and loneliness are brought up to date."""


def phase_model(size: int, seed: int, week: int = WEEKS[0]) -> PlaceModel:
    model = place_model(often_spec(), random_residents(size, seed), seed)
    model.set_week(busy_week(model, week)._replace(score_centre=0.0, score_spread=0.5))
    LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, size))
    random_bytes = np.random.default_rng(seed).integers(0, 256, (2, size))
    model.workspace.pointed[:], model.workspace.lonely_ties[:] = random_bytes[0] & random_bytes[1], 0
    model.workspace.event[:] = 0
    model.workspace.members[:] = 0
    model.workspace.eligible[:] = 0
    return model


def counters(model: PlaceModel) -> dict[str, bytes]:
    work = model.workspace
    names = (
        "event",
        "counts",
        "stock",
        "task_counts",
        "requests",
        "members",
        "eligible",
        "taking_part",
        "joined",
        "attended",
    )
    names += ("strain", "waiting", "lonely_ties", "pointed")
    return {name: getattr(work, name).tobytes() for name in names}


def test_every_phase_of_residents_is_compared() -> None:
    """The others are done once for the place, whichever the execution."""
    assert list(KERNELS) == [phase for phase in WEEK if callable(getattr(Resident, phase, None))]


@pytest.mark.parametrize("week", WEEKS)
@pytest.mark.parametrize("phase", list(KERNELS))
@given(size=st.integers(40, 160), seed=st.integers(0, 2**32))
@settings(max_examples=6, phases=[Phase.generate])
def test_a_phase_is_the_same_for_agents_and_columns(phase: str, week: int, size: int, seed: int) -> None:
    by_columns, by_agents = phase_model(size, seed, week), phase_model(size, seed, week)
    KERNELS[phase](by_columns.records, by_columns.workspace, by_columns.packed, by_columns.packed_now, (0, size))
    by_agents.residents.do(phase)
    assert differing(by_columns.columns, by_agents.columns) == []
    assert counters(by_columns) == counters(by_agents)


@pytest.mark.parametrize("phase", list(KERNELS))
def test_a_phase_writes_its_own_columns_and_no_others(phase: str) -> None:
    changed = set()
    for week in WEEKS:
        model = phase_model(300, 5, week)
        before = model.columns.copy()
        KERNELS[phase](model.records, model.workspace, model.packed, model.packed_now, (0, 300))
        changed.update(differing(before, model.columns))
    assert changed == {one.name for one in COLUMNS if phase in one.phases}


def test_the_comparison_of_phases_meets_every_event_and_outcome() -> None:
    model = phase_model(600, 5, WEEKS[1])
    for phase in KERNELS:
        KERNELS[phase](model.records, model.workspace, model.packed, model.packed_now, (0, 600))
        if phase == "live":
            assert set(model.workspace.event.tolist()) == set(range(8))
    assert (model.workspace.requests > 0).all()
    never = np.argwhere(model.workspace.task_counts == 0).tolist()
    assert never == [[c.CONSULTATION, MISSED]], "the practice's own missed appointments are in the number it can give"
    counted = (model.workspace.counts + model.workspace.stock).sum(axis=0)
    no_phases_own = {"deaths", "friends_made", "conversations", *CENSUS}
    assert {NAMES[measure] for measure in np.flatnonzero(counted == 0)} == no_phases_own


def digest(model: PlaceModel) -> str:
    parts = [model.columns[name].tobytes() for name in model.columns.dtype.names or ()]
    parts += [value for name, value in counters(model).items() if name != "event"]
    parts.append(repr((model.programmes[1].units(model.elapsed), model.now)).encode())
    return hashlib.sha256(b"".join(parts)).hexdigest()


def assert_alike(by_columns: PlaceModel, by_agents: PlaceModel) -> None:
    while by_columns.elapsed < by_columns.spec.weeks:
        by_columns.step()
        by_agents.step()
        assert differing(by_columns.columns, by_agents.columns) == [], f"week {by_columns.elapsed}"
        assert digest(by_columns) == digest(by_agents), f"week {by_columns.elapsed}"
        assert [one.name for one in COLUMNS if one.most and by_columns.columns[one.name].max() > one.most] == []
    assert by_columns.ledger.postings == by_agents.ledger.postings
    for mine, theirs in zip(by_columns.book.frames(by_columns), by_agents.book.frames(by_agents), strict=True):
        same = mine.equals(theirs) if hasattr(mine, "equals") else np.array_equal(mine, theirs)
        assert same


@pytest.mark.thorough
def test_residents_in_any_state_have_the_same_year_as_agents_and_as_columns() -> None:
    spec, residents = everything_spec(), random_residents(200, 11)
    by_columns, by_agents = (place_model(spec, residents, engine=engine) for engine in ("columns", "agents"))
    assert_alike(by_columns, by_agents)


def test_a_small_place_has_the_same_year_as_agents_and_as_columns() -> None:
    spec = everything_spec(residents=400, changes=RARE)
    start = PlaceModel(spec, 7)
    while start.elapsed < 0:
        start.step()
    by_columns, by_agents = (place_model(spec, start.columns, 7, engine=engine) for engine in ("columns", "agents"))
    assert_alike(by_columns, by_agents)
    totals = dict(zip(NAMES, np.sum(by_columns.book.cells, axis=(0, 1)).tolist(), strict=True))
    assert [name for name, total in totals.items() if total == 0] == []


@pytest.mark.parametrize("threads", [2, 3])
def test_any_number_of_threads_gives_the_same_year(threads: int) -> None:
    spec, residents = everything_spec(), random_residents(500, 12)
    alone, together = (place_model(spec, residents) for _ in range(2))
    together.use_threads(threads)
    assert_alike(alone, together)


def test_a_part_counts_for_itself_and_its_counters_are_added_and_begin_again() -> None:
    model = place_model(everything_spec(), random_residents(100, 13))
    parts = parts_of(model.workspace, 3)
    assert [(part.first, part.stop) for part in parts] == [(0, 33), (33, 66), (66, 100)]
    listed = [part.workspace.patients[: part.workspace.found[0]] for part in parts]
    before = np.flatnonzero(model.columns.asking | model.columns.episode)
    assert np.array_equal(np.concatenate(listed), before)
    assert len(before) > 0
    members = model.workspace.members.copy()
    parts[1].workspace.members[2] += 5
    parts[1].workspace.waiting[0] += 1
    waiting = int(model.workspace.waiting[0])
    for part in parts:
        add_counters(model.workspace, part)
    members[2] += 5
    assert np.array_equal(model.workspace.members, members)
    assert model.workspace.waiting[0] == waiting + 1
    assert all(not part.workspace.counters.any() for part in parts)
    alone = parts_of(model.workspace, 1)
    add_counters(model.workspace, *alone)
    assert np.array_equal(model.workspace.members, members)


def test_large_places_use_the_threads_that_are_left_and_small_ones_those_that_are_asked_for(monkeypatch) -> None:
    used: list[int] = []
    monkeypatch.setattr(PlaceModel, "use_threads", lambda _, threads: used.append(threads))
    monkeypatch.setattr(PlaceModel, "run_model", lambda _: None)
    monkeypatch.setattr(PlaceModel, "elapsed", 0)  # without a warm-up
    monkeypatch.setattr(simulation, "_THREADS", simulation._THREADS.copy())
    monkeypatch.setattr(simulation, "KEPT_AT_MOST", 0)  # every warm-up is made
    monkeypatch.setattr("simulator.model.quarterly_book.QuarterBook.frames", lambda *_: None)
    spec = everything_spec()
    size = spec.place.residents
    for large, asked in ((size + 1, None), (size, None), (size + 1, 3)):
        monkeypatch.setattr(simulation, "LARGE", large)
        with own_executor(1, asked) as executor:
            executor.submit(simulation.simulate, spec, 1).result()
    # The warm-up and the run each use them.
    assert used == [cores()] * 2 * (cores() > 1) + [3, 3]
