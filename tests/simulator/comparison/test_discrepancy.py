"""Ranges and chances are those of pairs that lie further apart by the model discrepancy, by its file."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.comparison import discrepancy as room
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.comparison import compare
from simulator.comparison.discrepancy import discrepancy, discrepancy_in_words
from simulator.comparison.paired_statistics import percentile, range_of, widened
from simulator.comparison.verdict import three_chances
from simulator.errors import FileError
from simulator.experiments.size_targets import parse_target
from tests.helpers.synthetic_results import lively, results, run

SKEWED = np.array([*[-30.0] * 190, *[-300.0] * 10])


def test_all_ranges_and_chances_of_a_comparison_have_it():
    found = compare(results("offset", lively(8, 0.1), weeks=260), results("baseline", lively(8, 0.0), weeks=260))
    row = found.per("year").summary(("emergency_admissions",), rounded=False).iloc[0]
    pairs = found.per("year").by_pair(("emergency_admissions",))
    differences = (pairs["scenario"] - pairs["baseline"]).to_numpy(np.float64)
    low, high = (percentile(differences, share) for share in (0.1, 0.9))
    middle, ratio = np.median(differences), discrepancy().ratio
    assert ratio > 1.0
    assert low < high
    assert (row["low"], row["high"]) == pytest.approx(
        (middle - ratio * (middle - low), middle + ratio * (high - middle))
    )
    assert row["difference"] == pytest.approx(differences.mean())


def test_pairs_near_a_threshold_are_less_certain_to_be_beyond_it_but_most_stay_on_their_side():
    spread = np.linspace(-40.0, 0.0, 40)
    assert three_chances(spread, np.arange(40), 5.0).less < float((spread < -5.0).mean())
    assert (widened(SKEWED) < -26.0).all()
    target = parse_target("admissions=-30")
    assert target.is_met(SKEWED, np.ones(len(SKEWED))).all()
    assert target.is_met(spread, np.ones(40)).mean() == (widened(spread) <= -30.0).mean() > (spread <= -30.0).mean()


def test_the_interval_of_a_chance_of_harm_is_that_of_widened_pairs_and_the_counts_are_those_of_the_runs():
    more = (0, 0, 0, 0, 9, 9, 9, 9)  # 9.3 matters: as run none is more than that, further from their median half are
    arms = [
        results(name, {seed: run({"overnight_admissions": 930 + times * n}) for seed, n in enumerate(more)})
        for name, times in (("more", 1), ("before", 0))
    ]
    row = chances(compare(*arms), ("emergency_admissions",)).iloc[0]
    assert row["matters"] == pytest.approx(9.3)
    assert (row["worse_in"], row["runs"]) == (0, 8)
    assert 0.0 < row["low"] < row["chance"] < row["high"]


def test_it_widens_each_row_about_its_own_median_and_nothing_that_is_the_same_in_every_pair():
    rows = np.array([[1.0, 2.0, 3.0], [7.0, 7.0, 7.0]])
    ratio = discrepancy().ratio
    assert widened(rows) == pytest.approx(np.array([[2.0 - ratio, 2.0, 2.0 + ratio], [7.0, 7.0, 7.0]]))
    assert range_of(np.array([0.1] * 7)) == (0.1, 0.1)


def test_a_file_that_narrows_ranges_is_refused(tmp_path, monkeypatch):
    changed = tmp_path / "discrepancy.yaml"
    changed.write_text(room.FILE.read_text(encoding="utf-8").replace("ratio: 1.2\n", "ratio: 0.5\n"), encoding="utf-8")
    monkeypatch.setattr(room, "FILE", changed)
    discrepancy.cache_clear()
    try:
        with pytest.raises(FileError) as raised:
            discrepancy()
        assert [problem.field for problem in raised.value.problems] == ["ratio"]
    finally:
        discrepancy.cache_clear()


def test_the_sentence_on_ranges_says_by_how_much():
    assert f"{discrepancy().ratio:g} times as wide" in discrepancy_in_words()
