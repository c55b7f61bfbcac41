"""Shapley values against worked examples and the axioms that define them."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest

from simulator.experiments.attribution import alone, coalitions, interaction, shapley_values

PLAYERS = ("loneliness", "continuity", "care_planning", "discharge", "access", "volunteers")


def random_worth(players: tuple[str, ...], seed: int) -> dict[frozenset[str], int]:
    luck = np.random.default_rng(seed)
    return {coalition: int(luck.integers(-500, 500)) for coalition in coalitions(players)}


def test_every_subset_is_a_coalition_once() -> None:
    found = coalitions(PLAYERS)
    assert len(found) == len(set(found)) == 64
    assert found[0] == frozenset()
    assert found[-1] == frozenset(PLAYERS)


def test_the_glove_game() -> None:
    """One left glove, two right ones; a pair is worth 1: 4/6 for the left and 1/6 each (a textbook example)."""
    players = ("left", "right", "other_right")
    worth = {c: int("left" in c and len(c) > 1) for c in coalitions(players)}
    assert shapley_values(worth, players) == {
        "left": Fraction(2, 3),
        "right": Fraction(1, 6),
        "other_right": Fraction(1, 6),
    }


@pytest.mark.parametrize("seed", range(5))
def test_the_parts_add_up_exactly(seed: int) -> None:
    worth = random_worth(PLAYERS, seed)
    assert sum(shapley_values(worth, PLAYERS).values()) == worth[frozenset(PLAYERS)] - worth[frozenset()]


@pytest.mark.parametrize("seed", range(3))
def test_a_part_is_the_mean_over_all_orders_of_arrival(seed: int) -> None:
    players = PLAYERS[:4]
    worth = random_worth(players, seed)
    values = shapley_values(worth, players)
    orders = list(permutations(players))
    for player in players:
        marginal = 0
        for order in orders:
            before = frozenset(order[: order.index(player)])
            marginal += worth[before | {player}] - worth[before]
        assert values[player] == Fraction(marginal, len(orders))


def test_a_channel_without_effect_has_a_part_of_zero() -> None:
    worth = {c: 7 if "access" in c else 3 for c in coalitions(PLAYERS)}
    values = shapley_values(worth, PLAYERS)
    assert values["access"] == 4
    assert all(value == 0 for player, value in values.items() if player != "access")


def test_without_interaction_each_part_is_what_it_brings_alone() -> None:
    weights = dict(zip(PLAYERS, (-5, 3, -11, 0, 2, 1), strict=True))
    worth = {c: 100 + sum(weights[player] for player in c) for c in coalitions(PLAYERS)}
    assert interaction(worth, PLAYERS) == 0
    assert shapley_values(worth, PLAYERS) == weights
    assert {player: alone(worth, player) for player in PLAYERS} == weights


def test_interaction_is_what_goes_beyond_each_alone() -> None:
    worth = {frozenset(): 10, frozenset("a"): 7, frozenset("b"): 9, frozenset("ab"): 1}
    assert interaction(worth, "ab") == -5


def test_a_missing_coalition_is_an_error() -> None:
    with pytest.raises(KeyError):
        shapley_values({frozenset(): 0, frozenset("a"): 1}, ("a", "b"))
