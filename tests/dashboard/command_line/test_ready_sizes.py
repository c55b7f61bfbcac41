"""How large a plan would have to be, from ready results of the same plan, place and model."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

import simulator.bundle
from dashboard.command_line.ready_sizes import ready_sizes
from simulator.errors import ResultsError

RECORD = {"scenario": "relational_offset", "place": "frome", "scenario_hash": "12345678", "place_hash": "87654321"}
TARGETS = {"admissions at least 5 % lower": (1.8, 10.0, 1.0), "pays for itself": (math.nan, math.nan, 0.5)}


@pytest.fixture
def ready(monkeypatch):
    rows = [
        ("relational_offset", "frome", lens, f"{lens.capitalize()}, all of the gap", label, *found)
        for lens in ("as-claimed", "trial-evidence", "evidence")
        for label, found in TARGETS.items()
    ]
    names = ("scenario_name", "place", "lens", "lens_title", "label", "from_multiple", "to_multiple", "best")
    bundle = SimpleNamespace(tables={"size_smallest": pd.DataFrame(rows, columns=list(names))})
    monkeypatch.setattr(simulator.bundle, "load_bundle", lambda: bundle)
    monkeypatch.setattr(simulator.bundle, "bundled", lambda *_: SimpleNamespace(record=RECORD))
    return bundle


def comparison(**changed):
    return SimpleNamespace(scenario=SimpleNamespace(record={**RECORD, **changed}))


def test_a_line_for_each_target_with_both_lenses_within_a_screen(ready, messages):
    lines = ready_sizes(comparison())
    assert len(lines) == 1 + len(TARGETS)
    assert max(map(len, lines)) <= 100
    messages.check("\n".join(lines))


@pytest.mark.parametrize("changed", [{"scenario_hash": "00000000"}, {"place_hash": "00000000"}])
def test_nothing_is_said_of_another_plan_or_place(ready, changed):
    assert ready_sizes(comparison(**changed)) == []


def test_nothing_is_said_without_ready_results_of_this_model(monkeypatch, ready):
    def refused():
        raise ResultsError("of another model")

    monkeypatch.setattr(simulator.bundle, "load_bundle", refused)
    assert ready_sizes(comparison()) == []
