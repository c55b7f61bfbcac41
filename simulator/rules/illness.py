"""Long-term conditions, transient risk, acute episodes."""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule


@rule
def episode_hazard(
    usual: float, frailty: float, transient: float, continuity_gap: float, continuity_effect: float, unmet: float
) -> float:
    """Weekly hazard of an acute episode [probability per week].

    ``usual`` holds age, deprivation, conditions and loneliness; ``frailty`` (lasting) and ``transient``
    (passing, so that people chosen for a bad year get better by themselves) are ratios with mean 1;
    ``continuity_gap`` [share] is continuity minus its mean and ``continuity_effect`` [log ratio] what a unit of it
    does (Barker I et al 2017, BMJ 356:j84); ``unmet`` [log ratio] is what unmet need and programmes add.

    >>> episode_hazard(0.01, 2.0, 0.5, 0.0, -0.3, 0.0)
    0.01
    """
    return usual * frailty * transient * math.exp(continuity_effect * continuity_gap + unmet)


@rule
def local_demand(growth_per_year: float, week: int) -> float:
    """Acute episodes of a place in this week of a scenario, relative to its first [ratio], by a trend of its own.

    ``growth_per_year`` [change per year] is what the place's own people do not explain; 0 gives exactly 1.

    >>> local_demand(0.0, 100), round(local_demand(0.05, 52), 6)
    (1.0, 1.05)
    """
    return math.exp(math.log(1.0 + growth_per_year) * week / 52.0)


@rule
def readmission_hazard(weekly: float, support_gap: float, support_effect: float) -> float:
    """Weekly probability of a further acute admission in the weeks after discharge [probability per week].

    ``support_gap`` [score] is support minus the place's mean at the start, ``support_effect`` [log ratio].

    >>> readmission_hazard(0.02, 0.0, -0.5)
    0.02
    """
    return weekly * math.exp(support_effect * support_gap)


@rule
def episode_rate(admissions_per_1000: float, goes_to_ae: float, overnight: float, zero_night: float) -> float:
    """Acute episodes a person a year that lead to this many admissions [per 1,000 people per year].

    ``goes_to_ae`` [probability] of an episode; at A&E ``overnight`` [probability] stays, and of the others
    ``zero_night`` [probability] is recorded as an admission without a night.

    >>> round(episode_rate(90.0, 0.5, 0.3, 0.2), 4)
    0.4091
    """
    return admissions_per_1000 / 1000.0 / (goes_to_ae * (overnight + (1.0 - overnight) * zero_night))
