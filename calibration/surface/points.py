"""Points of the response surface: what is automated, what the freed time buys, new money; and each as a scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from calibration.emulator import Floats
from simulator.bundle.plan import BASE
from simulator.evidence.parameters import Rates
from simulator.foundations.categories import WEEKS_PER_QUARTER
from simulator.places import Place
from simulator.scenario.files import SHIPPED_FOLDER
from simulator.scenario.scenario import Scenario, load_scenario, scenario_from_text
from simulator.specification.expected_release import Demand, ExpectedQuarter, expected_demand, expected_task
from simulator.specification.spec import Spec, build_spec, expected_release
from simulator.specification.task_rates import task_rates

PLAN: Final = "relational_offset"
"""The scenario whose automated tasks a point has a share of."""
NAME: Final = "my_plan"
PAYERS: Final[Mapping[str, str]] = {"health_connectors": "nhs", "talking_cafes": "council", "complex_care_hub": "nhs"}
"""The programmes that are bought, and who pays new money for each."""
MOST_MONEY: Final = 150.0
"""New money at most [pounds a year for each resident]: about what is claimed (`wider.claimed_net_saving`)."""
STEP: Final = 0.05
"""Shares are multiples of it, and money of a pound, so that a point is what the sliders can say."""
_NONE: Final = 1.0 / 6.0
"""Share of the design in which nothing is automated, since technology costs something as soon as anything is."""
_FEWEST: Final = 0.1
"""Least share of the plan's automation of the other points."""
_NO_MONEY: Final = 0.4
"""Share of the points with automation that have no new money: there programmes are small, each pound matters most, and
a plan that pays for itself lies there. A judgement."""
_TOWARDS_CORNERS: Final = 0.6
"""Parameter of the Dirichlet distribution of mixes; below 1 it favours those that are mostly of one kind."""
_SCALE: Final = 10.0
"""Pounds a resident from which programmes' effects are taken to grow less than their cost."""


class Point(NamedTuple):
    """A plan of the design space."""

    automation: float  # multiple of the plan's shares of tasks, 0 to 1
    health_connectors: float  # share of what is freed, and can leave, that buys connectors
    talking_cafes: float
    complex_care_hub: float  # the rest of what is freed is saved
    new_money: float  # pounds a year for each resident, spent on the programmes in the same mix

    @property
    def bought(self) -> dict[str, float]:
        """The share of each programme that is bought, of what is freed."""
        return {name: getattr(self, name) for name in PAYERS if getattr(self, name) > 0.0}

    @property
    def spent(self) -> float:
        """The share of what is freed that is spent."""
        return sum(self.bought.values())

    @property
    def nothing(self) -> bool:
        """Whether the plan is services as they are."""
        return self.automation == 0.0 and (self.new_money == 0.0 or not self.bought)

    def content(self) -> dict[str, Any]:
        """The plan as the fields of a scenario file."""
        found: dict[str, Any] = {
            "name": NAME,
            "title": f"Plan: {_percent(self.automation)} of the automation, £{self.new_money:g} a resident",
            "question": "What do this much automation, this use of the freed time and this much new money do?",
            "extends": BASE,
        }
        if self.automation > 0.0:
            found["automate"] = [
                {"service": service, "task": task, "share": _percent(share), **dates}
                for service, task, share, dates in _automated(self.automation)
            ]
            found["reinvest"] = {"share": _percent(self.spent), **({"programmes": _mix(self)} if self.bought else {})}
        if self.new_money > 0.0 and self.bought:
            found["funding"] = [
                {
                    "programme": name,
                    "kind": "new_money",
                    "payer": PAYERS[name],
                    "pounds_per_resident": round(self.new_money * share / self.spent, 6),
                }
                for name, share in self.bought.items()
            ]
        return found

    def scenario(self) -> Scenario:
        """The plan as a scenario, as if its file were one of the shipped ones."""
        return scenario_from_text(json.dumps(self.content()), SHIPPED_FOLDER / f"{NAME}.yaml")


def _automated(multiple: float) -> Iterator[tuple[str, str, float, dict[str, int]]]:
    for entry in load_scenario(PLAN).automate:
        dates = {"from_week": entry.from_week, "ramp_weeks": entry.ramp_weeks}
        yield str(entry.service), str(entry.task), multiple * entry.share, dates


def _mix(point: Point) -> dict[str, str]:
    """Shares of the programmes that add up to 100 % as written: the last is what the others leave."""
    percent = {name: round(100.0 * share / point.spent, 4) for name, share in point.bought.items()}
    *others, last = percent
    percent[last] = 100.0 - sum(percent[name] for name in others)
    return {name: f"{number:.6g} %" for name, number in percent.items()}


def _percent(share: float) -> str:
    return f"{round(100.0 * share, 6):g} %"


def plan_itself() -> Point:
    """The point nearest to the plan: all of its automation, its mix, and no new money.

    >>> plan_itself()
    Point(automation=1.0, health_connectors=0.4, talking_cafes=0.15, complex_care_hub=0.3, new_money=0.0)
    """
    buys = load_scenario(PLAN).reinvest
    mix = {name: buys.share * buys.programmes.get(name, 0.0) for name in PAYERS} if buys else dict.fromkeys(PAYERS, 0.0)
    steps = {name: round(share / STEP) / round(1.0 / STEP) for name, share in mix.items()}
    return Point(automation=1.0, new_money=0.0, **steps)


def design(count: int, seed: int = 0) -> list[Point]:
    """The plan itself, and points that fill the space (scrambled Sobol), each of which the sliders can say.

    >>> [point.automation for point in design(8)].count(0.0), [point.new_money for point in design(8)].count(0.0)
    (2, 3)
    """
    from scipy.stats import gamma, qmc  # half a second, which reading a surface does not need

    quantiles = qmc.Sobol(6, rng=seed).random_base2(int(np.ceil(np.log2(count))))[: count - 1]
    inside = np.clip(quantiles, 1e-6, 1.0 - 1e-6)
    mixes = gamma.ppf(inside[:, 2:], _TOWARDS_CORNERS)
    others = (_point(first, money, parts) for (first, money), parts in zip(inside[:, :2].tolist(), mixes, strict=True))
    return [plan_itself(), *others]


def _point(first: float, money: float, parts: Floats) -> Point:
    """A point of two quantiles and of four parts of what is freed, the last of them saved."""
    share = 0.0 if first < _NONE else _FEWEST + (1.0 - _FEWEST) * (first - _NONE) / (1.0 - _NONE)
    whole = round(1.0 / STEP)
    steps = np.floor(whole * parts / parts.sum() + 0.5).astype(int)
    steps[parts.argmax()] += whole - steps.sum()  # rounding
    if steps[:3].sum() == 0:
        steps[0], steps[3] = 1, steps[3] - 1  # something is bought, or new money has no use
    connectors, cafes, hub = (steps[:3] / whole).tolist()
    if share > 0.0:
        money = max(money - _NO_MONEY, 0.0) / (1.0 - _NO_MONEY)
    # Squared, since small plans are the likelier ones and effects grow less than in proportion.
    pounds = max(float(round(MOST_MONEY * money**2)), 0.0 if share > 0.0 else 1.0)
    return Point(round(share * whole) / whole, connectors, cafes, hub, pounds)


class Freed(NamedTuple):
    """What automation is expected to free by the end of a run, by its multiple of the plan's, at central evidence.

    All is reinvested that can be. Each field has the shape of ``automation``, which rises from 0; pounds are a year.
    """

    automation: Floats
    hours: Floats  # of staff time a week that can be used for something else, less rework
    automated: Floats
    rework: Floats
    technology: Floats
    reinvested: Floats
    saved: Floats  # losses of services where automation costs more than it frees
    absorbed: Floats

    def hours_at(self, point: Point) -> float:
        """Hours of staff time a week that a plan frees."""
        return self._at(point.automation, self.hours)

    def quarter(self, point: Point) -> ExpectedQuarter:
        """What a plan frees and what becomes of it, in its last quarter [pounds a year]."""
        automated, rework, technology, movable, lost, absorbed = (self._at(point.automation, part) for part in self[2:])
        spent = point.spent * movable
        return ExpectedQuarter(automated, rework, technology, spent, movable - spent + lost, absorbed)

    def pounds(self, point: Point, residents: int) -> dict[str, float]:
        """Pounds a year for each resident that a plan spends on each programme: of what is freed, and new money."""
        each = point.spent * self._at(point.automation, self.reinvested) / residents + point.new_money
        return {name: each * point.bought.get(name, 0.0) / (point.spent or 1.0) for name in PAYERS}

    def _at(self, multiple: float, part: Floats) -> float:
        return float(np.interp(multiple, self.automation, part))


def freed(place: Place) -> Freed:
    """What the plan's automation frees in a place, at every step from none to all."""
    rows = [(0.0,) * len(Freed._fields)]
    rates = build_spec(load_scenario(PLAN), place).rates()
    demand = expected_demand(place, rates)
    for step in range(1, round(1.0 / STEP) + 1):
        spec = build_spec(Point(step * STEP, 1.0, 0.0, 0.0, 0.0).scenario(), place)
        rows.append((step * STEP, _hours(spec, demand, rates), *expected_release(spec)[-1]))
    return Freed(*np.array(rows).T)


def _hours(spec: Spec, demand: Demand, rates: Rates) -> float:
    """Hours a week that can be used for something else, less rework, in the last quarter of a run."""
    span = range(spec.weeks - WEEKS_PER_QUARTER, spec.weeks)
    tasks = [expected_task(demand, rates, entry, span) for entry in spec.automation]
    return sum((one.automated - one.rework) / task_rates(rates, one.task).hourly_cost for one in tasks) / len(span)


def coordinates(points: Sequence[Point], released: Freed, residents: int) -> Floats:
    """Coordinates of the emulators, shape (points, 5): whether and how much is automated, money for each programme.

    Money is in logarithms beyond `_SCALE` pounds a resident; every coordinate is about 1 wide on either side of 0.
    """
    rows = []
    for point in points:
        money = released.pounds(point, residents).values()
        most = np.log1p(MOST_MONEY / _SCALE)
        rows.append(
            [
                0.5 if point.automation else -0.5,
                2.0 * point.automation - 1.0,
                *(2.0 * np.log1p(pounds / _SCALE) / most - 1.0 for pounds in money),
            ]
        )
    return np.array(rows)
