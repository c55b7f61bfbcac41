"""Faults of disks and databases, as errors that say what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from simulator.errors import StoreError

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
