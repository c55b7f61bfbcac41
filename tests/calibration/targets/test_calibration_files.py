"""Files of a calibration: targets with their runs, priors by evidence name, and faults told with their line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import calibration
from calibration import load_priors, load_target_file, load_targets, priors_schema
from calibration.lens.warnings import baseline_warning, unexplained
from calibration.targets.folder import read_files
from calibration.targets.run_files import file_named
from calibration.targets.targets import SHIPPED, wanted
from simulator.errors import PriorError, TargetError, UnknownNameError
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
    reckoned: trend
    frome: county_rise
    together: change
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
    reckoned: trend
    together: change
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
  loneliness.onset_rate: {distribution: lognormal, value: 0.0003, low: 0.0002, high: 0.0004, reason: Because I say so}
lenses:
  mine:
    title: Mine
    what: What I think
    shared_growth: {value: 1, reason: Because I say so}
    as_evidence: [illness.continuity_effect]
    priors:
      illness.emergency_admission_rate:
        {acts: ratio, distribution: lognormal, value: 1, low: 0.8, high: 1.2, reason: Because I say so}
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
    assert targets["frome_admissions"].together == targets["frome_cost"].together
    runs = load_target_file().runs
    assert (str(runs["frome"].starts), runs["frome"].weeks, runs["county"].weeks) == ("2013-04-01", 247, 247)
    assert set(load_targets()) == {name for name, target in targets.items() if target.run is None}


def test_the_shipped_priors_hold_trial_strengths_in_the_one_and_room_in_the_other():
    lenses = load_priors()
    assert list(lenses) == ["as-claimed", "trial-evidence"]
    claimed, trial = ({belief.path: belief for belief in lenses[name].beliefs} for name in lenses)
    hub = "programme.complex_care_hub.acute_episodes"
    assert (trial[hub].value, trial[hub].low, trial[hub].high) == (-0.05, -0.20, 0.10)
    assert (claimed[hub].low, claimed[hub].role) == (-3.0, "mechanism")
    assert claimed["illness.local_demand_growth"].role == "place"
    assert claimed["loneliness.onset_rate"].role == "baseline"
    assert (lenses["as-claimed"].settings.frome, lenses["trial-evidence"].settings.frome) == (
        (0, 0.25, 0.5, 0.75, 1),
        (),
    )


def test_the_shipped_schema_of_priors_is_current():
    shipped = Path(calibration.__file__).parent / "targets" / "priors.schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == priors_schema()


def test_tolerance_and_dial(write):
    targets = load_target_file(write("targets.yaml", TARGETS)).targets
    assert targets["rise"].sd == pytest.approx(10 / 1.96, rel=1e-3)
    assert targets["county_rise"].sd == pytest.approx(5.0, rel=1e-3)
    assert [wanted(targets, "rise", share) for share in (0.0, 0.5, 1.0)] == [30.0, 10.0, -10.0]
    assert wanted(targets, "county_rise", 0.0) == 30.0


def test_a_town_that_began_high_is_warned_of():
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
    fitted |= {"fitted": fitted["prior"], "learned": False}
    file = LensFile.model_validate(
        {
            "lens": "a",
            "title": "A",
            "what": "B",
            "parameters": {"a.b": fitted},
            "targets": targets,
            "gates": {},
            "record": {},
        }
        | {"draws": "0" * 64}
    )
    (said,) = baseline_warning(file)
    # ln 1.22 of ln(1.285 / 0.86): half.
    assert "Had it only come back to that, it would have closed 50 % of the gap" in said
    (said,) = unexplained(file)
    assert said == "Held out, and not reached: A was -14 %; simulated 2 (2 to 2), which leaves -16 unexplained."
    del file.targets["frome_begins"]
    assert list(baseline_warning(file)) == []


def test_a_folder_of_ones_own_takes_the_rest_from_what_is_shipped(write):
    folder = write("targets.yaml", TARGETS).parent
    files = read_files(folder)
    assert (set(files.targets.targets), set(files.priors)) == (
        {"rise", "county_rise"},
        {"as-claimed", "trial-evidence"},
    )
    with pytest.raises(
        UnknownNameError, match=r"there is no lens in the priors 'as-claimd'\. Did you mean 'as-claimed'"
    ):
        files.of("as-claimd")
    with pytest.raises(
        TargetError, match=r"nothing: there is no such folder\. Name a folder with targets\.yaml, priors\.y"
    ):
        read_files(folder / "nothing")
    (folder / "targets.yaml").rename(folder / "target.yaml")
    with pytest.raises(
        TargetError, match=r"it holds neither targets\.yaml nor priors\.yaml, but target\.yaml\. Name a"
    ):
        read_files(folder)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    run: town", "    run: twon", 9, "there is no run 'twon'. Did you mean 'town'?"),
        (
            "frome: county_rise",
            "frome: county_rize",
            11,
            "there is no target 'county_rize'. Did you mean 'county_rise'?",
        ),
        ("{change: 0.5}", "{chang: 0.5}", 4, "no targets go together as 'chang'. Did you mean 'change'?"),
        ("{change: 0.5}", "{change: 1.5}", 4, "1.5 is no correlation. Give 0 or more, below 1"),
        ("    reckoned: trend\n    frome", "    reckoned: growth\n    frome", 6, "growth from which year to which"),
        ("    reckoned: trend\n    frome", "    reckoned: ratio\n    frome", 6, "Give 'to_run' with 'ratio' only"),
        (
            "    reckoned: trend\n    frome",
            "    years: [1, 2]\n    frome",
            10,
            "there is no year 2 in a run of 52 weeks",
        ),
        ("    run: town\n", "", 6, "it is measured on no run. Name one of 'runs' with 'run: ...'"),
        ("growth: shared", "growth: shard", 2, "'shard' is not one of the known words. Did you mean 'shared'?"),
    ],
)
def test_a_fault_of_targets_is_told_with_its_line(write, old, new, line, message):
    with pytest.raises(TargetError) as caught:
        load_target_file(write("targets.yaml", TARGETS.replace(old, new, 1)))
    assert f"targets.yaml, line {line}" in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("loneliness.onset_rate", "loneliness.onset_rat", 2, "no evidence value 'loneliness.onset_rat'. Did you mean"),
        ("continuity_effect]", "continuity_efect]", 8, "Did you mean 'illness.continuity_effect'?"),
        ("acts: ratio, ", "", 10, "it is a table by age_band, given as one number. Write 'acts: ratio'"),
        ("low: 0.0002, ", "low: 0.0005, ", 2, "are out of order. Give low < value < high"),
        (
            "{distribution: lognormal, value: 0.0003, low: 0.0002",
            "{distribution: normal, value: 0.0003, low: -1",
            2,
            "-1 is",
        ),
        ("illness.continuity_effect", "loneliness.causal_discount", 8, "it is a table, or fixed in the evidence"),
        ("    what:", "    waht:", 6, "there is no field 'waht' here. Did you mean 'what'?"),
        ("    as_evidence", "    frome: [0, 0.5]\n    as_evidence", 8, "all of the gap is not among the shares. Add 1"),
        ("{value: 1, reason", "{value: 2, reason", 7, "2 is too large. Write 1"),
    ],
)
def test_a_fault_of_priors_is_told_with_its_line(write, old, new, line, message):
    with pytest.raises(PriorError) as caught:
        load_priors(write("priors.yaml", PRIORS.replace(old, new, 1)))
    assert f"priors.yaml, line {line}" in str(caught.value)
    assert message in str(caught.value)


def test_the_files_that_runs_name_are_those_beside_the_targets_or_the_shipped_ones(write, tmp_path):
    write("targets.yaml", TARGETS.replace("place: frome", "place: from").replace("somerset", "my_conty.yaml"))
    write("my_county.yaml", "name: my_county")
    with pytest.raises(TargetError) as raised:
        read_files(tmp_path)
    told = str(raised.value)
    assert "targets.yaml, line 2, runs.town.place: there is no place 'from'. Did you mean 'frome'?" in told
    assert "line 3, runs.county.place: there is no file 'my_conty.yaml' in" in told
    assert "Did you mean 'my_county.yaml'?" in told
    assert file_named("england.yaml", tmp_path) == str(SHIPPED.parent / "england.yaml")
    write("england.yaml", "name: england")
    assert file_named("england.yaml", tmp_path) == str(tmp_path / "england.yaml")
    assert file_named("areas.csv:Mendip", tmp_path) == f"{tmp_path / 'areas.csv'}:Mendip"
    assert file_named("frome", tmp_path) == "frome"


def test_the_shipped_targets_copied_into_a_folder_of_ones_own_still_find_england(tmp_path):
    (tmp_path / "targets.yaml").write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    assert read_files(tmp_path).targets == load_target_file()
