"""The store: a run is stored completely or not at all, read back unchanged, and never silently lost."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from simulator.errors import StoreError, StoreWarning
from simulator.foundations.measures import NAMES
from simulator.results.results import TABLES, RunFrames, read_results
from simulator.store import StoreCheck, open_store
from simulator.store import runs as stored_runs
from simulator.store import store as store_module
from simulator.store.runs import COLUMNS, run_key
from tests.helpers.small_runs import small_spec
from tests.helpers.synthetic_results import lively, results

RUNS = lively(4, 0.1, quarters=1)
LUCK_OF_A_PLACE = 5071325275187314688
"""A seed of a place of a nation: its luck follows from its name, its draw from the replication."""


def same(one: RunFrames, other: RunFrames | None) -> bool:
    """Whether two runs give the same results, to the last bit."""
    assert other is not None
    assert np.array_equal(one.cells, other.cells)
    assert one.parameters == other.parameters
    tidied = [results("baseline", {0: run}) for run in (one, other)]
    for name in TABLES:
        pd.testing.assert_frame_equal(*(getattr(found, name) for found in tidied), check_exact=True)
    return True


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path / "runs")


def filled(store, seeds=(0, 1, 2)):
    for seed in seeds:
        store.keep(small_spec(), seed, seed // 2, RUNS[seed])
    return store


def test_a_run_comes_back_as_it_was(store):
    filled(store)
    for seed in (0, 1, 2):
        assert same(RUNS[seed], store.find(small_spec(), seed, seed // 2))
    assert store.find(small_spec(), 3, 1) is None


def test_seed_draw_and_specification_make_the_run(store):
    filled(store)
    assert store.find(small_spec(), 0, None) is None
    assert store.find(small_spec(), 0, 1) is None
    assert store.find(small_spec("relational_offset"), 0, 0) is None
    assert store.find(small_spec(weeks=26), 0, 0) is None


def test_another_version_or_library_makes_another_run(monkeypatch):
    spec = small_spec()
    key = run_key(spec, 0, 0)
    assert key == run_key(spec, 0, 0)
    assert len(key) == 12
    record = stored_runs.run_record(spec, (), "")
    for changed in ({"model_version": "0.1.0+00000000"}, {"versions": {**record["versions"], "numpy": "2.0.0"}}):
        monkeypatch.setattr(stored_runs, "run_record", lambda *_, changed=changed: {**record, **changed})
        stored_runs._of.cache_clear()
        assert run_key(spec, 0, 0) != key
    stored_runs._of.cache_clear()


def test_a_run_kept_twice_is_one_run(store):
    filled(store, (0,))
    store.keep(small_spec(), 0, 0, RUNS[1])
    assert len(store.runs()) == 1
    assert same(RUNS[0], store.find(small_spec(), 0, 0))
    assert list((store.folder / "incoming").iterdir()) == []


def test_the_list_says_what_each_run_is(store):
    runs = filled(store).runs()
    spec = small_spec()
    assert list(runs.columns) == list(COLUMNS)
    assert list(runs["seed"]) == [0, 1, 2]
    assert list(runs["parameter_draw"]) == [0, 0, 1]
    row = runs.iloc[0]
    assert (row["scenario"], row["place"], row["residents"], row["weeks"]) == ("baseline", "frome", 2000, 13)
    assert (row["spec_hash"], row["place_hash"], row["evidence_hash"]) == (
        spec.hash,
        spec.place.hash,
        spec.evidence.hash,
    )
    tables = list((store.folder / row["folder"]).glob("*.parquet"))
    assert {path.stem for path in tables} == set(TABLES)
    assert row["bytes"] == sum(path.stat().st_size for path in tables)
    assert row["written_by"].endswith(f":{os.getpid()}")


def test_every_stored_run_is_a_folder_of_results(store):
    row = filled(store).runs().iloc[2]
    found = read_results(store.folder / row["folder"])
    assert (found.seeds, found.scenario) == ((2,), "baseline")


def test_duckdb_and_pandas_query_it(store):
    filled(store)
    admissions = [int(RUNS[seed].cells[..., NAMES.index("overnight_admissions")].sum()) for seed in (0, 1, 2)]
    files = f"{store.folder.as_posix()}/runs/*/*/cells.parquet"
    query = f"select sum(overnight_admissions) from read_parquet('{files}') where scenario = 'baseline' group by seed"
    assert [int(row[0]) for row in duckdb.sql(f"{query} order by seed").fetchall()] == admissions
    tables = [pd.read_parquet(path) for path in sorted(store.folder.glob("runs/*/*/cells.parquet"))]
    assert list(pd.concat(tables).groupby("seed")["overnight_admissions"].sum()) == admissions


def cells_of(store, position=0) -> Path:
    return store.folder / store.runs().iloc[position]["folder"] / "cells.parquet"


def test_a_damaged_file_is_named_set_aside_and_counts_as_not_held(store):
    filled(store)
    path = cells_of(store, 1)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    damaged = path.read_bytes()
    with pytest.warns(StoreWarning, match=r"cells\.parquet has changed since it was written: its hash differs"):
        assert store.find(small_spec(), 1, 0) is None
    assert list(store.runs()["seed"]) == [0, 2]
    (aside,) = (store.folder / "set_aside").iterdir()
    assert (aside / path.parent.name / "cells.parquet").read_bytes() == damaged
    assert str(path) in (aside / "why.txt").read_text(encoding="utf-8")
    store.keep(small_spec(), 1, 0, RUNS[1])
    assert same(RUNS[1], store.find(small_spec(), 1, 0))


def test_a_record_that_says_something_else_is_damage(store):
    record = cells_of(filled(store)).with_name("record.json")
    record.write_text(record.read_text(encoding="utf-8").replace('"Services as', '"Surfaces as'), encoding="utf-8")
    with pytest.warns(
        StoreWarning, match=r"record\.json has changed since it was written: its hash differs\. The run was"
    ):
        assert store.find(small_spec(), 0, 0) is None


def test_a_run_under_another_ones_name_is_damage(store):
    one, other = (cells_of(filled(store), position).parent for position in (0, 1))
    shutil.rmtree(other)
    shutil.copytree(one, other)
    with pytest.warns(
        StoreWarning, match=rf"{other.name} holds a different run from the one in its name\. The run was set aside"
    ):
        assert store.find(small_spec(), 1, 0) is None
    assert same(RUNS[0], store.find(small_spec(), 0, 0))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "is not a results folder: it has no record.json"),
        ("{", "record.json cannot be read: "),
        ('{"layout": 99}', "record.json does not have layout 3, which this version reads"),
        ('{"layout": 3}', "record.json is not a run record"),
        ('{"layout": 3, "files": {"cells.parquet": "0"}}', "cells.parquet is missing"),
    ],
)
def test_foreign_folders_are_listed_and_set_aside_by_a_check(tmp_path, content, fault):
    said = []
    store = filled(open_store(tmp_path / "runs", said.append))
    foreign = store.folder / "runs" / "elsewhere" / "000009-abc"
    foreign.mkdir(parents=True)
    (foreign / "letter.txt").write_text("dear", encoding="utf-8")
    if content is not None:
        (foreign / "record.json").write_text(content, encoding="utf-8")
    assert len(store.runs()) == 3
    (listed,) = said
    assert str(foreign) in listed
    assert listed.endswith(" Checking the store will set it aside.")
    check = store.check()
    assert (check.whole, check.swept) == (3, ())
    assert check.set_aside == (said[1],)
    assert fault in said[1]
    (aside,) = (store.folder / "set_aside").iterdir()
    assert (aside / foreign.name / "letter.txt").read_text(encoding="utf-8") == "dear"
    assert store.check() == StoreCheck(3, (), ())


def test_a_missing_file_is_damage_and_a_missing_folder_is_not_held(tmp_path):
    said = []
    store = filled(open_store(tmp_path / "runs", said.append))
    cells_of(store).unlink()
    cells_of(store, 2).parent.rename(tmp_path / "elsewhere")
    assert store.find(small_spec(), 2, 1) is None
    check = store.check()
    assert (check.whole, check.set_aside, check.swept) == (1, tuple(said), ())
    assert "cells.parquet is missing. The run was set aside in" in said[0]
    assert store.check() == StoreCheck(1, (), ())


def test_a_damaged_run_is_set_aside_once(tmp_path):
    said = []
    store, other = (open_store(tmp_path / "runs", said.append) for _ in range(2))
    filled(store, (0,))
    cells_of(store).write_bytes(b"")
    assert store.find(small_spec(), 0, 0) is None
    assert other.find(small_spec(), 0, 0) is None
    assert len(said) == 1


@pytest.mark.parametrize("meanwhile", ["set aside", "written anew"])
def test_what_another_process_has_set_aside_and_rewritten_stays(store, monkeypatch, meanwhile):
    filled(store, (0,))
    faults_of = store_module.faults_of

    def overtaken(folder):
        monkeypatch.setattr(store_module, "faults_of", faults_of)
        if meanwhile == "set aside":
            shutil.rmtree(folder)
        return ["cells.parquet was damaged"]

    monkeypatch.setattr(store_module, "faults_of", overtaken)
    found = store.find(small_spec(), 0, 0)
    assert found is None if meanwhile == "set aside" else same(RUNS[0], found)
    assert list((store.folder / "set_aside").iterdir()) == []


def test_remains_of_killed_writers_are_removed(store):
    filled(store, (0,))
    young, old = store.folder / "incoming" / "young", store.folder / "incoming" / "old"
    for folder in (young, old):
        folder.mkdir()
        (folder / "cells.parquet").write_bytes(b"half")
    os.utime(old, (0, 0))
    assert store.sweep() == (str(old),)
    assert young.exists()
    assert store.check() == StoreCheck(1, (), ())


def test_an_incomplete_run_does_not_block_its_run(tmp_path):
    said = []
    store = filled(open_store(tmp_path / "runs", said.append), (0,))
    cells_of(store).write_bytes(b"half")
    store.keep(small_spec(), 0, 0, RUNS[0])
    assert same(RUNS[0], store.find(small_spec(), 0, 0))
    assert len(said) == 1


def test_tables_say_which_draw_it_was_also_where_it_is_not_that_of_the_seed(store):
    store.keep(small_spec(), LUCK_OF_A_PLACE, 3, RUNS[1])
    (cells,) = store.folder.glob("runs/*/*/cells.parquet")
    assert set(pd.read_parquet(cells)["parameter_draw"]) == {3}
    assert set(pd.read_parquet(cells.with_name("parameters.parquet"))["parameter_draw"]) == {3}
    assert same(RUNS[1], store.find(small_spec(), LUCK_OF_A_PLACE, 3))


def test_a_store_of_the_version_before_is_opened_and_says_what_to_do(store):
    """The earlier version had a catalogue, and records without a seal and with fewer entries."""
    filled(store)
    for position in (0, 1):
        path = cells_of(store, position).with_name("record.json")
        record = json.loads(path.read_text(encoding="utf-8"))
        for name in ("seal", "parameter_draw", "bytes", "written_by"):
            del record[name]
        record["model_version"] = "0.1.0+00000000"
        path.write_text(json.dumps(record), encoding="utf-8")
        path.parent.rename(path.parent.with_name(f"00000{position}-0123456789ab"))
    (store.folder / "catalogue.sqlite").write_bytes(b"SQLite format 3")
    with pytest.warns(
        StoreWarning, match=r"created by an earlier version .* catalogue\.sqlite is no longer needed; delete"
    ):
        again = open_store(store.folder, new=False)
    runs = again.runs()
    assert list(runs["model_version"] == "0.1.0+00000000") == [True, True, False]
    assert list(runs["parameter_draw"].isna()) == [True, True, False]
    assert (runs["bytes"] > 0).all()
    assert [again.find(small_spec(), seed, seed // 2) is not None for seed in range(3)] == [False, False, True]
    assert again.check() == StoreCheck(3, (), ())


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(StoreError, match=r"holds something other than a store\. Name a new or an empty folder"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match=r"is not a store: it has no runs\. 'offset run --store"):
        open_store(tmp_path / "none", new=False)


def test_the_address_of_a_database_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match=r"is the address of a database, but a store is a folder\. Name the folder"):
        open_store("postgresql+psycopg://me@server/offset?runs=/shared/offset")
    assert list(tmp_path.iterdir()) == []
