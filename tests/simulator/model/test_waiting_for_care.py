"""The waiting list for an assessment: who joins and leaves it, what waiting does, and what assessors do for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulator.api import load
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.place_model import PlaceModel
from simulator.model.simulation import simulate
from simulator.places import load_place
from simulator.population.columns import Residents
from simulator.rules.social_care import CARE_HOME, HOME_CARE, LONG_WAIT, NO_CARE, WAITING
from simulator.scenario.scenario import Scenario
from simulator.specification.spec import build_spec
from tests.helpers.loops import LOOPS
from tests.helpers.support import busy_week, place_model, random_residents, small_spec

NOBODY_DIES_OR_MOVES = {
    "demography.death_rate": dict.fromkeys(c.AGE_BANDS, 0.0),
    "demography.household_move_rate": 0.0,
    "social_care.request_rate": dict.fromkeys(c.AGE_BANDS, 300.0),
}
TENTH = 4.2
"""A tenth of assessors' hours a week in Frome."""
WAITING_DOES_NOTHING = {"social_care.waiting_need": 0.0, "social_care.carer_need": 0.0}


def assessors(hours: float) -> dict[str, Any]:
    """A scenario with so many more ``hours`` a week of assessors."""
    entry = {"service": "adult_social_care", "role": "assessor", "hours_per_week": hours, "reason": "a test"}
    return {"name": "x", "title": "X", "question": "?", "staffing": [entry] if hours else []}


def total(cells: Any, name: str) -> int:
    return int(np.array(cells)[..., INDEX[name]].sum())


def waiting(residents: Residents) -> int:
    return int((residents.care_state == WAITING).sum())


@pytest.mark.parametrize("withdrawals", [0.0, 3.0])
def test_who_joins_the_list_is_assessed_takes_it_back_or_still_waits(withdrawals: float) -> None:
    changes = {**NOBODY_DIES_OR_MOVES, "social_care.withdrawal_rate": withdrawals}
    model = place_model(small_spec(changes=changes), random_residents(800, 3))
    before = waiting(model.columns)
    model.run_model()
    requests, advised, assessed, withdrawn = (
        total(model.book.cells, name) for name in ("care_requests", "care_advice", "assessments", "care_withdrawals")
    )
    assert waiting(model.columns) == before + requests - advised - assessed - withdrawn
    assert waiting(model.columns) == model.workspace.waiting[0]
    assert requests > advised > 0
    assert assessed > 0
    assert (withdrawn > 0) == (withdrawals > 0)


@pytest.mark.parametrize(("share", "joins"), [(0.0, True), (1.0, False)])
def test_where_all_requests_are_answered_at_once_nobody_waits(share: float, joins: bool) -> None:
    model = place_model(small_spec(weeks=13, changes={"social_care.advice_share": share}), random_residents(800, 3))
    model.columns.care_state[model.columns.care_state == WAITING] = NO_CARE
    model.run_model()
    assert (waiting(model.columns) > 0) == joins
    assert (total(model.book.cells, "care_advice") > 0) != joins


def test_the_list_begins_as_long_and_as_old_as_the_evidence_has_it() -> None:
    model = PlaceModel(small_spec(residents=60_000), 1)
    r, social = model.columns, model.rates.social_care
    joins = model.tables.care_request[r.age_band.astype(int) * 4 + r.conditions] * (1.0 - social.advice_share)
    joins *= np.where(r.lives_alone == 1, social.request_alone_ratio, 1.0)
    expected = float(joins.sum()) * social.waiting_weeks
    weeks = r.care_weeks[r.care_state == WAITING]
    assert abs(len(weeks) - expected) < 4 * np.sqrt(expected)
    assert weeks.mean() == pytest.approx(social.waiting_weeks, rel=0.15)
    assert (weeks >= LONG_WAIT).mean() == pytest.approx(0.25, abs=0.05)
    begins = len(weeks)
    while model.elapsed < 0:
        model.step()
    assert waiting(model.columns) == pytest.approx(begins, rel=0.2), "the warm-up keeps the list in balance"


def after_a_week(residents: Residents, changes: dict[str, Any], **now: float) -> PlaceModel:
    """The residents after phases live and need_care of one week."""
    model = place_model(small_spec(changes=changes), residents)
    model.set_week(busy_week(model)._replace(**now))
    size = len(residents)
    LOOPS["draw_random_words"](model.records, model.workspace, model.packed_now, (0, size))
    for phase in ("live", "need_care"):
        LOOPS[phase](model.records, model.workspace, model.packed, model.packed_now, (0, size))
    return model


def crowd(state: int, weeks: int = 0) -> Residents:
    residents = random_residents(2_000, 6)
    residents.care_state = np.where(residents.age_band >= c.ADULT_BAND, state, NO_CARE)
    residents.care_weeks = weeks
    return residents


def test_who_waits_has_unmet_need_and_so_have_those_at_home() -> None:
    residents = crowd(NO_CARE)
    residents.care_state[::20] = WAITING
    residents.care_state[residents.age_band < c.ADULT_BAND] = NO_CARE
    changes: dict[str, Any] = {"social_care.waiting_need": 0.5, "social_care.carer_need": 0.25}
    changes |= {"social_care.request_rate": dict.fromkeys(c.AGE_BANDS, 0.0)}
    model = after_a_week(residents, changes, assessed=0.0)
    r, waits = model.columns, residents.care_state == WAITING
    carers = (waits[residents.other] & (residents.context == c.HOUSEHOLD)).any(axis=1) & (r.age_band >= c.ADULT_BAND)
    added = r.unmet_need - residents.unmet_need
    assert added == pytest.approx(0.5 * waits + 0.25 * carers)
    assert total(model.workspace.counts, "carers_waiting_weeks") == carers.sum() > 10
    assert not model.workspace.strain.any()
    none = after_a_week(residents, {**changes, **WAITING_DOES_NOTHING}, assessed=0.0)
    assert (none.columns.unmet_need == residents.unmet_need).all()


@pytest.mark.parametrize(("given", "strained"), [(1.0, False), (0.4, True)])
def test_home_care_that_is_not_given_is_a_strain_on_those_at_home(given: float, strained: bool) -> None:
    residents = crowd(HOME_CARE)
    changes = {"social_care.short_care_need": 0.0, "social_care.carer_need": 0.25}
    model = after_a_week(residents, changes, home_care_met=given)
    carers = (residents.context == c.HOUSEHOLD).any(axis=1) & (model.columns.age_band >= c.ADULT_BAND)
    added = (model.columns.unmet_need - residents.unmet_need)[carers]
    assert (added > 0).mean() > 0.8 if strained else not added.any()
    assert added.max() == pytest.approx(0.25 * (1.0 - given))


def test_who_has_waited_long_more_often_goes_into_a_care_home() -> None:
    found = {}
    for ratio in (1.0, 2.0):
        changes = {"social_care.long_wait_move_ratio": ratio}
        for weeks in (0, LONG_WAIT, 10 * LONG_WAIT):
            model = after_a_week(crowd(WAITING, weeks), changes, assessed=1.0)
            found[ratio, weeks] = int((model.columns.care_state == CARE_HOME).sum())
    assert len({count for (ratio, _), count in found.items() if ratio == 1.0}) == 1
    assert found[2.0, 0] == found[1.0, 0] > 0
    assert found[2.0, LONG_WAIT] == found[2.0, 10 * LONG_WAIT] > 1.5 * found[2.0, 0]


def test_home_care_given_and_not_given_add_up_to_what_was_arranged() -> None:
    frames = simulate(small_spec(residents=4_000), 1)
    given, missed = (total(frames.cells, f"home_care_{name}_millionths") for name in ("hours", "missed"))
    arranged = total(frames.cells, "home_care_weeks") * small_spec().rates().social_care.home_care_hours * 1e6
    assert given + missed == pytest.approx(arranged, rel=1e-6)
    assert missed > 0


def three_years(*hours: float) -> list[tuple[Any, pd.DataFrame]]:
    """By hours added: people waiting in Frome, mean over each quarter of one run, and assessors by quarter."""
    found = []
    for more in hours:
        spec = build_spec(Scenario.model_validate(assessors(more)), load_place("frome"), weeks=156)
        run = simulate(spec, 1)  # all of them share their warm-up
        weeks = run.cells[:, :, INDEX["care_waiting_weeks"]].sum(axis=1)
        found.append((weeks / c.WEEKS_PER_QUARTER, run.services[run.services["role"] == "assessor"]))
    return found


@pytest.mark.thorough
def test_a_tenth_more_assessors_clear_the_list_and_a_tenth_fewer_are_outrun_by_it() -> None:
    """Relieved, the list is down by a third and more after three years. Squeezed, it grows year by year, more
    assessors leave, and more hours are lost than were cut.
    """
    (usual, before), (relieved, _), (squeezed, staff) = three_years(0.0, TENTH, -TENTH)
    assert 90 < usual.mean() < 220
    assert relieved[-1] < 0.67 * usual[-1]
    assert np.polyfit(np.arange(12), relieved, 1)[0] < -3.0
    by_year = squeezed.reshape(3, 4).mean(axis=1)
    assert by_year[0] < by_year[1] < by_year[2]
    assert squeezed[7] > 1.2 * usual[7]
    second = slice(4, 8)
    assert staff["turnover"][second].mean() > 1.05 * before["turnover"][second].mean()
    assert staff["vacancies"][second].mean() > before["vacancies"][second].mean()
    assert staff["hours"][second].mean() < before["hours"][second].mean() - 1.1 * TENTH


@pytest.mark.thorough
def test_the_page_on_social_care_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its scenario, which is the tenth tested above, and its lines of Python, with one run of a year."""
    page = (Path(__file__).parents[3] / "docs" / "social_care.md").read_text(encoding="utf-8")
    (scenario,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (lines,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "more_assessors.yaml").write_text(scenario, encoding="utf-8")
    (tmp_path / "fewer_assessors.yaml").write_text(scenario.replace("4.2", "-4.2"), encoding="utf-8")
    assert load("more_assessors.yaml").staffing[0].hours_per_week == TENTH
    names: dict[str, Any] = {}
    exec(lines.replace("range(1, 11)", "[1], years=1, workers=1").replace("scenarios/baseline.yaml", "baseline"), names)
    last = pd.DataFrame(names["lists"]).iloc[-1]
    assert last["fewer_assessors.yaml"] > last["baseline"] > last["more_assessors.yaml"] > 0


def test_more_assessors_never_make_the_list_longer() -> None:
    lists = []
    for hours in (-6.0, -2.0, 0.0, 2.0, 6.0):
        frames = simulate(small_spec(weeks=52, residents=8_000, staffing=assessors(hours)["staffing"]), 2)
        lists.append(total(frames.cells, "care_waiting_weeks"))
    assert lists == sorted(lists, reverse=True)
    assert lists[0] > 1.2 * lists[-1]
