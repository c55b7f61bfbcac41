"""``offset size``: one screen, JSON, tables and a page; wrong options are refused before anything runs."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard.command_line import app
from dashboard.command_line.output import SCREEN
from dashboard.topics.size import SHOWN
from simulator.errors import ResultsError
from simulator.experiments.sized_plan import MEASURES
from simulator.results.results import read_results
from tests.helpers.finished_runs import ship_lenses
from tests.helpers.messages import unboxed
from tests.helpers.sized_runs import make_up_sizes
from tests.helpers.small_runs import small_frome

pytestmark = pytest.mark.thorough

WORDS = ("size", "volunteers_only", "--years", "1", "--workers", "1", "--seeds", "4")
LENSES = ["as-claimed", "trial-evidence"]


@pytest.fixture
def calls(monkeypatch, tmp_path):
    ship_lenses(tmp_path / "shipped", monkeypatch, passed=True)
    monkeypatch.setattr("simulator.api.load_place", lambda _: small_frome())
    return make_up_sizes(monkeypatch)


def offset(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_it_fits_one_screen(calls, messages):
    done = offset(*WORDS, "--target", "admissions=-3%", "--target", "money=0", "--quiet")
    assert done.exit_code == 0, done.output
    assert max(map(len, done.stdout.splitlines())) <= SCREEN
    assert len(calls) == 4 * 2 * 8
    messages.check(done.stdout)


def test_it_writes_tidy_tables_and_a_page_and_prints_json(calls, tmp_path):
    out = tmp_path / "out"
    done = offset(*WORDS, "--multiples", "1,2,10", "--chance", "90%", "--out", out, "--json")
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert content["chance"] == 0.9
    assert [row["multiple"] for row in content["sizes"]] == [1.0, 2.0, 10.0]
    curves = pd.read_parquet(out / "curves.parquet")
    assert list(curves["lens"].unique()) == LENSES
    assert tuple(curves["measure"].unique()) == MEASURES
    page = (out / "size.html").read_text(encoding="utf-8")
    assert page.count("<figure>") == len(SHOWN)
    assert "How large must it be?" in page
    assert "with a chance of 90 %" in page
    assert offset(*WORDS, "--out", out).exit_code == 0
    with pytest.raises(ResultsError):
        read_results(out)


def test_runs_in_a_store_are_not_made_again(calls, tmp_path):
    store = tmp_path / "runs"
    assert offset(*WORDS, "--multiples", "1,2", "--store", store).exit_code == 0
    made = len(calls)
    assert made == 4 * 2 * 3
    again = offset(*WORDS, "--multiples", "1,2,4", "--store", store)
    assert again.exit_code == 0, again.output
    assert len(calls) == made + 4 * 2


@pytest.mark.parametrize(
    "wrong",
    [
        ("--multiples", "1"),
        ("--multiples", "0,1"),
        ("--multiples", "one,two"),
        ("--target", "loneliness=-1point"),
        ("--target", "admissions"),
        ("--chance", "80"),
        ("--chance", "100%"),
    ],
)
def test_wrong_options_are_refused(wrong, calls, messages):
    done = offset(*WORDS, *wrong)
    assert (done.exit_code, calls) == (2, [])
    messages.check(unboxed(done.output))


def test_a_foreign_folder_is_refused_before_anything_runs(calls, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    done = offset(*WORDS, "--out", tmp_path / "mine")
    assert (done.exit_code, calls) == (1, [])
