"""What a scenario's automation should free, task by task, in its last year: units, failures, rework and money."""

from __future__ import annotations

from typing import Final

from simulator.foundations.categories import ALL_TASKS, MINUTES_PER_HOUR, PAPERWORK, WEEKS_PER_YEAR
from simulator.specification.expected_release import ExpectedTask, expected_demand, expected_task
from simulator.specification.spec import Spec

_COLUMNS: Final = (
    "task", "kind", "units a year", "hours", "automated", "failed", "back with staff", "time freed, £", "rework, £",
    "rework, % of freed", "technology, £", "released, £",
)  # fmt: skip


def expected_tasks(spec: Spec) -> tuple[ExpectedTask, ...]:
    """Expected automation of each task in the last 52 weeks, or in the whole of a shorter run, at central evidence."""
    rates = spec.rates()
    demand = expected_demand(spec.place, rates)
    span = range(max(0, spec.weeks - WEEKS_PER_YEAR), spec.weeks)
    return tuple(expected_task(demand, rates, entry, span) for entry in spec.automation)


def release_lines(spec: Spec) -> list[str]:
    """A Markdown table of `expected_tasks`, with a row for their sum.

    ``rework = returned * (minutes * realisation + rework minutes) / 60 * hourly cost``: a unit that comes back takes
    back the time that was counted as freed, and the time to find out what went wrong.
    """
    tasks = expected_tasks(spec)
    return [
        f"Expected in {spec.place.title} in the last year of the run, at central evidence:",
        "",
        f"| {' | '.join(_COLUMNS)} |",
        f"|{'---|' * len(_COLUMNS)}",
        *(_row(ALL_TASKS[one.task], [one]) for one in tasks),
        _row("all", tasks),
    ]


def _row(name: str, tasks: tuple[ExpectedTask, ...] | list[ExpectedTask]) -> str:
    kinds = {"paperwork" if ALL_TASKS[one.task] in PAPERWORK else "contacts" for one in tasks}
    units, attempts, failed, returned = (
        sum(getattr(one, field) for one in tasks) for field in ("units", "attempts", "failed", "returned")
    )
    hours = sum(one.units * one.minutes for one in tasks) / MINUTES_PER_HOUR
    freed, rework, technology = (sum(getattr(one, field) for one in tasks) for field in _MONEY)
    share = f"{100.0 * rework / freed:.0f} %" if freed > 0.0 else ""
    cells = [
        name,
        kinds.pop() if len(kinds) == 1 else "both",
        *(f"{amount:,.0f}" for amount in (units, hours, attempts, failed, returned, freed, rework)),
        share,
        *(f"{amount:,.0f}" for amount in (technology, freed - rework - technology)),
    ]
    return f"| {' | '.join(cells)} |"


_MONEY: Final = ("automated", "rework", "technology")
