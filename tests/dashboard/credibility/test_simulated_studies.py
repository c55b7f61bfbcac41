"""Page Calibration shows results of simulated studies with the true effects, or the command for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.application.pages import calibration
from dashboard.application.parts.app_state import state_of
from dashboard.credibility.simulated_studies import (
    part_rows,
    parts_cells,
    parts_finding,
    studies_cells,
    studies_chart,
    studies_finding,
    study_rows,
)
from dashboard.runs.view import View
from simulator import Evaluation
from simulator.evaluation.loneliness import COLUMNS
from simulator.evaluation.summary import summary_of
from simulator.evaluation.truth import PARTS
from tests.dashboard.application.test_pages import laid_out, of_type, said_before, tables_in, text_of
from tests.helpers.finished_runs import application, made_up_arms, ship_lenses
from tests.helpers.messages import about

pytestmark = pytest.mark.thorough

HUB = "complex_care_hub"
KEYS = ("design", "effect_on", "people", "comparators", "expected", "difference", "low", "high", "true_difference")
DESIGNS = (
    ("before-after", "members", 100, 0, 1.0, -0.7, -0.8, -0.6, 0.1),
    ("matched", "members", 90, 180, 0.5, 0.05, -0.1, 0.2, 0.1),
    ("trial", "offered", 300, 310, 0.4, -0.04, -0.1, 0.02, 0.1),
)
IN_PARTS = dict(zip(PARTS, (0.1, -0.81, 0.01, 0.0), strict=True))
"""Parts of the before-after difference; the truth is a tenth of the number expected without the programme."""


def found(programme=HUB, **changed):
    """Two studies of each of three designs, the second of which finds and brings 0.02 a person-year more."""
    rows, parts = [], []
    for seed in (0, 1):
        for design in DESIGNS:
            row = dict(zip(KEYS, design, strict=True))
            more = {name: row[name] + 0.02 * seed for name in ("difference", "low", "high", "true_difference")}
            rows.append({"seed": seed, **row, **more, "rate": row["expected"] + more["difference"], "true_expected": 1})
        parts += [
            (seed, "before-after", part, amount + 0.02 * seed * (part == "true_effect"))
            for part, amount in IN_PARTS.items()
        ]
    record = {
        **made_up_arms()[1].record,
        "lens": "evidence",
        "lens_title": "Evidence as written",
        "programme": programme,
        "seeds": [0, 1],
        "lens_faults": [],
    }
    return Evaluation(
        estimates=pd.DataFrame(rows),
        parts=pd.DataFrame(parts, columns=["seed", "design", "part", "difference"]),
        loneliness=pd.DataFrame(columns=["seed", "design", "effect_on", *COLUMNS]),
        people=pd.DataFrame({"seed": [0]}),
        failures=pd.DataFrame(columns=["seed", "error", "message"]),
        record={**record, **changed},
    )


def kept(**changed):
    one = found(**changed)
    return {"estimates": one.estimates, "parts": one.parts}, one.record


def _later(estimates):
    """Four studies with two parameter draws: neighbours have equal results."""
    twice = [estimates[estimates["seed"] == belief].assign(seed=seed) for seed, belief in enumerate((0, 0, 1, 1))]
    return pd.concat(twice, ignore_index=True).assign(expected=0.2)


@pytest.fixture
def app(tmp_path):
    return application(tmp_path / "finished", made_up_arms()[:2])


def test_without_studies_one_sentence_names_the_command(app, messages):
    command = f"offset evaluate {HUB} --place frome --lens evidence --dashboard FOLDER"
    messages.check(said_before(laid_out(app, calibration, View(lens="evidence")), command))


def test_what_was_found_is_shown_with_its_tables_between_baseline_and_published(app):
    state_of(app).library.keep_evaluation(found())
    parts = laid_out(app, calibration, View(lens="evidence"))
    assert "offset evaluate complex_care_hub --place frome --lens evidence" not in text_of(parts)
    assert "simulated_studies" in {part["props"]["id"] for part in of_type(parts, "Graph")}
    heads = [part["props"]["children"] for part in of_type(parts, "H2")]
    assert heads[-3:] == [
        "The baseline of this place beside its targets",
        "Studies of a programme, simulated",
        "Replicating published studies",
    ]
    tables = {made["caption"]: made["body"] for made in tables_in(parts)}
    first, *_ = tables["Reported and true effect by design"]
    assert first == [
        "Before and after", "Evidence as written", "100", "none", "−69", "−79", "−59", "+11", "+10", "+12", "2 of 2"
    ]  # fmt: skip
    points = tables["Parts of the before-after change, % of the year before"]
    assert points[1] == ["Regression to the mean", "Evidence as written", "−81", "−81", "−81"]
    assert points[3] == ["People not in both runs", "Evidence as written", "0", "0", "0"]


def test_both_lenses_are_shown_and_ranges_of_one_that_failed_withheld(tmp_path, monkeypatch, messages):
    ship_lenses(tmp_path / "shipped", monkeypatch)
    app = application(tmp_path / "finished", made_up_arms()[:2])
    claimed, trial = found(applied_lens="As claimed"), found(applied_lens="On trial evidence", lens_faults=["poor"])
    state_of(app).library.keep_evaluation(claimed, "as-claimed")
    command = f"offset evaluate {HUB} --place frome --lens trial-evidence --dashboard FOLDER"
    messages.check(said_before(laid_out(app, calibration), command))
    state_of(app).library.keep_evaluation(trial, "trial-evidence")
    parts = laid_out(app, calibration)
    (table,) = (made for made in tables_in(parts) if made["caption"].startswith("Reported and true effect"))
    withheld = [row for row in table["body"] if row[1] == "On trial evidence"]
    assert len(withheld) == 3
    assert {row[place] for row in withheld for place in (5, 6, 8, 9, 10)} == {"withheld"}
    assert withheld[0][4] == "−69"
    messages.check("\n".join(trial.findings()))
    assert not any(" of 2 " in said for said in trial.findings())


def test_the_programme_shown_can_be_chosen(app, messages):
    for programme in (HUB, "befriending"):
        state_of(app).library.keep_evaluation(found(programme))
    assert state_of(app).library.evaluated("frome") == ("befriending", HUB)
    by_itself = laid_out(app, calibration, View(lens="evidence"))
    chosen = laid_out(app, calibration, View(lens="evidence", options={"studied": "befriending"}))
    for parts, programme in ((by_itself, HUB), (chosen, "befriending")):
        captions = [part["props"]["children"] for part in of_type(parts, "Figcaption")]
        messages.check(about("\n".join(captions), f" {programme} "))


def test_the_title_has_the_reported_effect_its_parts_and_the_truth(messages):
    both = {"As claimed": kept(), "On trial evidence": kept(lens_faults=["poor"])}
    one = {"As claimed": both["As claimed"]}
    messages.check(studies_finding(study_rows(one), part_rows(one)))  # fmt: skip
    messages.check(studies_finding(study_rows(both), part_rows(both)))
    messages.check(parts_finding(part_rows(both)))
    trial = study_rows(one).query("design == 'trial'")
    messages.check(studies_finding(trial, part_rows(one)))
    unknown = studies_finding(trial.assign(percent=np.nan), part_rows(one))
    messages.check(unknown)
    assert studies_cells(trial.assign(percent=np.nan)).body[0][4] == "unknown"


def test_the_chart_has_reports_and_truth_and_leaves_the_rows_alone(messages):
    rows = study_rows({"As claimed": kept(), "On trial evidence": kept(lens_faults=["poor"])})
    before = rows.copy()
    chart = studies_chart(rows)
    reported, true, other, _ = chart.series
    assert rows.equals(before)
    assert reported.values == pytest.approx((-69.0, 12.0, -7.5))
    assert true.values == pytest.approx((11.0,) * 3)
    assert reported.lengths()[1] == pytest.approx([10.0, 30.0, 15.0])
    assert set(other.kinds) == {"withheld"}
    assert not other.ranged
    messages.check(chart.spoken())


def test_errors_and_ranges_are_over_studies():
    row = summary_of(found().estimates).set_index("design").loc["trial"]
    assert row["percent_error"] == pytest.approx(2.5)
    assert row["true_percent_error"] == pytest.approx(1.0)
    assert (row["percent_low"], row["percent_high"]) == pytest.approx((-22.5, 7.5))
    assert (row["true_percent_low"], row["true_percent_high"]) == pytest.approx((10.0, 12.0))
    parts = found().decomposition().set_index("part")
    assert parts["points"].sum() == pytest.approx(-69.0)
    assert parts.loc["true_effect", ["points_low", "points_high", "points_error"]].tolist() == pytest.approx(
        [10, 12, 1]
    )
    shared = summary_of(_later(found().estimates)).set_index("design").loc["trial"]
    assert shared["percent_error"] == pytest.approx(5.0)  # of two beliefs; of four studies it would be 2.9
    alone = summary_of(found().estimates.query("seed == 0"))
    assert alone["percent_error"].isna().all()
    assert parts_cells(part_rows({"": kept()})).body[0][2:] == ["+11", "+10", "+12"]
