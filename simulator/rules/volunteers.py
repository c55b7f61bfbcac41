"""Volunteers: willingness, recruitment, hours given, and the effects of asking for too much."""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule


@rule
def willing_share(share: float, age_ratio: float, deprivation_ratio: float, decline: float, years: float) -> float:
    """Share of adults of one age and deprivation group who are willing to volunteer, ``years`` after the survey.

    ``share`` [share] times both ratios, changed by ``decline`` [change per year] over ``years`` [years], which is
    negative before the survey; at most 1. The share is falling: 27 % of adults in England volunteered formally at least
    once a month in 2013/14 and 16 % in 2023/24 (DCMS, Community Life Survey 2023/24).

    >>> willing_share(0.16, 1.0, 1.0, 0.0, 10.0)
    0.16
    >>> round(willing_share(0.27, 1.0, 1.0, -0.051, 10.0), 2)
    0.16
    >>> willing_share(0.9, 2.0, 1.0, 0.0, 0.0)
    1.0
    """
    return min(1.0, share * age_ratio * deprivation_ratio * math.exp(math.log(1.0 + decline) * years))


@rule
def asks_remembered(asks: float, weeks: float, half_life: float) -> float:
    """Number of earlier ``asks`` still remembered after ``weeks`` [weeks], with a half-life [weeks].

    >>> asks_remembered(2.0, 26.0, 26.0)
    1.0
    >>> asks_remembered(2.0, 0.0, 26.0)
    2.0
    """
    return asks * math.exp(-math.log(2.0) * weeks / half_life)


@rule
def yes_probability(yes: float, ratio: float, fatigue: float, asks: float, time_ratio: float) -> float:
    """Probability that a willing resident who is asked says yes.

    ``yes`` [probability] applies to a first ask by a programme, for a role the resident has time for. It is written as
    1 - exp(-weight), and the weight is multiplied by ``ratio`` if an acquaintance asks; by 1 / (1 + ``fatigue`` x
    ``asks``) for ``asks`` still remembered; and by ``time_ratio``, hours available over hours of the role, if below 1.
    So each further ask adds less. The form is an assumption; evidence that people volunteer because they are asked is
    in Freeman RB 1997, Journal of Labor Economics 15:S140.

    >>> yes_probability(0.5, 1.0, 1.0, 0.0, 3.0)
    0.5
    >>> yes_probability(0.5, 2.0, 1.0, 0.0, 1.0), yes_probability(0.75, 1.0, 1.0, 1.0, 1.0)
    (0.75, 0.5)
    >>> yes_probability(0.0, 2.0, 1.0, 0.0, 1.0), yes_probability(1.0, 2.0, 1.0, 3.0, 1.0)
    (0.0, 1.0)
    """
    weight = ratio * min(1.0, time_ratio) / (1.0 + fatigue * asks)
    if yes >= 1.0:
        return 1.0 if weight > 0.0 else 0.0
    return 1.0 - math.exp(math.log(1.0 - yes) * weight)


@rule
def overload(asked: float, available: float) -> float:
    """Share of the hours asked of a volunteer that exceeds the hours available [share]; both in hours per week.

    >>> overload(2.0, 3.0), overload(4.0, 3.0), overload(1.0, 0.0), overload(0.0, 0.0)
    (0.0, 0.25, 1.0, 0.0)
    """
    if asked <= available or asked <= 0.0:
        return 0.0
    return 1.0 - available / asked


@rule
def strain_after_week(strain: float, overload_now: float, strain_weeks: float) -> float:
    """Strain [share] after a week: each week it moves 1 / ``strain_weeks`` [weeks] of the way towards the overload.

    >>> strain_after_week(0.0, 0.5, 5.0), strain_after_week(0.5, 0.5, 5.0), strain_after_week(0.5, 0.0, 1.0)
    (0.1, 0.5, 0.0)
    """
    return strain + (overload_now - strain) / max(1.0, strain_weeks)


@rule
def care_hours(asked: float, available: float, strain: float, quality_effect: float) -> float:
    """Effective hours of care [hours per week]: the hours available, worth less under strain.

    min(asked, available) x exp(``quality_effect`` [log ratio] x ``strain`` [share]). An effect of 0 disables this.

    >>> care_hours(2.0, 3.0, 0.0, -0.5), care_hours(4.0, 3.0, 0.0, -0.5)
    (2.0, 3.0)
    >>> round(care_hours(4.0, 3.0, 0.25, -0.5), 3)
    2.647
    """
    return min(asked, available) * math.exp(quality_effect * strain)


@rule
def leaving_rate(rate: float, ratio: float, strain: float, strain_effect: float, unwilling_rate: float) -> float:
    """Rate at which a volunteer stops [per year].

    ``rate`` [per year] x ``ratio`` (the effect of programmes that support volunteers) x exp(``strain_effect`` [log
    ratio] x ``strain`` [share]), plus ``unwilling_rate`` [per year] for those no longer willing (0 for others). Without
    strain, 23 % of a year's volunteers would not continue (NCVO 2023, Time Well Spent: 77 % likely to).

    >>> leaving_rate(0.23, 1.0, 0.0, 1.0, 0.0), leaving_rate(0.2, 0.5, 0.0, 1.0, 4.0)
    (0.23, 4.1)
    >>> round(leaving_rate(0.23, 1.0, 0.5, 1.0, 0.0), 3)
    0.379
    """
    return rate * ratio * math.exp(strain_effect * strain) + unwilling_rate
