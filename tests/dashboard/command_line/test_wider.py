"""The wider ledger on the command line: on request only, and after everything else."""

from __future__ import annotations

import json

import pytest

from simulator.running import ensemble
from tests.dashboard.command_line.test_command_line import offset
from tests.helpers.messages import titles
from tests.helpers.synthetic_results import lively

FOUR = ("compare", "relational_offset", "--lens", "evidence", "--seeds", 4, "--workers", 1, "--all")


@pytest.fixture
def made_up(monkeypatch):
    """Runs are made up."""
    quick = {name: lively(4, effect) for name, effect in (("baseline", 0.0), ("relational_offset", 0.1))}
    monkeypatch.setattr(ensemble, "simulate", lambda spec, seed, _: quick[spec.scenario.name][seed])


def test_the_wider_ledger_is_printed_only_if_asked_for(made_up, messages):
    usual = offset(*FOUR).stdout
    asked = offset(*FOUR, "--wider").stdout
    messages.check(titles(usual))
    assert "Growth and trust" not in usual
    messages.check(titles(asked))
    totals = usual[: usual.index("The wider ledger")].rstrip()
    assert asked.startswith(totals)
    found = json.loads(offset(*FOUR, "--json", "--wider").stdout)
    assert set(found["wider_ledger_in_no_total"]) == {"lines", "claims", "rests_on"}
