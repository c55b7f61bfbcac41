"""A plan between the sizes that were run: exact at those, no overshoot, judged as runs are, and held to account."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulator.bundle import bundled
from simulator.comparison.comparison import compare
from simulator.experiments.between_sizes import SERVED, between_sizes, of_comparison
from simulator.experiments.saturation import PROGRAMME_COLUMNS, programmes_at
from tests.helpers.synthetic_results import lively, results

LENSES = ("trial-evidence", "as-claimed")


@pytest.fixture(scope="module", params=LENSES)
def ready(request):
    return bundled("relational_offset", "frome", request.param).tables


@pytest.fixture(scope="module")
def sized(ready):
    return between_sizes(ready["size_curves"], ready["size_pairs"], ready["size_programmes"])


def made_up(differences: dict[float, list[float]]):
    """A plan whose admissions differ so, by multiple, in pairs from a base of 100."""
    rows = [
        {
            "multiple": multiple,
            "measure": "emergency_admissions",
            "seed": seed,
            "baseline": 100.0,
            "scenario": 100.0 + d,
        }
        for multiple, found in differences.items()
        for seed, d in enumerate(found)
    ]
    words = {"measure": ["emergency_admissions"], "label": ["Emergency admissions"], "unit": ["admissions a year"]}
    curves = pd.DataFrame({**words, "good": ["less"], "matters": [1.0]})
    return between_sizes(curves, pd.DataFrame(rows), pd.DataFrame(columns=list(PROGRAMME_COLUMNS)))


def test_at_a_size_that_was_run_the_row_is_that_of_its_runs(ready, sized):
    numbers = ["baseline", "difference", "low", "high", "monte_carlo_error", "less_chance", "small_chance", "matters"]
    for multiple in (0.25, 1.0, 10.0):
        found = sized.at(multiple).set_index("measure")
        runs = ready["size_curves"].query("multiple == @multiple").set_index("measure").loc[found.index]
        assert np.allclose(found[numbers].to_numpy(float), runs[numbers].to_numpy(float), rtol=1e-9, atol=1e-9)
        assert found["verdict"].tolist() == runs["verdict"].tolist()


def test_nothing_changes_at_nothing_and_nothing_is_said_beyond_the_largest(sized):
    found = sized.at(0.0)
    assert (found["difference"] == 0.0).all()
    assert sized.served(0.0).to_numpy().sum() == 0.0
    with pytest.raises(ValueError, match=r"up to 10 times its size, not 10\.5 times"):
        sized.at(10.5)


def test_what_programmes_do_grows_in_proportion_between_sizes(ready, sized):
    runs = ready["size_programmes"].pivot(index="programme", columns="multiple", values=list(SERVED))
    at, first, second = (sized.served(multiple) for multiple in (1.5, 1.0, 2.0))
    for column in SERVED:
        np.testing.assert_allclose(first[column], runs[column][1.0].loc[first.index])
        np.testing.assert_allclose(at[column], 0.5 * (first[column] + second[column]))
    np.testing.assert_allclose(sized.served(0.125), 0.5 * sized.served(0.25))
    assert (at["pounds"] > 0.0).any()


def test_a_plan_that_was_run_at_its_own_size_has_that_size_and_its_own_row():
    before, after = (
        results(name, lively(6, effect, quarters=4)) for name, effect in (("baseline", 0.0), ("plan", 0.2))
    )
    comparison = compare(after, before)
    found = of_comparison(comparison.per("1,000"), ("emergency_admissions",), programmes_at([(1.0, after)]))
    assert found.multiples.tolist() == [0.0, 1.0]
    (row,) = found.at(1.0).to_dict("records")
    (expected,) = comparison.per("year").summary(("emergency_admissions",), rounded=False).to_dict("records")
    assert row["difference"] != 0.0
    for name in ("baseline", "difference", "low", "high", "matters", "verdict"):
        assert row[name] == pytest.approx(expected[name]), name
    with pytest.raises(ValueError, match="Choose a multiple from 0 to 1"):
        found.at(1.5)


def test_each_pair_lies_between_its_neighbours():
    sized = made_up({1.0: [-2.0, -4.0], 2.0: [-3.0, -9.0], 4.0: [-3.5, -9.5]})
    for at in np.linspace(1.0, 2.0, 11):
        (pairs,) = sized.differences_at("emergency_admissions", np.array([at]))
        assert -3.0 <= pairs[0] <= -2.0
        assert -9.0 <= pairs[1] <= -4.0


def test_a_smallest_difference_that_a_user_sets_changes_the_verdict():
    sized = made_up({1.0: [-3.0, -3.1, -2.9, -3.0, -3.05, -2.95]})
    assert sized.at(1.0)["verdict"].tolist() == ["better"]
    assert sized.at(1.0, {"admissions": 5.0})["verdict"].tolist() == ["small"]
    assert sized.at(1.0, {"admissions": 5.0})["matters"].tolist() == [5.0]


def test_the_error_at_sizes_left_out_is_that_of_a_curve_through_the_others():
    straight = made_up({1.0: [-1.0, -3.0], 2.0: [-2.0, -6.0], 4.0: [-4.0, -12.0]})
    assert straight.missed()["emergency_admissions"] == pytest.approx(0.0, abs=1e-12)
    bent = made_up({1.0: [-1.0, -3.0], 2.0: [-6.0, -10.0], 4.0: [-4.0, -12.0]})
    assert bent.missed()["emergency_admissions"] > 1.0


def test_between_sizes_the_shipped_curves_are_off_by_a_quarter_of_what_matters_or_a_tenth_of_the_effect_at_most(sized):
    largest = {measure: abs(found.mean(axis=1)).max() for measure, found in sized.differences.items()}
    for measure in ("emergency_admissions", "often_always_lonely", "net_cost"):
        assert sized.missed()[measure] <= max(0.25 * sized.matters[measure], 0.1 * largest[measure]), measure


def test_pairs_missing_at_a_size_are_refused(ready):
    rows = ready["size_pairs"]
    some = rows[~((rows["multiple"] == 2.0) & (rows["seed"] == 1))]
    with pytest.raises(ValueError, match=r"missing at these multiples: 2\. Give a row for every seed"):
        between_sizes(ready["size_curves"], some, ready["size_programmes"])
