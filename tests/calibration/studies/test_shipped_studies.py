"""The replicated studies that ship are of this model, are what ranges are widened by, and are those of their runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from calibration.studies import predictions, study_names, validate_against_studies
from calibration.studies.formatting import cells
from calibration.studies.predictions import SEEDS, shipped_predictions
from simulator.comparison.discrepancy import discrepancy
from simulator.lenses import EVIDENCE, lens_names

DOCS = Path(predictions.__file__).parents[2] / "docs"
QUICK = "loneliness_pals"


@pytest.mark.parametrize("lens", lens_names())
def test_every_study_is_replicated_through_every_lens_with_this_model(lens):
    found = shipped_predictions(lens)
    assert found is not None, "they are made again with 'offset bundle --studies'"
    assert tuple(found.table["study"]) == study_names()
    assert (found.table["runs"] == len(SEEDS)).all()
    assert found.failures.empty


def test_ranges_are_widened_as_the_studies_show_that_they_must_be():
    found, held = shipped_predictions("trial-evidence"), discrepancy()
    assert held.studies == len(found.independent)
    assert (held.ratio, held.low, held.high) == tuple(round(found.widening(more), 1) for more in (0, -1, 1))
    distance = found.independent["distance"].abs() / predictions.REACH
    assert (distance <= 1.0).mean() < 0.8 <= (distance <= held.ratio).mean()
    page = " ".join((DOCS / "results.md").read_text(encoding="utf-8").split())
    assert f"one {held.ratio:g} times as wide" in page
    assert f"it would be {held.low:.1f} or {held.high:.1f}" in page
    others = [shipped_predictions(lens).widening() for lens in ("as-claimed", EVIDENCE)]
    assert "*as claimed* would need {:.1f} and the evidence as written {:.1f}".format(*others) in page


def test_the_page_has_the_table_of_what_ships_and_its_counts():
    page = (DOCS / "studies.md").read_text(encoding="utf-8")
    for _, row in shipped_predictions(EVIDENCE).table.iterrows():
        assert f"| {' | '.join(cells(row))} |".replace(" *", " \\*") in page, row["study"]
    both = [shipped_predictions(lens) for lens in ("trial-evidence", "as-claimed")]
    hits = [int(one.table["hit"].sum()) for one in both]
    assert f"of 33 | {hits[0]} | {hits[1]} |" in page
    assert f"of the eleven | {both[0].widening():.1f} | {both[1].widening():.1f} |" in page


@pytest.mark.slow
def test_a_study_replicated_again_gives_the_same_estimates():
    held = shipped_predictions("trial-evidence").estimates.query("study == @QUICK and seed < 2")
    again = validate_against_studies([QUICK], range(2), lens="trial-evidence", workers=1).estimates
    pd.testing.assert_frame_equal(again, held.reset_index(drop=True), rtol=1e-11, atol=0.0)


def test_those_of_another_model_or_lens_are_not_shown(monkeypatch, tmp_path):
    assert shipped_predictions(EVIDENCE, tmp_path) is None
    ships = shipped_predictions("trial-evidence")
    for name, lens_hash in (("same", ships.record["lens_hash"]), ("other", "00000000")):
        replace(ships, record={**ships.record, "lens_hash": lens_hash}).write(tmp_path / name / "trial-evidence")
    assert shipped_predictions("trial-evidence", tmp_path / "same") is not None
    assert shipped_predictions("trial-evidence", tmp_path / "other") is None
    monkeypatch.setattr(predictions, "is_this_model", lambda made_by: False)
    assert shipped_predictions("trial-evidence") is None
