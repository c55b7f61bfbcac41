"""True effects, which no study can observe: the same people with and without the programme, same random numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.evaluation.cohorts import year_after, year_before
from simulator.evaluation.panel import Ints, Panel
from simulator.evaluation.scores import Floats
from simulator.foundations.categories import CONDITIONS, WEEKS_PER_YEAR

PARTS: Final = ("true_effect", "regression_to_the_mean", "trend_and_ageing", "not_paired")
"""Parts of a before-after difference, which add up to it."""


Observed = Callable[[Panel, Ints, Ints], Ints | Floats]
"""What is observed of each person, given panel, rows and weeks of joining."""


class Measure(NamedTuple):
    """What a study observes of each person before and after joining."""

    before: Observed
    after: Observed
    weeks_before: int  # for which people must have been present, besides the week of joining


ADMISSIONS: Final = Measure(year_before, year_after, WEEKS_PER_YEAR - 1)
"""Admissions per person-year in the years before and after."""


class Truth(NamedTuple):
    """Mean of a group after joining, with and without the programme; of admissions, the rate per person-year."""

    people: int  # found in both runs
    rate: float
    expected: float

    @property
    def difference(self) -> float:
        """The true effect: the rate with the programme minus the rate without."""
        return self.rate - self.expected


def in_both_runs(panel: Panel, without: Panel, people: pd.DataFrame) -> pd.DataFrame:
    """Those of ``people`` (row, week) who are present throughout the year after in both runs."""
    rows, weeks = _rows_and_weeks(people)
    return people[_paired(panel, without, rows, weeks, weeks)]


def true_effect(panel: Panel, without: Panel, people: pd.DataFrame, after: Observed = year_after) -> Truth:
    """The effect on those of ``people`` (row, week) who are present throughout the year after in both runs."""
    rows, weeks = _rows_and_weeks(in_both_runs(panel, without, people))
    return Truth(len(rows), _mean(after(panel, rows, weeks)), _mean(after(without, rows, weeks)))


def parts(
    panel: Panel,
    without: Panel,
    people: pd.DataFrame,
    measure: Measure = ADMISSIONS,
    reported: float | None = None,
) -> dict[str, float]:
    """A before-after difference of ``people`` (row, week) as `PARTS`, in the unit of ``measure``.

    With a, b the means of the year after and before, for those who have a counterpart in the run without:

        true effect              a(with) - a(without)
        trend and ageing         the mean change of all residents of the same age band and number of conditions, over
                                 the same weeks, in the run without; they were not selected
        regression to the mean   a(without) - b(without) - trend and ageing
        not paired               the rest: people without a counterpart, a time before that differs because the
                                 programme had already reached others, and the error of a ``reported`` difference
    """
    rows, weeks = _rows_and_weeks(people)
    difference = reported
    if difference is None:
        difference = _mean(measure.after(panel, rows, weeks)) - _mean(measure.before(panel, rows, weeks))
    paired = _paired(panel, without, rows, weeks - measure.weeks_before, weeks)
    rows, weeks = rows[paired], weeks[paired]
    after = _mean(measure.after(without, rows, weeks))
    effect = _mean(measure.after(panel, rows, weeks)) - after
    change_without = after - _mean(measure.before(without, rows, weeks))
    drift = _mean(_changes_of_comparators(without, rows, weeks, measure))
    amounts = (effect, change_without - drift, drift, difference - effect - change_without)
    return dict(zip(PARTS, amounts, strict=True))


def _changes_of_comparators(without: Panel, rows: Ints, weeks: Ints, measure: Measure) -> Floats:
    """For each person, the mean change of all residents of the same age band and conditions over the same weeks."""
    found = np.zeros(len(rows))
    everyone = np.arange(without.entered.shape[1])
    for week in np.unique(weeks):
        then = np.full(len(everyone), week)
        there = without.stayed(everyone, then - measure.weeks_before, then + WEEKS_PER_YEAR)
        like = without.trait("age_band", everyone, then) * len(CONDITIONS) + without.trait("conditions", everyone, then)
        change = measure.after(without, everyone, then) - measure.before(without, everyone, then)
        total = np.bincount(like[there], change[there], minlength=int(like.max()) + 1)
        people = np.bincount(like[there], minlength=int(like.max()) + 1)
        these = weeks == week
        mine = like[rows[these]]
        found[these] = total[mine] / people[mine]
    return found


def _paired(panel: Panel, without: Panel, rows: Ints, first: Ints, weeks: Ints) -> NDArray[np.bool_]:
    """Whether the same person was present in both runs, from the week ``first`` to the end of the year after."""
    same = panel.entered[weeks, rows] == without.entered[weeks, rows]
    same &= panel.trait("generation", rows, weeks) == without.trait("generation", rows, weeks)
    return np.asarray(same & without.stayed(rows, np.maximum(first, 0), weeks + WEEKS_PER_YEAR))


def _rows_and_weeks(people: pd.DataFrame) -> tuple[Ints, Ints]:
    return people["row"].to_numpy(np.int64), people["week"].to_numpy(np.int64)


def _mean(values: Ints | Floats) -> float:
    return float(values.mean()) if len(values) else math.nan
