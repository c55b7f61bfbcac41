"""What a register shows of those who have been on a list for longer: an association, not an effect of anything."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simulator.evaluation.panel import Ints, Panel, record_scenario, record_warm_up
from simulator.foundations.categories import AGE_BANDS, CONDITIONS, DEPRIVATION, SEXES, WEEKS_PER_YEAR
from simulator.specification.spec import Spec

_STRATA = (
    ("age_band", len(AGE_BANDS)),
    ("sex", len(SEXES)),
    ("deprivation", len(DEPRIVATION)),
    ("conditions", len(CONDITIONS)),
)
"""What is on file and adjusted for."""
_UNWATCHED = 0
"""No programme needs watching; the first slot is always there."""


class Spans(NamedTuple):
    """Who is compared, by weeks on the list when the last year of the run begins."""

    fewer_than: int  # the newer ones
    at_least: int  # the older ones
    at_most: int


def tenure_odds(spec: Spec, spans: Spans, seed: int, parameter_draw: int | None) -> float:
    """Odds of an emergency admission in the run's last year, of those longer on the list over those newer [ratio].

    NaN if nobody in one of the two groups is admitted. Who does not live through the year there is left out.
    """
    start = record_warm_up(spec, seed, parameter_draw, _UNWATCHED)
    return odds_of(record_scenario(spec, seed, parameter_draw, _UNWATCHED, start), spans)


def odds_of(panel: Panel, spans: Spans) -> float:
    """The same of a panel: Mantel and Haenszel's odds ratio over age band, sex, deprivation and conditions."""
    week = panel.weeks - 1 - WEEKS_PER_YEAR
    rows = np.arange(panel.entered.shape[1])
    then, end = np.full(len(rows), week), np.full(len(rows), panel.weeks - 1)
    entered = panel.entered[week].astype(np.int64)
    tenure = week - entered
    newer = tenure < spans.fewer_than
    older = (tenure >= spans.at_least) & (tenure <= spans.at_most) & (entered > 0)
    compared = panel.stayed(rows, then, end) & (newer | older)
    admitted = panel.admitted(rows, then + 1, end) > 0
    stratum = np.zeros(len(rows), np.int64)
    for name, size in _STRATA:
        stratum = stratum * size + panel.trait(name, rows, then)
    return mantel_haenszel(stratum[compared], older[compared], admitted[compared])


def mantel_haenszel(stratum: Ints, exposed: np.ndarray, case: np.ndarray) -> float:
    """Common odds ratio of a case, exposed over not exposed, over strata [ratio]; NaN if it cannot be told.

    Mantel N and Haenszel W 1959, J Natl Cancer Inst 22:719.

    >>> exposed, case = np.array([1, 1, 1, 0, 0, 0], bool), np.array([1, 0, 0, 1, 1, 0], bool)
    >>> mantel_haenszel(np.zeros(6, np.int64), exposed, case)
    0.25
    """
    size = int(stratum.max(initial=0)) + 1

    def people(rows: np.ndarray) -> np.ndarray:
        return np.bincount(stratum[rows], minlength=size).astype(np.float64)

    everyone = np.maximum(1.0, people(np.ones(len(stratum), bool)))
    with_it = float((people(exposed & case) * people(~exposed & ~case) / everyone).sum())
    without_it = float((people(exposed & ~case) * people(~exposed & case) / everyone).sum())
    return with_it / without_it if with_it > 0.0 and without_it > 0.0 else math.nan
