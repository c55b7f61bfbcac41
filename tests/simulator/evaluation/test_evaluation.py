"""Simulated studies of a small place: each design compared with the truth, and refused studies."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from dashboard.runs.library import Library
from simulator import Evaluation, evaluate
from simulator.errors import IncompleteEnsembleError, StudyError, UnknownNameError
from simulator.evaluation import DESIGNS, evaluation, plan_studies, run_studies, study_elsewhere
from simulator.evaluation import controls_elsewhere as elsewhere
from simulator.evaluation.designs import PEOPLE
from simulator.evaluation.findings import findings
from simulator.evaluation.loneliness import WAVES, score_columns
from simulator.evaluation.panel import record_scenario, record_warm_up
from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.simulation import simulate
from simulator.results.results import Failure
from simulator.scenario.scenario import Scenario
from tests.helpers.messages import about, without_numbers
from tests.helpers.support import CORE, small_place, small_spec

pytestmark = pytest.mark.thorough

HUB = "complex_care_hub"
FUNDED = [{"programme": HUB, "kind": "new_money", "payer": "nhs", "units": 3.0}]
AT_ONCE = {"programmes.lag": dict.fromkeys(CORE, 1.0)}
NO_EFFECT = {
    **AT_ONCE,
    "programmes.care_plan_effect": 0.0,
    "programmes.care_plan_admission_effect": 0.0,
    "programmes.unmet_need_found": dict.fromkeys(CORE, 0.0),
}
STRONG = {**NO_EFFECT, "programmes.care_plan_effect": -1.5, "programmes.duration": dict.fromkeys(CORE, 200.0)}
SEEDS = range(4)


@lru_cache(maxsize=2)
def studied(strong: bool) -> Evaluation:
    """Four studies of each design of a hub in a town of 2,000, two years."""
    changes = STRONG if strong else NO_EFFECT
    scenario = Scenario.model_validate(
        {
            "name": "hub",
            "title": "A hub",
            "question": "What if?",
            "funding": FUNDED,
            "changes": {path: {"value": value, "reason": "a test"} for path, value in changes.items()},
        }
    )
    return evaluate(HUB, scenario, seeds=SEEDS, place=small_place(), years=2, workers=1)


def row(found: Evaluation, design: str, effect_on: str = "members") -> Any:
    return found.summary().set_index(["design", "effect_on"]).loc[(design, effect_on)]


def test_an_ineffective_programme_looks_good_before_and_after_but_not_in_a_trial() -> None:
    found = studied(False)
    naive, trial = row(found, "before-after"), row(found, "trial", "offered")
    assert (found.estimates["true_difference"] == 0.0).all()
    assert naive["percent"] < -40.0
    assert (naive["found_less_in"], naive["missed_in"]) == (len(SEEDS), len(SEEDS))
    assert abs(trial["percent"]) < 25.0
    assert trial["missed_in"] <= 1
    points = found.decomposition().set_index("part")["points"]
    assert points["true_effect"] == 0.0
    assert points["regression_to_the_mean"] < -40.0


def test_the_parts_add_up_to_what_every_before_after_study_reports() -> None:
    for found in (studied(False), studied(True)):
        reported = found.estimates[found.estimates["design"] == "before-after"].set_index("seed")["difference"]
        sums = found.parts.groupby("seed")["difference"].sum()
        np.testing.assert_allclose(sums[reported.index], reported, rtol=0.0, atol=1e-12)
        table = found.decomposition()
        assert table["difference"].sum() == pytest.approx(row(found, "before-after")["difference"], abs=1e-12)
        assert table["points"].sum() == pytest.approx(row(found, "before-after")["percent"], abs=1e-9)


def test_a_trial_of_a_programme_that_works_finds_its_true_effect() -> None:
    found = studied(True)
    offered, takers = row(found, "trial", "offered"), row(found, "trial", "takers")
    assert offered["true_difference"] < -0.02
    assert takers["true_difference"] < 1.2 * offered["true_difference"], "diluted by those who do not take part"
    assert offered["missed_in"] + takers["missed_in"] <= 2
    assert abs(offered["bias"]) < 4 * offered["bias_error"]


def test_designs_disagree_and_the_before_after_one_most() -> None:
    bias = studied(True).summary().set_index(["design", "effect_on"])["bias"].abs()
    assert bias.idxmax() == ("before-after", "members")
    assert bias["before-after", "members"] > 3 * bias["trial", "offered"]
    assert len(set(bias.round(4))) == len(bias)


def test_the_data_of_a_study_are_what_its_estimates_were_made_from() -> None:
    found = studied(True)
    assert tuple(found.people.columns) == (*PEOPLE, *score_columns(WAVES))
    before_after = found.people[(found.people["design"] == "before-after") & (found.people["seed"] == 0)]
    estimate = found.estimates.query("design == 'before-after' and seed == 0").iloc[0]
    assert before_after["after"].mean() - before_after["before"].mean() == pytest.approx(estimate["difference"])
    trial = found.people[(found.people["sample"] == "offered") & (found.people["seed"] == 0)]
    by_arm = trial.groupby("group")[["after", "took_part"]].mean()
    offer = found.estimates.query("design == 'trial' and effect_on == 'offered' and seed == 0").iloc[0]
    assert by_arm.loc["people", "after"] - by_arm.loc["comparators", "after"] == pytest.approx(offer["difference"])
    assert by_arm.loc["comparators", "took_part"] == 0.0, "nobody in the arm without the offer could join"
    sizes = trial.groupby("group").size()
    assert 0.3 < sizes["people"] / sizes.sum() < 0.7
    adults = set(c.AGE_BANDS[c.ADULT_BAND :])
    assert set(found.people["age_band"]) <= adults, "the hub is for adults"


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values("seed", kind="stable", ignore_index=True)


def test_the_same_studies_on_another_executor_are_the_same() -> None:
    plan = plan_studies(small_spec(weeks=65, funding=FUNDED, changes=AT_ONCE), HUB, ["matched"])
    sent = pickle.loads(pickle.dumps(plan))
    with ThreadPoolExecutor(1) as own:
        one, two = run_studies(plan, [4, 5], 1), run_studies(sent, [5, 4], own)
    assert two.record["seeds"] == [5, 4]
    two = Evaluation(*(in_order(getattr(two, name)) for name in evaluation.TABLES), {})
    for name in ("estimates", "parts", "loneliness", "people"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


def test_a_panel_counts_what_the_model_counts() -> None:
    """All admissions of the scenario's weeks, and the same run as without anyone watching."""
    spec = small_spec(weeks=52, funding=FUNDED, changes=AT_ONCE)
    start = record_warm_up(spec, 3, None, c.COMPLEX_CARE_HUB)
    panel = record_scenario(spec, 3, None, c.COMPLEX_CARE_HUB, start)
    frames = simulate(spec, 3)
    counted = frames.cells[:, :, [INDEX["zero_night_admissions"], INDEX["overnight_admissions"]]].sum()
    seen = panel.admissions[-1].astype(int).sum() - panel.admissions[c.WARM_UP_WEEKS].astype(int).sum()
    assert seen == counted > 100
    assert panel.joined[c.WARM_UP_WEEKS].sum() == 0
    assert panel.joined[-1].sum() >= frames.programmes["clients"].max() > 10
    assert (start.residents.generation == panel.traits["generation"][4]).mean() > 0.95


def test_a_follow_up_is_a_week_to_a_year_and_changes_only_what_is_counted(messages) -> None:
    spec = small_spec(weeks=104, funding=FUNDED, changes=AT_ONCE)
    with messages.raised(StudyError):
        plan_studies(spec, HUB, ["did"], 53)
    half, whole = (run_studies(plan_studies(spec, HUB, ["did"], weeks), [4], 1) for weeks in (26, 52))
    assert half.people["person"].tolist() == whole.people["person"].tolist()
    members = half.people["group"] == "people"
    counted = half.people.loc[members, "after"]
    assert set(counted % 2) == {0.0}, "half a year, as a rate a year"
    assert counted.sum() / 2 < whole.people.loc[members, "after"].sum()


def test_controls_elsewhere_come_from_a_separate_run_and_are_numerous(monkeypatch) -> None:
    watched = []

    def watch(spec, seed, *arguments, **options):
        watched.append((seed, record_scenario(spec, seed, *arguments, **options)))
        return watched[-1][1]

    monkeypatch.setattr(elsewhere, "record_scenario", watch)
    spec = small_spec(weeks=65, funding=FUNDED, changes=AT_ONCE)
    plan = plan_studies(spec, HUB, ["matched", "did"], 26)
    found, again = study_elsewhere(plan, 4, 2), study_elsewhere(plan, 4, 2)
    assert found == again
    (here_seed, members), (there_seed, others) = watched[:2]
    assert (here_seed, there_seed) == (4, 4 + elsewhere.OTHER_SEED_OFFSET)
    assert members.joined.any()
    assert not others.joined.any(), "the programme is not there"
    here = run_studies(plan_studies(spec, HUB, ["matched"], 26), [4], 1).estimates.iloc[0]
    assert found.estimates["matched"].rate == pytest.approx(here["rate"], rel=0.3), "the same members, but for matching"
    assert found.people > 10
    assert found.comparators > 10
    assert found.estimates["did"].expected != found.estimates["matched"].expected
    with pytest.raises(KeyError):
        study_elsewhere(plan_studies(spec, HUB, ["trial"]), 4, 2)


def test_findings_say_what_was_reported_what_was_true_and_how_often_it_misleads(messages) -> None:
    sentences = studied(False).findings()
    assert len(sentences) == 6 + 6, "of admissions, and of loneliness"
    assert "4 of 4" in sentences[0]
    messages.check(without_numbers(sentences[0]))
    empty = studied(False).summary().assign(studies=0).head(1)
    (said,) = findings(empty, studied(False).decomposition(), studied(False).record)
    messages.check(said)


def test_an_evaluation_is_written_with_its_record(tmp_path: Path) -> None:
    found = studied(True)
    folder = found.write(tmp_path / "studies")
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert (record["programme"], record["designs"], record["seeds"]) == (HUB, list(DESIGNS), list(SEEDS))
    assert set(record["files"]) == {f"{name}.parquet" for name in evaluation.TABLES}
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "estimates.parquet"), found.estimates)
    assert pd.read_csv(folder / "summary.csv")["design"].tolist() == [*DESIGNS, "trial", "trial"]
    assert len(pd.read_csv(folder / "loneliness_summary.csv")) == 6 * len(WAVES)


def test_an_unknown_programme_or_design_is_reported_with_a_suggestion(messages) -> None:
    spec = small_spec(weeks=156, funding=FUNDED)
    with messages.raised(UnknownNameError):
        plan_studies(spec, "complex_care", DESIGNS)
    with messages.raised(UnknownNameError):
        plan_studies(spec, HUB, ["tria"])
    with messages.raised(StudyError):
        plan_studies(spec, HUB, [])


def test_a_scenario_that_does_not_pay_for_the_programme_is_refused(messages) -> None:
    with messages.raised(StudyError):
        plan_studies(small_spec(weeks=156, funding=FUNDED), "talking_cafes", DESIGNS)


def test_a_run_too_short_to_follow_anyone_is_refused_and_told_how_long_would_do(messages) -> None:
    with messages.raised(StudyError):
        plan_studies(small_spec(weeks=52, funding=FUNDED), HUB, DESIGNS)
    released = {"share": 0.8, "programmes": {HUB: 1.0}}
    with messages.raised(StudyError):
        plan_studies(small_spec(weeks=60, reinvest=released), HUB, DESIGNS)


def test_no_enrolled_members_is_an_error_with_advice(messages) -> None:
    nobody = {**AT_ONCE, "programmes.offer_rate": dict.fromkeys(CORE, 0.0)}
    plan = plan_studies(small_spec(weeks=65, funding=FUNDED, changes=nobody), HUB, ["before-after"])
    with messages.raised(StudyError):
        run_studies(plan, [0], 1)


def test_failed_runs_are_kept_apart_and_no_run_at_all_is_an_error(monkeypatch: pytest.MonkeyPatch, messages) -> None:
    plan = plan_studies(small_spec(weeks=156, funding=FUNDED), HUB, ["before-after"])
    whole = studied(False)
    answer = evaluation.StudyTables(
        whole.estimates.head(1), whole.parts.head(4), whole.loneliness.head(3), whole.people.head(3)
    )
    lost = Failure("RuntimeError", "out of luck")
    monkeypatch.setattr(evaluation, "map_seeds", lambda *args, **options: {0: answer, 1: lost})
    found = run_studies(plan, [0, 1])
    assert found.failures.to_dict("records") == [{"seed": 1, "error": "RuntimeError", "message": "out of luck"}]
    assert found.summary()["studies"].tolist() == [1]
    monkeypatch.setattr(evaluation, "map_seeds", lambda *args, **options: {1: lost})
    with messages.raised(IncompleteEnsembleError):
        run_studies(plan, [1])


def test_the_command_prints_sentences_designs_and_parts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, messages
) -> None:
    asked: dict[str, Any] = {}

    def made_before(programme: str, scenario: str, **options: Any) -> Evaluation:
        asked.update(options, programme=programme, scenario=scenario)
        return studied(False)

    monkeypatch.setattr("simulator.api.evaluate", made_before)
    terminal = CliRunner()
    where = ["--out", str(tmp_path / "out"), "--dashboard", str(tmp_path / "shown")]
    shown = terminal.invoke(app, ["evaluate", HUB, "--design", "trial", "--seeds", "4", *where])
    assert shown.exit_code == 0, shown.output
    assert (asked["programme"], asked["scenario"], asked["designs"]) == (HUB, "frome", ["trial"])
    assert asked["seeds"] == range(4)
    assert "4 of 4" in shown.stdout
    messages.check(about(shown.stdout, "Parts of the before-after difference"))
    assert (tmp_path / "out" / "people.parquet").exists()
    _, record = Library(tmp_path / "shown").evaluation(HUB, studied(False).record["place"]) or ({}, {})
    assert record["findings"] == list(studied(False).findings())
    messages.check(about(shown.output, str(tmp_path / "shown")))
    as_json = json.loads(terminal.invoke(app, ["evaluate", HUB, "--json"]).stdout)
    assert asked["designs"] == DESIGNS
    assert [entry["part"] for entry in as_json["decomposition"]][1] == "regression_to_the_mean"
    assert as_json["record"]["programme"] == HUB


def test_the_command_leaves_with_1_where_there_is_nothing_to_study_and_3_where_runs_failed(
    monkeypatch: pytest.MonkeyPatch,
    messages,
) -> None:
    terminal = CliRunner()
    refused = terminal.invoke(app, ["evaluate", HUB, "--scenario", "baseline"])
    assert refused.exit_code == 1
    messages.check(refused.stderr)
    whole = studied(False)
    lost = pd.DataFrame([(9, "RuntimeError", "out of luck")], columns=["seed", "error", "message"])
    some_lost = Evaluation(whole.estimates, whole.parts, whole.loneliness, whole.people, lost, whole.record)
    monkeypatch.setattr("simulator.api.evaluate", lambda *args, **options: some_lost)
    done = terminal.invoke(app, ["evaluate", HUB])
    assert done.exit_code == 3
    messages.check(about(done.stderr, "RuntimeError: out of luck"))
    assert terminal.invoke(app, ["evaluate", HUB, "--design", "guess"]).exit_code == 2
