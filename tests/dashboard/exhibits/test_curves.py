"""Curves: what is drawn and said is what the comparison found, and what is withheld is neither."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dashboard.exhibits.certainty import certainty
from dashboard.exhibits.exhibit import exhibits_in
from dashboard.exhibits.money import money
from dashboard.exhibits.scenarios import scenarios_by_year
from dashboard.exhibits.static_html import static_html
from dashboard.figures.curves import Curve, Curves, curves
from dashboard.text.phrases import difference_text, range_text
from dashboard.topics.series import cumulative_cost, pair_values
from simulator.comparison.comparison import compare
from simulator.comparison.paired_statistics import widened
from tests.helpers.synthetic_results import lively, results


def lens(title, faults=(), shift=0.2, weeks=260):
    arms = results("plan", lively(10, shift), weeks=weeks), results("baseline", lively(10, 0.0), weeks=weeks)
    record = {"lens": title.lower().replace(" ", "-"), "lens_title": title, "lens_faults": list(faults)}
    return compare(*(replace(arm, record={**arm.record, **record}) for arm in arms)).per("year")


@pytest.fixture(scope="module")
def named():
    return {"As claimed": lens("As claimed"), "On trial evidence": lens("On trial evidence", ("a fault",), 0.1)}


def exhibit(parts, name):
    (found,) = [one for one in exhibits_in(parts) if one.name == name]
    return found


def test_the_net_cost_over_time_is_that_of_each_lens_in_order_with_its_sign_and_range(named):
    shown = exhibit(money(named, "A line."), "cumulative")
    assert [one.name for one in shown.figure.curves] == list(named)
    for curve, comparison in zip(shown.figure.curves, named.values(), strict=True):
        rows = cumulative_cost(comparison)
        assert curve.y == pytest.approx(tuple(rows["mean"] / 1000.0))
    claimed, trial = shown.figure.curves
    assert claimed.high == pytest.approx(tuple(cumulative_cost(named["As claimed"])["high"] / 1000.0))
    assert all(end != end for end in (*trial.low, *trial.high))
    assert "on trial evidence: ranges withheld" in shown.title
    assert len(shown.tables) == 2
    assert {cell for row in shown.tables[1].body for cell in row[2:]} == {"withheld"}


def test_the_chance_of_reaching_a_target_has_the_pairs_of_lenses_that_passed_and_names_them(named):
    shown = exhibit(certainty(named, "A line.", "emergency_admissions"), "s_curve")
    pairs = len(next(iter(named.values())).seeds)
    assert shown.statistic.endswith(f"with {pairs} pairs, one pair is {100.0 / pairs:.0f} %.")
    (curve,) = shown.figure.curves
    differences = pair_values(named["As claimed"], "emergency_admissions")["difference"].to_numpy(np.float64)
    assert curve.x == pytest.approx(np.sort(widened(differences)))
    assert shown.title.startswith("Emergency admissions: as claimed: ")


def test_differences_by_year_are_said_as_in_the_table(named):
    (_, shown) = scenarios_by_year({lens: {"Plan": one} for lens, one in named.items()}, "A line.")
    for name, comparison in named.items():
        for _, row in comparison.by("year", measures=("emergency_admissions",), rounded=False).iterrows():
            ends = range_text(row) if name == "As claimed" else "withheld: the lens failed a check"
            said = f"{name}, Year {row['year']}: {difference_text(row)} admissions a year ({ends})"
            assert said in shown.alternative


def test_only_the_lens_of_the_ledger_is_named_above_it(named):
    assert "<h3>As claimed. £" in static_html(money(named, "A line."))
    assert "<h3>As claimed. £" not in static_html(money({"As claimed": named["As claimed"]}, "A line."))


def test_a_single_point_shows_its_range_as_a_bar_and_several_theirs_as_a_band():
    (point,) = curves(Curves("", "£", (Curve("", ("Year 1",), (2.0,), (1.0,), (5.0,)),))).data
    assert (*point.error_y.arrayminus, *point.error_y.array) == (1.0, 3.0)
    band, line = curves(Curves("", "£", (Curve("", (1.0, 2.0), (2.0, 3.0), (1.0, 2.0), (5.0, 6.0)),))).data
    assert list(band.y) == [5.0, 6.0, 2.0, 1.0]
    assert line.error_y.array is None


@pytest.mark.parametrize(("x", "each"), [((1.0, 2.0, 4.0), 1), ((1.0, 1.5), None), ((1.0, 30.0), None)])
def test_an_axis_of_few_whole_numbers_has_no_marks_between_them(x, each):
    assert curves(Curves("pairs", "", (Curve("", x, (0.0,) * len(x)),))).layout.xaxis.dtick == each
