"""What one scenario's runs came to: the mean and the middle 80 % of the runs, by outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from simulator.arms import arm_of, described, values
from simulator.errors import IncompleteEnsembleError
from simulator.likeness import lost_runs
from simulator.outcomes import OUTCOMES, Basis
from simulator.paired import INTERVAL, decimals_for, monte_carlo_error, percentile, rounded
from simulator.results import Results, parameter_draw_of

COLUMNS: Final = ("measure", "label", "unit", "mean", "low", "high", "monte_carlo_error", "runs")


def levels(results: Results, basis: Basis = "year", measures: Sequence[str] = tuple(OUTCOMES)) -> pd.DataFrame:
    """One row a measure with `COLUMNS`, rounded by the Monte Carlo error of the mean, over the runs that finished.

    Raises IncompleteEnsembleError if none did.
    """
    seeds = results.finished
    if not seeds:
        raise IncompleteEnsembleError(f"No run finished. {lost_runs(results)}")
    arm = arm_of(results, seeds)
    drawn = results.record["parameters"] == "drawn"
    draws = np.array([parameter_draw_of(seed) if drawn else 0 for seed in seeds], np.int64)
    rows = []
    for measure in measures:
        words, found = described(measure, basis), values(arm, measure, (), basis)
        mean, error = float(found.mean()), monte_carlo_error(found, draws)
        places = decimals_for(error, mean)
        low, high = (rounded(percentile(found, share), places) for share in INTERVAL)
        shown_error = rounded(error, 1 + decimals_for(error, error))
        rows.append((words.measure, words.label, words.unit, rounded(mean, places), low, high, shown_error, len(seeds)))
    return pd.DataFrame(rows, columns=list(COLUMNS))
