"""How large a plan would have to be, from ready results of the same plan, base, place, calendar, lenses and model."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

import simulator.bundle
from dashboard.command_line.output import SCREEN
from dashboard.command_line.ready_sizes import ready_sizes
from simulator.bundle import ReadyResult
from simulator.errors import ResultsError, UnknownNameError

LENSES = {"as-claimed": "As claimed, all of the gap", "trial-evidence": "On trial evidence"}
TARGETS = {"admissions at least 5 % lower": (1.8, 10.0, 1.0), "pays for itself": (math.nan, math.nan, 0.5)}


@pytest.fixture
def ready(monkeypatch):
    """Ready results by lens, which a test may change."""
    found = {lens: result(lens) for lens in LENSES}

    def of(scenario, place, lens):
        if (scenario, place) != ("relational_offset", "frome") or lens not in found:
            raise UnknownNameError("ready result", lens, found)
        return found[lens]

    monkeypatch.setattr(simulator.bundle, "bundled", of)
    return found


def result(lens, *, withheld=False, sized=True):
    curves = pd.DataFrame({"multiple": [1.0, 10.0], "lens_title": LENSES[lens], "withheld": withheld})
    columns = ["label", "from_multiple", "to_multiple", "best"]
    smallest = pd.DataFrame([(label, *row) for label, row in TARGETS.items()], columns=columns)
    tables = {"size_curves": curves, "size_smallest": smallest}
    if not sized:
        tables = {name: table.head(0) for name, table in tables.items()}
    return ReadyResult({"spec_hash": f"plan {lens}"}, {"spec_hash": f"base {lens}"}, tables)


def comparison(lens, base="base", **changed):
    record = {"scenario": "relational_offset", "place": "frome", "lens": lens, "spec_hash": f"plan {lens}", **changed}
    arms = (record, {"spec_hash": f"{base} {lens}"})
    return SimpleNamespace(**dict(zip(("scenario", "baseline"), map(arm, arms), strict=True)))


def arm(record):
    return SimpleNamespace(record=record)


def test_a_line_for_each_target_with_both_lenses_within_a_screen(ready, messages):
    lines = ready_sizes([comparison(lens) for lens in LENSES])
    assert len(lines) == 1 + len(TARGETS)
    assert max(map(len, lines)) <= SCREEN
    messages.check("\n".join(lines))


def test_only_the_lenses_that_are_compared_are_shown_and_a_failed_one_is_withheld(ready):
    ready["trial-evidence"] = result("trial-evidence", withheld=True)
    head, *lines = ready_sizes([comparison("trial-evidence")])
    assert "As claimed" not in head
    assert all(line.endswith("withheld") for line in lines)


@pytest.mark.parametrize(
    "changed", [{"spec_hash": "another plan"}, {"base": "other"}, {"place": "home"}, {"scenario": "mine"}]
)
def test_nothing_is_said_of_other_specifications(ready, changed):
    assert ready_sizes([comparison("as-claimed"), comparison("trial-evidence", **changed)]) == []


def test_nothing_is_said_of_a_plan_without_ready_sizes(ready):
    ready["as-claimed"] = result("as-claimed", sized=False)
    assert ready_sizes([comparison("as-claimed")]) == []


def test_nothing_is_said_without_ready_results_of_this_model(monkeypatch, ready):
    def refused(*_):
        raise ResultsError("of another model")

    monkeypatch.setattr(simulator.bundle, "bundled", refused)
    assert ready_sizes([comparison("as-claimed")]) == []
