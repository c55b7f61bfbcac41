"""The frames of a fit stored with its lens, which show more than the checks it passed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from simulator.errors import ResultsError

DIAGNOSTICS: Final = "diagnostics"
"""Subfolder of the folder of a lens."""
FRAMES: Final = (
    "parameters", "draws", "targets", "discrepancy", "emulators", "leave_one_out", "waves", "runs", "pairs",
    "conflicts", "coverage",
)  # fmt: skip
"""Stored frames of a fit; they are described at `calibration.fitting.Fit`."""


def diagnostics(folder: Path, names: tuple[str, ...] = FRAMES) -> dict[str, pd.DataFrame]:
    """Frames, by name, of the fit for all of Frome's gap, or of the only fit; frames without rows are left out.

    Raises ResultsError if the lens has no frames, or if one cannot be read.
    """
    found = {}
    for name in names:
        path = folder / DIAGNOSTICS / f"{name}.parquet"
        if not path.is_file():
            continue
        try:
            table = pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise ResultsError(f"{path} cannot be read: {error}. Fit the lens again.") from error
        whole = table["frome"] == table["frome"].max()
        found[name] = table[whole].drop(columns="frome").reset_index(drop=True)
    if not found:
        raise ResultsError(
            f"{folder} has no {DIAGNOSTICS}, so only the checks of the fit can be shown. Fit the lens again."
        )
    return found
