"""Observed changes in Frome and its county are shown, as published, only with runs of these places."""

from __future__ import annotations

import numpy as np
import pytest

from calibration import load_target_file
from dashboard.application.pages import compare
from dashboard.credibility.observed import (
    changes_cells,
    observed_beside,
    observed_cells,
    observed_curves,
    observed_finding,
    observed_notes,
)
from dashboard.figures.curves import curves
from dashboard.runs.view import View
from dashboard.topics.series import since_start
from simulator.comparison.comparison import compare as compared
from simulator.comparison.paired_statistics import INTERVAL, percentile
from simulator.foundations.measures import INDEX
from tests.dashboard.application.test_pages import laid_out, of_type, seen, tables_in
from tests.helpers.finished_runs import FROME, application, made_up_arms, ship_lenses
from tests.helpers.synthetic_results import lively, results

pytestmark = pytest.mark.thorough

MEASURE = "emergency_admissions"
NAMES = {"baseline": "Base", "scenario": "Offset"}


def pair(**changed):
    """A scenario that helps, against the baseline."""
    said = {**FROME, **changed}
    quarters = {"quarters": said["weeks"] // 13}
    arms = results("relational_offset", lively(8, 0.2, **quarters), **said)
    return compared(arms, results("baseline", lively(8, 0.0, **quarters), **said))


@pytest.fixture(scope="module")
def frome():
    return pair()


def test_what_was_observed_is_what_the_targets_say(frome):
    targets = load_target_file().targets
    rows = observed_beside(frome, MEASURE)
    assert list(rows["where"]) == ["Frome", "the county"]
    assert list(rows["years"]) == ["2016/17 compared with 2013/14"] * 2
    for name, (_, row) in zip(("frome_by_year", "county_by_year"), rows.iterrows(), strict=True):
        assert (row["value"], row["low"], row["high"]) == (targets[name].value, targets[name].low, targets[name].high)
        assert row["year"] == targets[name].years[1]
    along = [row for row in observed_cells(MEASURE).body if "2018, Br J Gen Pract" in row[5]]
    assert [row[1:4] for row in along] == [["−14", "−23.2", "−5"], ["+28.5", "+18.4", "+38.6"]]


@pytest.mark.parametrize(("place", "rows"), [("frome", 2), ("somerset", 2), ("deprived_coastal_town", 0)])
def test_other_places_have_no_observations(place, rows):
    assert len(observed_beside(pair(place=place), MEASURE)) == rows


def test_runs_that_end_before_the_year_that_was_observed_show_nothing():
    assert observed_beside(pair(weeks=156), MEASURE).empty
    assert len(observed_beside(pair(weeks=208), MEASURE)) == 2
    assert observed_beside(pair(), "bed_days").empty


def test_changes_are_those_of_whole_years_on_the_first_run_by_run():
    cut = pair(weeks=247)
    changes = since_start(cut, MEASURE)
    assert list(changes["year"]) == [1, 2, 3, 4] * 2
    first = changes[changes["year"] == 1]
    assert (first[["mean", "low", "high"]] == 0.0).all(axis=None)
    seen = np.array([cut.baseline.counts((seed,)) for seed in cut.seeds], dtype=float)
    columns = [INDEX["zero_night_admissions"], INDEX["overnight_admissions"]]
    by_quarter = seen[..., columns].sum(axis=(1, 3, 4, 5, 6))
    years = by_quarter[:, :16].reshape(len(seen), 4, 4).sum(axis=2)
    by_hand = 100.0 * (years[:, 3] / years[:, 0] - 1.0)
    last = changes[(changes["arm"] == "baseline") & (changes["year"] == 4)].iloc[0]
    assert last["mean"] == pytest.approx(by_hand.mean())
    assert last["low"] == pytest.approx(percentile(by_hand, INTERVAL[0]))


def test_the_figure_draws_both_arms_and_both_places_and_leaves_its_rows_alone(frome):
    changes, rows = since_start(frome, MEASURE), observed_beside(frome, MEASURE)
    before = (changes.copy(), rows.copy())
    drawn = curves(observed_curves(changes, rows, NAMES))
    assert changes.equals(before[0])
    assert rows.equals(before[1])
    marks = {trace.name: trace for trace in drawn.data if trace.name}
    assert list(marks) == ["Base", "Offset", "observed in Frome", "observed in the county"]
    frome_mark = marks["observed in Frome"]
    assert (list(frome_mark.x), list(frome_mark.y)) == (["Year 4"], [-17.0])
    assert (frome_mark.error_y.array[0], frome_mark.error_y.arrayminus[0]) == (9.0, 9.0)


def test_notes_name_the_calendar_and_programme_of_the_observations(frome, messages):
    rows = observed_beside(frome, MEASURE)
    other = observed_notes(frome, rows)
    messages.check(other)
    said = {**FROME, "starts": "2013-04-01"}
    arms = [results(name, lively(8, 0.0), **said) for name in ("frome", "baseline")]
    own = observed_notes(compared(*arms), rows)
    messages.check(own)
    finding = observed_finding(since_start(frome, MEASURE), rows, NAMES)
    messages.check(finding)


def test_every_number_of_the_chart_is_in_its_words_and_its_table(frome, messages):
    changes, rows = since_start(frome, MEASURE), observed_beside(frome, MEASURE)
    said, cells = observed_curves(changes, rows, NAMES).spoken(), changes_cells(changes, NAMES)
    messages.check(said)
    assert len(cells.body) == len(changes)
    for name, year, *_ in cells.body:
        assert f"{name}, Year {year}: " in said
    assert "observed in Frome, Year 4: −17 (−26 to −8)" in said
    hidden = changes_cells(changes.assign(low=np.nan, high=np.nan), NAMES)
    assert all(row[3:] == ["withheld", "withheld"] for row in hidden.body)


def test_compare_shows_it_for_one_scenario_in_frome(made_up, messages):
    found = seen(made_up, compare, View(("relational_offset",)))
    charts = [part["props"]["id"] for part in of_type(found, "Graph")]
    assert [name for name in charts if name.startswith("observed_")]
    several = seen(made_up, compare, View(("relational_offset", "volunteers_only")))
    assert not [part for part in of_type(several, "Graph") if part["props"]["id"].startswith("observed_")]
    (heads, captions), (other_heads, other_captions) = (
        ([part["props"]["children"] for part in of_type(page, "H2")], [made["caption"] for made in tables_in(page)])
        for page in (found, several)
    )
    messages.check("\n".join(head for head in heads if head not in other_heads))
    messages.check("\n".join(caption for caption in captions if caption not in other_captions))


def test_a_lens_whose_ranges_are_withheld_shows_the_means_alone(tmp_path, monkeypatch):
    ship_lenses(tmp_path / "shipped", monkeypatch)
    both = application(tmp_path / "finished", made_up_arms()[:2])
    tables = [made for made in tables_in(laid_out(both, compare)) if made["caption"].startswith("Simulated change")]
    assert [{row[3] for row in made["body"]} == {"withheld"} for made in tables] == [False, True]
