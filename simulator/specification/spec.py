"""Evidence, a place and a scenario as one immutable specification of a run, checked before anything runs."""

from __future__ import annotations

import datetime
import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import cast

import numpy as np

from simulator.errors import Problem, UnknownNameError, did_you_mean
from simulator.evidence import Change, Evidence, load_evidence
from simulator.evidence.parameters import TOPICS, Rates, Table
from simulator.foundations.categories import ALL_TASKS, CHANNELS, PAYERS, ROLES, WEEKS_PER_YEAR
from simulator.lenses import AS_WRITTEN, AppliedLens
from simulator.places import Place, load_place
from simulator.programme_files import ProgrammePlan, numbers_of
from simulator.rules import offset
from simulator.scenario.parts import LONGEST_CALENDAR, StaffingEntry, VolunteerSurge
from simulator.scenario.parts import Funding as FundingEntry
from simulator.scenario.scenario import Scenario
from simulator.scenario.types import FrozenMapping
from simulator.specification.amounts import money_problems, release_problems, staffing_problems
from simulator.specification.checks import (
    Promises,
    arithmetic_error,
    arithmetic_problem,
    ceiling_problems,
    commitment_problems,
)
from simulator.specification.chosen_programmes import changed_plans, programmes_of, with_current_paths, with_programmes
from simulator.specification.entries import (
    NO_CONTROL_ARM,
    Automation,
    Commitment,
    ControlArm,
    Funding,
    StaffingChange,
    Surge,
)
from simulator.specification.expected_release import (
    ExpectedQuarter,
    expected_demand,
    expected_hours,
    release_by_quarter,
)
from simulator.specification.fidelity import Adoption, at_reduced_fidelity, mean_fidelity


@dataclass(frozen=True, eq=False)
class Spec:
    """Everything a run needs except its seed. Specs with the same hash are equal and give the same results."""

    scenario: Scenario
    place: Place
    evidence: Evidence  # with the scenario's changes
    starts: datetime.date
    weeks: int
    automation: tuple[Automation, ...]
    reinvest_share: float
    programmes: tuple[ProgrammePlan, ...]  # by slot, with the scenario's changes
    programme_shares: tuple[float, ...]  # by slot; adding up to 1, or all 0
    funding: tuple[Funding, ...]
    commitments: tuple[Commitment, ...]
    volunteer_surge: Surge | None
    control_arm: ControlArm = NO_CONTROL_ARM  # for a simulated study; no scenario sets it
    adoption: Adoption | None = None  # how a place of a county took up the plan; None if the plan is its own
    staffing: tuple[StaffingChange, ...] = ()
    channels: frozenset[str] = frozenset(CHANNELS)  # through which the policy can act
    applied_lens: AppliedLens = AS_WRITTEN  # the lens applied to the evidence

    @property
    def hash(self) -> str:
        """Eight hexadecimal digits of a hash of everything that determines a run, except its seed."""
        parts: tuple[object, ...] = (self.scenario.hash, self.place.hash, self.evidence.hash)
        parts += (self.starts.isoformat(), self.weeks, tuple(plan.hash for plan in self.programmes))
        parts += (tuple(sorted(self.channels)),)
        parts += () if self.adoption is None else (self.adoption,)
        parts += () if self.control_arm == NO_CONTROL_ARM else (self.control_arm,)
        parts += () if self.applied_lens.plain else (self.applied_lens.hash,)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:8]

    @property
    def label(self) -> str:
        """Scenario and place, for readers."""
        return f"{self.scenario.title}, {self.place.title}"

    def rates(self, parameter_draw: int | None = None) -> Rates:
        """Parameters of the model: central values, or those of a draw (`rates_from`)."""
        return rates_from(self.evidence, parameter_draw, self.applied_lens)

    def read_through(self, applied_lens: AppliedLens) -> Spec:
        """The same specification with this lens, except for values that the scenario itself changes."""
        return replace(self, applied_lens=applied_lens.without(with_current_paths(_changes_of(self.scenario))))

    def programme_numbers(self, parameter_draw: int | None = None) -> tuple[dict[str, float], ...]:
        """Numbers of each programme by name: central values, or those of a draw.

        They are reduced to the fidelity with which the place has taken up the plan.
        """
        full = self.programme_draws(parameter_draw)
        if self.adoption is None:
            return full
        fidelity = mean_fidelity(self.adoption, self.rates(parameter_draw).spread, self.weeks)
        return tuple(at_reduced_fidelity(numbers, fidelity) for numbers in full)

    def programme_draws(self, parameter_draw: int | None = None) -> tuple[dict[str, float], ...]:
        """Numbers of each programme by name at full fidelity."""
        return tuple(
            numbers_of(
                plan,
                {path: float(_number(plan.values, path, parameter_draw, self.applied_lens)) for path in plan.values},
            )
            for plan in self.programmes
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spec) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)


def build_spec(
    scenario: Scenario,
    place: Place | None = None,
    *,
    weeks: int | None = None,
    starts: datetime.date | None = None,
) -> Spec:
    """The specification of a scenario in a place.

    ``place`` replaces the scenario's place; ``weeks`` and ``starts`` replace its calendar (anything that would start
    after the end of a shorter run is left out). Raises ScenarioError listing every problem with the scenario, given
    evidence and place; PlaceError if the place file is not valid; and ValueError for a length below one week or above
    100 years.
    """
    if weeks is not None and not 1 <= weeks <= LONGEST_CALENDAR.length:
        raise ValueError(f"a run must last at least one week and at most {LONGEST_CALENDAR.length:,}, not {weeks}")
    problems: list[Problem] = []
    chosen = place or _place_of(scenario, problems)
    plans = programmes_of(scenario, problems)
    changes = with_current_paths(_changes_of(scenario))
    known = with_programmes(plans, changes)
    rejected = {path: known.problems_with({path: change}) for path, change in changes.items()}
    problems.extend(problem for found in rejected.values() for problem in found)
    changes = {path: change for path, change in changes.items() if not rejected[path]}
    changed = known.with_changes(changes)
    evidence = Evidence({path: changed[path] for path in load_evidence()})
    plans = changed_plans(plans, changed)
    slots = {plan.name: slot for slot, plan in enumerate(plans)}
    rates = rates_from(evidence)
    problems.extend(ceiling_problems(scenario, rates))
    if chosen is None or not scenario.named_programmes <= slots.keys():
        raise scenario.error(problems)
    length = weeks or scenario.weeks
    size = 1.0
    if scenario.spread is not None and scenario.spread.amounts_for is not None:
        size = chosen.residents / scenario.spread.amounts_for
    spec = Spec(
        scenario=scenario,
        place=chosen,
        evidence=evidence,
        starts=starts or scenario.starts,
        weeks=length,
        automation=tuple(
            Automation(ALL_TASKS.index(task.path), task.share, task.from_week, task.ramp_weeks)
            for task in scenario.automate
        ),
        reinvest_share=scenario.reinvest.share,
        programmes=plans,
        programme_shares=tuple(scenario.reinvest.programmes.get(plan.name, 0.0) for plan in plans),
        funding=tuple(
            _funding(fund, plans[slots[fund.programme]], slots, (length, size, chosen.residents))
            for fund in scenario.funding
        ),
        commitments=tuple(
            Commitment(slots[posts.programme], size * posts.units, posts.from_week) for posts in scenario.commitments
        ),
        volunteer_surge=_surge(scenario.volunteer_surge),
        staffing=tuple(_staffing(entry, length) for entry in scenario.staffing),
    )
    problems.extend(_release_problems(spec, changes))
    if problems:
        raise scenario.error(problems)
    return spec


def expected_release(spec: Spec) -> tuple[ExpectedQuarter, ...]:
    """Expected release in each quarter at central evidence values [pounds per year]."""
    rates = spec.rates()
    demand = expected_demand(spec.place, rates)
    return release_by_quarter(demand, rates, spec.automation, spec.reinvest_share, spec.weeks)


def _place_of(scenario: Scenario, problems: list[Problem]) -> Place | None:
    reference = scenario.place_reference
    if reference is None:
        problems.append(
            scenario.problem(("place",), "no place is named", "Add 'place: frome', or choose a place for the run")
        )
        return None
    try:
        return load_place(reference)
    except UnknownNameError as error:
        right = did_you_mean(error.name, error.known)
        problems.append(scenario.problem(("place",), f"there is no place '{error.name}'", right))
        return None


def _changes_of(scenario: Scenario) -> dict[str, Change]:
    """The scenario's changes by path."""
    found = {}
    for path, entry in scenario.changes.items():
        where = scenario.problem(("changes", path), "", "")
        value = dict(entry.value) if isinstance(entry.value, FrozenMapping) else entry.value
        found[path] = Change(value, entry.reason, where.file, where.line)
    return found


def _release_problems(spec: Spec, changes: Mapping[str, Change]) -> list[Problem]:
    """Problems with the expected release: it cannot be computed, or the commitments exceed it.

    A changed value may be allowed in its unit and still cause a division by zero; each is tried alone to find which.
    """
    quarters: list[ExpectedQuarter] = []
    reason = arithmetic_error(lambda: quarters.extend(expected_release(spec)))
    if reason is None:
        promises = Promises(spec.commitments, spec.funding)
        unit_cost = np.array([plan.central("unit_cost") for plan in spec.programmes])
        found = list(commitment_problems(spec.scenario, quarters, promises, unit_cost))
        found += release_problems(spec.scenario, spec.place, quarters)
        if spec.staffing:
            there = expected_hours(spec.place, spec.rates())
            found += staffing_problems(spec.scenario, spec.staffing, spec.place, there)
        hourly_cost = spec.rates().staffing.hourly_cost
        found += money_problems(spec.scenario, spec.place, spec.funding, spec.staffing, hourly_cost)
        return found
    problems = []
    for path, change in changes.items():
        if path not in spec.evidence:
            continue
        alone = replace(spec, evidence=load_evidence().with_changes({path: change}))
        reason_alone = arithmetic_error(partial(expected_release, alone))
        if reason_alone is not None:
            problems.append(arithmetic_problem(spec.scenario, ("changes", path), reason_alone))
    return problems or [arithmetic_problem(spec.scenario, ("changes",), reason)]


def _funding(
    fund: FundingEntry, plan: ProgrammePlan, slots: Mapping[str, int], span: tuple[int, float, int]
) -> Funding:
    weeks, size, residents = span
    if fund.pounds_per_resident is not None:
        pounds = residents * fund.pounds_per_resident
    elif fund.pounds_per_year is not None:
        pounds = size * fund.pounds_per_year
    else:
        pounds = size * ((fund.units or 0.0) * plan.central("unit_cost"))
    until = weeks if fund.weeks is None else min(weeks, fund.from_week + fund.weeks)
    pence = offset.whole_pence(pounds / WEEKS_PER_YEAR)
    return Funding(slots[plan.name], fund.kind, PAYERS.index(fund.payer), pence, fund.from_week, until)


def _surge(surge: VolunteerSurge | None) -> Surge | None:
    if surge is None:
        return None
    until = surge.from_week + surge.weeks
    return Surge(surge.from_week, until, surge.extra_share_of_adults, surge.hours_per_week)


def _staffing(entry: StaffingEntry, weeks: int) -> StaffingChange:
    until = weeks if entry.weeks is None else min(weeks, entry.from_week + entry.weeks)
    hours, training = entry.hours_per_week or 0.0, entry.training_hours_per_week or 0.0
    return StaffingChange(ROLES.index(entry.path), hours, training, entry.from_week, until)


@lru_cache(maxsize=16)
def rates_from(evidence: Evidence, parameter_draw: int | None = None, applied_lens: AppliedLens = AS_WRITTEN) -> Rates:
    """Every parameter of the model as a number or a table, by name.

    ``parameter_draw`` None uses the central values; a number of 0 or more draws each value at a quantile that depends
    only on this number and the value's path, so that two scenarios share every value that neither changes. The
    ``applied_lens`` may replace values. Tables are read-only float64 arrays in category order; all
    keys of a table move together. Raises UnknownNameError if the evidence lacks a value.
    """
    found = {}
    for topic, kind in TOPICS.items():
        paths = {name: f"{topic}.{name}" for name in kind.__annotations__}
        found[topic] = kind(
            **{name: _number(evidence, path, parameter_draw, applied_lens) for name, path in paths.items()}
        )
    return Rates(**found)


def _number(evidence: Evidence, path: str, parameter_draw: int | None, applied_lens: AppliedLens) -> float | Table:
    value = evidence[path]
    numbers = value.value if parameter_draw is None else value.at(_quantile(path, parameter_draw))
    numbers = applied_lens.number(value, numbers, parameter_draw)
    if not isinstance(numbers, tuple):
        return float(numbers)
    table = np.array(numbers, dtype=np.float64)
    table.setflags(write=False)
    return table


def _quantile(path: str, parameter_draw: int) -> float:
    """A uniform draw in (0, 1) addressed by the value's path, independent of other values."""
    # Not imported with this module: a check of a file draws nothing, and loading compiled code takes long.
    from simulator.foundations import random_numbers as draws

    uniform = draws.draw(parameter_draw, draws.PARAMETERS, 0, zlib.crc32(path.encode()), 0)[0]
    return cast(float, uniform)
