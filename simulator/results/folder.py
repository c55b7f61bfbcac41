"""Results folders: Parquet tables and a run record with the hash of each table.

A folder is written completely or not at all: everything goes to a temporary folder next to it, which is renamed once it
is complete.
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
"""Version of the folder's layout; folders of another layout are refused."""
_HASHES: Final = "files"
_LAYOUT: Final = "layout"


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any]) -> None:
    """Write ``<table>.parquet`` for each table, and ``record.json`` with their SHA-256 hashes, in one step.

    Raises ResultsError as `write_folder` does.
    """

    def fill(new: Path) -> None:
        fill_tables(new, tables, record)

    write_folder(folder, fill)


def fill_tables(folder: Path, tables: Mapping[str, pd.DataFrame], record: Mapping[str, Any]) -> None:
    """Write the tables and their record into an existing folder that no other process uses yet."""
    hashes = {}
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        table.to_parquet(path, engine="pyarrow", index=False)
        hashes[path.name] = hash_of(path)
    content = {**record, _LAYOUT: LAYOUT, _HASHES: hashes}
    (folder / RECORD).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_folder(folder: Path, fill: Callable[[Path], None]) -> None:
    """Create or replace ``folder`` with the files that ``fill`` writes into an empty folder.

    If ``fill`` fails, ``folder`` is unchanged. Raises ResultsError if ``folder`` holds something other than results:
    only a results folder is ever replaced.
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
        raise ResultsError(f"{folder} is a file, but results are written to a folder. Name a folder.")
    empty = not any(folder.iterdir())
    if not empty and not (folder / RECORD).exists():
        raise ResultsError(
            f"{folder} holds something other than results, so nothing was written. Name a new or an empty folder."
        )


def read_record(folder: Path) -> dict[str, Any]:
    """The run record of a results folder.

    Raises ResultsError if it is missing, cannot be read, or has another layout.
    """
    path = folder / RECORD
    if not path.is_file():
        raise ResultsError(f"{folder} is not a results folder: it has no {RECORD}.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ResultsError(f"{path} cannot be read: {error}.") from error
    if not isinstance(record, dict) or record.get(_LAYOUT) != LAYOUT:
        raise ResultsError(f"{path} does not have layout {LAYOUT}, which this version reads. Run the scenario again.")
    return record


def read_tables(folder: Path, names: tuple[str, ...]) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """The tables of a results folder by name, and its run record.

    Raises ResultsError as `read_record` does, and if a table is missing or has changed since it was written.
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
            raise ResultsError(
                f"{path} has changed since it was written: its hash differs from the one in {RECORD}. Run the scenario "
                "again, or restore the file."
            )
        # As `pandas.read_parquet`, in half the time: one small file needs neither a data set nor threads.
        tables[name] = ParquetFile(BufferReader(raw)).read(use_threads=False).to_pandas(use_threads=False)
    return tables, record


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
