"""The frames of a fit that lie beside its lens, for whoever wants to see more than which checks were passed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from simulator.errors import ResultsError

DIAGNOSTICS: Final = "diagnostics"
"""The folder within that of a lens."""
FRAMES: Final = (
    "parameters", "draws", "targets", "discrepancy", "emulators", "leave_one_out", "waves", "runs", "pairs",
    "conflicts", "coverage",
)  # fmt: skip
"""Frames of a fit that are kept; `calibration.fitting.Fit` says what is in them."""


def diagnostics(folder: Path, names: tuple[str, ...] = FRAMES) -> dict[str, pd.DataFrame]:
    """Some frames of the fit for all of Frome's gap, or of the only fit, by name; one that had no rows is left out.

    Raises ResultsError if no frame lies beside the lens, or if one cannot be read.
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
            f"{folder} has no {DIAGNOSTICS}, so that no more can be said of the fit than its checks. Fit it again."
        )
    return found
