"""Targets of the baseline: the file, what is measured, and errors with their line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import calibration
from calibration import against_targets, load_targets
from calibration.targets.targets import TargetFile
from simulator.errors import TargetError
from simulator.foundations.input_files import json_schema
from simulator.foundations.measures import INDEX
from tests.helpers.synthetic_results import results, run

GOOD = """targets:
  stays:
    label: Bed days per emergency admission
    measure: bed_days_per_admission
    value: 5.8
    low: 5
    high: 7
    unit: days
    source: Someone, some year
    reference: https://example.org
    grade: A
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "targets.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_shipped_targets_are_those_of_the_first_baseline():
    targets = load_targets()
    ranges = {name: (target.low, target.high) for name, target in targets.items()}
    assert ranges["lonely_adults"] == (6, 10)
    assert ranges["emergency_admissions"] == (85, 125)
    assert ranges["bed_days"] == (5, 7)
    assert ranges["readmissions"] == (11, 16)
    assert ranges["consultations"] == (4.5, 6)
    by_age = [target.value for name, target in targets.items() if target.ages and target.unit.startswith("per 1,000")]
    assert by_age == [48.8, 46.3, 49.9, 70.8, 211.2]
    by_fifth = [round(target.value * 85.0, 1) for target in targets.values() if target.deprivation]
    assert by_fifth == pytest.approx([107.4, 91.4, 83.1, 81.8, 77.9], abs=0.1)
    assert all(target.source and target.reference for target in targets.values())


def test_the_shipped_schema_is_current():
    shipped = Path(calibration.__file__).parent / "targets" / "schema.json"
    assert json.loads(shipped.read_text(encoding="utf-8")) == json_schema(TargetFile)


def test_a_ratio_and_its_range(file):
    found = results("baseline", {0: run({"bed_days": 60, "overnight_admissions": 8, "zero_night_admissions": 2})})
    row = against_targets(found, load_targets(file(GOOD))).iloc[0]
    assert (row["simulated"], row["in_range"], row["unit"]) == (6.0, True, "days")
    other = results("baseline", {0: run({"bed_days": 80, "overnight_admissions": 10})})
    row = against_targets(other, load_targets(file(GOOD))).iloc[0]
    assert (row["simulated"], row["in_range"]) == (8.0, False)


def test_ages_that_cut_through_a_band_take_part_of_it(file):
    text = GOOD.replace("bed_days_per_admission", "deaths").replace("days\n", "per 1,000 residents a year\n")
    text = text.replace("    value", "    ages: 53-66\n    value")
    frames = run()
    frames.cells[:, :, INDEX["resident_weeks"]] = 0
    ages = np.arange(90) // 10
    frames.cells[0, :, INDEX["resident_weeks"]] = np.where(ages == 5, 1500, np.where(ages == 6, 1000, 0))
    frames.cells[0, 50, INDEX["deaths"]] = 15
    (simulated,) = against_targets(results("baseline", {0: frames}), load_targets(file(text)))["simulated"]
    # 12 of 15 years of 50-64 and 2 of 10 of 65-74: 12 deaths in 10 x (1,200 + 200) weeks.
    assert simulated == pytest.approx(1000 * 12 / (14_000 / 52), rel=0.05)


def test_consultations_are_counted_by_head(file):
    text = GOOD.replace("bed_days_per_admission", "consultations").replace("unit: days", "unit: per resident a year")
    found = results("baseline", {0: run({"consultations": 3600}), 1: run({"consultations": 3600})})
    (simulated,) = against_targets(found, load_targets(file(text)))["simulated"]
    assert simulated == pytest.approx(3600 / (90 * 400 / 52))


def test_a_fifth_compared_with_all_residents(file):
    text = GOOD.replace("bed_days_per_admission", "deaths").replace("unit: days", "unit: ratio to all residents")
    text = text.replace("    value", "    deprivation: 1\n    relative_to_all: true\n    value")
    (simulated,) = against_targets(results("baseline", {0: run({"deaths": 4})}), load_targets(file(text)))["simulated"]
    assert simulated == 5.0


def test_the_lowest_of_other_ages_is_taken_away(file):
    text = GOOD.replace("bed_days_per_admission", "often_always_lonely")
    text = text.replace("unit: days", "unit: percentage points")
    text = text.replace("    value", "    ages: 65-74\n    minus_lowest_of: [16-24, 75+]\n    value")
    frames = run()
    frames.cells[0, 60, INDEX["lonely_weeks"]] = 80  # 65-74: 2 %
    frames.cells[0, [20, 70, 80], INDEX["lonely_weeks"]] = [200, 120, 120]  # 16-24: 5 %, 75 and over: 3 %
    (simulated,) = against_targets(results("baseline", {0: frames}), load_targets(file(text)))["simulated"]
    assert simulated == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("measure: bed_days_per", "measure: bed_day_per", "4 targets.stays.measure"),
        ("value: 5.8", "value: 8", "5 targets.stays.value"),
        ("unit: days", "unit: day", "8 targets.stays.unit"),
        ("low: 5", "low: five", "6 targets.stays.low"),
        ("    grade: A", "    grade: D", "11 targets.stays.grade"),
        ("    source: Someone, some year\n", "", "2 targets.stays.source"),
        ("    grade: A", "    garde: A", "11 targets.stays.garde"),
        ("    value", "    ages: young\n    value", "5 targets.stays.ages"),
        ("    value", "    ages: 40-30\n    value", "5 targets.stays.ages"),
    ],
)
def test_a_problem_is_reported_with_its_line(file, old, new, at, messages):
    path = file(GOOD.replace(old, new))
    with messages.raised(TargetError, at):
        load_targets(path)


def test_a_missing_file(tmp_path, messages):
    with messages.raised(TargetError):
        load_targets(tmp_path / "none.yaml")
