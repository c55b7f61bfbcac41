"""Folders that survive a crash: forced to disk before they are renamed into place."""

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
_KEPT: Final = "Every run that had finished is kept; run the same command again to continue."


def new_folder(parent: Path, stem: str = "") -> Path:
    """An empty folder with a unique name."""
    folder = parent / f"{stem}{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def put_in_place(new: Path, place: Path) -> bool:
    """Force a folder to disk and rename it into its place; False if a folder is already there, which is kept.

    A crash at any moment leaves the complete folder in its place, or none.
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
    """Force the names in a folder to disk; Windows does so by itself and offers no call."""
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
        raise StoreError(f"The store {store} could not be {doing}: {_advice(error)}") from error


def _advice(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return f"the disk is full{where}. Free some space, or name another folder. {_KEPT}"
    if error.errno in _FORBIDDEN:
        return f"permission was denied{where}. Ask for permission to read and write, or name another folder. {_KEPT}"
    return f"{error}."
