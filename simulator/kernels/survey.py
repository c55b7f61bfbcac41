"""Errors of a survey's scale, used by studies."""

from __future__ import annotations

from simulator.foundations import random_numbers as draws
from simulator.foundations.compiling import compiled
from simulator.rules import chance


@compiled
def draw_errors(seed, weeks, berths, generations, errors):  # type: ignore[no-untyped-def]
    """Set ``errors`` to independent standard normal numbers, one for each person and week."""
    for i in range(errors.shape[0]):
        u, _, _, _ = draws.draw(seed, draws.SURVEY, weeks[i], berths[i], generations[i])
        errors[i] = chance.normal_quantile(u)
