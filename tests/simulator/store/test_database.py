"""A shared SQLite file: changes are sequential and atomic, and survive their process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from simulator.errors import StoreError
from tests.simulator.store.counting import count, opened

ROOT = Path(__file__).parents[3]
COUNTING = """
import sys
from pathlib import Path
from types import ModuleType

store = sys.modules["simulator.store"] = ModuleType("simulator.store")
store.__path__ = ["simulator/store"]  # the rest of the room takes over a second to import
from tests.simulator.store.counting import count, opened

with opened(Path(sys.argv[1])) as database:
    print("begun", flush=True)
    for _ in range(50):
        count(database)
"""


def spoil(database, statement):
    with database.change() as change:
        change.execute("update counts set number = 99")
        change.execute(statement)


def counted(database):
    return [tuple(row) for row in database.read("select * from counts")]


def test_changes_of_threads_and_processes_follow_each_other(tmp_path):
    path = tmp_path / "made" / "counts.sqlite"
    process = subprocess.Popen([sys.executable, "-c", COUNTING, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with process, opened(path) as database:
        assert process.stdout.readline() == "begun\n"
        threads = [threading.Thread(target=count, args=(database,)) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert process.wait(timeout=300) == 0
        assert counted(database) == [("all", 50 + 12)]


def test_a_change_that_fails_changes_nothing(tmp_path):
    with opened(tmp_path / "counts.sqlite") as database:
        count(database)
        with pytest.raises(StoreError, match=r"the counts in .*counts\.sqlite cannot be written: .*Move it away\."):
            spoil(database, "update counts set number = null")
        with pytest.raises(TypeError):
            spoil(database, 1)
        assert counted(database) == [("all", 1)]
        assert database.first("select * from counts where number = 99") is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows neither fork nor SIGKILL")
def test_a_process_killed_during_a_change_leaves_the_old_state(tmp_path):
    path = tmp_path / "counts.sqlite"
    with opened(path) as database:
        count(database)
    child = os.fork()
    if child == 0:
        with opened(path) as database, database.change() as change:
            change.execute("update counts set number = 99")
            os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    with opened(path) as database:
        assert counted(database) == [("all", 1)]
        count(database)
        assert counted(database) == [("all", 2)]


def test_an_in_memory_database_lasts_until_it_is_closed():
    with opened(None) as database:
        count(database)
        assert counted(database) == [("all", 1)]
    with pytest.raises(StoreError, match=r"the counts in memory cannot be read: .*Move it away\."):
        counted(database)


def test_an_unusable_file_is_reported_with_a_remedy(tmp_path):
    path = tmp_path / "counts.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table counts (name text primary key, amount integer not null)")
    with pytest.raises(
        StoreError,
        match=r"the counts in .*counts\.sqlite were written by another version of the simulator\. Move it away\.",
    ):
        opened(path)
    path.write_bytes(b"a letter, long enough to be taken for a database" * 30)
    with pytest.raises(StoreError, match=r"counts\.sqlite cannot be opened: file is not a database\. Move it away\."):
        opened(path)
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"counts\.sqlite cannot be opened: .*Move it away\."):
        opened(tmp_path / "file" / "counts.sqlite")
