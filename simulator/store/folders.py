"""Folders that survive a crash: forced to disk before anyone hears of them, with errors that say what to do."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from simulator.errors import StoreError

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN: Final = {errno.EACCES, errno.EPERM, errno.EROFS}
_KEPT: Final = "Every run that had finished before is kept; the same command goes on from there."


def new_folder(parent: Path, stem: str = "") -> Path:
    """An empty folder of a name that nobody else has."""
    folder = parent / f"{stem}{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def put_in_place(new: Path, place: Path) -> bool:
    """Force a folder to disk and rename it into its place, for good; False if another is there, which stays.

    A crash at any moment leaves the whole folder in its place, or none.
    """
    for path in sorted(new.iterdir()):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    force_names_to_disk(new)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        new.rename(place)
    except OSError:
        if not place.is_dir():
            raise
        return False
    for parent in (place.parent, place.parent.parent):
        force_names_to_disk(parent)
    return True


def force_names_to_disk(folder: Path) -> None:
    """Force the names in a folder out of memory. Windows does so by itself, and cannot be asked."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def store_errors(store: str, doing: str) -> Iterator[None]:
    """Turn an error of the operating system into a StoreError about this store."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"the store {store} could not be {doing}: {_advice(error)}") from error


def _advice(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return f"there is no room on the disk{where}. Make room or name another folder. {_KEPT}"
    if error.errno in _FORBIDDEN:
        return f"that is not allowed{where}. Ask for the right to read and write, or name another folder. {_KEPT}"
    return f"{error}."
