"""A place whose admissions start higher than its residents lead one to expect: not modelled, passing or lasting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simulator.evidence import load_evidence
from simulator.model.simulation import simulate
from simulator.places import load_place
from simulator.specification.spec import rates_from
from tests.helpers.support import SMALL, small_place, small_spec
from tests.simulator.model.test_limits import total

MODELLED = "illness.starting_excess_modelled"
PASSING = "illness.starting_excess_passing"
HALF_LIFE = "illness.starting_excess_half_life"
YEARS = 3


def episodes_by_year(**changes: float) -> np.ndarray:
    cells = simulate(small_spec(weeks=52 * YEARS, changes=changes), 3).cells
    return np.array([total(cells[4 * year : 4 * year + 4], "episodes") for year in range(YEARS)])


def test_frome_states_the_ratio_that_its_source_and_its_residents_give():
    illness = rates_from(load_evidence()).illness
    expected = [
        np.dot(place.age, illness.emergency_admission_rate)
        * np.dot(place.deprivation, illness.admission_deprivation_ratio)
        for place in map(load_place, ("frome", "somerset"))
    ]
    assert load_place("frome").starting_admissions == pytest.approx(1.22 / (expected[0] / expected[1]), abs=0.005)
    assert load_place("somerset").starting_admissions == 1.0


def test_an_excess_that_is_not_modelled_changes_nothing():
    spec = small_spec(weeks=26)
    without = spec.place.model_copy(update={"starting_admissions": 1.0})
    assert spec.place.starting_admissions > 1.0
    assert np.array_equal(simulate(spec, 3).cells, simulate(replace(spec, place=without), 3).cells)


def test_a_lasting_excess_lasts_and_a_passing_one_halves():
    usual = episodes_by_year()
    lasting = episodes_by_year(**{MODELLED: 1.0, PASSING: 0.0})
    passing = episodes_by_year(**{MODELLED: 1.0, PASSING: 1.0, HALF_LIFE: 26.0})
    ratio = small_place(SMALL).starting_admissions
    assert lasting / usual == pytest.approx(np.full(YEARS, ratio), rel=0.08)
    falling = passing / usual
    assert falling[0] > falling[1] > falling[2]
    assert falling[2] == pytest.approx(1.0, rel=0.06)


def test_the_more_of_it_is_modelled_the_more_episodes_there_are():
    begun = [episodes_by_year(**{MODELLED: share, PASSING: 1.0})[0] for share in (0.0, 0.5, 1.0)]
    assert begun == sorted(begun)
    assert begun[0] < begun[2]
