"""Shapley values: how much of a whole each part brought, whatever the order in which the parts came.

Sums are exact: the worth of a coalition is a whole number (admissions, pence) and shares are fractions, so that the
parts add up to the whole to the last unit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain, combinations
from math import factorial

Coalition = frozenset[str]
"""Names of the players that take part."""


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """Every subset of the players, smaller ones first: 2^n of them.

    >>> [sorted(coalition) for coalition in coalitions(["a", "b"])]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    sizes = range(len(players) + 1)
    return [frozenset(chosen) for chosen in chain.from_iterable(combinations(players, size) for size in sizes)]


def shapley_values(worth: Mapping[Coalition, int], players: Sequence[str]) -> dict[str, Fraction]:
    """Each player's mean marginal worth over all orders of arrival (Shapley LS 1953, A value for n-person games).

    ``worth`` [any whole unit] of every coalition. The values add up to the worth of all less that of none, exactly.
    Raises KeyError if a coalition is missing.

    >>> worth = {frozenset(): 0, frozenset("a"): 6, frozenset("b"): 0, frozenset("ab"): 10}
    >>> {player: int(value) for player, value in shapley_values(worth, ["a", "b"]).items()}
    {'a': 8, 'b': 2}
    """
    count = len(players)
    values = {}
    for player in players:
        total = Fraction(0)
        for others in coalitions([name for name in players if name != player]):
            weight = Fraction(factorial(len(others)) * factorial(count - len(others) - 1), factorial(count))
            total += weight * (worth[others | {player}] - worth[others])
        values[player] = total
    return values


def alone(worth: Mapping[Coalition, int], player: str) -> int:
    """What the player brings when nobody else takes part.

    >>> alone({frozenset(): 1, frozenset("a"): 6}, "a")
    5
    """
    return worth[frozenset({player})] - worth[frozenset()]


def interaction(worth: Mapping[Coalition, int], players: Sequence[str]) -> int:
    """What all bring together beyond the sum of what each brings alone; 0 if none matters to another.

    >>> worth = {frozenset(): 0, frozenset("a"): 6, frozenset("b"): 0, frozenset("ab"): 10}
    >>> interaction(worth, ["a", "b"])
    4
    """
    together = worth[frozenset(players)] - worth[frozenset()]
    return together - sum(alone(worth, player) for player in players)


def rounded_to_add_up(parts: Sequence[float], decimals: int) -> list[float]:
    """Parts rounded so that they add up to their rounded sum (largest remainders), for a table that is added up.

    >>> rounded_to_add_up([1.4, 1.4, 1.4], 0), rounded_to_add_up([-2.26, 0.13], 1)
    ([2.0, 1.0, 1.0], [-2.2, 0.1])
    """
    scale = 10**decimals
    whole = [math.floor(part * scale) for part in parts]
    missing = round(sum(parts) * scale) - sum(whole)
    by_remainder = sorted(range(len(parts)), key=lambda at: whole[at] - parts[at] * scale)
    for at in by_remainder[:missing]:
        whole[at] += 1
    return [number / scale for number in whole]
