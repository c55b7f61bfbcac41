"""Emulators of the differences between paired runs, over the parameters with a detectable effect."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from calibration.fitting import Parameter
from calibration.fitting.emulation import NOISE, emulate_all, noise_between_seeds
from calibration.fitting.priors import Z_HIGH
from calibration.fitting.problem import Floats
from calibration.fitting.simulating import Runs
from calibration.sensitivity.comparison_draws import ComparisonDraws
from calibration.sensitivity.indices import OutputEmulators
from calibration.sensitivity.pairs import COLUMNS, Seeds
from calibration.sensitivity.screening import detectable_share, select_parameters
from simulator.comparison.paired_statistics import components_of_variance
from simulator.results.results import parameter_draw_of

EMULATORS: Final = (
    "column", "parameters", "explained", "stochastic_share", "detectable_share", "z_rms", "draws", "pairs",
)  # fmt: skip


class _Asked(NamedTuple):
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]


class DifferenceEmulators(NamedTuple):
    """Emulators, and their accuracy.

    ``moved_by``: by column, the paths with a detectable effect, strongest first. ``table``: one row per column with
    `EMULATORS`: parameters (number with a detectable effect), explained (share of the pairs' variance, leave-one-out),
    stochastic_share (of that variance), detectable_share (of that variance that a single parameter must explain to be
    detected), z_rms (of the predictions), draws and pairs run.
    """

    emulators: OutputEmulators
    moved_by: dict[str, list[str]]
    table: pd.DataFrame


def emulate_differences(drawn: ComparisonDraws, pairs: pd.DataFrame, seeds: Seeds) -> DifferenceEmulators | None:
    """Emulators of `COLUMNS` from pairs of runs; None if no parameter has a detectable effect on any of them.

    Inputs are normal scores, so that parameters of any distribution, prior or fitted, are treated the same.
    """
    scores, paths = drawn.scores, list(drawn.values.columns)
    by_draw = pairs.groupby("draw")[list(COLUMNS)].mean()
    at = scores[by_draw.index.to_numpy()]
    moved_by = {
        column: [paths[place] for place in select_parameters(at, by_draw[column].to_numpy(np.float64))]
        for column in COLUMNS
    }
    kept = sorted({path for found in moved_by.values() for path in found}, key=paths.index)
    if not kept:
        return None
    asked = _Asked(tuple(Parameter(path, "normal", 0.0, -Z_HIGH, Z_HIGH) for path in kept), COLUMNS)
    chosen = scores[:, [paths.index(path) for path in kept]]
    twice, once = (_runs(name, pairs, chosen, some) for name, some in ((NOISE, seeds.twice), ("design", seeds.once)))
    with threadpool_limits(1):  # small matrices: several threads would be slower
        emulated = emulate_all(asked, [twice, once], noise_between_seeds(twice, 2))
    rows, sizes = [], (len(by_draw), len(pairs))
    for row in emulated.table.to_dict("records"):
        column = str(row["column"])
        stochastic = components_of_variance(
            pairs[column].to_numpy(np.float64), pairs["draw"].to_numpy(np.int64)
        ).stochastic_share
        least = detectable_share(len(by_draw), len(paths))
        if not row["explained"] > 0.0:  # no better than the mean: the detected effects were spurious
            moved_by[column] = []
        rows.append((column, len(moved_by[column]), row["explained"], stochastic, least, row["z_rms"], *sizes))
    return DifferenceEmulators(OutputEmulators(*asked, emulated), moved_by, pd.DataFrame(rows, columns=list(EMULATORS)))


def scores_of(drawn: ComparisonDraws, emulators: OutputEmulators) -> Floats:
    """Normal scores of the emulated parameters in every draw, shape (draws, parameters)."""
    paths = list(drawn.values.columns)
    return drawn.scores[:, [paths.index(name) for name in emulators.names]]


def _runs(name: str, pairs: pd.DataFrame, scores: Floats, seeds: tuple[int, ...]) -> Runs:
    rows = pairs.set_index("seed")[list(COLUMNS)].reindex(list(seeds)).to_numpy(np.float64)
    at = scores[[parameter_draw_of(seed) for seed in seeds]]
    return Runs(name, at, seeds, rows, ("",) * len(seeds))
