"""Ties between residents: they grow with time together, fade without it, and add up to support."""

from __future__ import annotations

import math

from simulator.foundations.categories import SLOW_STEP
from simulator.foundations.compiling import rule


@rule
def ends_step(week: int) -> bool:
    """Whether a step of four weeks ends with this week: then ties, support and loneliness are brought up to date.

    >>> [week for week in range(9) if ends_step(week)]
    [3, 7]
    """
    return week % SLOW_STEP == SLOW_STEP - 1


@rule
def growth(hours: float, hours_to_close: float, close_strength: float) -> float:
    """Share of the missing strength that ``hours`` [hours] together add.

    Strength after H hours is 1 - exp(-H / scale), with the scale such that ``hours_to_close`` [hours] give
    ``close_strength`` [strength]. Source of the hours: Hall JA 2019, J Soc Pers Relat 36:1278 (casual friend 50,
    friend 90, close friend 200 hours).

    >>> round(growth(200.0, 200.0, 0.75), 6)
    0.75
    >>> growth(0.0, 200.0, 0.75)
    0.0
    """
    return 1.0 - math.exp(math.log(1.0 - close_strength) * hours / hours_to_close)


@rule
def weekly_keep(half_life: float) -> float:
    """Share kept over a week of what has this half-life [weeks], such as the strength of a tie without contact.

    >>> weekly_keep(1.0)
    0.5
    """
    return math.exp(-math.log(2.0) / half_life)


@rule
def strength_after(strength: float, keep: float, gain: float) -> float:
    """Strength [strength] after a week or several: ``strength * keep + gain``.

    A week with contact has keep = 1 - growth and gain = growth, so that strength grows by growth * (1 - strength);
    a week without has keep = `weekly_keep` and gain = 0. Using one form for both avoids a branch in the loop.

    >>> strength_after(0.5, 0.9, 0.1)
    0.55
    >>> strength_after(0.5, 0.5, 0.0)
    0.25
    """
    return strength * keep + gain


@rule
def settled_strength(probability: float, growth_in_contact: float, keep: float) -> float:
    """Equilibrium strength of a tie with this weekly contact probability: expected growth equals expected fading.

    Solves probability * growth * (1 - s) = (1 - probability) * (1 - keep) * s.

    >>> settled_strength(1.0, 0.02, 0.9)
    1.0
    >>> settled_strength(0.0, 0.02, 0.9)
    0.0
    """
    gained = probability * growth_in_contact
    lost = (1.0 - probability) * (1.0 - keep)
    if gained + lost <= 0.0:
        return 0.0
    return gained / (gained + lost)


@rule
def level_of(probability: float) -> int:
    """Contact level [1/65536] for this weekly contact ``probability`` [probability per week].

    >>> level_of(0.5), level_of(1.0)
    (32768, 65535)
    """
    return min(65535, int(probability * 65536.0))


@rule
def contact_level(u: float, mean_probability: float) -> int:
    """Contact level [1/65536] of one tie: uniform between 0 and twice its context's mean probability, at most 1.

    An assumption: within a context some ties have frequent contact and some hardly any.

    >>> contact_level(0.5, 0.25)
    16384
    >>> contact_level(0.9, 0.9)
    65535
    """
    return level_of(2.0 * u * mean_probability)


@rule
def restored_level(level: int, restored: float) -> int:
    """Contact level [1/65536] of a tie once ``restored`` [share] of the contact that it lacks is back.

    >>> restored_level(0, 0.5), restored_level(65535, 0.5)
    (32767, 65535)
    """
    return level + int((65535 - level) * restored)


@rule
def meets(word: int, level: int) -> bool:
    """Whether a tie of this contact ``level`` [1/65536] meets, given a random 16-bit ``word``.

    >>> meets(100, 101), meets(101, 101), meets(0, 0)
    (True, False, False)
    """
    return word < level


@rule
def support(weighted_strength: float, half: float) -> float:
    """Support [0, 1) from the sum of weighted strengths, with diminishing returns; 0.5 at ``half``.

    The form is an assumption: the first close tie counts most (Cohen and Wills 1985, Psychol Bull 98:310, on
    support as a buffer with a threshold).

    >>> support(2.0, 2.0)
    0.5
    >>> support(0.0, 2.0)
    0.0
    """
    return weighted_strength / (weighted_strength + half)
