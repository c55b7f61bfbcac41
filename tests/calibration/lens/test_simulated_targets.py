"""Targets that are simulated studies, beside those measured on runs."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from calibration.lens.simulated_targets import columns_of, problem_of, published_figures
from calibration.studies.estimates import estimate_of_run
from calibration.studies.loading import load_study
from calibration.targets.folder import read_files
from calibration.targets.run_files import check_runs
from simulator.errors import FitError, TargetError

STUDY = "loneliness_groups_pooled"


@pytest.fixture(scope="module")
def files():
    return read_files(None)


def with_studies(file, studies):
    return file.model_validate({**file.model_dump(exclude_unset=True), "studies": studies})


def test_a_study_is_a_target_with_its_own_result_error_and_estimate(files):
    priors = files.of("trial-evidence")
    problem = problem_of(priors, files.targets, residents=1500, full_size=2500)
    published = load_study(STUDY).study.published
    (target,) = (target for target in problem.targets if target.name == STUDY)
    assert (target.value, target.sd) == (published.value, pytest.approx(published.error))
    figure = published_figures(columns_of(priors, files.targets, files.folder))[STUDY]
    assert (figure.value, figure.unit) == (published.value, "SD")
    assert figure.low < figure.value < figure.high
    assert figure.high - figure.low == pytest.approx(published.high - published.low)
    assert len(problem.columns) == len(problem.targets) + len(problem.outputs)
    sizes = [{plan.spec.place.residents for plan in one.simulate.studies} for one in (problem, problem.at_draws)]
    assert sizes == [{1500}, {2500}]
    (plan,) = (plan for plan in problem.simulate.studies if plan.study.name == STUDY)
    full = load_study(STUDY).spec
    assert plan.spec.funding[0].pence_per_week == pytest.approx(full.funding[0].pence_per_week * 1500 / 20000, abs=1)
    assert problem.version != problem.at_draws.version


@pytest.mark.thorough
def test_a_row_has_the_estimate_of_the_study_at_the_point_in_the_study_s_column(files):
    few = with_studies(files.targets, {STUDY: {"lenses": ["trial-evidence"]}})
    few = few.model_copy(
        update={"runs": {name: run.model_copy(update={"weeks": 247}) for name, run in few.runs.items()}}
    )
    problem = problem_of(files.of("trial-evidence"), few, residents=1500)
    (plan,) = problem.simulate.studies
    point = np.array([parameter.value for parameter in problem.parameters])
    row = dict(zip(problem.columns, problem.simulate(point[None], (3,)).values[0], strict=True))
    own = estimate_of_run(plan.through(problem.simulate.applied_lens(point, 0.0)), 3)
    assert row[STUDY] == own
    assert math.isfinite(own)


@pytest.mark.thorough
def test_statistics_without_a_published_figure_are_simulated_and_not_fitted(files):
    problem = problem_of(files.of("as-claimed"), files.targets, residents=1500)
    assert "frome_with_plan" in problem.outputs
    assert "frome_with_plan" not in published_figures(columns_of(files.of("as-claimed"), files.targets, files.folder))
    point = np.array([parameter.value for parameter in problem.parameters])
    low, high = point.copy(), point.copy()
    offer = problem.names.index("programme.complex_care_hub.offer_rate")
    low[offer], high[offer] = 0.0005, 0.05
    rows = problem.simulate(np.vstack([low, high]), (3, 3)).values
    few, many = rows[:, problem.columns.index("frome_with_plan")]
    assert 0.0 < few < many < 100.0


@pytest.mark.parametrize(("unit", "expected"), [("SD", -0.2), ("%", -40.0)])
def test_the_estimate_of_a_run_is_that_of_its_own_people_and_unit(monkeypatch, unit, expected):
    rows = pd.DataFrame({"effect_on": ["participants", "offered"], "difference": [-0.2, -0.9], "expected": [0.5, 9.0]})
    monkeypatch.setattr("calibration.studies.estimates.study_seed", lambda *_: SimpleNamespace(loneliness=rows))
    plan = load_study(STUDY)
    published = plan.study.published.model_copy(update={"unit": unit})
    study = plan.study.model_copy(update={"published": published})
    assert estimate_of_run(replace(plan, study=study), 0) == pytest.approx(expected)


def test_other_lenses_do_not_simulate_the_study(files):
    problem = problem_of(files.of("as-claimed"), files.targets, residents=1500)
    assert problem.simulate.studies == ()
    assert STUDY not in problem.columns


@pytest.mark.parametrize(
    ("section", "at"),
    [
        ("studies: {loneliness_group_pooled: {lenses: [small]}}", ("studies", "loneliness_group_pooled")),
        ("studies: {somerset_trend: {lenses: [small]}}", ("studies", "somerset_trend")),
        ("studies: {singapore_highest_risk: {lenses: [small]}}", ("studies", "singapore_highest_risk")),
        ("studies: {mine.yaml: {lenses: [small]}}", ("studies", "mine.yaml")),
        (
            "reported: {share: {label: Share, measure: with_care_plan, unit: '%'}}",
            ("reported", "share", "run"),
        ),
    ],
)
def test_a_study_or_statistic_that_cannot_be_used_is_refused_with_its_line(tmp_path, messages, section, at):
    target = (
        "{label: One, measure: consultations, value: 5, low: 4, high: 6, unit: per resident a year, source: Someone, "
    )
    target += "reference: 'https://example.org', grade: C}"
    (tmp_path / "targets.yaml").write_text(f"targets:\n  one:\n    {target}\n{section}\n", encoding="utf-8")
    with messages.raised(TargetError) as found:
        check_runs(tmp_path / "targets.yaml")
    (problem,) = found.value.problems
    assert (problem.line, problem.field) == (4, ".".join(at))


def test_a_study_that_cannot_be_a_target_has_no_estimate_of_a_run():
    with pytest.raises(FitError, match="somerset_trend"):
        estimate_of_run(load_study("somerset_trend"), 0)
