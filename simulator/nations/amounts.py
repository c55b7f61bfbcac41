"""Scaling a scenario's amounts to a place of another size: money, posts and hours in proportion to residents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.districts import load_place
from simulator.errors import IncomparableRunsError
from simulator.scenario.scenario import Scenario
from simulator.specification.amounts import has_amounts


def reference_size(scenarios: Sequence[Scenario], given: int | None = None) -> int | None:
    """Residents that the scenarios' amounts are stated for: ``given``, or those of the place that a scenario names.

    None if no scenario states amounts. Raises IncomparableRunsError if one does and the number of residents is unknown.
    """
    asking = [scenario for scenario in scenarios if has_amounts(scenario)]
    if not asking or given is not None:
        return given if asking else None
    sizes = {}
    for scenario in asking:
        if scenario.place_reference is None:
            raise IncomparableRunsError(
                f"{scenario.name} states amounts of money, posts or hours, but names no place that they are for. Give "
                "the number of residents that they are for with --amounts-for."
            )
        sizes[scenario.name] = load_place(scenario.place_reference).residents
    if len(set(sizes.values())) > 1:
        each = " and ".join(f"{name} is for {size:,} residents" for name, size in sizes.items())
        raise IncomparableRunsError(f"{each}. Give the number of residents that amounts are for with --amounts-for.")
    return next(iter(sizes.values()))


def in_proportion(scenario: Scenario, ratio: float) -> Scenario:
    """The scenario with every amount times ``ratio``: pounds, units and hours per week. Shares are unchanged."""
    if not has_amounts(scenario):
        return scenario
    changed: dict[str, Any] = {
        "funding": tuple(_times(entry, ratio, ("pounds_per_year", "units")) for entry in scenario.funding),
        "commitments": tuple(_times(entry, ratio, ("units",)) for entry in scenario.commitments),
        "staffing": tuple(
            _times(entry, ratio, ("hours_per_week", "training_hours_per_week")) for entry in scenario.staffing
        ),
    }
    copy = scenario.model_copy(update=changed)
    copy.__dict__.pop("hash", None)  # cached for the original scenario
    return copy


def _times(entry: Any, ratio: float, names: Sequence[str]) -> Any:
    amounts = {name: getattr(entry, name) for name in names}
    return entry.model_copy(update={name: ratio * amount for name, amount in amounts.items() if amount is not None})
