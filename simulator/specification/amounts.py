"""Amounts of a scenario that depend on the size of the place, and the most that a place of that size can have.

Money is in whole pence, which are exact only below 2**53 and wrap around beyond 2**63. So the money of a plan, and the
staff time that its automation frees, may be at most `MOST_POUNDS` a year per resident.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from simulator.errors import Problem
from simulator.evidence.parameters import Table
from simulator.foundations.categories import ROLES, WEEKS_PER_YEAR
from simulator.places import Place, load_place
from simulator.scenario.parts import StaffingEntry
from simulator.scenario.scenario import Scenario
from simulator.specification.entries import Funding, StaffingChange
from simulator.specification.expected_release import ExpectedQuarter

MOST_POUNDS: Final = 5_000
"""Pounds a year per resident: more than the NHS and adult social care together spend on a resident of England
(about £3,600 in 2023/24: Department of Health and Social Care annual report; NHS England, Adult Social Care Activity
and Finance Report)."""
_OTHER_SIZE: Final = 1.5
"""Ratio of residents from which a plan is said to be made for a place of another size."""


def has_amounts(scenario: Scenario) -> bool:
    """Whether a scenario states amounts that depend on the size of the place."""
    scales_itself = scenario.spread is not None and scenario.spread.amounts_for is not None
    absolute = any(fund.pounds_per_resident is None for fund in scenario.funding)
    return bool(absolute or scenario.commitments or scenario.staffing) and not scales_itself


def size_note(scenario: Scenario, place: Place) -> str | None:
    """A sentence if the scenario states amounts for a place much larger or smaller than this one, or None."""
    if not has_amounts(scenario) or scenario.place_reference is None:
        return None
    meant = load_place(scenario.place_reference)
    ratio = meant.residents / place.residents
    if 1.0 / _OTHER_SIZE < ratio < _OTHER_SIZE:
        return None
    size = f"{ratio:.2g} times" if ratio > 1.0 else f"{100 * ratio:.2g} % of"
    return (
        f"The money, posts and hours of {scenario.title} are stated for {meant.title} ({meant.residents:,} residents): "
        f"per resident they are {size} as much in {place.title} ({place.residents:,} residents)."
    ).replace("% of as much in", "% of that in")


def staffing_problems(
    scenario: Scenario, changes: Sequence[StaffingChange], place: Place, there: Table
) -> Iterator[Problem]:
    """One problem for each entry with which more hours are cut, or spent on training, than the role has.

    ``there`` are hours a week by role in the place, shape (roles,). Entries are counted together while they overlap.
    """
    for index, (entry, change) in enumerate(zip(scenario.staffing, changes, strict=True)):
        before = [one for one in changes[: index + 1] if one.role == change.role]
        weeks = {change.from_week, *(one.from_week for one in before if one.from_week > change.from_week)}
        most = float(there[change.role])
        for name, done in (("hours_per_week", "cut"), ("training_hours_per_week", "spent on training")):
            if not _asks(entry, name):
                continue
            asked = max(
                sum(_taken(one, name) for one in before if one.from_week <= week < one.until_week)
                for week in weeks
                if week < change.until_week or week == change.from_week
            )
            if asked > most:
                wrong = (
                    f"{asked:,.0f} hours a week of {ROLES[change.role]} are {done}, of about {most:,.0f} that there "
                    f"are in {place.title}"
                )
                right = f"{'Cut' if done == 'cut' else 'Train for'} at most {most:,.0f} hours a week"
                yield scenario.problem(("staffing", index, name), wrong, right)


def _asks(entry: StaffingEntry, name: str) -> bool:
    return (entry.hours_per_week or 0.0) < 0.0 if name == "hours_per_week" else bool(entry.training_hours_per_week)


def _taken(change: StaffingChange, name: str) -> float:
    return max(0.0, -change.hours_per_week) if name == "hours_per_week" else change.training_per_week


def money_problems(
    scenario: Scenario,
    place: Place,
    funding: Sequence[Funding],
    changes: Sequence[StaffingChange],
    hourly_cost: Table,
) -> Iterator[Problem]:
    """The first entry with which the money of the plan exceeds what a place of this size can have.

    ``hourly_cost`` is in pounds by role. Entries are added up whether or not they overlap.
    """
    entries: list[tuple[tuple[str | int, ...], float, float]] = []  # path, amount as given, pounds a year
    for index, (entry, fund) in enumerate(zip(scenario.funding, funding, strict=True)):
        (name,) = entry.given
        pounds = fund.pence_per_week * WEEKS_PER_YEAR / 100.0
        entries.append((("funding", index, name), getattr(entry, name), pounds))
    for index, change in enumerate(changes):
        if change.hours_per_week > 0.0:
            pounds = change.hours_per_week * float(hourly_cost[change.role]) * WEEKS_PER_YEAR
            entries.append((("staffing", index, "hours_per_week"), change.hours_per_week, pounds))
    left = most = most_pounds(place)
    for at, given, pounds in entries:
        if pounds > left:
            wrong = (
                f"with this amount the plan costs £{most - left + pounds:,.0f} a year, more than {place.title} can "
                f"have (£{MOST_POUNDS:,} for each of {place.residents:,} residents)"
            )
            yield scenario.problem(at, wrong, f"Write at most {given * left / pounds:,.0f}")
            return
        left -= pounds


def release_problems(scenario: Scenario, place: Place, quarters: Sequence[ExpectedQuarter]) -> Iterator[Problem]:
    """A problem if automation would free, or cost, more than a place of this size can have."""
    for quarter in quarters:
        most = max(quarter.automated, quarter.rework, quarter.technology)
        if most > most_pounds(place):
            wrong = (
                f"automation would free, or cost, £{most:,.0f} a year, more than {place.title} can have "
                f"(£{MOST_POUNDS:,} for each of {place.residents:,} residents)"
            )
            yield scenario.problem(("changes",), wrong, "Give realistic values")
            return


def most_pounds(place: Place) -> float:
    """The most money a year of a plan for this place [pounds]."""
    return float(MOST_POUNDS * place.residents)
