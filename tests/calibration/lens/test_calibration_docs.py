"""Findings in docs/calibration.md, compared with the shipped lenses and their frames."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from calibration.lens.diagnostics import diagnostics
from calibration.lens.warnings import baseline_warning
from simulator.lenses import ORDER, implied_strengths, load_lens
from simulator.lenses.lens import SHIPPED

PAGE = " ".join((Path(__file__).parents[3] / "docs" / "calibration.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize("name", ORDER)
def test_a_shipped_lens_says_what_its_frames_hold(name):
    file, frames = load_lens(name).file, diagnostics(SHIPPED / name, ("parameters", "runs"))
    for row in frames["parameters"].to_dict("records"):
        said = file.parameters[row["parameter"]]
        fitted = (said.fitted.low, said.fitted.value, said.fitted.high)
        assert fitted == pytest.approx((row["q025"], row["q50"], row["q975"]), rel=1e-4)
        assert said.informed == (row["label"] == "informed")
    again = frames["runs"][frames["runs"]["stage"] == "check"]
    for target, said in file.targets.items():
        simulated = (said.simulated.low, said.simulated.value, said.simulated.high)
        assert simulated == pytest.approx(tuple(again[target].quantile([0.025, 0.5, 0.975])), rel=1e-4)
        assert said.reached == (said.low <= said.simulated.value <= said.high)
    every = pd.read_parquet(SHIPPED / name / "diagnostics" / "runs.parquet")
    assert file.record["simulated_points"] == len(every[["seed", *file.parameters]].drop_duplicates())


def test_the_page_has_the_figures_of_the_fit_to_what_was_claimed():
    lens = load_lens("as-claimed")
    frome, cost, county, lonely = (
        lens.file.targets[name].simulated
        for name in ("frome_admissions", "frome_cost", "county_admissions", "frome_lonely")
    )
    assert (
        f"changes by {frome.value:.0f} % (a town of 28,000, with chance variation: {frome.low:.0f} to {frome.high:.0f})"
        in PAGE
    )
    assert f"the county by {county.value:+.0f} % where" in PAGE
    assert f"these admissions ends at {cost.value:.0f} %" in PAGE
    assert f"{lonely.value:.1f} % are lonely" in PAGE
    assert abs(frome.value + 14.0) < 3.0
    assert abs(county.value - 28.5) < 3.0
    assert abs(cost.value + 21.0) < 5.0
    assert abs(lonely.value - 8.0) < 0.5
    runs = diagnostics(SHIPPED / "as-claimed", ("runs",))["runs"]
    low, high = runs.loc[runs["stage"] == "check", "frome_admissions"].quantile([0.1, 0.9])
    assert f"80 % of runs for Frome span {high - low:.0f} points" in PAGE
    assert high - low < 12.0
    reach = lens.file.reported["frome_with_plan"].simulated
    assert f"{reach.value:.0f} of every 100 residents of Frome had a care plan" in PAGE
    table = implied_strengths(lens).set_index("path")
    hub = "programme.complex_care_hub."
    acute = table.loc[f"{hub}acute_episodes"]
    fitted, trial, low, high = (
        -100.0 * math.expm1(acute[end]) for end in ("fitted", "evidence", "evidence_low", "evidence_high")
    )
    assert f"prevents {fitted:.0f} % of acute" in PAGE
    assert f"(studies: {trial:.0f} %, from {low:.0f} % fewer to {-high:.0f} % more)" in PAGE
    assert f"{table.loc[f'{hub}caseload', 'times']:.0f} times as many people" in PAGE
    assert f"stay {table.loc[f'{hub}duration', 'times']:.0f} times as long" in PAGE
    times = (
        table.loc[path, "times"] for path in ("loneliness.admission_relative_risk", "care.support_admission_effect")
    )
    assert "{:.0f} and {:.0f} times as strongly as studies found".format(*times) in PAGE
    (warned,) = baseline_warning(lens.file)
    assert "closed 79 % of the gap" in warned
    assert "for 79 % under the other lens" in PAGE


def test_the_page_has_the_figures_of_the_fit_on_trial_evidence():
    file = load_lens("trial-evidence").file
    county, frome, by_year = (
        file.targets[name].simulated for name in ("county_admissions", "frome_admissions", "county_by_year")
    )
    assert f"The county rises by {county.value:.0f} %" in PAGE
    assert f"with its county: {frome.value:+.0f} % ({frome.low:.0f} to {frome.high:.0f}) instead of -14 %" in PAGE
    assert f"Some {frome.value + 14.0:.0f} points are unexplained" in PAGE
    assert f"From 2013/14 to 2016/17 it rises by {by_year.value:.0f} %" in PAGE
    demand, recording = (
        file.parameters[path].fitted for path in ("illness.local_demand_growth", "care.local_recording_growth")
    )
    low, high = (abs(round(100.0 * end)) for end in (demand.low, demand.high))
    assert f"some {100.0 * demand.value:.0f} % a year ({low} to {high})" in PAGE
    assert f"({100.0 * recording.low:.0f} to {100.0 * recording.high:.0f} % a year)" in PAGE
    informed = [path for path, value in file.parameters.items() if value.informed and value.role == "mechanism"]
    assert informed == ["loneliness.outlook_effect"]
    (warned,) = baseline_warning(file)
    assert "closed 71 % of the gap" in warned
    assert "would account for 71 % of its gap" in PAGE


def test_the_page_has_what_the_checks_of_both_found():
    claimed, trial = (load_lens(name).file for name in ORDER)
    coverage = "coverage of known truths at 80 %"
    shares = [100.0 * float(file.gates[coverage].finding.split(": ")[1].split(",")[0]) for file in (claimed, trial)]
    assert "| {:.0f} % | {:.0f} % |".format(*shares) in PAGE
    worst = [max(abs(row.z) for row in file.targets.values() if row.fitted) for file in (claimed, trial)]
    assert "| posterior predictive, largest z of a fitted target | {:.1f} | {:.1f} |".format(*worst) in PAGE
    failed = [{name for name, gate in file.gates.items() if not gate.passed} for file in (claimed, trial)]
    emulators = {f"emulators (leave-one-out z), {share}" for share in ("0", "0.25", "0.5")}
    assert failed == [emulators, set()]
