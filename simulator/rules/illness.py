"""Long-term conditions, transient risk and acute episodes."""

from __future__ import annotations

import math

from simulator.foundations.categories import READMISSION_WEEKS
from simulator.foundations.compiling import rule
from simulator.rules import chance
from simulator.rules.care import NEVER_DISCHARGED

NO_EPISODE, ACUTE_EPISODE, READMISSION = range(3)
"""Values of ``episode``."""


@rule
def conditions_after_week(u: float, conditions: int, onset: float) -> int:
    """Number of long-term conditions after a week, with ``onset`` [probability per week] of another; at most 3.

    >>> conditions_after_week(0.001, 1, 0.002), conditions_after_week(0.003, 1, 0.002)
    (2, 1)
    """
    return conditions + 1 if u < onset and conditions < 3 else conditions


@rule
def episode_hazard(
    usual: float, frailty: float, transient: float, continuity_gap: float, continuity_effect: float, unmet: float
) -> float:
    """Weekly hazard of an acute episode [probability per week].

    ``usual`` reflects age, deprivation, conditions and loneliness; ``frailty`` (lasting) and ``transient`` (which
    causes regression to the mean) are ratios with mean 1; ``continuity_gap`` [share] is continuity minus its mean and
    ``continuity_effect`` [log ratio] its effect per unit (Barker I et al 2017, BMJ 356:j84); ``unmet`` [log ratio] is
    the effect of unmet need, of programmes, of living alone and of years with the usual GP.

    >>> episode_hazard(0.01, 2.0, 0.5, 0.0, -0.3, 0.0)
    0.01
    """
    return usual * frailty * transient * math.exp(continuity_effect * continuity_gap + unmet)


@rule
def trend_week(week: int, years: float) -> int:
    """Weeks of a scenario for which a yearly rise has gone on; it ends after ``years``.

    >>> trend_week(100, 11.0), trend_week(5200, 11.0)
    (100, 572)
    """
    return min(week, int(years * 52.0))


@rule
def local_demand(growth_per_year: float, week: int) -> float:
    """Local trend in acute episodes: this week of a scenario relative to its first week [ratio].

    ``growth_per_year`` [change per year] is growth not explained by the place's population; 0 gives exactly 1.

    >>> local_demand(0.0, 100), round(local_demand(0.05, 52), 6)
    (1.0, 1.05)
    """
    return math.exp(math.log(1.0 + growth_per_year) * week / 52.0)


@rule
def starting_excess(ratio: float, modelled: float, passing: float, half_life: float, week: int) -> float:
    """Acute episodes in this week of a scenario relative to those expected of the place's residents [ratio].

    ``ratio`` [ratio] is the excess at the start, of whose logarithm the share ``modelled`` counts. Of that, the share
    ``passing`` halves every ``half_life`` [weeks] and the rest lasts, so a fall can be regression to the mean.

    >>> starting_excess(1.5, 0.0, 0.5, 52.0, 100), starting_excess(1.5, 1.0, 0.0, 52.0, 100)
    (1.0, 1.5)
    >>> round(starting_excess(2.25, 1.0, 1.0, 52.0, 52), 6)
    1.5
    """
    return math.exp(math.log(ratio) * modelled * (1.0 - passing + passing * math.pow(0.5, week / half_life)))


@rule
def aftercare(weeks_since_discharge: int, lasting: float, effect: float) -> float:
    """Effect of aftercare on a member's hazards this week: ``effect`` [log ratio] for ``lasting`` [weeks], then 0.

    It acts on every admission after a discharge, since that is what trials count: on readmissions that the first stay
    brings about and on acute episodes that would have come in any case. Nobody has aftercare without a discharge.

    >>> aftercare(13, 13.0, -0.4), aftercare(14, 13.0, -0.4), aftercare(NEVER_DISCHARGED, 999.0, -0.4)
    (-0.4, 0.0, 0.0)
    """
    if weeks_since_discharge > lasting or weeks_since_discharge >= NEVER_DISCHARGED:
        return 0.0
    return effect


@rule
def readmission_hazard(
    weeks_since_discharge: int, weekly: float, support_gap: float, support_effect: float, programme_effect: float
) -> float:
    """Weekly probability of readmission in the weeks after discharge, 0 later [probability per week].

    ``support_gap`` [score] is support minus the place's mean at the start; effects are log ratios
    (``programme_effect``, of aftercare and mobilised help, is 0 outside programmes).

    >>> readmission_hazard(2, 0.02, 0.0, -0.5, 0.0), readmission_hazard(5, 0.02, 0.0, -0.5, 0.0)
    (0.02, 0.0)
    """
    if weeks_since_discharge > READMISSION_WEEKS:
        return 0.0
    return weekly * math.exp(support_effect * support_gap + programme_effect)


@rule
def episode_of_week(
    u: float,
    readmission: float,
    person: tuple[float, float, float],
    continuity_gap: float,
    continuity_effect: float,
    unmet: float,
) -> int:
    """The acute episode of a resident at home this week, if any; ``readmission`` [probability] is applied first.

    ``person`` is (usual, frailty, transient); these and the later arguments are as in `episode_hazard`.

    >>> [episode_of_week(u, 0.01, (0.02, 1.0, 1.0), 0.0, -0.3, 0.0) for u in (0.005, 0.02, 0.5)]
    [2, 1, 0]
    """
    usual, frailty, transient = person
    exponent = continuity_effect * continuity_gap + unmet
    if readmission == 0.0 and chance.certainly_above(u, usual * frailty * transient, exponent):
        return NO_EPISODE
    if u < readmission:
        return READMISSION
    hazard = episode_hazard(usual, frailty, transient, continuity_gap, continuity_effect, unmet)
    return ACUTE_EPISODE if u < readmission + hazard else NO_EPISODE


@rule
def episode_rate(admissions_per_1000: float, goes_to_ae: float, overnight: float, zero_night: float) -> float:
    """Acute episodes per person per year that lead to this admission rate [per 1,000 people per year].

    Probabilities: ``goes_to_ae`` of attending A&E, ``overnight`` of being admitted there overnight, and otherwise
    ``zero_night`` of being recorded as a zero-night admission.

    >>> round(episode_rate(90.0, 0.5, 0.3, 0.2), 4)
    0.4091
    """
    return admissions_per_1000 / 1000.0 / (goes_to_ae * (overnight + (1.0 - overnight) * zero_night))
