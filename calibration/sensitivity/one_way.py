"""One-way changes: a parameter moved from the low to the high end of its range, emulated and simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from calibration.fitting.priors import Priors
from calibration.fitting.problem import Floats
from calibration.sensitivity.comparison_draws import ComparisonDraws, table_at
from calibration.sensitivity.emulators import DifferenceEmulators, scores_of
from calibration.sensitivity.pairs import RunSettings, Seeds, paired
from simulator.api import run_comparable
from simulator.comparison.paired_statistics import INTERVAL
from simulator.evidence import Change
from simulator.experiments.structural_variants import with_value_fixed
from simulator.foundations.categories import LISTS
from simulator.results.results import parameter_draw_of
from simulator.specification.spec import Spec

ENDS: Final = (-1.281552, 1.281552)
"""Normal scores of the ends of the central 80 % of a parameter."""
CHECKS: Final = 12
"""Pairs of runs at either end of a parameter that is checked with the simulator."""
SURE: Final = 2.0
"""Standard errors beyond which a difference is not attributed to chance."""
CONFIRMED, INCONCLUSIVE, CONTRADICTED = "confirmed", "inconclusive", "contradicted"
CHECK: Final = ("column", "path", "emulated", "emulated_error", "simulated", "simulated_error", "verdict", "pairs")


class Swing(NamedTuple):
    """Effect of moving a parameter from its 10th to its 90th percentile: mean and middle 80 % over the others."""

    swing: float
    low: float
    high: float


def swing_of(emulation: DifferenceEmulators, scores: Floats, column: str, path: str) -> Swing:
    """The emulated swing; ``scores`` (draws, parameters) set the other parameters."""
    place = emulation.emulators.names.index(path)
    low, high = (emulation.emulators.expected(column, _with(scores, place, end)) for end in ENDS)
    change = high - low
    ends = (float(np.quantile(change, share)) for share in INTERVAL)
    return Swing(float(change.mean()), *ends)


def checked(
    emulation: DifferenceEmulators,
    drawn: ComparisonDraws,
    pair: tuple[Spec, Spec],
    wanted: Sequence[tuple[str, str]],
    seeds: Seeds,
    how: RunSettings,
) -> pd.DataFrame:
    """Check emulated one-way changes with the simulator, on seeds not used for the emulators; rows with `CHECK`.

    ``wanted`` are columns and paths. All other parameters are as drawn for the seeds, the same at both ends.
    """
    some = seeds.fresh[:CHECKS]
    paths = list(dict.fromkeys(path for _, path in wanted))
    specs = [moved(spec, drawn, path, _nearest(drawn, path, end)) for path in paths for end in ENDS for spec in pair]
    arms = run_comparable(specs, some, *how)
    tables = [paired(arms[first : first + 2]).pairs for first in range(0, len(arms), 2)]
    paired_runs = {path: tables[2 * place : 2 * place + 2] for place, path in enumerate(paths)}
    rows = [
        (column, path, *_compared(emulation, scores_of(drawn, emulation.emulators), column, path, paired_runs[path]))
        for column, path in wanted
    ]
    return pd.DataFrame(rows, columns=list(CHECK))


def moved(spec: Spec, drawn: ComparisonDraws, path: str, draw: int) -> Spec:
    """The specification with one parameter fixed at its value in a draw; unchanged if its scenario sets that value."""
    value = drawn.of[path]
    if value.by is None:
        return spec.read_through(with_value_fixed(spec.applied_lens, path, float(drawn.values[path].iloc[draw])))
    if path in spec.scenario.changes:
        return spec
    numbers = dict(zip(LISTS[value.by], table_at(spec, path, draw), strict=True))
    change = Change(numbers, "Fixed at an end of its range", value.file, value.line)
    evidence = spec.evidence.with_changes({path: change})
    return replace(spec, evidence=evidence, applied_lens=spec.applied_lens.without((path,)))


def _compared(
    emulation: DifferenceEmulators, scores: Floats, column: str, path: str, ends: Sequence[pd.DataFrame]
) -> tuple[float, float, float, float, str, int]:
    low, high = (table.set_index("seed")[column] for table in ends)
    change = (high - low).dropna()
    at = scores[[parameter_draw_of(int(seed)) for seed in change.index]]
    simulated, error = float(change.mean()), float(change.std(ddof=1) / np.sqrt(len(change)))
    mean, own = _emulated_change(emulation, at, column, path)
    return mean, own, simulated, error, verdict(mean, own, simulated, error), len(change)


def verdict(emulated: float, own: float, simulated: float, error: float) -> str:
    """Whether the simulator confirms an emulated change, given the standard errors of both.

    >>> verdict(10.0, 3.0, 8.0, 2.0), verdict(10.0, 3.0, 3.0, 2.0), verdict(10.0, 1.0, -8.0, 2.0)
    ('confirmed', 'inconclusive', 'contradicted')
    """
    if abs(simulated - emulated) > SURE * float(np.hypot(error, own)):
        return CONTRADICTED
    return CONFIRMED if abs(simulated) > SURE * error else INCONCLUSIVE


def _emulated_change(emulation: DifferenceEmulators, scores: Floats, column: str, path: str) -> tuple[float, float]:
    """Mean emulated change at these scores, and its error if the errors at both ends were independent."""
    emulators, place = emulation.emulators, emulation.emulators.names.index(path)
    emulator = emulators.emulated.emulators[emulators.columns.index(column)]
    priors = Priors(emulators.parameters)
    (low, low_variance), (high, high_variance) = (
        emulator.mean_and_variance(priors.coordinates(_with(scores, place, end))) for end in ENDS
    )
    error = float(np.sqrt(np.mean(low_variance) + np.mean(high_variance)))
    return float(np.mean(high - low)), error


def _with(scores: Floats, place: int, end: float) -> Floats:
    chosen = scores.copy()
    chosen[:, place] = end
    return chosen


def _nearest(drawn: ComparisonDraws, path: str, end: float) -> int:
    """The draw in which a parameter is nearest to an end."""
    place = list(drawn.values.columns).index(path)
    return int(np.abs(drawn.scores[:, place] - end).argmin())
