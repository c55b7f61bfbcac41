"""Staff of a place by role and what their hours go to, beside the staff that England's services publish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.agents.workload import UsualWork, usual_work
from simulator.evidence.parameters import Rates
from simulator.foundations import categories as c
from simulator.model.place_model import PlaceModel
from simulator.places import Place
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import build_spec

PEOPLE: Final = 10_000
"""Published staff are per this many people."""
_VISITS: Final = {
    c.DISCHARGE_COORDINATOR: "discharges arranged",
    c.ASSESSOR: "assessments",
    c.HOME_CARER: "home care",
}
"""Work that follows from residents' state and not from contacts or paperwork, by role; a role has one."""


class WorkRow(NamedTuple):
    """One kind of work of one role; the rows of a role add up to what is paid."""

    role: str
    work: str
    kind: str  # contact, visit, paperwork, free (below 0: work beyond the hours), other work, or paid: the sum
    hours: float  # a week
    per_10_000: float  # whole-time staff per 10,000 people
    relational: float  # share of the hours that are relational


def workforce_table(place: Place, seed: int = 0) -> pd.DataFrame:
    """Hours a week of each role by kind of work, at central evidence and without a policy: `WorkRow`, by role.

    The hours paid are the published staff of the role (`staffing.published_staff`). What is not in the model's tasks is
    *other work*, which no scenario changes; *free* are the hours in which no work waits at the usual utilisation.
    """
    model = PlaceModel(build_spec(load_scenario("baseline"), place), seed)
    usual, people = usual_work(model), len(model.columns.berth)
    whole_time = model.rates.staffing.whole_time_hours * people / PEOPLE
    rows = []
    for service in model.services:
        for staff in service.staff:
            done = list(_done(staff.role, usual, model.rates))
            beside = sum(row[2] for row in done if row[1] == "paperwork") if staff.role in c.PAPERWORK_BESIDE else 0.0
            free = staff.hours + beside - sum(hours for _, _, hours, _ in done)
            paid = float(model.rates.staffing.published_staff[staff.role]) * whole_time
            done += [("free", "free", free, 0.0), ("other work", "other work", paid - staff.hours - beside, 0.0)]
            relational = sum(hours * share for _, _, hours, share in done)
            done.append(("all", "paid", paid, relational / paid if paid > 0.0 else 0.0))
            role = c.ROLES[staff.role]
            rows += [WorkRow(role, work, kind, hours, hours / whole_time, share) for work, kind, hours, share in done]
    return pd.DataFrame(rows, columns=list(WorkRow._fields))


def _done(role: int, usual: UsualWork, rates: Rates) -> Iterator[tuple[str, str, float, float]]:
    """Work of a role in the model: its name, kind, hours a week and the share that is relational."""
    at = len(c.TASKS)
    for task, hours in enumerate(np.concatenate([usual.contacts, usual.paperwork]).tolist()):
        if c.ALL_TASK_ROLE[task] == role:
            relational = float(rates.contacts.relational_content[task]) if task < at else 0.0
            yield c.ALL_TASKS[task].split(".")[1], "contact" if task < at else "paperwork", hours, relational
    if role in _VISITS:
        yield _VISITS[role], "visit", float(usual.roles[role]), 1.0 if role != c.DISCHARGE_COORDINATOR else 0.0


def workforce_page(place: Place) -> str:
    """The workforce of a place in Markdown: a table by role, one by kind of work, and the sums."""
    table = workforce_table(place)
    published = build_spec(load_scenario("baseline"), place).evidence["staffing.published_staff"]
    ends = np.asarray(published.low), np.asarray(published.high)
    low, high = (dict(zip(c.ROLES, numbers.tolist(), strict=True)) for numbers in ends)
    people = place.residents
    lines = [
        f"# The workforce of {place.title}, {people:,} people",
        "",
        f"Whole-time staff per {PEOPLE:,} people, and hours a week. The published figure is what is paid; other work",
        "is what the model has no task for.",
        "",
        "| role | in the model | published (range) | other work | paperwork, h | with people, h | paid, h |",
        "|---|---|---|---|---|---|---|",
    ]
    for role in dict.fromkeys(table["role"]):
        rows = table[table["role"] == role]
        by_kind = rows.groupby("kind")[["hours", "per_10_000"]].sum()
        hours, staff = by_kind["hours"], by_kind["per_10_000"]
        with_people = hours.get("contact", 0.0) + hours.get("visit", 0.0)
        lines.append(
            f"| {role} | {staff['paid'] - staff['other work']:.2f} | {staff['paid']:.2f} "
            f"({low[role]:g} to {high[role]:g}) | {100 * hours['other work'] / hours['paid']:.0f} % | "
            f"{hours.get('paperwork', 0.0):,.0f} | {with_people:,.0f} | {hours['paid']:,.0f} |"
        )
    lines += ["", "| role | work | kind | hours a week | relational |", "|---|---|---|---|---|"]
    done = table[table["kind"].isin(["contact", "visit", "paperwork"])]
    lines += [
        f"| {one['role']} | {one['work']} | {one['kind']} | {one['hours']:,.1f} | {100 * one['relational']:.0f} % |"
        for one in done.to_dict("records")
    ]
    total, relational = done["hours"].sum(), (done["hours"] * done["relational"]).sum()
    lines += [
        "",
        f"Of {total:,.0f} hours a week of work in the model {100 * relational / total:.0f} % are relational and "
        f"{100 * (1 - relational / total):.0f} % transactional; without home care "
        f"{_without_home_care(done)} % are transactional.",
        "",
        f"Published figures: {published.source.rstrip('.')}. {published.note or ''}",
        "",
    ]
    return "\n".join(lines)


def _without_home_care(done: pd.DataFrame) -> str:
    others = done[done["role"] != c.ROLES[c.HOME_CARER]]
    hours = float(others["hours"].sum())
    return f"{100.0 * (1.0 - float((others['hours'] * others['relational']).sum()) / hours):.0f}"
