"""Wellbeing beside the net costs: what less loneliness is worth, and what one adult less lonely costs.

The outcome ``wellbeing_lost`` values loneliness in WELLBYs (`simulator.comparison.arms.wellbeing_lost`). It is never
added to a cost. Gains in health are in no outcome: there are no quality-adjusted life years in the model.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from simulator.comparison.arms import total, yearly_difference
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import chance_percent, number_text, pounds_text
from simulator.comparison.paired_statistics import INTERVAL, monte_carlo_error, percentile, widened
from simulator.foundations.categories import WEEKS_PER_YEAR


class CostOfEach(NamedTuple):
    """Net cost of one adult fewer who is often or always lonely, for a year, in pounds; negative is a saving.

    ``low`` and ``high`` are the 10th and 90th percentile of the pairs, in which both numbers are `widened`. The cost is
    infinite in a pair without fewer lonely adults; where ``high`` would be, or there are no fewer on average, all
    pounds are NaN.
    """

    pounds: float
    low: float
    high: float
    money: float  # the part in money
    error: float  # Monte Carlo error of ``pounds``, with the number of adults taken as known
    fewer: float  # adults often or always lonely, on average over the time simulated
    chance: float  # that there are fewer


def cost_of_each(comparison: Comparison) -> CostOfEach:
    """What it costs that one adult fewer is often or always lonely for a year, money and capacity together.

    Mean difference in net cost divided by that in adults; the Green Book's unit cost of an outcome.
    """
    years = comparison.scenario.weeks / WEEKS_PER_YEAR
    before, after = (total(arm.counts, ("lonely_weeks",)).sum(axis=(1, 2, 3, 4)) for arm in comparison.arms)
    fewer = (before - after) / WEEKS_PER_YEAR / years
    net, money = (yearly_difference(comparison.arms, name) for name in ("net_cost", "net_cash"))
    adults = float(fewer.mean())
    wide, by = widened(net), widened(fewer)
    chance = float((by > 0.0).mean())
    each = np.divide(wide, by, out=np.full(len(by), math.inf), where=by > 0.0)
    with np.errstate(invalid="ignore"):  # between two infinite pairs
        low, high = (percentile(each, share) for share in INTERVAL)
    if not math.isfinite(high) or adults <= 0.0:
        return CostOfEach(math.nan, math.nan, math.nan, math.nan, math.nan, adults, chance)
    error = monte_carlo_error(net, comparison.draws) / adults
    return CostOfEach(float(net.mean()) / adults, low, high, float(money.mean()) / adults, error, adults, chance)


def wellbeing_finding(comparison: Comparison) -> str:
    """A sentence on the worth of less loneliness, and one on the cost of each adult no longer lonely."""
    (row,) = comparison.per("year").summary(("wellbeing_lost",), rounded=False).to_dict("records")
    gain, error = -float(row["difference"]), float(row["monte_carlo_error"])
    ends = f"{pounds_text(-float(row['high']), error)} to {pounds_text(-float(row['low']), error)}"
    worth = (
        f"The change in loneliness is worth {pounds_text(gain, error)} a year in wellbeing (80 % range: "
        f"{ends}), which is in no cost."
    )
    found = cost_of_each(comparison)
    if math.isnan(found.pounds):
        return (
            f"{worth} No cost of each adult no longer lonely is given: the chance that there are fewer lonely adults "
            f"is only {chance_percent(found.chance)}."
        )
    pounds, low, high = (pounds_text(number, found.error) for number in (found.pounds, found.low, found.high))
    money = pounds_text(found.money, min(found.error, abs(found.money)))  # a part of it is never rounded to nothing
    return (
        f"{worth} On average {number_text(found.fewer, math.nan)} fewer adults are often or always lonely; for each, "
        f"the net cost is {pounds} a year ({low} to {high}), of which {money} in money."
    )
