"""Dashboards over made-up runs that differ clearly, for tests that only read them."""

from __future__ import annotations

import pytest

from simulator.experiments.lens_comparisons import some_seeds
from tests.helpers.finished_runs import application, made_up_arms


@pytest.fixture(scope="session")
def made_up(tmp_path_factory):
    return application(tmp_path_factory.mktemp("made_up"), made_up_arms())


@pytest.fixture(scope="session")
def uneven(tmp_path_factory):
    """One scenario has the first three pairs of runs alone."""
    arms = made_up_arms()
    return application(tmp_path_factory.mktemp("uneven"), (*arms[:2], some_seeds(arms[2], (0, 1, 2))))
