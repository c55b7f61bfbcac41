"""Fidelity of a practice as it spreads from place to place, and its effect on a programme.

Fidelity is the share of the original practice that another place carries out. Some is lost at each hand-over, less
with teaching in person than with a manual; a place regains some through its own practice.
"""

from __future__ import annotations

import math

from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.foundations.compiling import rule


@rule
def fidelity_after_hand_over(fidelity: float, kept: float) -> float:
    """Initial fidelity [share] of a place that takes over the practice from one with ``fidelity`` [share].

    Each hand-over keeps the share ``kept`` [share]. Cascade training is diluted level by level where it transmits
    rather than practises together (Hayes D 2000, ELT Journal 54:135).

    >>> fidelity_after_hand_over(1.0, 0.5), fidelity_after_hand_over(fidelity_after_hand_over(1.0, 0.5), 0.5)
    (0.5, 0.25)
    """
    return fidelity * kept


@rule
def fidelity_after_practice(fidelity: float, local_learning: float, weeks: float) -> float:
    """Fidelity [share] after ``weeks`` of a place's own practice, starting from ``fidelity`` [share].

    The shortfall shrinks at the rate ``local_learning`` [per year]: fidelity rose in one group of trainees as they
    worked (Forgatch MS and DeGarmo DS 2011, Prevention Science 12:235, study 1); the form is an assumption.

    >>> fidelity_after_practice(0.5, 0.0, 520.0), fidelity_after_practice(1.0, 0.3, 52.0)
    (0.5, 1.0)
    >>> round(fidelity_after_practice(0.5, 0.1, 52.0), 4)
    0.5476
    """
    return fidelity - (1.0 - fidelity) * math.expm1(-local_learning * weeks / WEEKS_PER_YEAR)


@rule
def mean_fidelity_over(fidelity: float, local_learning: float, weeks: float) -> float:
    """Mean of `fidelity_after_practice` [share] over the first ``weeks``.

    >>> mean_fidelity_over(0.5, 0.0, 260.0), mean_fidelity_over(1.0, 0.2, 260.0)
    (0.5, 1.0)
    >>> round(mean_fidelity_over(0.5, 0.1, 52.0), 4)
    0.5242
    """
    grown = local_learning * weeks / WEEKS_PER_YEAR
    if grown <= 0.0:
        return fidelity
    return 1.0 + (1.0 - fidelity) * math.expm1(-grown) / grown


@rule
def at_fidelity(full: float, fidelity: float) -> float:
    """Effect of a programme at ``fidelity`` [share], given its ``full`` effect [any unit] at fidelity 1.

    The level of implementation affects outcomes in some 500 studies (Durlak JA and DuPre EP 2008, American Journal of
    Community Psychology 41:327); that it does so in proportion, for good or ill, is an assumption.

    >>> at_fidelity(0.45, 1.0), at_fidelity(-0.05, 0.5), at_fidelity(2.0, 0.0)
    (0.45, -0.025, 0.0)
    """
    return full * fidelity
