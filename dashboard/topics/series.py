"""Series for charts beyond the tables of a comparison: values by pair, over time, and as probabilities.

Every statistic of a figure is computed here or in the simulator; figures only draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from simulator.comparison.arms import values
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES, Measures
from simulator.comparison.paired_statistics import INTERVAL, Floats, monte_carlo_error, percentile, range_of, widened
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.foundations.measures import INDEX

ARMS: Final = ("baseline", "scenario")


def pair_values(comparison: Comparison, measure: str) -> pd.DataFrame:
    """One row per pair: seed, baseline, scenario, difference, on the comparison's basis. Raises UnknownNameError."""
    rows = comparison.by_pair((measure,)).drop(columns="measure")
    return rows.assign(difference=rows["scenario"] - rows["baseline"])


def over_time(comparison: Comparison, measure: str, step: str = "year") -> pd.DataFrame:
    """Both arms by year or quarter: rows with ``arm``, mean, low and high of the runs, on the comparison's basis."""
    rows = []
    for name, arm in zip(ARMS, comparison.arms, strict=True):
        table = values(arm, measure, (step,), comparison.basis)
        for position in range(table.shape[1]):
            column = table[:, position]
            rows.append((position + 1, name, *_spread(column)))
    return pd.DataFrame(rows, columns=[step, "arm", "mean", "low", "high"])


def since_start(comparison: Comparison, measure: str) -> pd.DataFrame:
    """The change of each whole year's amount from the first year's, in per cent, in both arms.

    Rows with year (1, 2, ...), ``arm``, mean, low and high of the runs, and the Monte Carlo error of the mean.
    Amounts are totals, not per head; the first year is zero by definition. Incomplete years are left out.
    """
    whole = comparison.scenario.weeks // WEEKS_PER_YEAR
    rows = []
    for name, arm in zip(ARMS, comparison.arms, strict=True):
        table = values(arm, measure, ("year",), "total")[:, :whole]
        changes = 100.0 * (table / table[:, :1] - 1.0)
        for year, column in enumerate(changes.T, 1):
            rows.append((year, name, *_spread(column), monte_carlo_error(column, comparison.draws)))
    return pd.DataFrame(rows, columns=["year", "arm", "mean", "low", "high", "error"])


def cumulative_cost(comparison: Comparison, measure: str = "net_cost") -> pd.DataFrame:
    """Cumulative discounted pounds, scenario less baseline: year, mean, low, high, saved_in, runs."""
    baseline, scenario = (values(arm, measure, ("year",), "total") for arm in comparison.arms)
    added = np.cumsum(scenario - baseline, axis=1)
    rows = [
        (
            year + 1,
            float(added[:, year].mean()),
            *range_of(added[:, year]),
            int(np.count_nonzero(added[:, year] < 0.0)),
            len(added),
        )
        for year in range(added.shape[1])
    ]
    return pd.DataFrame(rows, columns=["year", "mean", "low", "high", "saved_in", "runs"])


def plane(comparison: Comparison, measure: str) -> pd.DataFrame:
    """One row per pair: seed, net cost [discounted pounds] and the amount avoided, over the whole run.

    The amount is events, such as admissions, or person-years for an outcome measured as a share of weeks.
    """
    cost = pair_values(comparison.per("total"), "net_cost")
    amount = OUTCOMES[measure].amount
    divisor = WEEKS_PER_YEAR if amount.unit == "weeks" else 1
    columns = [INDEX[name] for name in amount.sum_of]
    baseline, scenario = (arm.counts[..., columns].sum(axis=(1, 2, 3, 4, 5)) / divisor for arm in comparison.arms)
    return pd.DataFrame({"seed": cost["seed"], "cost": cost["difference"], "avoided": baseline - scenario})


def acceptability(pairs: pd.DataFrame, worth: Sequence[float]) -> pd.DataFrame:
    """Chance that what is avoided is worth its cost, at each value of ``worth`` [pounds per one avoided].

    The share of the pairs of `plane` with a net benefit above 0, after these are `widened`.
    """
    avoided, cost = (pairs[name].to_numpy(np.float64) for name in ("avoided", "cost"))
    rows = [(pounds, float((widened(avoided * pounds - cost) > 0.0).mean())) for pounds in worth]
    return pd.DataFrame(rows, columns=["worth", "share"])


def exceedance(differences: Floats) -> pd.DataFrame:
    """The S-curve of differences, shape (n,), `widened`: difference, and the chance that it is that much or less."""
    ordered = np.sort(widened(differences))
    return pd.DataFrame({"difference": ordered, "share": np.arange(1, len(ordered) + 1) / len(ordered)})


def reached(differences: Floats, target: float, *, less: bool) -> float:
    """The share of differences at or beyond a target."""
    there = differences[np.isfinite(differences)]
    return float((there <= target if less else there >= target).mean())


def running_mean(comparison: Comparison, measure: str) -> pd.DataFrame:
    """Mean difference after 1, 2, ... pairs, and one Monte Carlo error each way: replicates, mean, low, high, error."""
    differences = pair_values(comparison, measure)["difference"].to_numpy(np.float64)
    rows = []
    for count in range(1, len(differences) + 1):
        mean = float(differences[:count].mean())
        error = monte_carlo_error(differences[:count], comparison.draws[:count])
        rows.append((count, mean, mean - error, mean + error, error))
    return pd.DataFrame(rows, columns=["replicates", "mean", "low", "high", "error"])


def parts_of_range(comparison: Comparison, measures: Measures) -> pd.DataFrame:
    """The stochastic and parameter shares of the variance of each outcome, with its label, where they are known."""
    rows = comparison.summary(measures, rounded=False)
    known = rows[np.isfinite(rows["stochastic_share"])]
    return pd.DataFrame(
        {
            "measure": known["measure"],
            "label": known["label"],
            "stochastic": known["stochastic_share"],
            "parameter": 1.0 - known["stochastic_share"],
        }
    )


def _spread(column: Floats) -> tuple[float, float, float]:
    """Mean, and the two ends of the middle 80 %."""
    there = column[np.isfinite(column)]
    if not len(there):
        return (np.nan, np.nan, np.nan)
    return float(there.mean()), percentile(there, INTERVAL[0]), percentile(there, INTERVAL[1])
