"""Page Why shows a sensitivity analysis, or the command for one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from calibration.sensitivity import Sensitivity
from calibration.sensitivity.findings import BOXES, CHANCES, MOVES, VALUES
from dashboard.application.pages import why
from dashboard.application.parts.app_state import state_of
from dashboard.exhibits.parameters import decided_by
from dashboard.runs.view import View
from dashboard.topics import decision
from tests.dashboard.application.test_pages import laid_out, of_type, tables_in, text_of
from tests.helpers.finished_runs import application, made_up_arms
from tests.helpers.messages import about

ENDS = (0.5, 0.4, 0.6, 0.7, 0.6, 0.8, 900.0, 800.0, 1000.0)
HUB, SHARE = ("programme.hub.lag", "Time to set up a hub", "weeks"), ("a.share", "A share", "share")
INFINITE = float("inf")


def found(**changed):
    """A possible analysis of sixty pairs of the relational offset in Frome."""
    moves = [
        ("net_cost", *HUB, 4.0, 12.0, -12_345.0, -15_000.0, -9_000.0, *ENDS),
        ("net_cost", *SHARE, 0.1, 0.9, 2_000.0, 500.0, 3_000.0, *ENDS),
        ("emergency_admissions", *SHARE, 0.1, 0.9, 3.2, 1.0, 5.0, *ENDS),
    ]
    boxes = [("net_cost", 1, *HUB, -INFINITE, 6.0, 0.3, 0.8, 0.6, 20, 0.75)]
    chances = [("net_cost", 0.4, 0.35), ("emergency_admissions", 0.1, 0.05)]
    emulators = {
        "column": [name for name, *_ in chances],
        "pairs": 60,
        "stochastic_share": 0.2,
        "detectable_share": 0.3,
    }
    record = {
        **made_up_arms()[1].record,
        "lens": "evidence",
        "lens_title": "Evidence as written",
        "baseline": made_up_arms()[0].record,
    }
    return Sensitivity(
        moves=pd.DataFrame(moves, columns=list(MOVES)),
        value=pd.DataFrame([(HUB[0], HUB[1], 5_000.0, 3_000.0, 7_000.0, 0.6)], columns=list(VALUES)),
        boxes=pd.DataFrame(boxes, columns=list(BOXES)),
        chances=pd.DataFrame([(name, *rest) for name, *rest in chances], columns=["column", "of_pairs", "of_draws"]),
        check=pd.DataFrame(),
        emulators=pd.DataFrame(emulators),
        pairs=pd.DataFrame({"seed": range(8)}),
        record={**record, **changed},
    )


@pytest.fixture
def app(tmp_path):
    return application(tmp_path / "finished", made_up_arms()[:2])


def test_without_an_analysis_one_sentence_names_the_command(app):
    said = text_of(laid_out(app, why))
    lens = View().lens
    command = f"offset sensitivity relational_offset baseline --place frome --lens {lens} --dashboard FOLDER"
    assert command in said


def test_what_was_found_is_shown_with_its_words_and_tables(app, messages):
    state_of(app).library.keep_sensitivity(found(), "relational_offset", "baseline")
    parts = laid_out(app, why, View(lens="evidence"))
    said = text_of(parts)
    assert "offset sensitivity" not in said
    messages.check("\n".join(part["props"]["children"] for part in of_type(parts, "Figcaption")))
    tables = {made["caption"]: made["body"] for made in tables_in(parts)}
    assert tables["Effects of parameters on outcomes"][0][:7] == [
        "Time to set up a hub", "net cost", "4 to 12 weeks", "−12,000", "−15,000", "−9,000", "pounds"
    ]  # fmt: skip
    (worth,) = tables["Value to this place of knowing a parameter before deciding"]
    assert worth == ["Time to set up a hub", "5,000", "3,000", "7,000", "60 %"]
    (box,) = tables["Parameter bounds with higher costs, or more emergency admissions"]
    assert box == ["net cost, 1", "Time to set up a hub", "none", "6", "weeks", "30 %", "80 %", "60 %", "75 % of 20"]
    charts = {part["props"]["id"] for part in of_type(parts, "Graph")}
    assert {"moving_evidence_as_written", "worth_evidence_as_written"} <= charts


def test_ranges_of_a_lens_that_failed_are_withheld(app, messages):
    state_of(app).library.keep_sensitivity(found(lens_faults=["poor"]), "relational_offset", "baseline")
    parts = laid_out(app, why, View(lens="evidence"))
    messages.check(about(text_of(parts), " 1 of "))
    tables = {made["caption"]: made["body"] for made in tables_in(parts)}
    assert {cell for row in tables["Effects of parameters on outcomes"] for cell in row[4:6]} == {"withheld"}
    moving, _ = decided_by("", found().frames, "A line.", withheld=True)
    assert np.isnan(moving.figure.series[0].low).all()
    assert set(moving.figure.series[0].kinds) == {"withheld"}


def test_an_analysis_without_detected_effects_says_so(messages):
    nothing = replace(found(), boxes=pd.DataFrame(columns=list(BOXES)), value=found().value.assign(pounds=0.0))
    messages.check(decision.boxes_finding(nothing.frames))
    messages.check(decision.worth_finding(decision.worth_rows(nothing.frames)))


def test_the_chart_has_the_rows_strongest_first_and_leaves_them_alone(messages):
    before = found().frames["moves"]
    frames = found().frames
    moving, _ = decided_by("", frames, "A line.", withheld=False)
    assert frames["moves"].equals(before)
    (series,) = moving.figure.series
    assert series.values == (-12_345.0, 2_000.0)
    assert series.lengths()[1] == [3_345.0, 1_000.0]
    messages.check(moving.alternative)


def test_the_frames_are_those_of_an_analysis():
    for name, columns in (("moves", MOVES), ("value", VALUES), ("boxes", BOXES), ("chances", CHANCES)):
        assert set(found().frames[name]) <= set(columns)
