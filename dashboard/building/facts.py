"""Facts for the fields of a form, from the evidence: value, range, unit, grade and source."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from dashboard.building.forms import capitalised, in_words
from simulator.description.describe import numbers
from simulator.evidence import Evidence, Value, load_evidence
from simulator.programme_files import ProgrammePlan, programme_values, shipped_programmes
from simulator.specification.expected_release import ExpectedQuarter
from simulator.specification.spec import Spec, expected_release

QUARTER: Final = 0.25
"""Years in a quarter."""
GRADES: Final = {
    "A": "strong study or official count",
    "B": "one study",
    "C": "weak",
    "assumption": "an assumption",
}


class Fact(NamedTuple):
    """One fact next to a field."""

    said: str  # value, range and unit
    grade: str
    source: str
    reference: str | None  # a web address

    @property
    def grade_text(self) -> str:
        """The grade with its meaning."""
        return self.grade if self.grade == "assumption" else f"grade {self.grade}: {GRADES[self.grade]}"


def evidence_fact(path: str, evidence: Evidence | None = None) -> Fact | None:
    """The evidence on a value that a scenario changes; None for an unknown path."""
    known = every_value() if evidence is None else evidence
    if path not in known:
        return None
    value = known[path]
    return _fact(value, f"{value.label}: {numbers(value)} [{value.unit}]")


def ceiling_fact(service: str, task: str) -> Fact | None:
    """The automation ceiling of a task and its number of contacts."""
    evidence = load_evidence()
    key = f"{service}.{task}"
    most, contacts = evidence["contacts.automation_ceiling"], evidence["contacts.contacts_per_year"]
    if key not in most.by_category():
        return None
    share, a_year = most.by_category()[key], contacts.by_category()[key]
    low, high = (_at(most, ends, key) for ends in (most.low, most.high))
    span = f" ({100 * low:g} to {100 * high:g} %)" if low != high else ""
    said = f"From 0 to {100 * share:g} %{span} of {a_year:g} contacts a resident a year could be automated"
    return _fact(most, said)


def cost_fact(programme: str, plans: tuple[ProgrammePlan, ...] = ()) -> Fact | None:
    """The cost of one unit of a programme, and its eligible people; None for an unknown programme."""
    plan = next((one for one in (*plans, *shipped_programmes()) if one.name == programme), None)
    if plan is None:
        return None
    value = plan.values[plan.path("unit_cost")]
    span = f" ({value.low:,.0f} to {value.high:,.0f})" if value.low != value.high else ""
    return _fact(value, f"£{value.value:,.0f}{span} a year for one {plan.unit}. For: {plan.for_whom}")


def programme_title(name: str) -> str:
    """The title of a shipped programme; the name of any other, in words."""
    titles = {plan.name: plan.title for plan in shipped_programmes()}
    return titles.get(name) or capitalised(in_words(name))


def hour_fact(service: str, role: str) -> Fact | None:
    """The hourly cost of a role; None for an unknown role."""
    value = load_evidence()["staffing.hourly_cost"]
    key = f"{service}.{role}"
    if key not in value.by_category():
        return None
    low, high = (_at(value, ends, key) for ends in (value.low, value.high))
    span = f" ({low:g} to {high:g})" if low != high else ""
    return _fact(value, f"£{value.by_category()[key]:g}{span} an hour")


@lru_cache(maxsize=1)
def every_value() -> Evidence:
    """All values that a scenario may change: the evidence, and the numbers of the shipped programmes."""
    return Evidence({**load_evidence(), **programme_values(shipped_programmes())})


def _at(value: Value, ends: float | tuple[float, ...], key: str) -> float:
    return ends[list(value.by_category()).index(key)] if isinstance(ends, tuple) else ends


def _fact(value: Value, said: str) -> Fact:
    reference = value.reference
    if reference is not None and reference.startswith("doi:"):
        reference = f"https://doi.org/{reference.removeprefix('doi:')}"
    return Fact(said, value.grade, " ".join(value.source.split()), reference)


# The expected ledger of a draft, without running it: released = reinvested + saved + absorbed.


class WholeRun(NamedTuple):
    """Expected amounts over a whole run [pounds]; ``released = reinvested + saved + absorbed``."""

    released: float
    reinvested: float
    saved: float
    absorbed: float


def whole_run(spec: Spec) -> WholeRun:
    """Expected amounts of all quarters, the ramp with its losses included, as page Follow the hour adds them up."""
    quarters = expected_release(spec)
    sums = (sum(getattr(one, name) for one in quarters) * QUARTER for name in WholeRun._fields)
    return WholeRun(*sums)


def ledger_bar(spec: Spec) -> ExpectedQuarter | None:
    """The expected last quarter of a run, when everything is ramped up; None if nothing is automated."""
    return expected_release(spec)[-1] if spec.automation else None
