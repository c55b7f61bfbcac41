"""A small calibration: figures of a known truth become targets, and the fit must recover it, of real runs if slow."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from calibration.fitting import Plan
from calibration.lens.lens_fit import Size, fit_lens, write_lens
from calibration.lens.simulated_targets import at_size, problem_of
from calibration.targets.folder import read_files
from dashboard.command_line.commands import app
from simulator.foundations.measures import INDEX, NAMES
from simulator.lenses import implied_strengths, load_lens
from simulator.model.simulation import simulate
from simulator.places import load_place
from simulator.places.loading import SHIPPED_FOLDER
from simulator.results.results import CELLS, Failure
from simulator.running import ensemble
from simulator.scenario.scenario import load_scenario
from simulator.specification.entries import Commitment, StaffingChange
from simulator.specification.spec import build_spec
from tests.helpers.messages import titles
from tests.helpers.synthetic_results import run as made_up_run

pytestmark = pytest.mark.thorough

RESIDENTS = 2000
GROWTH = "illness.local_demand_growth"
TRUTH = {"illness.emergency_admission_rate": 1.25, "care.overnight_days": 0.8, "illness.local_demand_growth": 0.3}
PLAN = Plan(
    noise_points=2, noise_seeds=4, design_points=32, waves=1, wave_points=10, check_points=10, truths=0,
    effective_size=200, most_steps=500, draws=200, discrepancy=0.0, stop_if_unreachable=False,
)  # fmt: skip
FULL = 3000
SMALL = Size(RESIDENTS, FULL, PLAN, replace(PLAN, waves=0, check_points=0))
TARGETS = """runs:
  home: {place: town.yaml, starts: 2013-04-01, weeks: 26}
  grown: {place: town.yaml, starts: 2013-04-01, weeks: 26, growth: own}
reported:
  visits: {label: Visits, measure: consultations, run: home, unit: per resident a year}
targets:
"""
TARGET = """  {name}:
    {{label: {name}, measure: {measure}, run: {run}, lenses: [{lens}], value: {value}, low: {low}, high: {high},
     tolerance: {tolerance}, unit: "{unit}", frome: {frome}, source: A simulated truth, reference:
     "https://example.org",
     grade: C}}
"""
PRIORS = """lenses:
  small:
    title: Small
    description: A simulated truth
    frome: [0, 1]
    more_waves: 1
    shared_growth: {value: 1, reason: There is no Frome}
    priors:
      illness.emergency_admission_rate:
        {applies_as: ratio, distribution: uniform, value: 1.0, low: 0.6, high: 1.6, reason: Wide enough}
      care.overnight_days:
        {applies_as: ratio, distribution: uniform, value: 1.0, low: 0.6, high: 1.6, reason: Wide enough}
      illness.local_demand_growth:
        {role: place, distribution: uniform, value: 0.1, low: -0.3, high: 0.8, reason: Wide enough}
"""
MEASURES = (
    ("admissions", "emergency_admissions", "home", "per 1,000 residents a year", 6.0),
    ("stays", "bed_days_per_admission", "home", "days", 0.4),
    ("grown_admissions", "emergency_admissions", "grown", "per 1,000 residents a year", 6.0),
    ("consultations", "consultations", "home", "per resident a year", 0.5),
)


def written(folder, figures):
    text = (SHIPPED_FOLDER / "frome.yaml").read_text(encoding="utf-8").replace("name: frome", "name: town")
    (folder / "town.yaml").write_text(text, encoding="utf-8")
    targets = TARGETS
    for (name, measure, run, unit, tolerance), value in zip(MEASURES, figures, strict=True):
        lens = "" if name == "consultations" else "small"
        frome = "admissions" if name == "grown_admissions" else "null"
        numbers = {"value": value, "low": value - tolerance, "high": value + tolerance, "tolerance": tolerance}
        targets += TARGET.format(name=name, measure=measure, run=run, unit=unit, lens=lens, frome=frome, **numbers)
    (folder / "targets.yaml").write_text(targets, encoding="utf-8")
    (folder / "priors.yaml").write_text(PRIORS, encoding="utf-8")
    return read_files(folder)


def simulate_made_up(spec, seed, draw):
    """A run made up in a moment: admissions, stays and growth around what the parameters of the spec imply."""
    rates, random = spec.rates(draw), np.random.default_rng(seed)
    size, quarters = spec.place.residents, spec.weeks // 13
    cells = np.zeros((quarters, CELLS, len(NAMES)), np.int64)
    grown = (1.0 + rates.illness.local_demand_growth) ** ((np.arange(quarters) + 0.5) / 4.0)
    mean = size / 1000.0 * float(np.mean(rates.illness.emergency_admission_rate)) / 4.0 * grown
    admissions = np.rint(mean + np.sqrt(mean) * random.standard_normal(quarters)).astype(np.int64)
    days = admissions * float(np.mean(rates.care.overnight_days)) * random.normal(1.0, 0.04, quarters)
    contacts = np.rint(1.3 * size + np.sqrt(1.3 * size) * random.standard_normal(quarters))
    counted = {"overnight_admissions": admissions, "bed_days": np.rint(days), "consultations": contacts}
    for name, count in {**counted, "resident_weeks": 13 * size}.items():
        cells[:, 0, INDEX[name]] = count
    return made_up_run(quarters=quarters)._replace(cells=cells)


def calibrate(folder):
    """The lens of a truth that is known from the mean of six runs, its written files, and the progress reported."""
    files = written(folder, (1.0, 1.0, 1.0, 1.0))
    problem = problem_of(files.of("small"), files.targets, residents=RESIDENTS, folder=folder)
    point = np.array([[TRUTH[name] for name in problem.names]])
    figures = np.mean([problem.simulate(point, (seed,))[0][0] for seed in range(6)], axis=0)[: len(MEASURES)]
    files = written(folder, figures)
    told = []
    fitted = fit_lens(
        files,
        "small",
        SMALL,
        store=folder / "runs.sqlite",
        workers=1,
        progress=lambda said, state: told.append((said, state)),
    )
    return fitted, write_lens(fitted, folder / "small"), told


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(ensemble, "simulate", simulate_made_up)
        yield calibrate(tmp_path_factory.mktemp("county"))


def assert_recovered(fitted):
    found = fitted.whole.parameters.set_index("parameter")
    for path, true in TRUTH.items():
        row = found.loc[path]
        assert row["q025"] < true < row["q975"], path
        assert row["label"] == "informed" or path == GROWTH, "half a year tells little of growth by the year"
        assert abs(row["mean"] - true) < 3.0 * row["sd"]
    assert found.loc["illness.emergency_admission_rate", "sd"] < 0.1


def test_a_known_truth_is_recovered(calibrated):
    assert_recovered(calibrated[0])


@pytest.mark.slow
def test_a_simulated_truth_is_recovered(tmp_path, monkeypatch):
    monkeypatch.setattr(ensemble, "simulate", simulate)
    assert_recovered(calibrate(tmp_path)[0])


def test_all_shares_of_the_gap_use_the_same_runs_of_the_prior(calibrated):
    fitted, _, told = calibrated
    shares = dict(told)
    assert list(shares) == ["small, 1 of Frome's gap", "small, 0 of Frome's gap"]
    last = shares["small, 0 of Frome's gap"]
    assert (last.done, last.read) == (last.total, last.total)
    growth = {
        share: one.parameters.set_index("parameter").loc["illness.local_demand_growth"]
        for share, one in fitted.fits.items()
    }
    assert growth[0.0]["q025"] < 0.05
    assert growth[0.0]["mean"] < growth[1.0]["mean"] - 0.1


def test_the_written_lens_is_read_back_with_its_checks(calibrated, messages):
    fitted, folder, _ = calibrated
    lens = load_lens(folder)
    assert lens.file.record["simulated_points"] == len(fitted.whole.runs)  # the other share has no point of its own
    assert lens.file.frome == (0.0, 1.0)
    moved = pd.read_parquet(folder / "diagnostics" / "sobol.parquet").set_index(["column", "parameter"])["total"]
    assert moved["stays", "care.overnight_days"] > 0.8 > 0.3 > moved["stays", GROWTH]
    assert set(pd.read_parquet(folder / "diagnostics" / "parameters.parquet")["frome"]) == {0.0, 1.0}
    assert len(lens.draws) == 400
    assert lens.applied_lens().draws.paths == ("illness.emergency_admission_rate", "care.overnight_days")
    assert not lens.file.gates["coverage of known truths at 80 %"].passed
    assert any("coverage" in fault for fault in lens.faults)
    assert {name for name, row in lens.file.targets.items() if not row.fitted} == {"consultations"}
    again = fitted.whole.runs[fitted.whole.runs["stage"] == "check"]
    for name, row in lens.file.targets.items():
        shown = (row.simulated.low, row.simulated.value, row.simulated.high)
        assert shown == pytest.approx(tuple(again[name].quantile([0.025, 0.5, 0.975])), rel=1e-4)
        assert row.reached == (row.low <= row.simulated.value <= row.high)
    shown = lens.file.reported["visits"].simulated
    middle = tuple(again["visits"].quantile([0.025, 0.5, 0.975]))
    assert (shown.low, shown.value, shown.high) == pytest.approx(middle, rel=1e-4)
    assert middle != pytest.approx(tuple(fitted.whole.runs["visits"].quantile([0.025, 0.5, 0.975])), rel=1e-4)
    assert (lens.file.record["residents"], lens.file.record["residents_at_draws"]) == (RESIDENTS, FULL)
    sizes = [one.simulate.runs[0].spec.place.residents for one in (fitted.whole.problem, fitted.whole.problem.at_draws)]
    assert sizes == [RESIDENTS, FULL]
    assert set(fitted.whole.runs["stage"]) == {"noise", "design", "wave 1", "wave 2", "check"}
    assert all(abs(row.z) < 3.0 for name, row in lens.file.targets.items() if row.fitted), lens.file.targets
    assert implied_strengths(lens, mechanisms_only=False)["path"].tolist() == list(TRUTH)
    shown = CliRunner().invoke(app, ["calibrate", "--check", "--out", str(folder)])
    assert shown.exit_code == 1
    messages.check(titles(shown.stdout))  # nothing on what one would have to believe: no mechanism was fitted
    as_json = json.loads(CliRunner().invoke(app, ["calibrate", "--check", "--out", str(folder), "--json"]).stdout)
    widths = {row["parameter"]: row["width_ratio"] for row in as_json["diagnostics"]["parameters"]}
    assert 0.0 < widths["care.overnight_days"] < 0.8  # informed
    assert len(as_json["diagnostics"]["parameters"]) == len(TRUTH)  # of the fit for all of the gap alone


def test_the_same_point_and_seed_give_the_same_figures_and_growth_belongs_to_its_place(calibrated, monkeypatch):
    monkeypatch.setattr(ensemble, "simulate", simulate)
    study = calibrated[0].whole.problem.simulate
    plain, grown = (np.array([[1.0, 1.0, growth]]) for growth in (0.0, 0.8))
    first, again = (study(plain, (7,)).values[0] for _ in range(2))
    assert first.tolist() == again.tolist()
    other = study(grown, (7,)).values[0]
    columns = calibrated[0].whole.problem.columns
    assert other[columns.index("admissions")] == first[columns.index("admissions")]
    assert other[columns.index("grown_admissions")] > first[columns.index("grown_admissions")]


def test_money_posts_and_hours_are_in_proportion_to_the_residents():
    plan = build_spec(load_scenario("frome"), load_place("frome"), weeks=52)
    staff = StaffingChange(role=0, hours_per_week=80.0, training_per_week=8.0, from_week=0, until_week=52)
    whole = replace(plan, commitments=(Commitment(0, 8.0, 0),), staffing=(staff,))
    small = at_size(whole, 0.25)
    assert len(small.funding) == len(whole.funding) > 0
    assert [fund.pence_per_week for fund in small.funding] == [round(0.25 * f.pence_per_week) for f in whole.funding]
    assert [posts.units for posts in small.commitments] == [0.25 * posts.units for posts in whole.commitments]
    for little, large in zip(small.staffing, whole.staffing, strict=True):
        assert little.hours_per_week == 0.25 * large.hours_per_week
        assert little.training_per_week == 0.25 * large.training_per_week


def test_a_run_that_fails_is_a_row_with_its_reason(calibrated, monkeypatch):
    monkeypatch.setattr(
        "calibration.lens.simulated_targets.run_seed", lambda specs, *_: [Failure("ValueError", "no luck")] * len(specs)
    )
    found = calibrated[0].whole.problem.simulate(np.array([[1.0, 1.0, 0.0]]), (7,))
    assert np.isnan(found.values).all()
    assert found.reasons == ("run 'home': ValueError: no luck",)
