"""Estimates for small areas: chance is smoothed away, real departures are kept, and errors are as stated."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.comparison.small_areas import POINTS, small_areas

AREAS, PAIRS = 300, 6


def made_up(seed, departure, chance=2.0):
    """True effects of areas, and differences of their pairs, whose parameters shift all areas of a pair together."""
    rng = np.random.default_rng(seed)
    kinds = rng.uniform(0.0, 1.0, (AREAS, 2))
    residents = rng.integers(2000, 8000, AREAS).astype(np.float64)
    true = 1.0 - 3.0 * kinds[:, 0] + departure * rng.normal(size=AREAS)
    shifts = rng.normal(size=(PAIRS, 1))
    noise = chance * rng.normal(size=(PAIRS, AREAS)) * np.sqrt(2000.0 / residents)
    return true + shifts.mean(), true + shifts + noise, residents, kinds


@pytest.mark.parametrize(("departure", "least"), [(0.0, 0.5), (0.3, 0.85), (1.5, 0.85)])
def test_estimates_are_nearer_the_truth_than_the_areas_own_runs_and_their_errors_are_right(departure, least):
    """Where areas do not differ, chance suggests that they might: errors are then too large, not too small."""
    errors, own_errors, standardised = [], [], []
    for seed in range(20):
        true, differences, residents, kinds = made_up(seed, departure)
        found = small_areas(differences, residents, kinds)
        errors.append(found.estimate - true)
        own_errors.append(differences.mean(axis=0) - true)
        standardised.append((found.estimate - true) / found.error)
    assert np.std(errors) < np.std(own_errors)
    assert least < np.std(standardised) < 1.15


def test_an_areas_own_runs_count_for_nothing_if_areas_differ_by_chance_and_for_much_if_they_really_differ():
    weights = [small_areas(*made_up(1, departure)[1:]).own for departure in (0.0, 0.3, 3.0)]
    assert [round(float(own.mean()), 1) for own in weights] == [
        pytest.approx(0.0, abs=0.1),
        pytest.approx(0.2, abs=0.1),
        1.0,
    ]
    _, differences, residents, kinds = made_up(1, 0.5)
    own = small_areas(differences, residents, kinds).own
    assert own[residents.argmax()] > own[residents.argmin()]


def test_the_range_of_an_area_holds_what_parameters_and_chance_allow():
    _, differences, residents, kinds = made_up(2, 0.3)
    found = small_areas(differences, residents, kinds)
    allowed = found.differences(0)
    assert allowed.shape == (PAIRS * POINTS,)
    assert allowed.mean() == pytest.approx(found.estimate[0], abs=1e-9)
    np.testing.assert_allclose(found.by_pair.mean(axis=0), 0.0, atol=1e-9)
    assert allowed.std() > found.by_pair[:, 0].std()


def test_the_error_over_pairs_is_that_of_estimates_made_again_with_other_parameters_and_chance():
    """Areas and their effects stay; parameters and chance of the pairs are drawn again."""
    rng = np.random.default_rng(3)
    kinds, residents = rng.uniform(0.0, 1.0, (AREAS, 2)), np.full(AREAS, 2000.0)
    true = 1.0 - 3.0 * kinds[:, 0]
    made = [
        small_areas(true + rng.normal(size=(PAIRS, 1)) + 2.0 * rng.normal(size=(PAIRS, AREAS)), residents, kinds)
        for _ in range(60)
    ]
    spread = np.std([one.estimate for one in made], axis=0, ddof=1).mean()
    assert np.mean([one.monte_carlo_error for one in made]) == pytest.approx(spread, rel=0.3)


def test_areas_that_do_not_differ_get_the_same_estimate():
    found = small_areas(np.full((4, 10), -2.0), np.full(10, 2000.0), np.arange(10.0)[:, None])
    np.testing.assert_allclose(found.estimate, -2.0)
    np.testing.assert_allclose(found.error, 0.0, atol=1e-5)


def test_too_few_pairs_or_areas_are_refused():
    with pytest.raises(ValueError, match="1 pairs in 10 areas are too few"):
        small_areas(np.zeros((1, 10)), np.ones(10), np.zeros((10, 1)))
    with pytest.raises(ValueError, match="2 pairs in 3 areas are too few: give 2 pairs or more, and 4 or more areas"):
        small_areas(np.zeros((2, 3)), np.ones(3), np.zeros((3, 2)))
