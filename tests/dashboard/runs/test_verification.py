"""Verification of run records, and reporting standards filled in by the software."""

from __future__ import annotations

import base64
import json

import pytest

from dashboard.application.pages import methods, runs
from dashboard.application.parts.app_state import state_of
from dashboard.credibility.reporting import STANDARDS, assumption_cells, reporting_cells
from dashboard.runs.verification import LARGEST, read_uploaded, verify
from dashboard.runs.view import View
from simulator.api import load
from simulator.comparison.comparison import compare
from simulator.errors import ResultsError
from simulator.places import load_place
from simulator.results.run_record import run_record
from simulator.specification.spec import build_spec
from tests.dashboard.application.test_pages import laid_out, of_type, tables_in
from tests.helpers.finished_runs import application, made_up_arms
from tests.helpers.one_resident import Person


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return application(tmp_path_factory.mktemp("verified"), made_up_arms()[:2])


@pytest.fixture(scope="module")
def record():
    spec = build_spec(load("relational_offset"), load_place("frome"), weeks=104)
    return run_record(spec, range(4), "drawn")


def test_a_record_of_this_model_can_be_reproduced(app, record, messages):
    found = verify(record, state_of(app).library)
    assert found.same
    messages.check(found.finding, SPEC=record["spec_hash"])
    assert {row[3] for row in found.cells.body} == {"same"}


@pytest.mark.parametrize(
    "changed",
    [
        {"model_version": "0.0+00000000"},
        {"place_hash": "00000000", "scenario_hash": "00000000"},
        {"scenario": "my_plan"},
        {"spec_hash": "00000000"},
    ],
)
def test_what_differs_is_named(app, record, changed, messages):
    found = verify({**record, **changed}, state_of(app).library)
    messages.check(found.finding, SPEC=record["spec_hash"])
    assert not found.same


def test_runs_that_are_kept_here_are_compared_table_by_table(app, record, messages):
    from dataclasses import replace

    library = state_of(app).library
    folder = library.keep(replace(made_up_arms()[1], record=record))
    kept = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    messages.check(verify(kept, library).finding, SPEC=record["spec_hash"])
    other = {**kept, "files": {**kept["files"], "cells.parquet": "0" * 64}}
    messages.check(verify(other, library).finding, SPEC=record["spec_hash"])


@pytest.mark.parametrize(
    "content",
    [
        b"seeds: 8",
        b"[]",
        b'{"model_version": "1"}',
        b" " * (LARGEST + 1),
    ],
)
def test_an_invalid_record_is_refused_with_a_remedy(content, messages):
    with messages.raised(ResultsError):
        read_uploaded(content)


def test_a_record_is_uploaded_on_page_runs(app, record):
    def upload(content: bytes):
        text = f"data:application/json;base64,{base64.b64encode(content).decode()}"
        given = {"verify-file.filename": "record.json"}
        return str(Person(app, "anna").post("verified.children", {"verify-file.contents": text}, given))

    assert record["spec_hash"] in upload(json.dumps(record).encode())
    assert "record.json" in upload(b"no record")
    assert "verify-file" in {part["props"].get("id") for part in of_type(laid_out(app, runs), "Upload")}


def test_standards_are_filled_and_what_is_left_is_the_authors(messages):
    base, scenario, *_ = made_up_arms()
    comparison = compare(scenario, base)
    cells = {name: reporting_cells(name, comparison) for name in STANDARDS}
    assert [len(cells[name].body) for name in STANDARDS] == [20, 28, 14]
    text = " ".join(answer for found in cells.values() for *_, answer in found.body)
    assert "{" not in text
    answers = {row[0]: row[2] for row in cells["cheers_2022"].body}
    messages.check(answers["7"])
    messages.check(answers["10"])
    assert [item for item, answer in answers.items() if answer == "author"] == ["2", "4", "21", "25", "27", "28"]


def test_the_assumptions_log_holds_every_judgement_of_the_evidence(app):
    from dashboard.credibility.assumptions import evidence_rows

    judged = [row["path"] for row in evidence_rows(()) if row["grade"] == "assumption"]
    assert [row[-1] for row in assumption_cells().body] == judged
    found = laid_out(app, methods, View(lens="evidence"))
    assert any(made["caption"].startswith("CHEERS 2022") for made in tables_in(found))
    bare = laid_out(app, methods, View(("frome",), lens="evidence"))
    assert not any(made["caption"].startswith("CHEERS 2022") for made in tables_in(bare))
