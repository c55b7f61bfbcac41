"""There is a level of digital exclusion beyond which automating costs more than it frees."""

from __future__ import annotations

from functools import lru_cache

import pytest

from simulator.foundations import categories as c
from simulator.foundations.measures import INDEX
from simulator.model.simulation import simulate
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import build_spec, expected_release
from tests.helpers.support import small_spec

FAILING = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8)
TASKS = (
    ("gp_practice", "appointment_booking"),
    ("council_contact_centre", "council_tax_and_benefits"),
    ("hospital", "outpatient_booking"),
)


def exclusion(failing: float) -> dict[str, object]:
    """Everyone fails with this probability, whatever the task."""
    return {
        "contacts.failure_probability": dict.fromkeys(c.DIGITAL_CAPABILITY, failing),
        "contacts.failure_ratio": dict.fromkeys(c.TASKS, 1.0),
    }


@lru_cache(maxsize=32)
def released(service: str, task: str, failing: float) -> float:
    """Pounds a year that half of a task, automated from the start, is expected to release in the first quarter."""
    plan = [{"service": service, "task": task, "share": 0.5, "ramp_weeks": 0}]
    return expected_release(small_spec(automate=plan, changes=exclusion(failing)))[0].released


@pytest.mark.parametrize(("service", "task"), TASKS)
def test_every_failure_takes_from_what_automation_releases(service: str, task: str) -> None:
    found = [released(service, task, failing) for failing in FAILING]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(FAILING)
    assert found[0] > 0.0 > found[-1], "it pays where nothing fails and costs where most does"


@pytest.mark.parametrize(("service", "task"), TASKS)
def test_the_level_of_exclusion_at_which_it_turns_can_be_found(service: str, task: str) -> None:
    """The release is a straight line in the failure probability: the level follows from two points, and holds."""
    none, some = released(service, task, 0.0), released(service, task, 0.1)
    level = 0.1 * none / (none - some)
    assert 0.1 < level < 0.7
    assert released(service, task, round(level - 0.02, 4)) > 0.0 > released(service, task, round(level + 0.02, 4))


def test_a_run_beyond_that_level_loses_money_and_leaves_needs() -> None:
    plan = [{"service": "gp_practice", "task": "appointment_booking", "share": 0.5, "ramp_weeks": 0}]
    pence, unmet = [], []
    for failing in (0.05, 0.9):
        frames = simulate(small_spec(weeks=13, automate=plan, changes=exclusion(failing)), 1)
        book = frames.ledger.groupby("account")["pence"].sum()
        pence.append(int(book["released"]))
        unmet.append(int(frames.cells.sum(axis=(0, 1))[INDEX["unmet_needs"]]))
        assert book["reinvested"] == 0
    assert pence[0] > 0 > pence[1]
    assert unmet[1] > unmet[0]


def test_the_shipped_scenario_shows_it() -> None:
    """More than twice the share of what is freed comes back as rework, and half as much of it is released."""
    excluded, usual = (
        expected_release(build_spec(load_scenario(name)))[-1] for name in ("digital_exclusion", "relational_offset")
    )
    assert excluded.rework / excluded.automated > 2.0 * usual.rework / usual.automated
    assert excluded.released / excluded.automated < 0.65 * usual.released / usual.automated
