"""The loneliness score, and the state often or always lonely that follows it.

score = need - support_effect support (1 + outlook_effect outlook) + illness_effect conditions + mood, scaled to
standard deviations of the place's adults from their mean when the scenario begins, so that uncertain strengths move
what changes it and not how many are lonely at the start. Need is that of the age band plus a lasting personal part.
Mood, the passing part, is an autoregressive process. A lasting and a passing part are what surveys years apart ask for:
their correlation falls in the first year and hardly from then on (trait and state; Kenny DA and Zautra A 1995, J
Consult Clin Psychol 63:52). The state begins above one threshold and ends below a lower one, so that a shift of the
score moves the share in that state as a shift of a scale does.
"""

from __future__ import annotations

import math
from typing import Final

from simulator.foundations.compiling import rule

COUNTED: Final = ("loneliness_score_millionths", "high_score_weeks", "very_high_score_weeks")
"""Measures that an adult's score adds to."""


@rule
def lasting_score(
    need: float, support: float, outlook: float, conditions: int, effects: tuple[float, float, float]
) -> float:
    """The unscaled loneliness score [score] of someone in their usual mood.

    ``need`` [score] of age and person; ``support`` and ``outlook`` in [0, 1]; ``effects`` are those of support [score],
    of outlook [ratio] and of a condition [score].

    >>> lasting_score(4.0, 0.5, 0.0, 1, (6.0, 0.1, 0.25)), lasting_score(4.0, 0.5, 1.0, 0, (6.0, 0.5, 0.25))
    (1.25, -0.5)
    """
    return need - effects[0] * support * (1.0 + effects[1] * outlook) + effects[2] * conditions


@rule
def score_of_company(lonely_ties: int, volunteers: int, travel_effect: float, giver_effect: float) -> float:
    """What is added to the loneliness score [score] by close ties with lonely people, and by giving one's time.

    >>> score_of_company(2, 0, 0.05, 0.2), score_of_company(0, 1, 0.05, 0.2)
    (0.1, -0.2)
    """
    return travel_effect * lonely_ties - giver_effect * volunteers


@rule
def friend_making_of(usual: float, lonely: int, ratio: float) -> float:
    """Probability of making a friend in a week [probability per week], for the lonely ``ratio`` times the usual one.

    >>> friend_making_of(0.5, 0, 0.5), friend_making_of(0.5, 1, 0.5)
    (0.5, 0.25)
    """
    return usual * ratio if lonely else usual


@rule
def standardised(score: float, centre: float, spread: float) -> float:
    """The score in standard deviations from the mean of adults when the scenario begins [both unscaled].

    >>> standardised(1.5, 0.5, 0.5)
    2.0
    """
    return (score - centre) / spread


@rule
def change_in_step(spread: float, kept: float) -> float:
    """Range [score] of the uniform change in a step of four weeks that gives mood this standard deviation [score].

    A process with share ``kept`` per step has variance spread^2 if its changes have variance spread^2 (1 - kept^2);
    that of a uniform number is 1/12. With a half-life of months the sum of many changes is close to normal.

    >>> round(change_in_step(1.0, 0.0) ** 2, 6)
    12.0
    """
    return spread * math.sqrt(12.0 * (1.0 - kept * kept))


@rule
def mood_after_step(mood: float, u: float, kept: float, change: float) -> float:
    """Mood [score] after four weeks, given a uniform number; ``kept`` and ``change`` as in `change_in_step`.

    >>> mood_after_step(0.5, 0.5, 0.9, 0.2), round(mood_after_step(0.5, 1.0, 0.9, 0.2), 6)
    (0.45, 0.55)
    """
    return mood * kept + change * (u - 0.5)


@rule
def lonely_after_step(lonely: int, score: float, threshold: float, margin: float) -> int:
    """Whether someone is often or always lonely: from ``threshold`` [score] up, until ``margin`` below it.

    >>> [lonely_after_step(before, 1.4, 1.5, 0.2) for before in (0, 1)]
    [0, 1]
    >>> [lonely_after_step(before, score, 1.5, 0.2) for before, score in ((0, 1.6), (1, 1.2))]
    [1, 0]
    """
    return int(score > (threshold - margin if lonely else threshold))


@rule
def score_counts(score: float) -> tuple[int, int, int]:
    """Increments of `COUNTED` from a score: its millionths, and whether it is above 1 and above 2.

    >>> score_counts(1.5), score_counts(-0.25)
    ((1500000, 1, 0), (-250000, 0, 0))
    """
    return int(score * 1e6), int(score > 1.0), int(score > 2.0)


@rule
def outlook_after_sessions(outlook: float, sessions: float, session_share: float) -> float:
    """Outlook in [0, 1] after a week with ``sessions`` [per week] that each cover this share of what is missing.

    >>> round(outlook_after_sessions(0.0, 1.0, 0.3), 3), round(outlook_after_sessions(0.3, 2.0, 0.3), 3)
    (0.3, 0.657)
    >>> outlook_after_sessions(0.4, 0.0, 0.3)
    0.4
    """
    if sessions <= 0.0:
        return outlook
    return 1.0 - (1.0 - outlook) * math.pow(1.0 - session_share, sessions)


@rule
def discounted_ratio(relative_risk: float, causal_discount: float) -> float:
    """The causal part [ratio] of an observed relative risk, for a causal share [share] of its logarithm.

    >>> discounted_ratio(1.15, 0.0), round(discounted_ratio(1.15, 1.0), 6)
    (1.0, 1.15)
    """
    return math.exp(causal_discount * math.log(relative_risk))
