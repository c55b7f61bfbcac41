"""Page Calibration: targets of a lens, implied effect sizes, checks, draws, blind predictions."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from calibration.studies import BlindPredictions
from calibration.studies.predictions import VARIANT_COLUMNS
from dashboard.application.pages import calibration
from dashboard.application.parts.app_state import state_of
from dashboard.credibility.fitted_lens import (
    conflict_cells,
    diagnostic,
    gate_cells,
    gate_finding,
    mover_rows,
    mover_targets,
    strength_finding,
    strength_rows,
    target_cells,
    target_finding,
    target_rows,
    width_finding,
)
from dashboard.runs.view import View
from simulator.lenses import apply_lens, load_lens
from tests.dashboard.application.test_pages import laid_out, of_type, refusals, said_before, strings_of
from tests.helpers.finished_runs import application, made_up_arms, ship_lenses
from tests.helpers.hand_lens import HUB
from tests.helpers.messages import about
from tests.helpers.one_resident import Person
from tests.helpers.synthetic_results import record


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("calibration")


@pytest.fixture(scope="module")
def built(folder):
    with pytest.MonkeyPatch.context() as patch:
        ship_lenses(folder / "shipped", patch)
        diagnostics = folder / "shipped" / "as-claimed" / "diagnostics"
        diagnostics.mkdir()
        sobol = {"column": "frome_trend", "parameter": [HUB, "loneliness.need"], "first": [0.6, 0.1]}
        pd.DataFrame({**sobol, "first_error": 0.1, "total": [0.8, 0.2], "total_error": 0.05}).to_parquet(
            diagnostics / "sobol.parquet"
        )
        left_out = {"left_out": "frome", "target": "frome_trend", "value": -14.0, "mean": -3.0, "sd_predicted": 5.0}
        rows = [{**left_out, "z": -2.2, "reliable": True, "frome": share} for share in (0.0, 1.0)]
        pd.DataFrame(rows).to_parquet(diagnostics / "conflicts.parquet")
        off = [{"target": "frome_trend", "mean": 0.1, "in_sd": 0.25 + share, "frome": share} for share in (0.0, 1.0)]
        pd.DataFrame(off).to_parquet(diagnostics / "discrepancy.parquet")
        return application(folder / "finished", made_up_arms()[:2])


@pytest.fixture
def app(built, folder, monkeypatch):
    ship_lenses(folder / "shipped", monkeypatch)
    return built


def test_targets_are_shown_with_simulated_values(app, messages):
    rows = target_rows(load_lens("as-claimed"))
    assert rows[["value", "simulated", "residual", "z"]].to_numpy().tolist() == [[-14.0, -13.0, -1.0, -0.2]]
    messages.check(target_finding(rows))
    far = rows.assign(fitted=False, reached=False, z=-3.0)
    both = pd.concat([rows, far], ignore_index=True)
    messages.check(target_finding(both))
    assert target_cells(far).body[0][8:11] == ["−3.0", "held out", "NOT REACHED"]


def test_implied_effect_sizes_are_multiples_of_study_results(app, messages):
    rows = strength_rows(load_lens("as-claimed"))
    assert rows.set_index("path").loc[HUB, "times"] == pytest.approx(20.0)
    messages.check(strength_finding(rows))
    assert rows["width"].tolist() == [1.0] * 3
    messages.check(width_finding(rows))
    none = rows.assign(role="baseline")
    messages.check(strength_finding(none))


def test_a_failed_check_states_its_consequence(app, messages):
    trial = load_lens("trial-evidence")
    messages.check(gate_finding(trial))
    assert gate_cells(trial).body == [
        ["coverage", "FAILED", "Known truths were covered too seldom", "ranges are withheld"]
    ]
    messages.check(gate_finding(load_lens("as-claimed")))


def test_what_moves_a_target_and_whether_targets_conflict_come_from_the_fit(app):
    claimed, trial = load_lens("as-claimed"), load_lens("trial-evidence")
    assert mover_targets(claimed) == {"frome_trend": "Frome"}
    assert mover_rows(claimed, "frome_trend")["total"].tolist() == [0.8, 0.2]
    assert conflict_cells(claimed).body == [["Frome", "−14", "−3", "5", "−2.2", "yes", "1.25"]]
    assert len(diagnostic("as-claimed", "conflicts")) == 1  # all of Frome's gap alone
    assert diagnostic("trial-evidence", "sobol") is mover_rows(trial, "frome_trend") is conflict_cells(trial) is None
    assert mover_targets(trial) == {}


def test_the_page_shows_both_fits_and_the_published_studies(app, messages):
    found = laid_out(app, calibration)
    names = {part["props"]["id"] for part in of_type(found, "Graph")}
    assert {"fit_as_claimed", "implied_strengths_as_claimed", "widths_trial_evidence", "movers_as_claimed"} <= names
    messages.check("\n".join(part["props"]["children"] for part in of_type(found, "H2")))
    messages.check(said_before(found, "offset validate-against-studies"))


def test_the_draws_of_a_lens_are_downloaded(app):
    press = {'{"lens":"as-claimed","type":"lens-draws"}.n_clicks': 1}
    sent = Person(app, "anna").post("draws-file.data", press, {})["draws-file"]["data"]
    assert sent["filename"] == "as-claimed.draws.csv"
    assert sent["content"].splitlines()[0] == f"frome,{HUB},loneliness.need,illness.local_demand_growth"
    assert len(sent["content"].splitlines()) == 1 + len(load_lens("as-claimed").draws)


def test_predictions_that_were_kept_are_shown_through_their_lens(app, messages):
    row = {
        "study": "s", "title": "A hub", "outcome": "o", "design": "trial", "unit": "%", "predicted": -2.0, "low": -5.0,
        "high": 1.0, "expected_low": -4.0, "expected_high": 0.0, "monte_carlo_error": 0.5, "sampling_error": 1.0,
        "distance": 1.0, "hit": True, "overlap": None, "nothing_hits": True, "published": -1.0, "published_low": -3.0,
        "published_high": 1.0, "no_effect": 0.0, "runs": 2, "people": 10, "analysis": "contrast", "place": "frome",
        "informs": "", "checked": "page", "source": "Someone 2019", "reference": "doi:10.1/x", "fitted": False,
    }  # fmt: skip
    made = BlindPredictions(
        table=pd.DataFrame([row, {**row, "study": "t", "title": "Another", "hit": False, "published": 9.0}]),
        estimates=pd.DataFrame({"study": ["s"], "seed": [0], "draw": [0], "estimate": [-2.0]}),
        failures=pd.DataFrame(columns=["study", "seed", "error", "message"]),
        variants=pd.DataFrame(columns=VARIANT_COLUMNS),
        record={**record(seeds=(0, 1)), "lens_hash": apply_lens("trial-evidence").hash},
    )
    library = state_of(app).library
    library.keep_predictions(replace(made, record={**made.record, "lens_hash": "0" * 8}), "trial-evidence")
    assert library.predictions("trial-evidence") is None  # the lens has been fitted again since
    library.keep_predictions(made, "trial-evidence")
    assert library.predictions("trial-evidence").table["title"].tolist() == ["A hub", "Another"]
    found = laid_out(app, calibration)
    assert "predictions_" in {part["props"]["id"] for part in of_type(found, "Graph")}
    messages.check(about("\n".join(strings_of(found)), "1 of 2"))


@pytest.mark.parametrize(("place", "ships"), [("frome", True), ("mendip", False)])
def test_before_anything_is_run_the_page_shows_what_ships_and_offers_what_does_not(tmp_path, place, ships):
    found = laid_out(application(tmp_path / "finished", ()), calibration, View(place=place))
    said = " ".join(strings_of(found))
    assert not refusals(found)
    assert (said.count("targets are in range") >= 2) == ships
    assert ("It has not been run yet as claimed and on trial evidence." in said) != ships
    assert ("Run 16 pairs here" in said) != ships
