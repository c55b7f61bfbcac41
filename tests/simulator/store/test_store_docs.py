"""The examples of docs/store.md, run on a store of real runs."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from simulator.api import run_comparable
from simulator.store import open_store, storing_executor
from tests.helpers.small_runs import small_spec

PAGE = (Path(__file__).parents[3] / "docs" / "store.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A folder that holds the store ``my_runs``, and the results that went into it."""
    folder = tmp_path_factory.mktemp("examples")
    specs = [small_spec(name) for name in ("baseline", "relational_offset")]
    with storing_executor(open_store(folder / "my_runs"), 1) as workers:
        return folder, run_comparable(specs, range(2), workers)


def test_the_query_counts_what_was_run(stored, monkeypatch):
    folder, results = stored
    monkeypatch.chdir(folder)
    (query,) = blocks("sql")
    expected = [
        (arm.scenario, seed, int(cells["zero_night_admissions"].sum() + cells["overnight_admissions"].sum()))
        for arm in results
        for seed, cells in arm.cells.groupby("seed")
    ]
    assert [(scenario, seed, int(count)) for scenario, seed, count in duckdb.sql(query).fetchall()] == expected
    assert expected[0][2] > 0


def test_the_lines_for_pandas_read_what_was_run(stored, monkeypatch):
    folder, results = stored
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    exec(blocks("python")[1], names)
    assert names["cells"]["resident_weeks"].sum() == results[0].cells["resident_weeks"].sum()


def test_the_lines_that_keep_runs_use_existing_names():
    compiled = compile(blocks("python")[0], "docs/store.md", "exec")
    assert {"open_store", "storing_executor", "run", "load"} <= set(compiled.co_names)
