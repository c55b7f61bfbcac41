"""The map of districts: colours by verdict and size, words, key and table."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from plotly.utils import PlotlyJSONEncoder

from dashboard.application.app import create_app
from dashboard.application.pages import answer
from dashboard.application.parts import waiting
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.settings import Settings
from dashboard.figures.style import LINE, ORANGE, TURQUOISE
from dashboard.runs.view import View
from dashboard.topics import districts
from dashboard.topics.districts import (
    BLANK,
    RANKS,
    colours_of,
    district_rows,
    districts_finding,
    districts_note,
    districts_source,
    districts_table,
    key_of,
    rank_note,
    tiles,
    whole_district_rows,
    words_of,
)
from dashboard.topics.signs import SIGNS, signs_of
from simulator.bundle import DistrictsPlan
from simulator.comparison.headline import change_text
from simulator.comparison.smallest_differences import DEFAULTS
from tests.helpers.district_results import write_made_up


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    return write_made_up(tmp_path_factory.mktemp("made_up") / "districts")


@pytest.fixture
def rows(held, monkeypatch):
    monkeypatch.setattr(districts, "load_district_results", lambda: held)
    return lambda measure: district_rows(measure, "trial-evidence", {})


def test_a_tile_has_the_colour_of_its_verdict_and_none_where_one_cannot_tell():
    shown = pd.DataFrame({"verdict": ["better", "worse", "small", "unsure", ""], "good": "less"})
    assert colours_of(shown, "verdict") == [TURQUOISE, ORANGE, LINE, BLANK, BLANK]
    assert list(key_of(shown, "verdict")) == [TURQUOISE, ORANGE, LINE, BLANK]


@pytest.mark.parametrize("good", ["less", "more"])
def test_ranks_are_fifths_of_the_districts_with_the_greatest_gain_darkest(good):
    shown = pd.DataFrame({"difference": np.arange(-10.0, 0.0), "good": good})
    colours = colours_of(shown, "rank")
    assert [colours.count(colour) for colour in RANKS] == [2] * 5
    assert colours[0] == (RANKS[-1] if good == "less" else RANKS[0])


def test_the_bounds_of_fifths_are_distinct_where_the_error_is_larger_than_they_are_apart():
    numbers = np.arange(-10.0, 0.0) / 50.0
    shown = pd.DataFrame({"difference": numbers, "good": "less", "unit": "days", "monte_carlo_error": 5.0})
    said = list(key_of(shown, "rank").values())
    assert said[0] == "Fifth with the least gain: −0.02 to −0.04"
    assert said[-1] == "Fifth with the most: −0.18 to −0.20"
    assert len(set(said)) == len(RANKS)


def test_the_note_on_ranks_says_how_many_ranges_include_the_mean_of_all():
    shown = pd.DataFrame(
        {"difference": [1.0, 2.0, 3.0, 10.0], "low": [0.0, 0.0, 2.0, 9.0], "high": [2.0, 4.0, 5.0, 11.0]}
    )
    assert "in 50 % of them the range includes the mean of all" in rank_note(shown)


@pytest.mark.parametrize("by", ["verdict", "rank"])
@pytest.mark.parametrize("measure", ["emergency_admissions", "often_always_lonely", "net_cash"])
def test_every_colour_on_the_map_is_in_its_key(rows, measure, by):
    shown = rows(measure)
    on_map = {tile["colour"] for tile in tiles(shown, by)}
    assert on_map <= set(key_of(shown, by))
    assert by == "verdict" or on_map == set(RANKS)


def test_every_district_has_a_tile_and_a_row_with_the_same_words(rows):
    shown = rows("emergency_admissions")
    made = {tile["name"]: tile for tile in tiles(shown, "verdict")}
    assert len(made) == len(districts_table(shown)) == 326
    liverpool = next(one for one in districts_table(shown) if one["title"] == "Liverpool")
    said = made["liverpool"]["words"]
    assert said.startswith(
        f"{liverpool['difference_text']} admissions per 1,000 residents a year ({liverpool['range']})"
    )
    assert f"about {liverpool['a_year_text']} a year in the whole district" in said
    assert said.endswith("Better.")


def test_a_ratio_is_not_added_up_over_a_district(rows):
    shown = rows("often_always_lonely")
    assert "whole district" not in words_of(shown.iloc[0])
    assert {one["a_year"] for one in districts_table(shown)} == {None}


def test_the_finding_counts_verdicts_and_gives_the_sizes(rows):
    said = districts_finding(rows("emergency_admissions"))
    assert said.startswith("Emergency admissions: better in ")
    assert "of 326 districts; −" in said
    assert said.endswith("admissions per 1,000 residents a year")


def test_a_lens_that_failed_a_check_has_no_verdict_and_no_range(rows, monkeypatch):
    class Faulty:
        faults = ("a fault",)

    monkeypatch.setattr(districts, "apply_lens", lambda _: Faulty())
    shown = rows("emergency_admissions")
    assert set(shown["verdict"]) == {""}
    assert np.isnan(shown["low"]).all()
    assert "verdicts are withheld" in districts_finding(shown)
    assert {tile["colour"] for tile in tiles(shown, "verdict")} == {BLANK}


def test_the_note_says_how_little_is_a_districts_own_and_the_source_names_the_map_and_its_licence(rows, held):
    said = districts_note(rows("emergency_admissions"), DistrictsPlan())
    assert "4 pairs of runs with 2,000 residents in each district" in said
    assert "differ mostly by chance" in said
    assert "MIT Licence" in districts_source(held.record)


def test_a_whole_district_is_its_rate_times_its_residents_with_the_same_verdict():
    lenses = ("trial-evidence", "as-claimed")
    rows = whole_district_rows("mendip", lenses, DEFAULTS)
    assert rows["lens"].tolist() == [lens for lens in lenses for _ in SIGNS]
    for _, row in rows.iterrows():
        rate = district_rows(row["measure"], row["lens"], DEFAULTS).set_index("place").loc["mendip"]
        times = 1.0 if row["measure"] == "often_always_lonely" else rate["residents"] / 1000.0
        for name in ("difference", "low", "high", "matters"):
            assert row[name] == pytest.approx(times * rate[name])
        assert row["verdict"] == rate["verdict"]
        assert "1,000" not in row["unit"]
    assert whole_district_rows("frome", lenses, DEFAULTS).empty
    for sign in signs_of(rows, 1000.0):
        ends = [end for mark in sign.marks for end in mark.ends]
        assert sign.scale == (min(0.0, *ends), max(0.0, *ends))


def test_the_answer_of_a_district_says_every_size_and_only_for_the_plan_that_was_run(tmp_path):
    app = create_app(Settings(tmp_path, prepare=False))
    with app.server.app_context():
        page = json.dumps(waiting.or_page(answer, View(place="mendip")), cls=PlotlyJSONEncoder)
        rows = whole_district_rows("mendip", ("trial-evidence", "as-claimed"), DEFAULTS)
        for _, row in rows[rows["measure"] == "emergency_admissions"].iterrows():
            assert change_text(row, row["difference"]) in page
        assert "/districts?" in page
        for other in (View(("frome",), place="mendip"), View(base="automation_only", place="mendip")):
            assert "have not been run yet" in json.dumps(waiting.or_page(answer, other), cls=PlotlyJSONEncoder)
    state_of(app).jobs.close()
    state_of(app).drafts.close()
