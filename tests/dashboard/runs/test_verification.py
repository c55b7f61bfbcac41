"""A run record is verified against what is here; and standards are filled by what the software knows."""

from __future__ import annotations

import base64
import json

import pytest

from dashboard.application.pages import methods, runs
from dashboard.application.parts.current import held_by
from dashboard.credibility.reporting import STANDARDS, assumption_cells, reporting_cells
from dashboard.runs.verification import LARGEST, read_uploaded, verify
from dashboard.runs.view import View
from simulator.api import load
from simulator.comparison.comparison import compare
from simulator.errors import ResultsError
from simulator.places import load_place
from simulator.results.run_record import run_record
from simulator.specification.spec import build_spec
from tests.dashboard.application.test_pages import laid_out, tables_in, text_of
from tests.helpers.finished import application, made_up_arms
from tests.helpers.somebody import Person


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return application(tmp_path_factory.mktemp("verified"), made_up_arms()[:2])


@pytest.fixture(scope="module")
def record():
    spec = build_spec(load("relational_offset"), load_place("frome"), weeks=104)
    return run_record(spec, range(4), "drawn")


def test_a_record_of_this_model_can_be_made_again(app, record):
    found = verify(record, held_by(app).library)
    assert found.same
    assert found.finding.startswith(f"It is a run of this model: the same specification, {record['spec_hash']}")
    assert "are not kept here" in found.finding
    assert {row[3] for row in found.cells.body} == {"same"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"model_version": "0.0+00000000"}, "what differs is model"),
        ({"place_hash": "00000000", "scenario_hash": "00000000"}, "what differs is scenario, place"),
        ({"scenario": "my_plan"}, "scenario cannot be checked: no file of that name is here"),
        ({"spec_hash": "00000000"}, "but not its specification: lens or calendar were set otherwise"),
    ],
)
def test_what_differs_is_named(app, record, changed, said):
    found = verify({**record, **changed}, held_by(app).library)
    assert said in found.finding
    assert not found.same


def test_runs_that_are_kept_here_are_compared_table_by_table(app, record):
    from dataclasses import replace

    library = held_by(app).library
    folder = library.keep(replace(made_up_arms()[1], record=record))
    kept = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    assert "their tables are the same to the byte" in verify(kept, library).finding
    other = {**kept, "files": {**kept["files"], "cells.parquet": "0" * 64}}
    assert "but their tables differ" in verify(other, library).finding


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"seeds: 8", "This file is no JSON"),
        (b"[]", "This file is no run record: it has no model_version"),
        (b'{"model_version": "1"}', "it has no spec_hash, scenario, scenario_hash"),
        (b" " * (LARGEST + 1), "larger than 400 kB and no run record"),
    ],
)
def test_what_is_no_record_is_refused_with_what_would_be_right(content, said):
    with pytest.raises(ResultsError) as caught:
        read_uploaded(content)
    assert said in str(caught.value)
    assert "Choose the record.json" in str(caught.value)


def test_a_record_is_uploaded_on_page_runs(app, record):
    def upload(content: bytes):
        text = f"data:application/json;base64,{base64.b64encode(content).decode()}"
        given = {"verify-file.filename": "record.json"}
        return str(Person(app, "anna").post("verified.children", {"verify-file.contents": text}, given))

    assert "It is a run of this model" in upload(json.dumps(record).encode())
    assert "This cannot be verified" in upload(b"no record")
    assert "Verify a run record" in text_of(laid_out(app, runs))


def test_standards_are_filled_and_what_is_left_is_the_authors():
    base, scenario, *_ = made_up_arms()
    comparison = compare(scenario, base)
    cells = {name: reporting_cells(name, comparison) for name in STANDARDS}
    assert [len(cells[name].body) for name in STANDARDS] == [20, 28, 14]
    text = " ".join(answer for found in cells.values() for *_, answer in found.body)
    assert "{" not in text
    answers = {row[0]: row[2] for row in cells["cheers_2022"].body}
    assert answers["7"] == "Relational offset; Baseline"
    assert answers["10"] == "3.5 % a year for costs; effects are not discounted"
    assert [item for item, answer in answers.items() if answer == "author"] == ["2", "4", "21", "25", "27", "28"]


def test_the_assumptions_log_holds_every_judgement_of_the_evidence(app):
    from dashboard.credibility.assumptions import evidence_rows

    judged = [row["path"] for row in evidence_rows(()) if row["grade"] == "assumption"]
    assert [row[-1] for row in assumption_cells().body] == judged
    found = laid_out(app, methods, View(lens="evidence"))
    assert any(made["caption"].startswith("CHEERS 2022") for made in tables_in(found))
    bare = text_of(laid_out(app, methods, View(("frome",), lens="evidence")))
    assert "The standards are filled in when this comparison has been run." in bare
