"""A plan at any size between those that were run: every pair of runs is interpolated, and judged as pairs of runs are.

Pairs share their random numbers across multiples, so each is a smooth function of size up to chance. Through its
values, and nothing at 0, goes a piecewise cubic that does not overshoot (Fritsch FN, Butland J 1984, SIAM Journal on
Scientific and Statistical Computing 5:300). At a multiple that was run the row is that of the runs. How far it is off
between them is measured by leaving out each multiple in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.interpolate import PchipInterpolator

from simulator.comparison.comparison import Comparison
from simulator.comparison.comparison_row import COLUMNS, OutcomeLabel, Pairs, contrast
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.paired_statistics import Floats
from simulator.comparison.smallest_differences import DEFAULTS, Matters, entry
from simulator.experiments.size_targets import Target, chance_table
from simulator.results.results import parameter_draw_of

SERVED: Final = ("pounds", "units", "members", "offers", "joined", "volunteers")
"""Columns of `saturation.PROGRAMME_COLUMNS` that are interpolated."""


@dataclass(frozen=True)
class BetweenSizes:
    """A plan through one lens, from nothing to the largest multiple that was run; made by `between_sizes`."""

    multiples: Floats  # (m,), rising, with 0 in front
    words: Mapping[str, OutcomeLabel]
    baselines: Mapping[str, Floats]  # by measure, of each pair, shape (n,)
    differences: Mapping[str, Floats]  # by measure, of each multiple and pair, shape (m, n)
    matters: Mapping[str, float]  # by measure, the smallest difference that matters, unless a user sets another
    draws: np.ndarray[Any, np.dtype[np.int64]]  # the number of each pair's parameter draw, shape (n,)
    programmes: pd.DataFrame  # multiple, programme and `SERVED`

    @property
    def largest(self) -> float:
        """The largest multiple that was run."""
        return float(self.multiples[-1])

    def at(self, multiple: float, chosen: Matters = DEFAULTS, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """One row per measure, by default every one, with `comparison_row.COLUMNS`, a year, unrounded.

        ``chosen`` are smallest differences that a user set. Raises ValueError outside 0 and the largest multiple.
        """
        if not 0.0 <= multiple <= self.largest:
            raise ValueError(
                f"The plan was run up to {self.largest:g} times its size, not {multiple:g} times. "
                f"Choose a multiple from 0 to {self.largest:g}."
            )
        rows = []
        for measure in self.words if measures is None else measures:
            (found,) = self.differences_at(measure, np.array([multiple]))
            baseline = self.baselines[measure]
            pairs = Pairs(baseline, baseline + found, self.draws)
            rows.append(contrast(self.words[measure], pairs, self._matters(measure, chosen), to_error=False))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def differences_at(self, measure: str, multiples: Floats) -> Floats:
        """An outcome's difference in every pair at multiples of shape (k,), of shape (k, n), in its unit a year."""
        return np.asarray(_curve(self.multiples, self.differences[measure])(multiples))

    def served(self, multiple: float) -> pd.DataFrame:
        """What each programme does, with `SERVED`, indexed by its name."""
        rows = {}
        for name, mine in self.programmes.groupby("programme", sort=False):
            at = np.array([0.0, *mine["multiple"]])
            rows[str(name)] = {column: np.interp(multiple, at, [0.0, *mine[column]]) for column in SERVED}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(SERVED))

    def chances(self, targets: Sequence[Target], lens: tuple[str, str]) -> pd.DataFrame:
        """`size_targets.chances` of the targets whose outcomes it holds; ``lens`` is the lens's name and title."""
        shares = {
            target: target.is_met(self.differences[target.measure][1:], self.baselines[target.measure]).mean(axis=1)
            for target in targets
            if target.measure in self.differences
        }
        return chance_table(shares, dict.fromkeys(self.multiples[1:].tolist(), len(self.draws)), lens)

    def missed(self) -> dict[str, float]:
        """By measure: mean absolute error at multiples left out in turn, of the mean of pairs, in the outcome's unit.

        The largest multiple is never left out, since nothing is shown beyond it. NaN with fewer than two multiples.
        """
        inner = range(1, len(self.multiples) - 1)
        off = {}
        for measure, found in self.differences.items():
            misses = []
            for position in inner:
                kept = np.arange(len(self.multiples)) != position
                said = _curve(self.multiples[kept], found[kept])(self.multiples[position])
                misses.append(abs(float(said.mean() - found[position].mean())))
            off[measure] = float(np.mean(misses)) if misses else float("nan")
        return off

    def _matters(self, measure: str, chosen: Matters) -> float:
        name = OUTCOMES[measure].smallest_difference
        return self.matters[measure] * chosen.get(name, entry(name).value) / entry(name).value


def between_sizes(curves: pd.DataFrame, pairs: pd.DataFrame, programmes: pd.DataFrame) -> BetweenSizes:
    """The tables of a `SizedPlan` of one lens, read between its multiples.

    Raises ValueError if pairs of runs are missing at some multiple, so that pairs cannot be followed over sizes.
    """
    multiples = np.sort(pairs["multiple"].unique())
    words, baselines, differences, matters = {}, {}, {}, {}
    seeds = np.sort(pairs["seed"].unique())
    named = curves.drop_duplicates("measure").set_index("measure").to_dict("index")
    for measure, mine in pairs.groupby("measure", sort=False):
        at, of = np.searchsorted(multiples, mine["multiple"]), np.searchsorted(seeds, mine["seed"])
        table, before = np.full((len(multiples), len(seeds)), np.nan), np.empty(len(seeds))
        table[at, of], before[of] = mine["scenario"] - mine["baseline"], mine["baseline"]
        unknown = np.isnan(table).any(axis=1)
        if unknown.any():
            missing = ", ".join(f"{multiple:g}" for multiple in multiples[unknown])
            raise ValueError(
                f"Pairs of runs of {measure} are missing at these multiples: {missing}. "
                "Give a row for every seed at every multiple."
            )
        name, row = str(measure), named[measure]
        words[name] = OutcomeLabel(name, *(str(row[column]) for column in ("label", "unit", "good")))
        baselines[name] = before
        differences[name] = np.vstack([np.zeros(len(seeds)), table])
        matters[name] = float(row["matters"])
    draws = np.array([parameter_draw_of(int(seed)) for seed in seeds], np.int64)
    return BetweenSizes(np.array([0.0, *multiples]), words, baselines, differences, matters, draws, programmes)


def of_comparison(comparison: Comparison, measures: Sequence[str], programmes: pd.DataFrame) -> BetweenSizes:
    """A plan of which only one size was run, its own; ``programmes`` are those of `saturation.programmes_at`."""
    whole = comparison.per("year")
    rows, pairs = whole.summary(tuple(measures), rounded=False), whole.by_pair(tuple(measures))
    return between_sizes(rows, pairs.assign(multiple=1.0), programmes)


def _curve(multiples: Floats, differences: Floats) -> PchipInterpolator:
    """Each pair's difference over multiples, shape (m, n) to a function of a multiple of shape (n,)."""
    return PchipInterpolator(multiples, differences, axis=0)
