"""Folders that survive a crash: forced to disk before anyone is told of them, and checked when they are read."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from simulator.errors import StoreError
from simulator.results.folder import hash_of


def new_folder(parent: Path) -> Path:
    """An empty folder of a name that nobody else has."""
    folder = parent / uuid.uuid4().hex
    folder.mkdir(parents=True)
    return folder


def force_to_disk(folder: Path) -> None:
    """Force a folder's files, and the list of them, out of memory; a crash cannot undo them from here on."""
    for path in sorted(folder.iterdir()):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    force_names_to_disk(folder)


def force_names_to_disk(folder: Path) -> None:
    """Force the names in a folder out of memory. Windows does so by itself, and cannot be asked."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def put_in_place(new: Path, place: Path) -> None:
    """Rename a folder that is on disk into its place, for good."""
    place.parent.mkdir(parents=True, exist_ok=True)
    new.rename(place)
    for parent in (place.parent, place.parent.parent):
        force_names_to_disk(parent)


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a folder, by name."""
    return {path.name: hash_of(path) for path in sorted(folder.iterdir())}


def faults_of(folder: Path, hashes: Mapping[str, str]) -> list[str]:
    """What is wrong with a folder that should hold files of these hashes: clauses that name each file."""
    if not folder.is_dir():
        return [f"{folder} is missing"]
    faults = []
    for name, wanted in hashes.items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{path} is missing")
        elif hash_of(path) != wanted:
            faults.append(f"{path} is not the file that was written: its hash differs from the catalogue's")
    return faults


def size_of(folder: Path) -> int:
    """Bytes of a folder's files."""
    return sum(path.stat().st_size for path in folder.iterdir())


# Faults of disks and databases, as errors that say what to do.


_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN: Final = {errno.EACCES, errno.EPERM, errno.EROFS}
_KEPT: Final = "Every run that had finished before is kept; the same command goes on from there."


@contextmanager
def told(store: str, doing: str) -> Iterator[None]:
    """Turn an error of the operating system or the database into a StoreError about this store."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"the store {store} could not be {doing}: {_advice(error)}") from error
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StoreError(f"the catalogue of the store {store} could not be {doing}: {cause}.") from error


def _advice(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return f"there is no room on the disk{where}. Make room or name another folder. {_KEPT}"
    if error.errno in _FORBIDDEN:
        return f"that is not allowed{where}. Ask for the right to read and write, or name another folder. {_KEPT}"
    return f"{error}."
