"""Checks of a scenario against the evidence and the place, made before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from simulator.errors import Problem
from simulator.evidence.parameters import Rates, Table
from simulator.foundations.categories import ALL_TASKS, PAPERWORK, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.scenario.scenario import Scenario
from simulator.specification.entries import Commitment, Funding
from simulator.specification.expected_release import ExpectedQuarter
from simulator.specification.task_rates import task_rates


class Promises(NamedTuple):
    """A scenario's commitments, and the funding from other sources."""

    commitments: tuple[Commitment, ...]
    funding: tuple[Funding, ...]


def ceiling_problems(scenario: Scenario, rates: Rates) -> Iterator[Problem]:
    """One problem for each task automated beyond its ceiling."""
    for index, entry in enumerate(scenario.automate):
        ceiling = task_rates(rates, ALL_TASKS.index(entry.path)).ceiling
        if entry.share > ceiling:
            topic = "paperwork" if entry.path in PAPERWORK else "contacts"
            wrong = f"{_percent(entry.share)} exceeds the automation ceiling of {entry.path}"
            right = f"Write {_percent(ceiling)} or less, or change {topic}.automation_ceiling and give the reason"
            yield scenario.problem(("automate", index, "share"), wrong, right)


def commitment_problems(
    scenario: Scenario, quarters: Sequence[ExpectedQuarter], plan: Promises, unit_cost: Table
) -> Iterator[Problem]:
    """A problem if committed posts cost more in any quarter than the money available; the first such quarter is named.

    Available are the previous quarter's reinvested release, since a quarter's release is spent in the next, and other
    funding for the same programme. ``unit_cost`` is in pounds per year by slot of the run's programmes.
    """
    released = [0.0, *(quarter.reinvested for quarter in quarters)]
    for number in range(len(quarters)):
        cost, paid = np.zeros(len(unit_cost)), np.zeros(len(unit_cost))
        for posts in plan.commitments:
            if posts.from_week < (number + 1) * WEEKS_PER_QUARTER:
                cost[posts.programme] += posts.units * float(unit_cost[posts.programme])
        for fund in plan.funding:
            paid[fund.programme] += fund.pence_per_week * WEEKS_PER_YEAR / 100.0 * _part_of_quarter(number, fund)
        if round(np.maximum(cost - paid, 0.0).sum()) > round(released[number]):
            first = number * WEEKS_PER_QUARTER
            wrong = (
                f"the committed posts cost £{cost.sum():,.0f} a year from week {first} to "
                f"{first + WEEKS_PER_QUARTER - 1}, of which other funding pays £{np.minimum(paid, cost).sum():,.0f}; "
                f"the release reinvested by then is only about £{released[number]:,.0f} a year"
            )
            right = "Commit to fewer or later posts, automate or reinvest more, or add other payers under 'funding'"
            yield scenario.problem(("commitments",), wrong, right)
            return


def arithmetic_error(work: Callable[[], object]) -> str | None:
    """Reason why ``work`` cannot be computed, such as a division by zero, or None if it can."""
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            work()
    except (ArithmeticError, ValueError) as error:
        return str(error)
    return None


def arithmetic_problem(scenario: Scenario, at: tuple[str | int, ...], reason: str) -> Problem:
    """The problem of a changed value with which the model cannot be computed."""
    wrong = f"the model cannot be computed with this value ({reason})"
    right = "Give a realistic value; to switch something off, use a small positive number"
    return scenario.problem(at, wrong, right)


def _part_of_quarter(quarter: int, fund: Funding) -> float:
    """Share of a quarter in which the money is paid."""
    first, last = quarter * WEEKS_PER_QUARTER, (quarter + 1) * WEEKS_PER_QUARTER
    return max(0, min(last, fund.until_week) - max(first, fund.from_week)) / WEEKS_PER_QUARTER


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
