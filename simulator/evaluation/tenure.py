"""Association between years with the same usual GP and emergency admissions, as in a register study; not an effect."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simulator.evaluation.panel import USUAL_GP, Ints, Panel, record_scenario, record_warm_up
from simulator.foundations.categories import (
    AGE_BANDS,
    CONDITIONS,
    DEPRIVATION,
    SEXES,
    WEEKS_PER_QUARTER,
    WEEKS_PER_YEAR,
)
from simulator.specification.spec import Spec

_STRATA = (
    ("age_band", len(AGE_BANDS)),
    ("sex", len(SEXES)),
    ("deprivation", len(DEPRIVATION)),
    ("conditions", len(CONDITIONS)),
)
"""Recorded traits that are adjusted for."""
_ANY_PROGRAMME = 0
"""No programme is studied here, but a panel needs one; the first slot always exists."""


class Spans(NamedTuple):
    """The two groups compared, by weeks with the usual GP when the last year of the run begins."""

    fewer_than: int  # newer patients
    at_least: int  # patients of longer
    at_most: int


def tenure_odds(spec: Spec, spans: Spans, seed: int, parameter_draw: int | None) -> float:
    """Odds ratio of an emergency admission in the run's last year, patients of longer over newer ones [ratio].

    NaN if no one in one of the two groups is admitted. People who die or move away during the year are left out.
    """
    start = record_warm_up(spec, seed, parameter_draw, _ANY_PROGRAMME)
    return odds_of(record_scenario(spec, seed, parameter_draw, _ANY_PROGRAMME, start), spans)


def odds_of(panel: Panel, spans: Spans) -> float:
    """Mantel-Haenszel odds ratio of a panel, stratified by age band, sex, deprivation and conditions."""
    week = panel.weeks - 1 - WEEKS_PER_YEAR
    rows = np.arange(panel.entered.shape[1])
    then, end = np.full(len(rows), week), np.full(len(rows), panel.weeks - 1)
    tenure = panel.trait(USUAL_GP, rows, then + 1) * WEEKS_PER_QUARTER
    newer = tenure < spans.fewer_than
    older = (tenure >= spans.at_least) & (tenure <= spans.at_most)
    compared = panel.stayed(rows, then, end) & (newer | older)
    admitted = panel.admitted(rows, then + 1, end) > 0
    stratum = np.zeros(len(rows), np.int64)
    for name, size in _STRATA:
        stratum = stratum * size + panel.trait(name, rows, then)
    return mantel_haenszel(stratum[compared], older[compared], admitted[compared])


def mantel_haenszel(stratum: Ints, exposed: np.ndarray, case: np.ndarray) -> float:
    """Common odds ratio of a case over strata, exposed over not exposed [ratio]; NaN if it cannot be estimated.

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
