"""Fidelity of a practice: limits, and the mean compared with the sum it replaces."""

from __future__ import annotations

import math

import pytest

from simulator.rules import spread


def test_n_hand_overs_keep_the_nth_power_of_fidelity():
    fidelity = 1.0
    for _ in range(3):
        fidelity = spread.fidelity_after_hand_over(fidelity, 0.75)
    # Three levels at 75 % each leave less than half: 0.75 x 0.75 x 0.75.
    assert fidelity == pytest.approx(0.421875)


def test_practice_halves_missing_fidelity_per_half_life():
    half_life = math.log(2.0) / 0.1 * 52.0
    assert spread.fidelity_after_practice(0.2, 0.1, half_life) == pytest.approx(0.6)
    assert spread.fidelity_after_practice(0.2, 0.1, 52_000.0) == pytest.approx(1.0)
    assert spread.fidelity_after_practice(0.2, 0.1, 0.0) == 0.2


@pytest.mark.parametrize(("fidelity", "learning", "weeks"), [(0.3, 0.1, 260), (0.0, 2.0, 52), (0.9, 1e-12, 520)])
def test_the_mean_is_that_of_the_weeks_it_covers(fidelity, learning, weeks):
    steps = 100 * weeks
    middles = ((step + 0.5) * weeks / steps for step in range(steps))
    average = math.fsum(spread.fidelity_after_practice(fidelity, learning, middle) for middle in middles) / steps
    assert spread.mean_fidelity_over(fidelity, learning, float(weeks)) == pytest.approx(average, abs=1e-7)


def test_no_learning_and_no_time_leave_fidelity_as_it_is():
    assert spread.mean_fidelity_over(0.4, 0.0, 260.0) == 0.4
    assert spread.mean_fidelity_over(0.4, 0.3, 0.0) == 0.4
