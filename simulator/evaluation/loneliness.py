"""Loneliness in simulated studies: standardised mean differences as surveyed, and who is lonely no longer.

Everyone in a study is surveyed at its week 0 and some weeks later, with the error of a scale. Differences are in
standard deviations of the scores surveyed at week 0: of the people that the study is about, or of both arms of a trial.
A minus means less lonely. Comparators of several weeks are surveyed from the first of them.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from simulator.evaluation import estimates
from simulator.evaluation.estimates import Estimate, Group
from simulator.evaluation.panel import Ints, Panel
from simulator.evaluation.scores import Floats
from simulator.evaluation.truth import Measure, in_both_runs, parts, true_effect

WAVES: Final = (13, 26, 52)
"""Weeks after week 0 at which loneliness is surveyed again."""
PARTS: Final = ("regression_to_the_mean", "trend_and_ageing", "not_paired")
"""Parts of a before-after difference besides the true effect."""
COLUMNS: Final = (
    "weeks",
    "people",
    "comparators",
    "at_entry",
    "spread",
    "difference",
    "error",
    "low",
    "high",
    "true_people",
    "true_difference",
    *PARTS,
    "lonely",
    "no_longer",
    "no_longer_compared",
    "no_longer_without",
    "surveyed_lonely",
    "surveyed_no_longer",
    "surveyed_no_longer_compared",
)
"""Columns of the results, besides the study's own; see `docs/evaluation.md`."""
_TAKERS: Final = "takers"
_REACH: Final = float(ndtri(0.5 + estimates.LEVEL / 2.0))


class TwoRuns(Protocol):
    """The run that a study observes, and the same run without the programme."""

    @property
    def panel(self) -> Panel:
        """The observed run."""

    @property
    def without(self) -> Panel:
        """The other."""


def score_columns(waves: tuple[int, ...]) -> tuple[str, ...]:
    """Columns of a study's data set with surveyed scores, by weeks after week 0."""
    return tuple(f"loneliness_{weeks}" for weeks in (0, *waves))


def with_surveyed_scores(panel: Panel, people: pd.DataFrame, waves: tuple[int, ...]) -> pd.DataFrame:
    """``people`` (row, week) with their scores as surveyed [standard deviations of adults]."""
    rows, weeks = people["row"].to_numpy(np.int64), people["week"].to_numpy(np.int64)
    found = [panel.surveyed(rows, weeks + later) for later in (0, *waves)]
    return people.assign(**dict(zip(score_columns(waves), found, strict=True)))


def loneliness_rows(
    runs: TwoRuns, study: tuple[str, str], people: pd.DataFrame, comparators: pd.DataFrame, waves: tuple[int, ...]
) -> list[dict[str, Any]]:
    """Results of one study by wave, as `COLUMNS`; ``study`` is its design and whom the effect is on."""
    surveyed = [with_surveyed_scores(runs.panel, group, waves) for group in (people, comparators)]
    return [{"weeks": weeks, **_wave(runs, study, surveyed[0], surveyed[1], weeks)} for weeks in waves]


def _wave(
    runs: TwoRuns, study: tuple[str, str], people: pd.DataFrame, comparators: pd.DataFrame, weeks: int
) -> dict[str, Any]:
    design, effect_on = study
    found = _estimate(design, effect_on, people, comparators, f"loneliness_{weeks}")
    entry = people["loneliness_0"]
    spread = float((pd.concat([entry, comparators["loneliness_0"]]) if design == "trial" else entry).std())
    sampled = len(people) + (len(comparators) if design == "trial" else 0)
    difference = found.difference / spread
    error = math.hypot((found.high - found.low) / (2.0 * _REACH * spread), difference / math.sqrt(2 * max(1, sampled)))
    concerned = people[people["took_part"] > 0.0] if effect_on == _TAKERS else people
    truth = true_effect(runs.panel, runs.without, concerned, partial(_score_after, weeks))
    made_of = dict.fromkeys(PARTS, math.nan)
    if design == "before-after":
        measure = Measure(Panel.score, partial(_score_after, weeks), 0)
        of_it = parts(runs.panel, runs.without, people, measure, found.difference)
        made_of = {part: of_it[part] / spread for part in PARTS}
    return {
        "people": len(people),
        "comparators": len(comparators),
        "at_entry": float(entry.mean()),
        "spread": spread,
        "difference": difference,
        "error": error,
        "low": difference - _REACH * error,
        "high": difference + _REACH * error,
        "true_people": truth.people,
        "true_difference": truth.difference / spread,
        **made_of,
        **_no_longer(runs, concerned, comparators.iloc[:0] if effect_on == _TAKERS else comparators, weeks),
    }


def _estimate(design: str, effect_on: str, people: pd.DataFrame, comparators: pd.DataFrame, after: str) -> Estimate:
    """The difference in standard deviations of adults: a change, or adjusted for the score surveyed at week 0."""
    group, others = (_group(table, after) for table in (people, comparators))
    if design == "before-after":
        return estimates.before_after(group)
    if design == "did":
        return estimates.difference_in_differences(group, others)
    group, others = estimates.adjusted_for_before(group, others)
    if effect_on == _TAKERS:
        return estimates.compliers(group, people["took_part"].to_numpy(), others)
    return estimates.against_comparators(group, others)


def _group(people: pd.DataFrame, after: str) -> Group:
    return estimates.group(*(people[name].to_numpy(float) for name in ("loneliness_0", after, "weight")))


def _no_longer(runs: TwoRuns, people: pd.DataFrame, comparators: pd.DataFrame, weeks: int) -> dict[str, int | float]:
    """Of those often or always lonely at week 0, the share who no longer are [share]: truly, and as surveyed.

    ``no_longer_without`` is the share of the same people in the run without the programme.
    """
    panel, later, cut_off = runs.panel, f"loneliness_{weeks}", runs.panel.survey.cut_off
    truly, others = _recovered(panel, people, weeks), _recovered(panel, comparators, weeks)
    without = _recovered(runs.without, in_both_runs(panel, runs.without, people), weeks)
    surveyed, surveyed_others = (
        _share(table["loneliness_0"] > cut_off, table[later] <= cut_off, table["weight"])
        for table in (people, comparators)
    )
    return {
        "lonely": truly[0],
        "no_longer": truly[1],
        "no_longer_compared": others[1],
        "no_longer_without": without[1],
        "surveyed_lonely": surveyed[0],
        "surveyed_no_longer": surveyed[1],
        "surveyed_no_longer_compared": surveyed_others[1],
    }


def _recovered(panel: Panel, people: pd.DataFrame, weeks: int) -> tuple[int, float]:
    rows, then = people["row"].to_numpy(np.int64), people["week"].to_numpy(np.int64)
    return _share(panel.lonely[then, rows] == 1, panel.lonely[then + weeks, rows] == 0, people["weight"])


def _share(lonely: Any, no_longer: Any, weight: pd.Series[float]) -> tuple[int, float]:
    """Number of lonely people, and the weighted share of them who no longer are; NaN if there is no one."""
    who: NDArray[np.bool_] = np.asarray(lonely, bool)
    weights = weight.to_numpy(np.float64)[who]
    if not len(weights):
        return 0, math.nan
    return len(weights), float((weights * np.asarray(no_longer, bool)[who]).sum() / weights.sum())


def _score_after(later: int, panel: Panel, rows: Ints, weeks: Ints) -> Floats:
    return panel.score(rows, weeks + later)
