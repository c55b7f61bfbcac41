"""Published studies replicated by simulation: verdicts, small studies on real runs, and the command."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from calibration.studies import BlindPredictions, load_study, validate_against_studies
from calibration.studies.estimates import StudyEstimates
from calibration.studies.formatting import shown
from calibration.studies.predictions import fitted_sources, is_among
from calibration.studies.study import PublishedResult
from calibration.studies.verdicts import REACH, verdict
from dashboard.command_line import app
from dashboard.credibility.published_studies import alternative, predictions_page
from dashboard.figures.published import predictions
from simulator.errors import ResultsError, UnknownNameError
from simulator.foundations.measures import INDEX
from simulator.lenses import AS_WRITTEN as PLAIN_READING
from simulator.lenses import ParameterDraws, apply_lens
from simulator.running import ensemble
from tests.helpers.hand_lens import hand_lens
from tests.helpers.messages import headings, unboxed, without_numbers
from tests.helpers.study_files import AS_WRITTEN, ODDS, SCALE, TENURE, study_file
from tests.helpers.synthetic_results import run

pytestmark = pytest.mark.thorough


@pytest.fixture
def file(tmp_path):
    return partial(study_file, tmp_path)


# The verdict ----------------------------------------------------------------------------------------------------------


def found(estimates: list[float], stochastic_variance: float = 0.0, people: float = 1000.0) -> StudyEstimates:
    return StudyEstimates(np.arange(len(estimates)), np.array(estimates), stochastic_variance, people, ())


def published(**fields: object) -> PublishedResult:
    return PublishedResult.model_validate({"unit": "%", **fields})


def test_the_interval_includes_parameter_and_sampling_uncertainty():
    said = verdict(published(value=-6, low=-9.92, high=-2.08, no_effect=0), found([1, 3, 7, 9]))
    # Two beliefs, 2 and 8, luck 2 and belief 17 (one-way random effects); the mean's own error is 3.
    assert (said.predicted, said.monte_carlo_error) == (5.0, 3.0)
    assert said.sampling_error == pytest.approx(2.0, abs=1e-3)
    spread = np.sqrt(17 + 9 + said.sampling_error**2)
    assert said.high - said.low == pytest.approx(2 * 1.2816 * spread, abs=1e-3)
    assert said.distance == pytest.approx(-11 / spread)
    assert (said.hit, said.overlap, said.nothing_hits) == (False, False, True)


def test_a_hit_is_an_estimate_within_and_no_effect_has_its_own_verdict():
    said = verdict(published(value=2, low=-1, high=5, no_effect=0), found([1.0, 1.0, 1.0, 1.0]))
    assert (said.hit, said.overlap) == (True, True)
    assert said.nothing_hits is False
    assert verdict(published(value=1.9, low=-1, high=5, no_effect=0), found([1.0, 1.0])).nothing_hits is True
    assert verdict(published(value=2, low=-1, high=5), found([1.0, 1.0])).nothing_hits is None


def test_a_study_without_an_interval_has_the_sampling_error_of_its_size():
    small, large = (
        verdict(published(value=0, people=n), found([2.0] * 4, stochastic_variance=2.0)) for n in (1000, 4000)
    )
    assert small.sampling_error == pytest.approx(np.sqrt(2))
    assert large.sampling_error == pytest.approx(np.sqrt(2) / 2)
    assert small.overlap is None


def test_ratios_are_taken_on_the_logarithm(messages):
    said = verdict(published(value=0.5, low=0.25, high=1.0, unit="odds ratio", no_effect=1), found([0.0, 0.0]))
    assert said.predicted == 1.0
    assert said.low * said.high == pytest.approx(1.0)
    assert said.sampling_error == pytest.approx(np.log(4) / 3.92, rel=1e-4)
    with messages.raised(ValueError):
        verdict(published(value=0, people=9), found([1.0]))


# Made again, in small -------------------------------------------------------------------------------------------------


LABEL = (
    AS_WRITTEN.replace("{programme: complex_care_hub", "{programme: gp_continuity")
    .replace("{based_on: complex_care_hub, lag: 1}", "{based_on: gp_continuity, lag: 1, hours_per_unit: 0}")
    .replace('unit: "%"', "unit: points")
    .replace("year: 1}", "year: 1, measure: continuity}")
)
COHORT = AS_WRITTEN.replace("name: mine", "name: cohort").replace(
    "kind: contrast, year: 1",
    "kind: cohort, programme: complex_care_hub, design: did, follow_up_weeks: 26, controls: elsewhere",
)
TENURED = (
    AS_WRITTEN.replace("name: mine", "name: tenure")
    .replace("{kind: contrast, year: 1}", TENURE % 90)
    .replace(SCALE, ODDS)
)


LONELY = (
    AS_WRITTEN.replace("name: mine", "name: lonely")
    .replace("complex_care_hub", "befriending")
    .replace("lag: 1}", "lag: 1, ties: none, volunteers_per_unit: 0, offer_rate: 0.2, engagement: 0.9}")
    .replace("units: 1}", "units: 4}")
    .replace('unit: "%"', "unit: SD")
    .replace(
        "kind: contrast, year: 1",
        "kind: cohort, programme: befriending, design: trial, effect_on: participants, outcome: loneliness, "
        "weeks_after: 9",
    )
)
"""A trial of befriending without anyone to meet."""


def test_a_small_trial_among_participants_is_replicated_in_standard_deviations(file):
    fitted = LONELY.replace("name: lonely", "name: fitted").replace("checked: page", "checked: page\nfitted_to: true")
    course = LONELY.replace("name: lonely", "name: course").replace("lag: 1,", "lag: 1, sessions: 1, duration: 104,")
    made = validate_against_studies([file(LONELY, "lonely"), file(course, "course")], range(4), workers=1)
    row = made.table.set_index("study").loc["lonely"]
    assert 5 < row["people"] < 200
    estimates = made.estimates.loc[made.estimates["study"] == "lonely", "estimate"]
    assert row["predicted"] == pytest.approx(estimates.mean())
    assert estimates.std() > 0.0, "as surveyed, in small samples"
    assert abs(row["predicted"]) < 4 * row["monte_carlo_error"], "nobody met anyone"
    again = validate_against_studies([file(fitted, "fitted")], range(2), workers=1)
    assert (row["fitted"], again.table["fitted"].item()) == (False, True)
    assert again.estimates["estimate"].tolist() == estimates.tolist()[:2]
    on_ties = made.table.set_index("study").loc["course"]
    assert on_ties["predicted"] < row["predicted"] - 0.1, "with weekly sessions on how ties are seen"
    (study,) = {load_study(file(LONELY, "lonely")).study.published.unit}
    assert study == "SD"


def test_small_user_studies_are_replicated(file, tmp_path, messages):
    paths = [
        file(LABEL),
        file(COHORT, "cohort"),
        file(TENURED, "tenure"),
        file(AS_WRITTEN.replace("mine", "same"), "same"),
    ]
    steps: list[tuple[int, int]] = []
    made = validate_against_studies(paths, range(2), workers=1, progress=lambda *step: steps.append(step))
    table = made.table.set_index("study")
    assert list(table.index) == ["mine", "cohort", "tenure", "same"]
    assert (table.loc["mine", "predicted"], table.loc["mine", "hit"]) == (0.0, True), "a label without time is nothing"
    assert np.isfinite(table[["predicted", "low", "high"]].to_numpy(float)).all()
    assert (table["low"] <= table["predicted"]).all()
    assert 0.2 < table.loc["tenure", "predicted"] < 5.0
    assert 10 < table.loc["cohort", "people"] < 500
    assert steps[-1][0] == steps[-1][1] == max(step[0] for step in steps)
    by_study = made.estimates.groupby("study")["estimate"].mean()
    assert by_study["same"] == pytest.approx(table.loc["same", "predicted"])
    made.write(tmp_path / "out")
    read = pd.read_csv(tmp_path / "out" / "studies.csv")
    assert list(read["study"]) == list(table.index)
    page = predictions_page(made)
    assert made.findings()[0] in page
    assert page.count("A hub in our town") >= 4
    messages.check(headings(page))
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ResultsError):
        made.write(tmp_path / "kept")


LATER = {"baseline": [100, 120, 100, 120], "mine": [90, 108, 80, 96]}
"""Made-up admissions of the fifth quarter, by scenario and seed."""


@pytest.fixture
def run_counts(monkeypatch):
    """Two years of made-up admissions and volunteers: those that count are of the old, from the fifth quarter on.

    Returns the scenario and seed of each run that was made.
    """
    made: list[tuple[str, int]] = []

    def simulate(spec, seed, parameter_draw):
        made.append((spec.scenario.name, seed))
        with_hub = spec.scenario.name != "baseline"
        frames = run(quarters=8)
        later = LATER["mine" if with_hub else "baseline"][seed]
        frames.cells[0, -1, INDEX["overnight_admissions"]] = 80
        frames.cells[4, -1, INDEX["overnight_admissions"]] = later
        frames.cells[[3, 5], 0, INDEX["overnight_admissions"]] = 1000 + 500 * with_hub  # the young's
        frames.cells[[1, 6], -1, INDEX["volunteer_weeks"]] = [9999, 1800 * (1 + with_hub)]
        return frames

    monkeypatch.setattr(ensemble, "simulate", simulate)
    return made


def test_the_arithmetic_of_years_of_a_place_by_hand(file, run_counts):
    size = AS_WRITTEN.replace("low: -5, high: 5", "people: 8000")
    texts = {
        "contrast": size.replace("year: 1}", "year: 2, ages: 85+}"),
        "growth": size.replace("{kind: contrast, year: 1}", "{kind: growth, to_year: 2, ages: 85+}"),
        "share": AS_WRITTEN.replace('unit: "%"', "unit: points").replace("year: 1}", "year: 2, measure: volunteers}"),
    }
    paths = [file(text.replace("name: mine", f"name: {name}"), name) for name, text in texts.items()]
    made = validate_against_studies(paths, range(4), workers=1)
    assert sorted(run_counts) == [(name, seed) for name in sorted({*texts, "baseline"}) for seed in range(4)], (
        "each once"
    )
    by_study = {name: rows["estimate"].to_numpy() for name, rows in made.estimates.groupby("study")}
    assert by_study["contrast"] == pytest.approx([-10.0, -10.0, -20.0, -20.0])
    assert by_study["growth"] == pytest.approx([12.5, 35.0, 0.0, 20.0])
    assert by_study["share"] == pytest.approx([5.0] * 4), "points of all adults' weeks of the year"
    own = made.table.set_index("study")["sampling_error"]
    # Each arm varies by a fifth between runs of one belief; four times as many people, half the error.
    assert own["contrast"] == pytest.approx(100 * np.log(1.2) / 2)
    assert own["growth"] == pytest.approx(np.sqrt((22.5**2 / 2 + 20**2 / 2) / 2) / 2)


VARIED = AS_WRITTEN.replace("{kind: contrast, year: 1}", "{kind: trend, ages: 85+}") + (
    "variants: [{title: no hub, scenario: baseline}, {title: a line from the second year, from_quarter: 5}]\n"
)


def test_structural_variants_are_predicted_beside_their_study(file, run_counts, tmp_path, messages):
    steps: list[tuple[int, int]] = []
    made = validate_against_studies([file(VARIED)], range(4), workers=1, progress=lambda *step: steps.append(step))
    assert len(run_counts) == 8, "a later line needs no runs of its own"
    assert steps[-1] == (8, 8)
    (study,) = made.table.to_dict("records")
    first, later = made.variants.to_dict("records")
    shapes = {name: [trend_of([80, 0, 0, 0, last, 0, 0, 0]) for last in counts] for name, counts in LATER.items()}
    assert study["predicted"] == pytest.approx(np.mean(shapes["mine"]))
    assert first["predicted"] == pytest.approx(np.mean(shapes["baseline"]))
    assert first["difference"] == pytest.approx(np.mean(np.subtract(shapes["baseline"], shapes["mine"])))
    assert first["unexplained"] == pytest.approx(study["published"] - first["predicted"])
    assert later["predicted"] == pytest.approx(-100 * 81 / 63), "from 63 down to -18 in every run"
    assert later["monte_carlo_error"] > 0.0
    assert made.table["hit"].tolist() == [False], "the verdict is on the study alone"
    messages.check("\n".join(made.findings()[-2:]))
    made.write(tmp_path / "out")
    assert (tmp_path / "out" / "variants.parquet").is_file()


def trend_of(counts: list[float]) -> float:
    slope, start = np.polyfit(np.arange(len(counts)), counts, 1)
    return float(100.0 * slope * (len(counts) - 1) / start)


def test_a_lens_changes_effects_but_not_delivery(file, tmp_path, messages):
    folder = hand_lens(tmp_path / "strong")
    study = file(AS_WRITTEN.replace("units: 1}", "units: 3}"))
    plan = load_study(study)
    assert plan.through(PLAIN_READING).spec.hash == plan.spec.hash
    applied_lens = apply_lens(folder)
    read = plan.through(replace(applied_lens, draws=with_lag(applied_lens.draws)))
    assert "programme.complex_care_hub.lag" not in read.spec.applied_lens.draws.paths, "the study says when it began"
    assert read.without.applied_lens.hash == read.spec.applied_lens.hash
    written, through = (
        validate_against_studies([study], range(2), lens=one, workers=1) for one in ("evidence", folder)
    )
    assert through.table["predicted"][0] < written.table["predicted"][0] < 1.0, "the lens's hub is far stronger"
    assert through.record["lens"] == "strong"
    assert not through.table["fitted"][0]
    ours = file(AS_WRITTEN.replace("source: Our own report of last year", "source: Someone, long ago"), "mine")
    assert fitted_sources(folder) == ("Someone",)
    assert is_among(load_study(ours), ("After Someone, long ago", "Another"))
    assert fitted_sources("evidence") == ()
    with messages.raised(UnknownNameError):
        validate_against_studies([study], range(2), lens="as_claimd")


def with_lag(draws):
    path = "programme.complex_care_hub.lag"
    return ParameterDraws((*draws.paths, path), (*draws.ratios, False), np.column_stack([draws.rows, draws.rows[:, 0]]))


def test_the_command_prints_the_verdicts_and_the_rule(file, messages):
    label = LABEL.replace("differences:", "informs: [programme.gp_continuity.continuity_gain]\ndifferences:")
    result = CliRunner().invoke(app, ["validate-against-studies", str(file(label)), "--seeds", "2", "--workers", "1"])
    assert result.exit_code == 0, result.output
    messages.check(without_numbers(result.output))
    asked = CliRunner().invoke(app, ["validate-against-studies", "--seeds", "1"])
    assert asked.exit_code == 2
    messages.check(unboxed(asked.output))
    some = CliRunner().invoke(app, ["validate-against-studies", str(file(label)), "--dashboard", "there"])
    assert some.exit_code == 2
    messages.check(unboxed(some.output))
    both = CliRunner().invoke(app, ["validate-against-studies", "--lens", "both"])
    assert both.exit_code == 2
    messages.check(unboxed(both.output))
    checked = CliRunner().invoke(app, ["validate", str(file(AS_WRITTEN))])
    messages.check(checked.output)


def test_findings_count_hits_and_name_non_tests_and_studies_that_need_runs(messages):
    rows = {
        "study": ["one", "two", "three"],
        "title": ["One", "Two", "Three"],
        "hit": [True, False, True],
        "nothing_hits": [True, True, None],
        "informs": ["illness.continuity_effect", "", ""],
        "fitted": [False, True, False],
        "monte_carlo_error": [0.1, 0.1, 2.0],
        "sampling_error": [1.0, 1.0, 1.0],
        "distance": [0.5, -9.0, 1.0],
    }
    said = BlindPredictions(pd.DataFrame(rows), *[pd.DataFrame()] * 3, {}).findings()
    messages.check("\n".join(said))


def test_too_few_hits_among_independent_studies_say_how_much_wider_the_intervals_would_have_to_be(messages):
    distance = [0.1, -0.2, 0.3, -0.4, 0.5, -2.0, 2.5, -3.0, 4.0, 5.0]  # half of ten are within 1.28
    rows = pd.DataFrame(
        {
            "study": "a_study",
            "title": "A study",
            "hit": np.abs(distance) < REACH,
            "nothing_hits": True,
            "informs": "",
            "fitted": False,
            "monte_carlo_error": 0.1,
            "sampling_error": 1.0,
            "distance": distance,
        }
    )
    no_test = rows.assign(informs="ties.hour_ratio", distance=99.0)
    found = BlindPredictions(pd.concat([rows, no_test], ignore_index=True), *[pd.DataFrame()] * 3, {})
    assert found.widening() == pytest.approx(3.0 / REACH)  # the eighth of ten is then just within
    messages.check(found.findings()[3])
    well = BlindPredictions(rows.assign(distance=0.5 * rows["distance"] / 3.0), *[pd.DataFrame()] * 3, {})
    assert well.widening() < 1.0
    assert not any("times as wide" in sentence for sentence in well.findings())


def test_the_chart_counts_half_predictive_intervals_and_marks_misses(messages):
    rows = pd.DataFrame(
        {
            "title": ["In percent", "A ratio, without an interval", "Far away"],
            "unit": ["%", "odds ratio", "%"],
            "predicted": [0.0, 1.0, 0.0],
            "high": [2.0, 2.0, 0.1],
            "published": [1.0, 0.25, -5.0],
            "published_low": [-1.0, np.nan, -6.0],
            "published_high": [3.0, np.nan, -4.0],
            "hit": [True, False, False],
        }
    )
    figure = predictions(rows)
    (marks,) = figure.data
    assert list(marks.x) == pytest.approx([-6.0, -2.0, 0.5]), "from the bottom, and no farther than the axis"
    assert list(marks.error_x.array)[2] == pytest.approx(1.0)
    assert list(marks.error_x.arrayminus)[1:] == pytest.approx([0.0, 1.0])
    assert list(marks.marker.symbol) == ["square", "square", "circle"]
    assert [note.text for note in figure.layout.annotations] == ["-50"]
    messages.check(alternative(rows))


def test_numbers_of_a_unit_are_shown_in_the_same_way():
    assert shown(0.184, "admissions a person-year") == "+0.18"
    assert [shown(value, "SD") for value in (-0.304, 0.001)] == ["-0.30", "0.00"]
    assert [shown(value, "%") for value in (-14.04, 0.04, 3.5)] == ["-14.0", "0.0", "+3.5"]
