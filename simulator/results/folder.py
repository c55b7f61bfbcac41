"""A folder of results on disk: Parquet tables and one run record that holds the hash of each.

A folder is written whole or not at all: everything goes to a temporary neighbour first, which takes the folder's name
only when it is complete.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from simulator.errors import ResultsError

RECORD: Final = "record.json"
LAYOUT: Final = 3
"""Version of the folder's layout; a folder of another layout is refused, never guessed at."""
_HASHES: Final = "files"
_LAYOUT: Final = "layout"


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any]) -> None:
    """Write ``<table>.parquet`` for each table, and ``record.json`` with their SHA-256 hashes, as one step.

    Raises ResultsError as `write_folder` does.
    """

    def fill(new: Path) -> None:
        fill_tables(new, tables, record)

    write_folder(folder, fill)


def fill_tables(folder: Path, tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any]) -> None:
    """Write the tables and their record into a folder that exists and is nobody else's yet."""
    hashes = {}
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        table.to_parquet(path, engine="pyarrow", index=False)
        hashes[path.name] = hash_of(path)
    content = {**record, _LAYOUT: LAYOUT, _HASHES: hashes}
    (folder / RECORD).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Create or replace ``folder`` by what ``fill`` writes into the empty folder it is given.

    If ``fill`` fails, ``folder`` is what it was. Raises ResultsError if ``folder`` holds something that is not
    results: only a folder of results is ever replaced.
    """
    refuse_foreign_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        new = workshop / "new"
        new.mkdir()
        fill(new)
        if folder.exists():
            folder.rename(workshop / "old")
        new.rename(folder)
    except OSError:
        old = workshop / "old"
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def refuse_foreign_folder(folder: Path) -> None:
    """Raise ResultsError if ``folder`` is a file, or holds something that this simulator did not write."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ResultsError(f"{folder} is a file. Results are written to a folder; name another.")
    empty = not any(folder.iterdir())
    if not empty and not (folder / RECORD).exists():
        raise ResultsError(
            f"{folder} holds something other than results, so nothing was written. Name a new or an empty folder."
        )


def read_record(folder: Path) -> dict[str, Any]:
    """The run record of a folder of results.

    Raises ResultsError if there is none, if it cannot be read, or if it is of another layout.
    """
    path = folder / RECORD
    if not path.is_file():
        raise ResultsError(f"{folder} is not a folder of results: it has no {RECORD}.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ResultsError(f"{path} cannot be read: {error}.") from error
    if not isinstance(record, dict) or record.get(_LAYOUT) != LAYOUT:
        raise ResultsError(f"{path} is not of layout {LAYOUT}, which this version reads. Run the scenario again.")
    return record


def read_tables(folder: Path, names: tuple[str, ...]) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The tables of a folder of results by name, and its run record.

    Raises ResultsError as `read_record` does, and if a table is missing or is not what was written.
    """
    from pyarrow import BufferReader
    from pyarrow.parquet import ParquetFile

    record = read_record(folder)
    hashes = record.pop(_HASHES, {})
    record.pop(_LAYOUT)
    tables = {}
    for name in names:
        path = folder / f"{name}.parquet"
        if not path.is_file():
            raise ResultsError(f"{path} is missing. Run the scenario again.")
        raw = path.read_bytes()
        if hashes.get(path.name) != hashlib.sha256(raw).hexdigest():
            raise ResultsError(f"{path} is not the file that was written: its hash differs from the one in {RECORD}.")
        # As `pandas.read_parquet`, in half the time: one small file needs neither a data set nor threads.
        tables[name] = ParquetFile(BufferReader(raw)).read(use_threads=False).to_pandas(use_threads=False)
    return tables, record


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
