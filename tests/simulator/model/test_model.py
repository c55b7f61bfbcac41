"""A place over weeks and years: no resident is lost, and the same seed gives the same run."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model import simulation
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import simulate
from simulator.population.columns import ASKS_ROUTINE, ASKS_URGENT, BAND_ENDS, Residents
from simulator.results.results import RunFrames
from simulator.rules import ties
from simulator.rules.practice_queue import BOOKED, NO_REQUEST
from simulator.rules.programmes import ENROLLED
from tests.helpers.support import (
    AUTOMATED,
    BESIDES,
    FUNDED,
    REINVESTED,
    everything_spec,
    place_model,
    random_residents,
    small_spec,
)

MIRRORED = ("context", "strength", "contact_level", "meetings")


@pytest.fixture(scope="module")
def eventful() -> PlaceModel:
    """A crowd that has lived a quarter with everything switched on, so that its state is the model's own."""
    model = place_model(everything_spec(weeks=52), random_residents(500, 8))
    while model.elapsed < c.WEEKS_PER_QUARTER:
        model.step()
    return model


def weeks_of(model: PlaceModel, weeks: int) -> list[tuple[Residents, Residents, np.ndarray]]:
    """Live on a copy; each week's residents before and after, and what was counted in it."""
    copy = place_model(model.spec, model.columns)
    lived = []
    for _ in range(weeks):
        counted, before = copy.workspace.counts.sum(axis=0), copy.columns.copy()
        at_the_end = len(copy.book.cells)
        copy.step()
        now = copy.workspace.counts.sum(axis=0)
        if len(copy.book.cells) > at_the_end:
            now = copy.book.cells[-1].sum(axis=0)
        lived.append((before, copy.columns.copy(), now - counted))
    return lived


@pytest.fixture(scope="module")
def lived(eventful: PlaceModel) -> list[tuple[Residents, Residents, np.ndarray]]:
    return weeks_of(eventful, 39)


def test_no_resident_is_lost(lived: list[tuple[Residents, Residents, np.ndarray]]) -> None:
    for before, after, counted in lived:
        assert (after.berth == before.berth).all()
        assert counted[INDEX["resident_weeks"]] == len(after)
        born = (after.generation != before.generation) & (after.age_weeks == 0)
        assert counted[INDEX["deaths"]] == born.sum()


def test_everyone_grows_four_weeks_older_every_four_weeks_in_their_own_age_band(
    lived: list[tuple[Residents, Residents, np.ndarray]],
) -> None:
    newcomers = 0
    for week, (before, after, _) in enumerate(lived, c.WARM_UP_WEEKS):
        stayed = after.generation == before.generation
        aged = c.SLOW_STEP if ties.ends_step(week) else 0
        assert (after.age_weeks[stayed] == before.age_weeks[stayed] + aged).all()
        assert (after.age_band == np.searchsorted(BAND_ENDS, after.age_weeks, side="right")).all()
        newcomers += int((~stayed).sum())
    assert newcomers > 20


def test_every_tie_has_two_equal_ends(lived: list[tuple[Residents, Residents, np.ndarray]]) -> None:
    for _, after, _ in lived:
        rows, slots = np.nonzero(after.context != c.NO_TIE)
        others = after.other[rows, slots]
        local = others != rows
        rows, slots, others = rows[local], slots[local], others[local]
        back = after.other[others] == rows[:, None]
        back &= after.context[others] != c.NO_TIE
        assert (back.sum(axis=1) == 1).all()
        there = back.argmax(axis=1)
        for name in MIRRORED:
            assert (after[name][rows, slots] == after[name][others, there]).all(), name
        assert len(rows) > 2 * len(after)


def test_slots_are_counted_and_empty_ones_are_empty(lived: list[tuple[Residents, Residents, np.ndarray]]) -> None:
    for _, after, _ in lived:
        assert (after.slots_used <= c.TIE_SLOTS).all()
        empty = after.context == c.NO_TIE
        beyond = np.arange(c.TIE_SLOTS) >= after.slots_used[:, None]
        assert empty[beyond].all()
        assert (after.strength[empty] == 0.0).all()
        assert (after.other == np.arange(len(after))[:, None])[empty].all()


def test_households_agree_with_their_ties(lived: list[tuple[Residents, Residents, np.ndarray]]) -> None:
    for _, after, _ in lived:
        at_home = after.context == c.HOUSEHOLD
        assert ((at_home.sum(axis=1) == 0) == (after.lives_alone == 1)).all()
        assert at_home.sum(axis=1).max() < c.HOUSEHOLD_LIMIT
        rows, slots = np.nonzero(at_home)
        assert (after.household[rows] == after.household[after.other[rows, slots]]).all()


def test_states_stay_within_their_valid_values(lived: list[tuple[Residents, Residents, np.ndarray]]) -> None:
    for _, after, _ in lived:
        for name in ("support", "trust", "continuity", "strength"):
            assert (after[name] >= 0.0).all(), name
            assert (after[name] <= 1.0).all(), name
        assert (after.support < 1.0).all()
        assert (after.conditions <= 3).all()
        assert not after.lonely[after.age_band < c.ADULT_BAND].any()
        assert ((after.weeks_lonely > 0) == (after.lonely == 1)).all()
        assert np.isfinite(after.frailty).all()
        assert (after.unmet_need >= 0.0).all()
        member = after.programme_status == ENROLLED
        assert (after.enrolled == (member << np.arange(c.PROGRAMME_SLOTS)).sum(axis=1)).all()
        planned = member[:, [c.COMPLEX_CARE_HUB, 3 + BESIDES.index("walking_group")]].any(axis=1)
        assert ((after.care_plan == 1) == planned).all()


def test_each_admission_has_one_discharge(lived: list[tuple[Residents, Residents, np.ndarray]]) -> None:
    """In hospital at a week's end: those who were and still live here, and those admitted, less those gone home."""
    admitted_in_all = 0
    for before, after, counted in lived[1:]:
        here = (before.days_in_hospital > 0) & (before.generation == after.generation)
        admitted = counted[INDEX["zero_night_admissions"]] + counted[INDEX["overnight_admissions"]]
        home = ((after.weeks_since_discharge == 1) & (after.days_in_hospital == 0)).sum()
        assert (after.days_in_hospital > 0).sum() == here.sum() + admitted - home
        admitted_in_all += admitted
    assert admitted_in_all > 20


def test_members_are_those_enrolled_and_clients_are_counted(eventful: PlaceModel) -> None:
    model = place_model(eventful.spec, eventful.columns)
    seen = np.zeros_like(model.workspace.members, dtype=bool)
    for _ in range(30):
        model.step()
        seen |= model.workspace.members > 0
        assert model.workspace.members.tolist() == (model.columns.programme_status == ENROLLED).sum(axis=0).tolist()
    assert seen.all(), "in every slot"


def test_contacts_are_asked_once_and_answered_once(lived: list[tuple[Residents, Residents, np.ndarray]]) -> None:
    for before, after, counted in lived:
        asked, urgent = (((after.asking & bit) > 0).sum() for bit in (ASKS_ROUTINE, ASKS_URGENT))
        assert counted[INDEX["routine_requests"]] == asked
        assert counted[INDEX["consultations"]] <= asked + urgent + (before.gp_request == BOOKED).sum()
        assert ((after.gp_request_weeks > 0) <= (after.gp_request != NO_REQUEST)).all()
        at_home = (before.days_in_hospital == 0) & (after.days_in_hospital == 0)
        assert counted[INDEX["gp_waiting_weeks"]] >= ((after.gp_request == BOOKED) & at_home).sum()
        assert counted[INDEX["failed_contacts"]] >= counted[INDEX["returned_contacts"]]
        assert len(before) == len(after)


def test_the_ledger_of_a_year_balances_to_the_penny() -> None:
    model = place_model(everything_spec(), random_residents(400, 2))
    model.run_model()
    frames = model.book.frames(model)
    table = frames.ledger.pivot_table(index=["quarter", "service"], columns="account", values="pence", aggfunc="sum")
    assert len(table) == 4 * len(c.SERVICES)
    left = table["automated"] - table["rework"] - table["technology"]
    assert (table["released"] == left).all()
    assert (table["released"] == table["reinvested"] + table["saved"] + table["absorbed"]).all()
    assert (table["released"] != 0).any()


def same(one: RunFrames, other: RunFrames) -> bool:
    return (
        bool((one.cells == other.cells).all())
        and one.ledger.equals(other.ledger)
        and one.programmes.equals(other.programmes)
        and one.parameters == other.parameters
    )


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    spec = everything_spec(weeks=26)
    assert same(simulate(spec, 3, 1), simulate(spec, 3, 1))
    assert not (simulate(spec, 3, 1).cells == simulate(spec, 4, 1).cells).all()
    assert not (simulate(spec, 3, 1).cells == simulate(spec, 3, 2).cells).all()


def test_a_cached_warm_up_gives_the_same_run_as_a_simulated_one() -> None:
    long_stays = {"care.overnight_days": dict.fromkeys(c.AGE_BANDS, 60.0)}  # so that some are away as the year begins
    spec = everything_spec(weeks=26, changes=long_stays)
    remembered = [simulate(spec, 6), simulate(spec, 6)]
    whole = PlaceModel(spec, 6)
    while whole.elapsed < 0:
        whole.step()
    assert whole.columns.away.any()
    whole.run_model()
    lived_whole = whole.book.frames(whole)
    assert same(remembered[0], lived_whole)
    assert same(remembered[1], lived_whole)
    simulation._warmed_up.cache_clear()
    assert same(simulate(spec, 6), lived_whole)


def test_scenarios_with_the_same_evidence_share_a_warm_up_without_changing_it() -> None:
    one = small_spec(weeks=13)
    two = small_spec(weeks=13, automate=AUTOMATED, reinvest=REINVESTED, funding=FUNDED)
    first = simulate(one, 2)
    hits = simulation._warmed_up.cache_info().hits
    simulate(two, 2)
    assert simulation._warmed_up.cache_info().hits == hits + 1
    assert same(simulate(one, 2), first)
    assert not same(
        simulate(small_spec(weeks=13, changes={"staffing.usual_utilisation": {"gp_practice.clinician": 2.0}}), 2), first
    )


def test_an_incomplete_last_quarter_is_closed() -> None:
    spec = small_spec(weeks=16, automate=AUTOMATED, reinvest=REINVESTED)
    frames = simulate(spec, 1)
    weeks = frames.cells[:, :, INDEX["resident_weeks"]].sum(axis=1)
    assert weeks.tolist() == [13 * spec.place.residents, 3 * spec.place.residents]
    assert frames.ledger["quarter"].unique().tolist() == [0, 1]
    freed = frames.ledger[frames.ledger["account"] == "automated"].groupby("quarter")["pence"].sum()
    assert 0 < freed[1] < freed[0]


def test_a_run_that_is_over_leaves_no_model_behind() -> None:
    def models() -> int:
        gc.collect()
        # The type is asked, not the thing: some other library's dead proxies raise when asked anything.
        return sum(issubclass(type(thing), PlaceModel) for thing in gc.get_objects())

    before = models()
    for seed in range(3):
        simulate(small_spec(weeks=13), seed)
    assert models() == before
