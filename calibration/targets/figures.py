"""The statistic of a target, computed from the counts of a run: a level, a trend, growth, or a ratio of two runs.

A trend is the slope of an ordinary least-squares line through the quarterly figures times the number of steps, in per
cent of the line's starting value. Abel J et al. 2018 (Br J Gen Pract 68:e803) give a change per quarter, with its
interval, and a percentage for April 2013 to December 2017; the abstract does not say how one was converted into the
other. Over all eighteen steps they imply 119 admissions per 1,000 residents a year in the county at the start; over the
fourteen from April 2014 (the 44 months of the intervention) 92, the more usual number. `growth` compares years instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from calibration.targets.targets import COST, RunStatistic, level
from simulator.comparison.arms import value_of
from simulator.comparison.outcomes import outcome
from simulator.comparison.paired_statistics import Floats
from simulator.foundations.categories import AGE_BANDS, DEPRIVATION, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.foundations.measures import INDEX
from simulator.results.results import RunFrames

QUARTERS: Final = WEEKS_PER_YEAR // WEEKS_PER_QUARTER


class RunCounts(NamedTuple):
    """Counts of a run (quarters, ages, fifths, measures), and the cost of its emergency admissions in pounds."""

    counts: Floats
    pounds: Floats  # (quarters,)


def run_counts(run: RunFrames) -> RunCounts:
    """A run's counts by age and deprivation, and the cost of its emergency admissions in each quarter.

    Priced as in `simulator.comparison.costs`: each overnight stay has a price without days, and each day has a price.
    """
    quarters = len(run.cells)
    counts = run.cells.reshape(quarters, len(AGE_BANDS), len(DEPRIVATION), 2, -1).sum(axis=3).astype(np.float64)
    price = {
        path.removeprefix("prices."): value for path, value in run.parameters.items() if path.startswith("prices.")
    }
    total = counts.sum(axis=(1, 2))
    first_days = price["overnight_admission"] - price["included_days"] * price["bed_day"]
    terms = (
        ("zero_night_admissions", price["zero_night_admission"]),
        ("overnight_admissions", first_days),
        ("bed_days", price["bed_day"]),
    )
    pounds = sum((total[:, INDEX[name]] * each for name, each in terms), np.zeros(quarters))
    return RunCounts(counts, np.asarray(pounds))


def target_statistic(target: RunStatistic, runs: Mapping[str, RunCounts]) -> float:
    """The statistic of a target, from runs by name."""
    run = runs[target.run or ""]
    if target.statistic == "trend":
        above = _series(target, run)
        below = above if target.of_level_of is None else _quarterly(target.of_level_of, run)
        return trend(above, below, target.quarters)
    if target.statistic == "growth":
        first, last = target.years or (1, 1)
        series = _series(target, run)
        return 100.0 * (_year(series, last) / _year(series, first) - 1.0)
    value = _mean(target, run)
    if target.to_run is not None:
        value /= _mean(target, runs[target.to_run])
    return value


def trend(series: Floats, base: Floats, steps: int | None = None) -> float:
    """Change along a line through ``series`` (quarters,), in per cent of the starting value of a line through ``base``.

    ``steps`` is a number of quarters (default: from the first to the last).

    >>> round(trend(np.array([100.0, 98.0, 96.0, 94.0]), np.array([100.0, 98.0, 96.0, 94.0])), 6)
    -6.0
    """
    quarters = np.arange(len(series), dtype=np.float64)
    slope = float(np.polyfit(quarters, series, 1)[0])
    begins = float(np.polyfit(quarters, base, 1)[1])
    return 100.0 * slope * (len(series) - 1 if steps is None else steps) / begins


def _mean(target: RunStatistic, run: RunCounts) -> float:
    first, last = target.years or (1, -(-len(run.counts) // QUARTERS))
    chosen = run.counts[QUARTERS * (first - 1) : QUARTERS * last]
    years = len(chosen) / QUARTERS
    return float(level(target, chosen.sum(axis=0)[None], years)[0])


def _series(target: RunStatistic, run: RunCounts) -> Floats:
    return run.pounds if target.measure == COST else _quarterly(target.measure, run)


def _quarterly(measure: str, run: RunCounts) -> Floats:
    return value_of(outcome(measure), run.counts.sum(axis=(1, 2)), "total", 1.0 / QUARTERS)


def _year(series: Floats, year: int) -> float:
    return float(series[QUARTERS * (year - 1) : QUARTERS * year].sum())
