"""Writing results where the user asked, or elsewhere if that fails after everything has been run."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable
from pathlib import Path

from dashboard.command_line.output import warn


def refuse_unwritable(out: Path | None) -> None:
    """Raise ResultsError, before anything runs, if ``out`` may not be replaced or cannot be written."""
    from simulator.results.folder import refuse_foreign_folder

    if out is not None:
        refuse_foreign_folder(out)
        refuse_unwritable_file(out)


def refuse_unwritable_file(out: Path) -> None:
    """Raise ResultsError, before anything runs, if there is no folder for ``out`` or nothing can be written there."""
    from simulator.errors import ResultsError

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent):
            pass
    except OSError as error:
        raise ResultsError(f"{cannot_write(error, out)} Nothing was run.") from None


def refuse_unwritable_dashboard(folder: Path | None) -> None:
    """Raise ResultsError, before anything runs, if nothing can be written into a dashboard's folder."""
    if folder is not None:
        refuse_unwritable_file(folder / "runs")


def keep(write: Callable[[Path], object], out: Path) -> Path:
    """Write results into ``out``; if that fails, into a new temporary folder, and say so. Returns the folder."""
    try:
        write(out)
    except OSError as error:
        elsewhere = Path(tempfile.mkdtemp(prefix="offset-")) / out.name
        write(elsewhere)
        warn(f"{cannot_write(error, out)} The results were written to {elsewhere} instead.")
        return elsewhere
    return out


def cannot_write(error: OSError, out: Path | None = None) -> str:
    """Why something cannot be read or written, and what would help, in two sentences."""
    what = out or error.filename or "A file"
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"{what} cannot be written: the disk is full. Free some space, or name another folder."
    return f"{what} cannot be used: {(error.strerror or str(error)).lower()}. Name another folder."
