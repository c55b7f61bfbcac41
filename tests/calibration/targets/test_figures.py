"""Published figures computed from runs: trends through quarters, growth of a year, cost, ratios of places."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.targets.figures import run_counts, target_statistic, trend
from calibration.targets.targets import Target
from simulator.comparison.costs import care_costs, prices
from simulator.foundations.measures import INDEX
from tests.helpers.synthetic_results import lively, results, run

WORDS = {"label": "A", "run": "town", "value": 0, "low": -1, "high": 1, "unit": "%", "source": "B"}
WORDS |= {"reference": "https://example.org", "grade": "C"}


def target(measure="emergency_admissions", **fields):
    return Target.model_validate({**WORDS, "measure": measure, **fields})


def rising(by_quarter, measure="overnight_admissions"):
    made = run(quarters=len(by_quarter))
    made.cells[:, 0, INDEX[measure]] = by_quarter
    return run_counts(made)


def test_a_trend_through_nineteen_quarters_as_in_the_study():
    """7.9 fewer a quarter, and 14.0 % in all eighteen steps: 1,016 in the first quarter."""
    quarters = 1016.0 - 7.9 * np.arange(19)
    assert trend(quarters, quarters) == pytest.approx(-14.0, abs=0.01)
    assert trend(quarters, quarters, 14) == pytest.approx(-10.9, abs=0.05)
    uneven = np.array([100.0, 130.0, 100.0, 130.0])  # 6 a quarter, from 106
    assert trend(uneven, uneven) == pytest.approx(100.0 * 3 * 6 / 106)


def test_a_trend_and_growth_of_years_of_a_run():
    runs = {"town": rising([100, 110, 120, 130, 140, 150, 160, 170])}
    assert target_statistic(target(statistic="trend"), runs) == pytest.approx(70.0)
    assert target_statistic(target(statistic="trend", quarters=4), runs) == pytest.approx(40.0)
    assert target_statistic(target(statistic="growth", years=[1, 2]), runs) == pytest.approx(100.0 * (620 / 460 - 1.0))


def test_a_part_of_admissions_as_a_share_of_all():
    made = run(quarters=4)
    made.cells[:, 0, INDEX["overnight_admissions"]] = [50, 51, 52, 53]
    made.cells[:, 0, INDEX["zero_night_admissions"]] = [50, 60, 70, 80]
    part = target("overnight_admissions", statistic="trend", of_level_of="emergency_admissions")
    assert target_statistic(part, {"town": run_counts(made)}) == pytest.approx(3.0)


def test_a_ratio_of_two_places_and_a_level_of_one_year():
    runs = {"town": rising([30, 30, 30, 30, 90, 90, 90, 90]), "county": rising([20] * 8)}
    ratio = target(statistic="ratio", to_run="county", years=[1, 1])
    assert target_statistic(ratio, runs) == pytest.approx(1.5)
    level = target(years=[2, 2], unit="per 1,000 residents a year")
    assert target_statistic(level, runs) == pytest.approx(1000 * 360 / (90 * 100 / 13), rel=1e-6)


def test_costs_are_those_of_the_comparison():
    made = lively(1, 0.0)
    found = results("baseline", made, weeks=260)
    expected = care_costs(prices(found, (0,)), found.counts((0,)))[..., :2].sum(axis=(2, 3, 4, 5))[0]
    assert run_counts(made[0]).pounds == pytest.approx(expected)
