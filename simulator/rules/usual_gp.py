"""A doctor of one's own: how long the usual GP has been the same, and what seeing that GP does to the next visit.

Every resident has a usual GP. The relationship ends when the GP leaves the practice or the resident moves, and a new
one begins at once. Its length acts on acute episodes, beside the share of consultations with the usual GP
(`illness.episode_hazard`); the last consultation acts on how soon someone comes back.
"""

from __future__ import annotations

import math
from typing import Final

from simulator.foundations.categories import WEEKS_PER_QUARTER
from simulator.foundations.compiling import rule

MOST_QUARTERS: Final = 255
"""Upper limit of ``usual_gp_quarters``."""
YEARS_APART: Final = 16
"""Numbers of whole years with the same GP that are told apart: 0 to 14, and 15 or more."""
_HALF_A_YEAR: Final = 2
"""Quarters. A study takes lengths at the start of the year that it follows, whose middle is half a year later."""


@rule
def quarters_after(quarters: int, ended: bool) -> int:
    """Whole quarters with the same usual GP after one more, at whose end that GP may have left (``ended``).

    >>> quarters_after(7, False), quarters_after(7, True), quarters_after(255, False)
    (8, 0, 255)
    """
    return 0 if ended else min(MOST_QUARTERS, quarters + 1)


@rule
def years_with(quarters: int) -> int:
    """Whole years with the same usual GP half a year ago, as studies count them, of those told apart.

    >>> years_with(5), years_with(6), years_with(200)
    (0, 1, 15)
    """
    return min(YEARS_APART - 1, max(0, quarters - _HALF_A_YEAR) >> 2)


@rule
def kept_over_a_quarter(left: float, moves: float) -> float:
    """Probability that a relationship lasts a quarter, if the share ``left`` of GPs leaves the practice in it.

    ``moves`` [per year] is the rate at which households leave the practice's list.

    >>> kept_over_a_quarter(0.0, 0.0), kept_over_a_quarter(0.5, 0.0)
    (1.0, 0.5)
    """
    return (1.0 - left) * math.exp(-moves / 4.0)


@rule
def quarters_at_start(u: float, kept: float, age_weeks: int) -> int:
    """Whole quarters with the same usual GP at equilibrium, and at most since birth.

    ``kept`` [probability] is `kept_over_a_quarter`: lengths are geometric.

    >>> quarters_at_start(0.5, 0.9, 3000), quarters_at_start(0.5, 0.9, 26), quarters_at_start(0.5, 1.0, 3000)
    (6, 2, 230)
    """
    longest = min(MOST_QUARTERS, age_weeks // WEEKS_PER_QUARTER)
    if kept >= 1.0:
        return longest
    if kept <= 0.0:
        return 0
    return int(min(float(longest), math.log(u) / math.log(kept)))


@rule
def share_with_years(years: int, age: int, kept: float) -> float:
    """Share of people for whom `years_with` is ``years`` at equilibrium, if they have so many at most.

    ``kept`` [probability] is `kept_over_a_quarter`; ``age`` [years] is the most that is possible half a year ago, for
    those who have had the same GP since birth.

    >>> share_with_years(0, 40, 0.5), share_with_years(1, 1, 0.5), share_with_years(3, 2, 0.5)
    (0.984375, 0.015625, 0.0)
    """
    longest = min(age, YEARS_APART - 1)
    if years > longest:
        return 0.0
    at_least = math.pow(kept, 4.0 * years + _HALF_A_YEAR) if years > 0 else 1.0
    return at_least if years == longest else at_least - math.pow(kept, 4.0 * years + 4.0 + _HALF_A_YEAR)


@rule
def return_ratio(saw_usual: bool, interval_ratio: float, mean_continuity: float) -> float:
    """Consultations wanted after a consultation with the usual GP or with another clinician, relative to all.

    The time to the next one is ``interval_ratio`` [ratio] times as long after the usual GP (Kajaria-Montag H and others
    2023, Management Science). The mean interval, share / (after usual) + (1 - share) / (after others), is 1 at today's
    ``mean_continuity`` [share] of consultations with the usual GP, so that a place's demand is unchanged.

    >>> return_ratio(False, 1.25, 0.6), round(return_ratio(True, 1.25, 0.6), 6), return_ratio(True, 1.0, 0.6)
    (1.15, 0.92, 1.0)
    """
    others = 1.0 + (interval_ratio - 1.0) * mean_continuity
    return others / interval_ratio if saw_usual else others


@rule
def share_of_time_after_usual(interval_ratio: float, mean_continuity: float) -> float:
    """Share of people whose last consultation was with the usual GP, which is more than the share of consultations.

    >>> share_of_time_after_usual(1.0, 0.6), round(share_of_time_after_usual(1.25, 0.6), 4)
    (0.6, 0.6522)
    """
    after_usual = interval_ratio * mean_continuity
    return after_usual / (after_usual + 1.0 - mean_continuity)
