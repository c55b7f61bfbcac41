"""Page Calibration shows loneliness in simulated studies beside the truth, and the parts of its before-after change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard.application.pages import calibration
from dashboard.application.parts.app_state import state_of
from dashboard.credibility.studied_loneliness import (
    loneliness_cells,
    loneliness_finding,
    loneliness_parts_cells,
    loneliness_rows,
)
from dashboard.runs.view import View
from simulator.evaluation.loneliness import COLUMNS, PARTS, WAVES
from tests.dashboard.application.test_pages import laid_out, of_type, tables_in
from tests.dashboard.credibility.test_simulated_studies import found as without_loneliness
from tests.helpers.finished_runs import application, made_up_arms

STUDIES = {("before-after", "members"): -0.5, ("matched", "members"): -0.1, ("trial", "participants"): -0.2}
"""Reported differences; the truth is -0.2, of which half is there after 13 weeks."""


def surveyed():
    """Two studies of each design, the same but for a difference of 0.02 around the mean."""
    rows = []
    for seed in (0, 1):
        for (design, effect_on), difference in STUDIES.items():
            for weeks in WAVES:
                grown = 0.5 if weeks == WAVES[0] else 1.0
                reported = grown * difference + 0.02 * seed - 0.01
                row = dict.fromkeys(COLUMNS, np.nan) | {
                    "seed": seed,
                    "design": design,
                    "effect_on": effect_on,
                    "weeks": weeks,
                    "people": 80,
                    "comparators": 80,
                    "difference": reported,
                    "error": 0.1,
                    "low": reported - 0.1,
                    "high": reported + 0.1,
                    "true_difference": -0.2 * grown,
                    "lonely": 20,
                    "surveyed_lonely": 20,
                    "no_longer": 0.4,
                    "no_longer_without": 0.25,
                }
                if design == "before-after":
                    rest = reported + 0.2 * grown
                    row |= dict(zip(PARTS, (rest - 0.02, 0.02, 0.0), strict=True))
                else:
                    row["no_longer_compared"] = 0.3
                rows.append(row)
    return pd.DataFrame(rows)


def evaluation(**changed):
    return replace(without_loneliness(**changed), loneliness=surveyed())


def kept(**changed):
    found = evaluation(**changed)
    return {"loneliness": found.loneliness}, found.record


@pytest.fixture
def app(tmp_path):
    return application(tmp_path / "finished", made_up_arms()[:2])


@pytest.mark.thorough
def test_the_page_shows_what_would_be_reported_the_truth_and_who_recovers(app):
    state_of(app).library.keep_evaluation(evaluation())
    parts = laid_out(app, calibration, View(lens="evidence"))
    title = next(str(one["props"]["children"]) for one in of_type(parts, "H3") if "oneliness" in str(one))
    assert "a randomised trial among participants would report" in title.replace("\N{NO-BREAK SPACE}", " ")
    tables = {made["caption"]: made["body"] for made in tables_in(parts)}
    shown = tables["Loneliness, reported and true"]
    assert len(shown) == len(STUDIES) * len(WAVES)
    trial = next(row for row in shown if row[0] == "Randomised trial, participants" and row[2] == "26")
    assert trial[1:] == [
        "Evidence as written", "26", "−0.20", "−0.30", "−0.10", "−0.20", "40 %", "30 %", "25 %", "0 of 2"
    ]  # fmt: skip
    before = next(row for row in shown if row[0] == "Before and after" and row[2] == "26")
    assert before[3:] == ["−0.50", "−0.60", "−0.40", "−0.20", "40 %", "none", "25 %", "2 of 2"]
    assert [row[2:] for row in tables["Parts of the before-after change of loneliness, SD"]] == [
        ["−0.10", "−0.20", "−0.20"],
        ["−0.17", "−0.32", "−0.32"],
        ["+0.02", "+0.02", "+0.02"],
        ["0.00", "0.00", "0.00"],
        ["−0.25", "−0.50", "−0.50"],
    ]


def test_studies_that_surveyed_nobody_show_no_loneliness(app):
    state_of(app).library.keep_evaluation(without_loneliness())
    parts = laid_out(app, calibration, View(lens="evidence"))
    assert not any("oneliness" in made["caption"] for made in tables_in(parts))
    assert loneliness_rows({"": ({"loneliness": without_loneliness().loneliness}, {})}).empty


def test_ends_of_a_lens_that_failed_are_withheld():
    rows = loneliness_rows({"As claimed": kept(), "On trial evidence": kept(lens_faults=["poor"])})
    cells = loneliness_cells(rows).body
    withheld = [row for row in cells if row[1] == "On trial evidence"]
    assert {row[place] for row in withheld for place in (4, 5, -1)} == {"withheld"}
    assert "withheld" not in {row[3] for row in cells}


def test_the_title_has_the_nearest_wave_and_every_lens(messages):
    one = loneliness_rows({"As claimed": kept()})
    messages.check(loneliness_finding(one))
    messages.check(loneliness_finding(loneliness_rows({"As claimed": kept(), "On trial evidence": kept()})))
    messages.check(loneliness_finding(one[one["design"] != "trial"]))


def test_without_a_before_after_study_there_are_no_parts():
    rows = loneliness_rows({"": kept()})
    assert loneliness_parts_cells(rows[rows["design"] == "trial"]) is None
