"""A plan at several sizes: the same tasks, programmes, payers and dates, with every amount times a multiple.

A *plan* is a scenario compared with its base; what both state is left alone. What grows:

- **money, posts and hours** (`funding`, `commitments`, `staffing`) are multiplied;
- **automation** grows as a share of each task, up to its ceiling, and a surge of volunteers up to all adults;
- **programmes bought with what automation frees** get the multiple of what the plan's own automation is expected to pay
  for. Where automation at its ceiling (or at its own technology costs) pays for less, new money of the NHS pays the
  rest, quarter by quarter. So a multiple of a plan is a multiple of its relational work, whoever pays for it.

Shares of what is freed, changed evidence values and dates do not grow. Every limit that a multiple meets is named in
`ScaledPlan.limits`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from simulator.foundations.categories import ALL_TASKS, ROLES, WEEKS_PER_QUARTER
from simulator.scenario.parts import AutomationEntry, Funding, StaffingEntry
from simulator.scenario.scenario import Scenario
from simulator.specification.expected_release import expected_hours
from simulator.specification.spec import Spec, build_spec, expected_release
from simulator.specification.task_rates import task_rates

MULTIPLES: Final = (0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
"""Multiples that are run by default, beside nothing (the base)."""
MOST: Final = 1000.0
_ROUNDING: Final = 1e-9
_TOPPED_UP_BY: Final = "nhs"
_SMALLEST_TOP_UP: Final = 1.0
"""Pounds a year; less is rounding."""


class Limit(NamedTuple):
    """A part that could not grow as far as the plan: ``most`` is a share, or hours a week cut or in training."""

    kind: Literal["automation", "volunteer surge", "staff hours"]
    name: str  # of the task or role; empty for a surge
    most: float


class ScaledPlan(NamedTuple):
    """A plan at one multiple, what limited it, and what new money pays instead of automation."""

    multiple: float
    spec: Spec
    limits: tuple[Limit, ...]
    topped_up: float  # pounds a year, on average over the time simulated


def scaled_plan(plan: Spec, base: Spec, multiple: float) -> ScaledPlan:
    """The plan times a multiple above 0. At 1 it is the plan itself.

    Both specifications must be of one place and calendar. Raises ValueError for a multiple that is not above 0 and at
    most `MOST`, and ScenarioError if the plan cannot be run at this size.
    """
    if not 0.0 < multiple <= MOST:
        raise ValueError(f"A multiple must be above 0 and at most {MOST:g}, not {multiple:g}.")
    if multiple == 1.0:
        return ScaledPlan(multiple, plan, (), 0.0)
    scenario, limits = plan.scenario, list[Limit]()
    changed: dict[str, Any] = {
        "name": f"{scenario.name}_times_{multiple:g}".replace(".", "_"),
        "title": f"{scenario.title}, {multiple:g} times",
        "automate": tuple(_automated(plan, base, multiple, limits)),
        "funding": tuple(_amounts(scenario.funding, base.scenario.funding, multiple)),
        "staffing": tuple(_staffed(plan, base, multiple, limits)),
        "commitments": (),
    }
    surge = scenario.volunteer_surge
    if surge is not None and surge != base.scenario.volunteer_surge:
        share = _capped(multiple * surge.extra_share_of_adults, Limit("volunteer surge", "", 1.0), limits)
        changed["volunteer_surge"] = surge.model_copy(update={"extra_share_of_adults": share})
    bare = _built(plan, changed)
    ratio, money = _top_up(plan, bare, multiple)
    promised = tuple(_amounts(scenario.commitments, base.scenario.commitments, min(multiple, ratio)))
    posts = tuple(_posts(plan, base, multiple - min(multiple, ratio)))
    whole = {**changed, "commitments": promised, "funding": (*changed["funding"], *posts, *money)}
    pounds = sum(_yearly(fund, plan, bare.weeks) for fund in (*posts, *money))
    return ScaledPlan(multiple, _built(plan, whole), tuple(limits), pounds)


def _built(plan: Spec, changed: Mapping[str, Any]) -> Spec:
    """The plan's specification with these parts of its scenario, through the same lens."""
    copy = plan.scenario.model_copy(update=dict(changed))
    copy.__dict__.pop("hash", None)  # cached for the original scenario
    spec = build_spec(copy, plan.place, weeks=plan.weeks, starts=plan.starts)
    return replace(spec, applied_lens=plan.applied_lens)


def _capped(wanted: float, limit: Limit, limits: list[Limit]) -> float:
    """The wanted share, or the largest possible; a limit that is met is noted."""
    if wanted > limit.most + _ROUNDING:
        limits.append(limit)
    return min(wanted, limit.most)


def _automated(plan: Spec, base: Spec, multiple: float, limits: list[Limit]) -> Iterator[AutomationEntry]:
    """Automated tasks at the multiple of what the plan adds to its base, up to their ceilings."""
    before = {entry.path: entry for entry in base.scenario.automate}
    rates = plan.rates()
    for entry in plan.scenario.automate:
        there = before.get(entry.path)
        if entry == there:
            yield entry
            continue
        start = 0.0 if there is None else there.share
        ceiling = task_rates(rates, ALL_TASKS.index(entry.path)).ceiling
        wanted = max(0.0, start + multiple * (entry.share - start))
        share = _capped(wanted, Limit("automation", entry.path, ceiling), limits)
        yield entry.model_copy(update={"share": share})


_AMOUNTS: Final = ("pounds_per_year", "pounds_per_resident", "units", "hours_per_week", "training_hours_per_week")


def _amounts(entries: Sequence[Any], of_base: Sequence[Any], multiple: float) -> Iterator[Any]:
    """Entries with their amounts times the multiple; those that the base has too are left alone."""
    left = list(of_base)
    for entry in entries:
        if entry in left:
            left.remove(entry)
            yield entry
        elif multiple > 0.0:
            given = {name: getattr(entry, name, None) for name in _AMOUNTS}
            yield entry.model_copy(update={name: multiple * x for name, x in given.items() if x is not None})


def _staffed(plan: Spec, base: Spec, multiple: float, limits: list[Limit]) -> Iterator[StaffingEntry]:
    """Staff hours times the multiple; cuts and training together stop where a role has no hours left."""
    own = [entry for entry in plan.scenario.staffing if entry not in base.scenario.staffing]
    wanted = {entry.path: 0.0 for entry in own}
    for entry in own:
        wanted[entry.path] += max(0.0, -(entry.hours_per_week or 0.0)) + (entry.training_hours_per_week or 0.0)
    there = expected_hours(plan.place, plan.rates()) if any(wanted.values()) else np.zeros(len(ROLES))
    most = {path: float(np.floor(there[ROLES.index(path)])) for path, hours in wanted.items() if hours > 0.0}
    for path, hours in most.items():
        if multiple * wanted[path] > hours:
            limits.append(Limit("staff hours", path, hours))
    for entry in plan.scenario.staffing:
        takes = (entry.hours_per_week or 0.0) < 0.0 or entry.training_hours_per_week is not None
        most_times = most[entry.path] / wanted[entry.path] if takes and entry.path in most else multiple
        yield from _amounts((entry,), base.scenario.staffing, min(multiple, most_times))


def _top_up(plan: Spec, bare: Spec, multiple: float) -> tuple[float, list[Funding]]:
    """How far what is reinvested grows, as a ratio, and the new money that brings it to the multiple.

    A quarter's release is spent in the next quarter, and so is what is missing of it.
    """
    own, grown = expected_release(plan), expected_release(bare)
    ratios = [
        max(0.0, new.reinvested) / old.reinvested for old, new in zip(own, grown, strict=True) if old.reinvested > 0
    ]
    ratio = min(ratios, default=multiple)
    shares = plan.scenario.reinvest.programmes
    if multiple < 1.0 or not shares:
        return ratio, []
    free = [max(0.0, old.reinvested - _promised(plan, at + 1)) for at, old in enumerate(own)]
    left = [max(0.0, new.reinvested - min(multiple, ratio) * _promised(plan, at + 1)) for at, new in enumerate(grown)]
    missing = [multiple * wanted - found for wanted, found in zip(free, left, strict=True)]
    found = []
    for quarter, pounds in enumerate(missing[:-1], start=1):
        weeks = min(WEEKS_PER_QUARTER, plan.weeks - quarter * WEEKS_PER_QUARTER)
        for programme, share in shares.items():
            if weeks > 0 and share * pounds > _SMALLEST_TOP_UP:
                found.append(_new_money(programme, share * pounds / _size(plan), quarter * WEEKS_PER_QUARTER, weeks))
    return ratio, found


def _promised(plan: Spec, quarter: int) -> float:
    """Pounds a year that committed posts take of what is reinvested, in a quarter."""
    begun = (posts for posts in plan.commitments if posts.from_week < (quarter + 1) * WEEKS_PER_QUARTER)
    return sum(posts.units * plan.programmes[posts.programme].central("unit_cost") for posts in begun)


def _new_money(programme: str, pounds: float, from_week: int, weeks: int) -> Funding:
    content = {"programme": programme, "kind": "new_money", "payer": _TOPPED_UP_BY, "from_week": from_week}
    return Funding.model_validate({**content, "pounds_per_year": pounds, "weeks": weeks})


def _posts(plan: Spec, base: Spec, multiple: float) -> Iterator[Funding]:
    """Committed posts that new money must pay for, since what automation frees does not grow as far."""
    if multiple <= _ROUNDING:
        return
    for posts in plan.scenario.commitments:
        if posts not in base.scenario.commitments:
            content = {"programme": posts.programme, "kind": "new_money", "payer": _TOPPED_UP_BY}
            yield Funding.model_validate({**content, "units": multiple * posts.units, "from_week": posts.from_week})


def _size(plan: Spec) -> float:
    """The place as a multiple of the one that the amounts of the plan's scenario are stated for."""
    spread = plan.scenario.spread
    return 1.0 if spread is None or spread.amounts_for is None else plan.place.residents / spread.amounts_for


def _yearly(fund: Funding, plan: Spec, weeks: int) -> float:
    """Pounds a year of new money (`_new_money`, `_posts`) in the place, on average over the weeks simulated."""
    slots = {one.name: one for one in plan.programmes}
    pounds = fund.pounds_per_year or (fund.units or 0.0) * slots[fund.programme].central("unit_cost")
    last = weeks if fund.weeks is None else min(weeks, fund.from_week + fund.weeks)
    return _size(plan) * pounds * max(0, last - fund.from_week) / weeks


def unscaled(scenario: Scenario, base: Scenario) -> tuple[str, ...]:
    """Parts of a plan that stay as they are at every multiple, in words."""
    found = []
    if scenario.reinvest != base.reinvest:
        found.append("the share of what is freed that is reinvested")
    if dict(scenario.changes) != dict(base.changes):
        found.append("changed evidence values")
    return tuple(found)
