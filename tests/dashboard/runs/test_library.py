"""Finished runs beside those that ship: more pairs of the same specifications are shown."""

from __future__ import annotations

import pytest

from dashboard.runs import library as rooms
from dashboard.runs.library import Library
from simulator.bundle import whole_comparison
from simulator.comparison.comparison import compare
from simulator.experiments.lens_comparisons import some_seeds

ASKED = ("relational_offset", "baseline", "frome", "as-claimed")


@pytest.fixture
def ships():
    found = whole_comparison(*ASKED)
    assert found is not None
    return found


@pytest.fixture
def library(tmp_path, ships):
    """A library with two pairs of runs of one's own."""
    made = Library(tmp_path)
    for arm in (ships.baseline, ships.scenario):
        made.keep(some_seeds(arm, ships.seeds[:2]), "as-claimed")
    return made


def test_more_pairs_that_ship_are_shown_instead_of_fewer_of_ones_own(library, ships):
    assert library.comparison(*ASKED) is ships


def test_as_many_pairs_of_ones_own_are_shown(library, ships, monkeypatch):
    fewer = compare(*(some_seeds(arm, ships.seeds[:2]) for arm in (ships.scenario, ships.baseline)))
    monkeypatch.setattr(rooms, "whole_comparison", lambda *_: fewer)
    assert library.comparison(*ASKED) is not fewer
    assert library.comparison(*ASKED).seeds == ships.seeds[:2]
