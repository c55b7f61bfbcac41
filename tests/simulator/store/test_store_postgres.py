"""The catalogue in a real PostgreSQL. docs/store.md says how to start one; then ``python -m pytest -m postgres``."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from simulator.store import open_store
from tests.helpers.small_runs import small_spec
from tests.simulator.store.test_store import same
from tests.simulator.store.test_store_killed import said_by, writer
from tests.simulator.store.writers import RUNS

pytestmark = pytest.mark.postgres


@pytest.fixture
def address(tmp_path):
    """The store's address in an empty schema of the database that OFFSET_POSTGRES names."""
    server = os.environ.get("OFFSET_POSTGRES")
    assert server, "set OFFSET_POSTGRES to an address such as postgresql+psycopg://me@localhost:5432/offset"
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.execute(sa.text("drop schema if exists offset_test cascade"))
        connection.execute(sa.text("create schema offset_test"))
    yield f"{server}?options=-csearch_path%3Doffset_test&runs={(tmp_path / 'runs').as_posix()}"
    with engine.begin() as connection:
        connection.execute(sa.text("drop schema offset_test cascade"))
    engine.dispose()


def test_a_team_shares_a_store(address):
    for process in [writer("keep", address, 0, 5), writer("keep", address, 2, 7)]:
        said_by(process)
    with open_store(address) as store:
        assert list(store.runs()["seed"]) == list(range(8))
        assert all(same(RUNS[seed], store.find(small_spec(), seed, seed // 2)) for seed in range(8))
        orphan = store.folder / "runs" / small_spec().hash / "000009-abc"
        orphan.mkdir()
        assert store.check() == (8, (), (str(orphan),))


def test_a_damaged_file_is_set_aside_once(address):
    told = []
    with open_store(address, told.append) as store, open_store(address, told.append) as other:
        store.keep(small_spec(), 0, 0, RUNS[0])
        (store.folder / store.runs().iloc[0]["folder"] / "cells.parquet").write_bytes(b"")
        assert store.find(small_spec(), 0, 0) is None
        assert other.find(small_spec(), 0, 0) is None
    assert len(told) == 1
