"""The parts of a scenario that are lists of entries, as page Build shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from dashboard.building import facts
from simulator.scenario_parts import Automate, Commitment, Funding, Part
from simulator.scenario_staffing import StaffingEntry


class Listed(NamedTuple):
    """A part that is a list of entries."""

    part: str
    model: type[Part]
    named_by: tuple[str, ...]  # fields that head an entry
    add: str  # label of the button
    fact: Callable[[Mapping[str, Any]], facts.Fact | None]


AUTOMATE: Final = Listed(
    "automate",
    Automate,
    ("service", "task"),
    "Automate another task",
    lambda entry: facts.ceiling_fact(str(entry.get("service")), str(entry.get("task"))),
)
FUNDING: Final = Listed(
    "funding",
    Funding,
    ("programme", "payer"),
    "Add money from elsewhere",
    lambda entry: facts.cost_fact(str(entry.get("programme"))),
)
COMMITMENTS: Final = Listed(
    "commitments",
    Commitment,
    ("programme",),
    "Promise posts",
    lambda entry: facts.cost_fact(str(entry.get("programme"))),
)
STAFFING: Final = Listed(
    "staffing",
    StaffingEntry,
    ("service", "role"),
    "Change the hours of a role",
    lambda entry: facts.hour_fact(str(entry.get("service")), str(entry.get("role"))),
)
