"""A plan as a flow of pounds a year: what is automated, what that frees, and what it buys, with hours and people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import numpy as np

from dashboard.figures.flow import Block, Flow, Stage
from dashboard.figures.style import GREY, LINE, PLANS, TURQUOISE
from dashboard.text.labels import label, measured
from dashboard.text.lens_names import condition
from dashboard.text.phrases import capital, listed, lowered
from dashboard.topics.answer import Answer
from simulator.districts import load_place
from simulator.errors import SimulatorError
from simulator.evidence import load_evidence
from simulator.foundations.categories import ALL_TASK_SERVICE, ALL_TASKS, SERVICES, WEEKS_PER_YEAR
from simulator.programme_files import shipped_programmes
from simulator.specification.entries import Automation
from simulator.specification.expected_release import expected_demand, expected_task
from simulator.specification.spec import rates_from
from simulator.specification.task_rates import task_rates

LEAST: Final = 500.0
"""Pounds a year below which a part is not shown."""
_MOST_NAMED: Final = 3
_USUAL_PLACE: Final = "frome"
"""The place whose mix of tasks is used for a place that is not shipped."""
_UNITS: Final = {"whole-time ": "", " with the residents trained": "", " with its facilitator": ""}
"""What is left out of the unit of a programme where there is little space."""


def plan_flow(answer: Answer, times: float) -> Flow:
    """A plan at a multiple of its size; what is automated and freed is that of the plan's own size."""
    automated = {name: amounts for name, amounts in answer.flow.items() if amounts.get("automated", 0.0) >= LEAST}
    stages = [Stage("Automated a year", tuple(_automated(answer, automated)))] if automated else []
    freed = [
        Block(name, pounds, _pounds(pounds), "", colour)
        for name, pounds, colour in (
            ("Comes back as rework", _sum(automated, "rework"), LINE),
            ("Pays for technology", _sum(automated, "technology"), LINE),
            ("Freed", _sum(automated, "released"), TURQUOISE),
            ("New money", answer.new_money_at(times), PLANS[0]),
        )
        if pounds >= LEAST
    ]
    used = [*_bought(answer, times)]
    if times >= 1.0:
        kept = {
            "Stays with the staff": (_sum(automated, "absorbed"), "time for their other work"),
            "Saved": (_sum(automated, "saved"), "not spent"),
        }
        used += [Block(name, x, _pounds(x), what, GREY) for name, (x, what) in kept.items() if x >= LEAST]
    pays = Stage("What that frees" if automated else "What pays for it", tuple(freed))
    return Flow((*stages, pays, Stage("What it buys", tuple(used))))


def flow_finding(answer: Answer, times: float) -> str:
    """What a plan automates, frees and buys, in a sentence."""
    automated, new = _sum(answer.flow, "automated"), answer.new_money_at(times)
    served = sum(one.served(times)["pounds"].sum() for one in answer.lenses.values()) / len(answer.lenses)
    spent = served or answer.spent
    buys = (
        f"{_pounds(spent)} a year pays for {_listed_programmes(answer)}" if spent >= LEAST else "it buys no programme"
    )
    share = "all" if new >= 0.99 * spent else _pounds(new)
    money = f", {share} of it new money" if new >= LEAST else ""
    if automated < LEAST:
        return f"Nothing is automated; {buys}{money}"
    hours = sum(_hours(answer, name, x["automated"]) for name, x in answer.flow.items() if x["automated"] >= LEAST)
    freed = _sum(answer.flow, "released")
    gained = (
        f"frees {_pounds(freed)} a year" if freed >= LEAST else f"costs {_pounds(-freed)} a year more than it frees"
    )
    work = f"{_pounds(automated)} of staff time" if math.isnan(hours) else f"{_rounded(hours)} hours of staff time"
    return f"Automating {work} a year {gained}; {buys}{money}"


def flow_note(answer: Answer, times: float) -> str:
    """How the flow is to be read."""
    losses = {name: -float(x["released"]) for name, x in answer.flow.items() if x.get("released", 0.0) <= -LEAST}
    loss = "".join(f" {label(name)} loses {_pounds(pounds)} on it." for name, pounds in losses.items())
    first, *_, last = (next(iter(answer.lenses)), *answer.lenses)
    sized = "" if times == 1.0 else f" Programmes at {times:.3g} times the plan; automation at the plan's own size."
    return (
        "Pounds a year, mean of the runs, all columns on one scale; hours at the cost of the staff who do the tasks."
        f" People who join: first {condition(first)}, then {condition(last)}.{sized}{loss}"
    )


@lru_cache(maxsize=64)
def hourly_cost(tasks: tuple[str, ...], service: str, place: str) -> float:
    """Pounds of staff time in an hour that automation frees in a service, at central evidence; NaN without a task.

    Tasks count by the hours that they are expected to take in the place.
    """
    rates = rates_from(load_evidence())
    try:
        demand = expected_demand(load_place(place), rates)
    except SimulatorError:
        demand = expected_demand(load_place(_USUAL_PLACE), rates)
    positions = [ALL_TASKS.index(task) for task in tasks]
    mine = [task for task in positions if SERVICES[ALL_TASK_SERVICE[task]] == service]
    year = range(WEEKS_PER_YEAR)
    pounds = [expected_task(demand, rates, Automation(task, 1.0, 0, 0), year).automated for task in mine]
    hours = [amount / task_rates(rates, task).hourly_cost for amount, task in zip(pounds, mine, strict=True)]
    return float(np.sum(pounds) / np.sum(hours)) if hours and sum(hours) else math.nan


def _hours(answer: Answer, service: str, pounds: float) -> float:
    return pounds / hourly_cost(answer.automates, service, answer.scenario[0])


def _automated(answer: Answer, automated: Mapping[str, Mapping[str, float]]) -> Iterator[Block]:
    for name, amounts in sorted(automated.items(), key=lambda item: -item[1]["automated"]):
        pounds = float(amounts["automated"])
        hours = _hours(answer, name, pounds)
        more = "" if math.isnan(hours) else f"{_rounded(hours)} hours"
        yield Block(label(name), pounds, _pounds(pounds), more, PLANS[2])


def _bought(answer: Answer, times: float) -> Iterator[Block]:
    served = [one.served(times) for one in answer.lenses.values()]
    units = {plan.name: plan.unit for plan in shipped_programmes()}
    if all(table.empty for table in served) and answer.spent >= LEAST:
        yield Block(capital(_listed_programmes(answer)), answer.spent, _pounds(answer.spent), "", TURQUOISE)
    for name in served[0].sort_values("pounds", ascending=False).index:
        mine = [table.loc[name] for table in served if name in table.index]
        pounds, number = (sum(row[column] for row in mine) / len(mine) for column in ("pounds", "units"))
        joined = sorted(float(row["joined"]) for row in mine)
        if pounds >= LEAST:
            people = " to ".join(dict.fromkeys(_rounded(each) for each in (joined[0], joined[-1])))
            unit = units.get(str(name), "unit")
            for long, short in _UNITS.items():
                unit = unit.replace(long, short)
            title = answer.programmes.get(str(name), label(str(name)))
            many = f"{_rounded(number)} {unit}{'' if number == 1.0 else 's'}"
            yield Block(title, pounds, _pounds(pounds), f"{many}; {people} people a year", TURQUOISE)


def _listed_programmes(answer: Answer) -> str:
    names = [lowered(title) for title in answer.programmes.values()] or ["programmes"]
    rest = len(names) - _MOST_NAMED
    return listed([*names[:_MOST_NAMED], f"{rest} more"] if rest > 1 else names)


def _sum(flow: Mapping[str, Mapping[str, float]], account: str) -> float:
    return sum(float(amounts.get(account, 0.0)) for amounts in flow.values())


def _pounds(number: float) -> str:
    return measured(number, math.nan, "pounds")


def _rounded(number: float) -> str:
    """A number to two significant digits."""
    return measured(number, math.nan, "people")
