"""Files of a calibration: targets with their runs, priors by evidence name, and problems with their line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import calibration
from calibration import load_priors, load_target_file, load_targets
from calibration.lens.warnings import baseline_warning, unexplained
from calibration.targets.folder import read_files
from calibration.targets.priors import PriorFile
from calibration.targets.run_files import file_named
from calibration.targets.targets import SHIPPED, fitted_to
from simulator.errors import PriorError, TargetError, UnknownNameError
from simulator.foundations.input_files import json_schema
from simulator.lenses import LensFile

TARGETS = """runs:
  town: {place: frome, starts: 2013-04-01, weeks: 52, growth: shared}
  county: {place: somerset, starts: 2013-04-01, weeks: 52, growth: own}
correlations: {change: 0.5}
targets:
  rise:
    label: Rise
    measure: emergency_admissions
    run: town
    statistic: trend
    frome: county_rise
    error_group: change
    lenses: [mine]
    value: -10
    low: -20
    high: 0
    unit: "%"
    source: Someone, some year
    reference: https://example.org
    grade: C
  county_rise:
    label: Rise of the county
    measure: emergency_admissions
    run: county
    statistic: trend
    error_group: change
    value: 30
    low: 20
    high: 40
    tolerance: 9.8
    unit: "%"
    source: Someone, some year
    reference: https://example.org
    grade: C
"""
PRIORS = """baseline:
  loneliness.need_spread: {distribution: lognormal, value: 0.0003, low: 0.0002, high: 0.0004, reason: Because I say so}
lenses:
  mine:
    title: Mine
    description: What I think
    shared_growth: {value: 1, reason: Because I say so}
    as_evidence: [illness.continuity_effect]
    priors:
      illness.emergency_admission_rate:
        {applies_as: ratio, distribution: lognormal, value: 1, low: 0.8, high: 1.2, reason: Because I say so}
"""


@pytest.fixture
def write(tmp_path):
    def written(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return written


def test_the_shipped_targets_are_the_published_figures():
    targets = load_target_file().targets
    figures = {name: (target.value, target.low, target.high) for name, target in targets.items() if target.run}
    assert figures["frome_admissions"] == (-14.0, -23.2, -5.0)
    assert figures["county_admissions"] == (28.5, 18.4, 38.6)
    assert (figures["frome_cost"][0], figures["county_cost"][0]) == (-21, 21)
    assert figures["nation_admissions"] == (12, 9.5, 13.6)
    assert [name for name, target in targets.items() if "frome" in name and "trial-evidence" in target.lenses] == []
    assert targets["frome_admissions"].error_group == targets["frome_cost"].error_group
    runs = load_target_file().runs
    assert (str(runs["frome"].starts), runs["frome"].weeks, runs["county"].weeks) == ("2013-04-01", 247, 247)
    assert set(load_targets()) == {name for name, target in targets.items() if target.run is None}


def test_the_shipped_priors_fix_trial_strengths_in_one_lens_and_allow_more_in_the_other():
    lenses = load_priors()
    assert list(lenses) == ["as-claimed", "trial-evidence"]
    claimed, trial = ({belief.path: belief for belief in lenses[name].parameter_priors} for name in lenses)
    hub = "programme.complex_care_hub.acute_episodes"
    assert (trial[hub].value, trial[hub].low, trial[hub].high) == (-0.05, -0.20, 0.10)
    assert (claimed[hub].low, claimed[hub].role) == (-3.0, "mechanism")
    assert claimed["illness.local_demand_growth"].role == "place"
    assert claimed["loneliness.threshold"].role == "baseline"
    assert (lenses["as-claimed"].settings.frome, lenses["trial-evidence"].settings.frome) == (
        (0, 0.25, 0.5, 0.75, 1),
        (),
    )


def test_the_shipped_schema_of_priors_is_current():
    shipped = Path(calibration.__file__).parent / "targets" / "priors.schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == json_schema(PriorFile)


def test_tolerance_and_frome_shares(write):
    targets = load_target_file(write("targets.yaml", TARGETS)).targets
    assert targets["rise"].sd == pytest.approx(10 / 1.96, rel=1e-3)
    assert targets["county_rise"].sd == pytest.approx(5.0, rel=1e-3)
    assert [fitted_to(targets, "rise", share) for share in (0.0, 0.5, 1.0)] == [30.0, 10.0, -10.0]
    assert fitted_to(targets, "county_rise", 0.0) == 30.0


def test_a_town_with_a_high_start_gives_a_warning(messages):
    row = {"label": "A", "unit": "%", "low": -50, "high": 50, "z": 0, "fitted": False, "reached": True, "source": "B"}
    targets = {
        name: {**row, "value": value, "simulated": {"value": simulated, "low": simulated, "high": simulated}}
        for name, value, simulated in (
            ("frome_begins", 1.22, 1.0),
            ("frome_admissions", -14, 2),
            ("county_admissions", 28.5, 28),
        )
    }
    targets["frome_admissions"]["reached"] = False
    fitted = {
        "label": "A",
        "unit": "ratio",
        "role": "baseline",
        "prior": {"value": 1, "low": 0, "high": 2},
        "reason": "a",
    }
    fitted |= {"fitted": fitted["prior"], "informed": False}
    file = LensFile.model_validate(
        {
            "lens": "a",
            "title": "A",
            "description": "B",
            "parameters": {"a.b": fitted},
            "targets": targets,
            "gates": {},
            "record": {},
        }
        | {"draws": "0" * 64}
    )
    (said,) = baseline_warning(file)
    # ln 1.22 of ln(1.285 / 0.86): half.
    messages.check(said)
    (said,) = unexplained(file)
    messages.check(said)
    del file.targets["frome_begins"]
    assert list(baseline_warning(file)) == []


def test_a_users_own_folder_takes_the_rest_from_what_is_shipped(write, messages):
    folder = write("targets.yaml", TARGETS).parent
    files = read_files(folder)
    assert (set(files.targets.targets), set(files.priors)) == (
        {"rise", "county_rise"},
        {"as-claimed", "trial-evidence"},
    )
    with messages.raised(UnknownNameError):
        files.of("as-claimd")
    with messages.raised(TargetError):
        read_files(folder / "nothing")
    (folder / "targets.yaml").rename(folder / "target.yaml")
    with messages.raised(TargetError):
        read_files(folder)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("    run: town", "    run: twon", "9 targets.rise.run"),
        (
            "frome: county_rise",
            "frome: county_rize",
            "11 targets.rise.frome",
        ),
        ("{change: 0.5}", "{chang: 0.5}", "4 correlations.chang"),
        ("{change: 0.5}", "{change: 1.5}", "4 correlations.change"),
        ("    statistic: trend\n    frome", "    statistic: growth\n    frome", "6 targets.rise.years"),
        ("    statistic: trend\n    frome", "    statistic: ratio\n    frome", "6 targets.rise"),
        (
            "    statistic: trend\n    frome",
            "    years: [1, 2]\n    frome",
            "10 targets.rise.years[1]",
        ),
        ("    run: town\n", "", "6 targets.rise.run"),
        ("growth: shared", "growth: shard", "2 runs.town.growth"),
    ],
)
def test_a_problem_of_targets_is_reported_with_its_line(write, old, new, at, messages):
    with messages.raised(TargetError, at):
        load_target_file(write("targets.yaml", TARGETS.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("loneliness.need_spread", "loneliness.need_sprea", "2 baseline.loneliness.need_sprea"),
        ("continuity_effect]", "continuity_efect]", "8 lenses.mine.as_evidence[0]"),
        ("applies_as: ratio, ", "", "10 lenses.mine.priors.illness.emergency_admission_rate"),
        ("low: 0.0002, ", "low: 0.0005, ", "2 baseline.loneliness.need_spread.value"),
        (
            "{distribution: lognormal, value: 0.0003, low: 0.0002",
            "{distribution: normal, value: 0.0003, low: -1",
            "2 baseline.loneliness.need_spread",
        ),
        ("illness.continuity_effect", "loneliness.causal_discount", "8 lenses.mine.as_evidence[0]"),
        ("    description:", "    descripton:", "6 lenses.mine.descripton"),
        ("    as_evidence", "    frome: [0, 0.5]\n    as_evidence", "8 lenses.mine.frome"),
        ("{value: 1, reason", "{value: 2, reason", "7 lenses.mine.shared_growth.value"),
    ],
)
def test_a_problem_of_priors_is_reported_with_its_line(write, old, new, at, messages):
    with messages.raised(PriorError, at):
        load_priors(write("priors.yaml", PRIORS.replace(old, new, 1)))


def test_files_named_by_runs_are_next_to_the_targets_or_shipped(write, tmp_path, messages):
    write("targets.yaml", TARGETS.replace("place: frome", "place: from").replace("somerset", "my_conty.yaml"))
    write("my_county.yaml", "name: my_county")
    with pytest.raises(TargetError) as raised:
        read_files(tmp_path)
    told = str(raised.value)
    messages.check(told)
    assert file_named("england.yaml", tmp_path) == str(SHIPPED.parent / "england.yaml")
    write("england.yaml", "name: england")
    assert file_named("england.yaml", tmp_path) == str(tmp_path / "england.yaml")
    assert file_named("areas.csv:Mendip", tmp_path) == f"{tmp_path / 'areas.csv'}:Mendip"
    assert file_named("frome", tmp_path) == "frome"


def test_the_shipped_targets_copied_into_a_users_own_folder_still_find_england(tmp_path):
    (tmp_path / "targets.yaml").write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_files(tmp_path).targets == load_target_file()
