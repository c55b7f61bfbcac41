"""`offset report`: files written, and errors."""

from __future__ import annotations

import re
import sys

import pytest
from pptx import Presentation
from typer.testing import CliRunner

from dashboard.command_line import app
from dashboard.exports import content_of
from dashboard.report.folder import write_comparison
from tests.helpers.take_aways import (
    both_lenses,
    slide_of,
    text_of,
)

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def found():
    return both_lenses()


@pytest.fixture(scope="module")
def written(found, tmp_path_factory):
    return write_comparison(found.comparisons[0], tmp_path_factory.mktemp("compared") / "results", None, found)


def offset(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_offset_report_writes_what_is_asked_for(written, tmp_path, messages):
    done = offset("report", written, "--as", "pptx", "--out", tmp_path / "board.pptx")
    assert (done.exit_code, done.stdout) == (0, f"Written to {tmp_path / 'board.pptx'}.\n")
    shown = Presentation(tmp_path / "board.pptx")
    messages.check(text_of(shown.slides[0]))
    assert slide_of(shown, "causal_as_claimed")


@pytest.fixture(scope="module")
def content(found):
    return content_of(found)


@pytest.fixture
def read(found, content, monkeypatch):
    """Nothing is read from disk: the comparison is there already, and the content of its take-aways."""
    monkeypatch.setattr("dashboard.report.folder.read_lens_comparisons", lambda folder: (found, None))
    monkeypatch.setattr("dashboard.exports.content_of", lambda asked, how: content)


def test_several_formats_go_into_a_folder_which_is_usually_that_of_the_comparison(read, tmp_path, messages):
    done = offset("report", tmp_path, "--as", "record", "--as", "csv", "--out", tmp_path / "several")
    assert done.exit_code == 0
    assert "relational_offset_frome_outcomes.csv" in {path.name for path in (tmp_path / "several").iterdir()}
    assert offset("report", tmp_path, "--as", "parquet").exit_code == 0
    assert (tmp_path / "take_away" / "relational_offset_frome_costs.parquet").is_file()
    done = offset("report", tmp_path, "--as", "record")
    messages.check(done.stdout)


def test_everything_without_a_browser_lacks_the_pictures_alone(read, tmp_path, monkeypatch, messages):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    done = offset("report", tmp_path, "--as", "everything", "--out", tmp_path / "all")
    assert done.exit_code == 0
    messages.check(done.stderr)
    endings = {path.suffix for path in (tmp_path / "all").iterdir()}
    assert endings == {".html", ".pptx", ".xlsx", ".pdf", ".csv", ".parquet", ".json"}
    alone = offset("report", tmp_path, "--as", "svg", "--out", tmp_path / "pictures")
    assert alone.exit_code == 1
    messages.check(alone.stderr)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--as", "docx"], 2),
        (["--as", "pptx", "--out", "brief.pdf"], 2),
        (["--as", "csv", "--out", "all.csv"], 2),
    ],
)
def test_offset_report_says_what_is_wrong(words, code, messages, read):
    done = offset("report", "somewhere", *words)
    assert done.exit_code == code
    messages.check(re.sub(r"[│\s]+", " ", done.stderr))


def test_offset_report_refuses_a_folder_without_results(tmp_path, messages):
    done = offset("report", tmp_path, "--as", "xlsx")
    assert done.exit_code == 1
    messages.check(done.stderr)
