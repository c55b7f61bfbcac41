"""One arm of a comparison as arrays: outcomes and costs by replication, in any grouping, on any basis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.comparison.comparability import failed_runs
from simulator.comparison.comparison_row import OutcomeLabel
from simulator.comparison.costs import Prices, by_year, care_costs, costs_of, discount_factors, prices
from simulator.comparison.outcomes import Basis, Outcome, outcome, outcomes_of_counts
from simulator.comparison.paired_statistics import (
    INTERVAL,
    Floats,
    decimals_for,
    monte_carlo_error,
    percentile,
    rounded,
)
from simulator.errors import IncompleteEnsembleError
from simulator.foundations.categories import AGE_BANDS, DEPRIVATION, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.foundations.measures import INDEX
from simulator.results.results import QUARTERS_PER_YEAR, Results, parameter_draw_of

Counts = NDArray[np.int64] | NDArray[np.float64]
"""Counts of measures, or weighted sums of them."""

GROUPS: Final = ("age_band", "deprivation", "year", "quarter", "lonely")
"""Groups that outcomes can be split by. Being lonely is itself an outcome of a scenario."""
_AXES: Final = {"quarter": 1, "year": 1, "age_band": 2, "deprivation": 3, "lonely": 4}


class Arm(NamedTuple):
    """The paired runs of one scenario."""

    counts: NDArray[np.int64]  # (pairs, quarters, 9 age bands, 5 deprivation fifths, 2 lonely, measures)
    care: Floats  # discounted pounds of care, (pairs, quarters, 9, 5, 2)
    wellbeing: Floats  # discounted pounds of wellbeing lost to loneliness, of the same shape; in no cost
    costs: pd.DataFrame  # see `simulator.comparison.costs.costs`
    seeds: tuple[int, ...]
    weeks: int
    sums: dict[tuple[str, ...], NDArray[Any]]  # cache of sums by groups or by kinds of cost; the arrays are read-only
    tables: dict[str, pd.DataFrame]  # cache of tables made of these


def arm_of(results: Results, seeds: tuple[int, ...]) -> Arm:
    """The runs of these seeds, in their order."""
    counts = results.counts(seeds)
    price = prices(results, seeds)
    care = care_costs(price, counts).sum(axis=-1) * _by_quarter(price["discount_rate"], results, counts)
    lost = wellbeing_lost(price, counts) * _by_quarter(price["wellbeing_discount_rate"], results, counts)
    return Arm(counts, care, lost, costs_of(results, seeds, price, counts), seeds, results.weeks, {}, {})


def wellbeing_lost(price: Prices, counts: NDArray[np.int64]) -> Floats:
    """Undiscounted pounds of wellbeing lost to loneliness, shape (pairs, ...), of counts, shape (pairs, ..., measures).

    Years that adults spend often or always lonely x points of life satisfaction that each costs x pounds a point of one
    person for a year: a WELLBY (HM Treasury 2021, Wellbeing guidance for appraisal). Only differences have a meaning.
    """
    each = price["lonely_life_satisfaction"] * price["wellby"] / WEEKS_PER_YEAR
    return np.asarray(counts[..., INDEX["lonely_weeks"]] * each.reshape(-1, *[1] * (counts.ndim - 2)), np.float64)


def _by_quarter(rate: Floats, results: Results, counts: NDArray[np.int64]) -> Floats:
    """Present value of a pound of each quarter at a yearly rate, for cells of shape (pairs, quarters, 9, 5, 2)."""
    factors = np.repeat(discount_factors(rate, results.years), QUARTERS_PER_YEAR, axis=1)[:, : counts.shape[1]]
    return factors[:, :, None, None, None]


def outcome_label(measure: str, basis: Basis) -> OutcomeLabel:
    """Name, label and unit of a measure on a basis; raises UnknownNameError."""
    found = outcome(measure)
    return OutcomeLabel(found.name, found.label, found.unit_on(basis), found.good)


def values(arm: Arm, measure: str, groups: Sequence[str], basis: Basis) -> Floats:
    """A measure of every pair, shape (pairs, *lengths of the groups).

    Net costs are known by year only and NaN in any other group, since programme money cannot be split by age.
    """
    counts = _counted(arm, groups)
    years = years_of(arm, groups)
    found = outcome(measure)
    if found.source == "counts":
        return value_of(found, counts, basis, years)
    if found.source in ("care", "wellbeing"):
        pounds = grouped(arm.care if found.source == "care" else arm.wellbeing, groups)
    elif set(groups) <= {"year"}:
        pounds = _net(arm, found.sum_of)
        pounds = pounds if groups else pounds.sum(axis=1)
    else:
        pounds = np.full(counts.shape[:-1], np.nan)
    return on_basis(pounds, counts, basis, years)


def value_of(found: Outcome, counts: Counts, basis: Basis, years: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """An outcome of counts, shape (..., measures), on a basis; NaN where the denominator is 0.

    ``years`` is the time the counts cover, of a shape that broadcasts against (...).
    """
    amount = total(counts, found.sum_of)
    if found.per:
        return divided(amount * found.scale, total(counts, found.per))
    return on_basis(amount, counts, basis, years)


def yearly_difference(arms: tuple[Arm, Arm], measure: str) -> Floats:
    """Difference in a measure of every pair, a year, shape (pairs,)."""
    before, after = (values(arm, measure, (), "year") for arm in arms)
    return after - before


def total(counts: Counts, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Sum of the named measures of counts, shape (..., measures) to (...)."""
    columns = [counts[..., INDEX[name]].astype(np.float64) for name in names]
    return np.asarray(sum(columns), dtype=np.float64)


def divided(amount: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quotient, NaN where the divisor is 0."""
    quotient: NDArray[np.float64] = np.full(amount.shape, np.nan)
    return np.divide(amount, by, out=quotient, where=by != 0)


def on_basis(
    amount: NDArray[np.float64], counts: Counts, basis: Basis, years: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    """An amount in total, per year, or per 1,000 residents a year of the residents in ``counts``."""
    if basis == "total":
        return amount
    if basis == "year":
        return np.asarray(amount / years, dtype=np.float64)
    return divided(1000.0 * amount, total(counts, ("resident_weeks",)) / WEEKS_PER_YEAR)


def _net(arm: Arm, kinds: tuple[str, ...]) -> Floats:
    """Discounted pounds of these kinds, shape (pairs, years)."""
    key = ("net", *kinds)
    if key not in arm.sums:
        arm.sums[key] = _added_up(arm, kinds)
        arm.sums[key].setflags(write=False)
    return arm.sums[key]


def _added_up(arm: Arm, kinds: tuple[str, ...]) -> Floats:
    table = arm.costs[arm.costs["kind"].isin(kinds)]
    wide = table.groupby(["seed", "year"])["discounted_pounds"].sum().unstack(fill_value=0)
    years = range(1, -(-arm.weeks // WEEKS_PER_YEAR) + 1)
    return wide.reindex(index=list(arm.seeds), columns=list(years), fill_value=0.0).to_numpy(np.float64)


def cost_sums(arm: Arm, keys: Sequence[str], basis: Basis) -> dict[tuple[Any, ...], Floats]:
    """Discounted pounds on a basis, shape (pairs,), for each combination of the keys that occurs."""
    pounds_of = arm.costs.groupby(["seed", *keys])["discounted_pounds"].sum()
    wide = pounds_of.unstack(list(keys), fill_value=0).sort_index(axis=1)
    pounds = wide.reindex(list(arm.seeds), fill_value=0.0).to_numpy(np.float64)
    counts = _counted(arm, ())
    combinations: list[tuple[Any, ...]] = (
        [(label,) for label in wide.columns] if len(keys) == 1 else [tuple(labels) for labels in wide.columns]
    )
    return {
        combination: on_basis(pounds[:, column], counts, basis, years_of(arm, ()))
        for column, combination in enumerate(combinations)
    }


def _counted(arm: Arm, groups: Sequence[str]) -> NDArray[np.int64]:
    """Counts of every pair, shape (pairs, *groups in this order, measures)."""
    key = ("counts", *groups)
    if key not in arm.sums:
        arm.sums[key] = grouped(arm.counts, groups)
        arm.sums[key].setflags(write=False)
    return arm.sums[key]


def grouped(cells: NDArray[Any], groups: Sequence[str]) -> NDArray[Any]:
    """Cells of shape (pairs, quarters, 9, 5, 2, ...) added up to (pairs, *groups in this order, ...)."""
    if "year" in groups:
        cells = by_year(cells)
    kept = [_AXES[name] for name in groups]
    added: NDArray[Any] = cells.sum(axis=tuple(axis for axis in range(1, 5) if axis not in kept))
    order = np.argsort(np.argsort(kept)) + 1
    return added.transpose(0, *(int(axis) for axis in order), *range(1 + len(kept), added.ndim))


def group_labels(arm: Arm, groups: Sequence[str]) -> list[tuple[Any, ...]]:
    """Labels of the groups, one tuple for each group name."""
    quarters = arm.counts.shape[1]
    labels: dict[str, tuple[Any, ...]] = {
        "age_band": AGE_BANDS,
        "deprivation": DEPRIVATION,
        "lonely": (False, True),
        "quarter": tuple(range(1, quarters + 1)),
        "year": tuple(range(1, -(-quarters // QUARTERS_PER_YEAR) + 1)),
    }
    return [labels[name] for name in groups]


def years_of(arm: Arm, groups: Sequence[str]) -> Floats:
    """Time that each group covers, in years of 52 weeks, of a shape that broadcasts against (pairs, *groups)."""
    if "quarter" in groups:
        return np.asarray(WEEKS_PER_QUARTER / WEEKS_PER_YEAR)
    if "year" not in groups:
        return np.asarray(arm.weeks / WEEKS_PER_YEAR)
    begun = -(-arm.weeks // WEEKS_PER_YEAR)
    weeks = np.minimum(WEEKS_PER_YEAR, arm.weeks - WEEKS_PER_YEAR * np.arange(begun))
    shape = [1] * (1 + len(groups))
    shape[1 + list(groups).index("year")] = begun
    return np.asarray(weeks / WEEKS_PER_YEAR).reshape(shape)


COLUMNS: Final = ("measure", "label", "unit", "mean", "low", "high", "monte_carlo_error", "runs")


def levels(results: Results, basis: Basis = "year") -> pd.DataFrame:
    """Mean and middle 80 % of a scenario's finished runs: one row per outcome of counts, with `COLUMNS`.

    Numbers are rounded by the Monte Carlo error of the mean. Raises IncompleteEnsembleError if no run finished.
    """
    seeds = results.finished
    if not seeds:
        raise IncompleteEnsembleError(f"No run finished. {failed_runs(results)}")
    arm = arm_of(results, seeds)
    drawn = results.record["parameters"] == "drawn"
    draws = np.array([parameter_draw_of(seed) if drawn else 0 for seed in seeds], np.int64)
    rows = []
    for measure in outcomes_of_counts():
        words, found = outcome_label(measure, basis), values(arm, measure, (), basis)
        mean, error = float(found.mean()), monte_carlo_error(found, draws)
        places = decimals_for(error, mean)
        low, high = (rounded(percentile(found, share), places) for share in INTERVAL)
        shown_error = rounded(error, 1 + decimals_for(error, error))
        rows.append((words.measure, words.label, words.unit, rounded(mean, places), low, high, shown_error, len(seeds)))
    return pd.DataFrame(rows, columns=list(COLUMNS))
