"""The store: a run is kept whole or not at all, found again as it was, and never silently lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from simulator.errors import StoreError, StoreWarning
from simulator.foundations.measures import NAMES
from simulator.results.results import TABLES, RunFrames, read_results
from simulator.store import Check, open_store
from simulator.store import rows as keys
from simulator.store.rows import run_key
from tests.helpers.made_up import lively, results
from tests.helpers.small_runs import small_spec

RUNS = lively(4, 0.1, quarters=1)
LUCK_OF_A_PLACE = 5071325275187314688
"""A seed of a place of a nation: its luck follows from its name, its draw from the replication."""


def same(one: RunFrames, other: RunFrames | None) -> bool:
    """Whether two runs give the same results, to the last bit."""
    assert other is not None
    assert np.array_equal(one.cells, other.cells)
    assert one.parameters == other.parameters
    for name in TABLES:
        tables = (getattr(results("baseline", {0: run}), name) for run in (one, other))
        pd.testing.assert_frame_equal(*tables, check_exact=True)
    return True


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "runs") as opened:
        yield opened


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
    assert len(key) == 32
    record = keys.run_record(spec, (), "")
    for changed in ({"model_version": "0.1.0+00000000"}, {"versions": {**record["versions"], "numpy": "2.0.0"}}):
        monkeypatch.setattr(keys, "run_record", lambda *_, changed=changed: {**record, **changed})
        keys._of.cache_clear()
        assert run_key(spec, 0, 0) != key
    keys._of.cache_clear()


def test_a_run_kept_twice_is_one_run(store):
    filled(store, (0,))
    store.keep(small_spec(), 0, 0, RUNS[1])
    assert len(store.runs()) == 1
    assert same(RUNS[0], store.find(small_spec(), 0, 0))
    assert list((store.folder / "incoming").iterdir()) == []


def test_the_catalogue_says_what_each_run_is(store):
    runs = filled(store).runs()
    spec = small_spec()
    assert list(runs["seed"]) == [0, 1, 2]
    assert list(runs["parameter_draw"]) == [0, 0, 1]
    row = runs.iloc[0]
    assert (row["scenario"], row["place"], row["residents"], row["weeks"]) == ("baseline", "frome", 2000, 13)
    assert (row["spec_hash"], row["place_hash"], row["evidence_hash"]) == (
        spec.hash,
        spec.place.hash,
        spec.evidence.hash,
    )
    files = json.loads(row["files"])
    assert set(files) >= {"cells.parquet", "ledger.parquet", "programmes.parquet", "parameters.parquet", "record.json"}
    assert row["bytes"] == sum((store.folder / row["folder"] / name).stat().st_size for name in files)


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
    with pytest.warns(StoreWarning, match=r"cells\.parquet is not the file that was written: its hash differs"):
        assert store.find(small_spec(), 1, 0) is None
    assert list(store.runs()["seed"]) == [0, 2]
    (aside,) = (store.folder / "set_aside").iterdir()
    assert (aside / path.parent.name / "cells.parquet").read_bytes() == damaged
    assert str(path) in (aside / "why.txt").read_text(encoding="utf-8")
    store.keep(small_spec(), 1, 0, RUNS[1])
    assert same(RUNS[1], store.find(small_spec(), 1, 0))


def test_a_missing_file_and_a_missing_folder_are_damage(tmp_path):
    told = []
    with open_store(tmp_path / "runs", told.append) as store:
        filled(store)
        cells_of(store).unlink()
        gone = cells_of(store, 2).parent
        gone.rename(tmp_path / "elsewhere")
        check = store.check()
        assert (check.whole, check.set_aside, check.swept) == (1, tuple(told), ())
        assert "cells.parquet is missing. The run is set aside in" in told[0]
        assert told[1].startswith(f"{gone} is missing. The run is set aside in")
        assert store.check() == Check(1, (), ())


def test_what_killed_writers_left_is_swept(store):
    filled(store, (0,))
    orphan = store.folder / "runs" / small_spec().hash / "000009-abc"
    young, old = store.folder / "incoming" / "young", store.folder / "incoming" / "old"
    for folder in (orphan, young, old):
        folder.mkdir()
        (folder / "cells.parquet").write_bytes(b"half")
    os.utime(old, (0, 0))
    assert store.sweep() == (str(old), str(orphan))
    assert young.exists()
    assert store.check().whole == 1


def test_tables_say_which_draw_it_was_also_where_it_is_not_that_of_the_seed(store):
    store.keep(small_spec(), LUCK_OF_A_PLACE, 3, RUNS[1])
    (cells,) = store.folder.glob("runs/*/*/cells.parquet")
    assert set(pd.read_parquet(cells)["parameter_draw"]) == {3}
    assert set(pd.read_parquet(cells.with_name("parameters.parquet"))["parameter_draw"]) == {3}
    assert same(RUNS[1], store.find(small_spec(), LUCK_OF_A_PLACE, 3))


@pytest.mark.parametrize("lost", ["deleted", "emptied"])
def test_whole_runs_of_a_lost_catalogue_are_entered_again_and_cut_ones_are_swept(tmp_path, lost):
    said = []
    with open_store(tmp_path / "runs") as store:
        filled(store)
        store.keep(small_spec(), 3, None, RUNS[3])  # central values
        store.keep(small_spec(), LUCK_OF_A_PLACE, 0, RUNS[0])
        before = store.runs().drop(columns=["written", "written_by"])
        cut = cells_of(store, 1)
        cut.write_bytes(cut.read_bytes()[:-1])
    catalogue = store.folder / "catalogue.sqlite"
    catalogue.unlink() if lost == "deleted" else catalogue.write_bytes(b"")
    with open_store(store.folder, said.append, new=False) as again:
        assert said == [f"Whole runs of the store {store.folder} that its catalogue lacked, entered now: 4."]
        after = again.runs().drop(columns=["written", "written_by"])
        pd.testing.assert_frame_equal(after, before[before["seed"] != 1].reset_index(drop=True))
        assert same(RUNS[2], again.find(small_spec(), 2, 1))
        assert same(RUNS[3], again.find(small_spec(), 3, None))
        assert same(RUNS[0], again.find(small_spec(), LUCK_OF_A_PLACE, 0))
        assert again.check() == Check(4, (), (str(cut.parent),))
        assert len(said) == 1


def test_a_whole_run_that_the_catalogue_lacks_is_entered_and_not_swept(store):
    filled(store)
    with store._catalogue.turn() as turn:
        turn.execute(sa.text("delete from runs where seed = 2"))
    with pytest.warns(StoreWarning, match=r"that its catalogue lacked, entered now: 1\."):
        assert store.sweep(small_spec().hash) == ()
    assert list(store.runs()["seed"]) == [0, 1, 2]


def test_an_orphan_does_not_hinder_its_run(store):
    filled(store, (0,))
    place = store.folder / store.runs().iloc[0]["folder"]
    (place / "cells.parquet").write_bytes(b"half")
    with store._catalogue.turn() as turn:
        turn.execute(sa.text("delete from runs"))
    store.keep(small_spec(), 0, 0, RUNS[0])
    assert same(RUNS[0], store.find(small_spec(), 0, 0))


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(StoreError, match=r"holds something other than a store\. Name a new or an empty folder"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match=r"is not a store: it has no catalogue\. 'offset run --store"):
        open_store(tmp_path / "none", new=False)


def test_a_store_of_another_layout_is_refused(tmp_path):
    with open_store(tmp_path / "runs") as store, store._catalogue.turn() as turn:
        turn.execute(sa.text("update store set layout = 99"))
    with pytest.raises(StoreError, match=r"is a store of layout 99; this version of the simulator reads layout 1"):
        open_store(tmp_path / "runs")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("sqlite:///catalogue.sqlite", r"does not say where the runs are to be kept\. Add the folder that all share"),
        ("no such thing://x", r"is no address of a database: .* Write postgresql\+psycopg://user@server/database"),
        ("nosuchdatabase://me@server/x?runs=y", r"is no address of a database: "),
    ],
)
def test_an_address_that_is_none_is_told(address, message):
    with pytest.raises(StoreError, match=message):
        open_store(address)


def test_a_database_without_its_driver_says_what_to_install(tmp_path):
    with pytest.raises(StoreError, match=r"needs the package pymysql, which is not installed"):
        open_store(f"mysql+pymysql://me@server/x?runs={tmp_path}")


def test_any_address_will_do_and_a_password_is_not_shown(tmp_path):
    folder = tmp_path / "shared"
    address = f"sqlite:///{(tmp_path / 'team.sqlite').as_posix()}?runs={folder.as_posix()}"
    with open_store(address) as store:
        filled(store, (0,))
    with open_store(address) as again:
        assert same(RUNS[0], again.find(small_spec(), 0, 0))
    assert (tmp_path / "team.sqlite").exists()
    assert cells_of(again).is_relative_to(folder)


def test_a_database_that_does_not_answer_is_told(tmp_path):
    address = f"sqlite:///{(tmp_path / 'no' / 'such' / 'folder.sqlite').as_posix()}?runs={(tmp_path / 'r').as_posix()}"
    with pytest.raises(StoreError, match=r"the catalogue of the store .* could not be opened: unable to open database"):
        open_store(address)
