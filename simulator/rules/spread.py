"""How much of a practice is left when it has passed from place to place, and what that does to a programme.

Fidelity is the share of what the people who made a practice do that others do too. It is lost when the practice is
handed on, little where people teach people, much where they follow a manual; a place regains some by its own work.
"""

from __future__ import annotations

import math

from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.foundations.compiling import rule


@rule
def handed_on(fidelity: float, kept: float) -> float:
    """Fidelity [share] with which a place begins that had the practice from one with ``fidelity`` [share].

    ``kept`` [share] of it survives one hand-over, so that n of them keep its n-th power. Cascades of training thin out
    level by level, where they transmit rather than practise together (Hayes D 2000, ELT Journal 54:135).

    >>> handed_on(1.0, 0.5), handed_on(handed_on(1.0, 0.5), 0.5)
    (0.5, 0.25)
    """
    return fidelity * kept


@rule
def practised(fidelity: float, local_learning: float, weeks: float) -> float:
    """Fidelity [share] after ``weeks`` of a place's own practice, from ``fidelity`` [share] at the start.

    What is missing shrinks at ``local_learning`` [per year]: fidelity of one group of trainees rose while they worked
    (Forgatch MS and DeGarmo DS 2011, Prevention Science 12:235, study 1); the form is an assumption.

    >>> practised(0.5, 0.0, 520.0), practised(1.0, 0.3, 52.0), round(practised(0.5, 0.1, 52.0), 4)
    (0.5, 1.0, 0.5476)
    """
    return fidelity - (1.0 - fidelity) * math.expm1(-local_learning * weeks / WEEKS_PER_YEAR)


@rule
def mean_practised(fidelity: float, local_learning: float, weeks: float) -> float:
    """Mean of `practised` [share] over the first ``weeks``: the integral of the exponential, divided by its length.

    >>> mean_practised(0.5, 0.0, 260.0), mean_practised(1.0, 0.2, 260.0), round(mean_practised(0.5, 0.1, 52.0), 4)
    (0.5, 1.0, 0.5242)
    """
    grown = local_learning * weeks / WEEKS_PER_YEAR
    if grown <= 0.0:
        return fidelity
    return 1.0 + (1.0 - fidelity) * math.expm1(-grown) / grown


@rule
def at_fidelity(full: float, fidelity: float) -> float:
    """What a programme gives at ``fidelity`` [share], where it gives ``full`` [any unit] at its source.

    In proportion, good or bad. The level of implementation affects outcomes in some 500 studies (Durlak JA and DuPre
    EP 2008, American Journal of Community Psychology 41:327); that it does so in proportion is an assumption.

    >>> at_fidelity(0.45, 1.0), at_fidelity(-0.05, 0.5), at_fidelity(2.0, 0.0)
    (0.45, -0.025, 0.0)
    """
    return full * fidelity
