"""Staffing entries of a scenario: their meaning, and problems with line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.foundations import categories as c
from simulator.scenario.scenario import load_scenario
from simulator.specification.spec import build_spec

HEAD = "name: plan\ntitle: Plan\nquestion: What if?\nextends: baseline\n"


def written(folder: Path, *entries: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(HEAD + "staffing:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), encoding="utf-8")
    return path


def test_entries_become_hours_of_a_role_for_a_time(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "service: gp_practice, role: clinician, hours_per_week: -30, from_week: 4, weeks: 13, reason: a list closed",
        "service: hospital, role: booking_clerk, training_hours_per_week: 6, from_week: 10, reason: a course",
    )
    cut, course = build_spec(load_scenario(path)).staffing
    assert cut == (c.CLINICIAN, -30.0, 0.0, 4, 17)
    assert course == (c.BOOKING_CLERK, 0.0, 6.0, 10, 260)
    assert build_spec(load_scenario(path), weeks=12).staffing[0].until_week == 12


@pytest.mark.parametrize(
    ("entry", "at"),
    [
        ("service: gp_practice, role: clinicians, hours_per_week: 4, reason: x", "6 staffing[0].role"),
        ("service: gp_practice, role: home_carer, hours_per_week: 4, reason: x", "6 staffing[0].role"),
        ("service: gp_practice, role: clinician, reason: x", "6 staffing[0]"),
        (
            "service: gp_practice, role: clinician, hours_per_week: 2, training_hours_per_week: 2, reason: x",
            "6 staffing[0].training_hours_per_week",
        ),
        ("service: gp_practice, role: clinician, hours_per_week: 0, reason: x", "6 staffing[0].hours_per_week"),
        ("service: gp_practice, role: clinician, hours_per_week: 4", "6 staffing[0].reason"),
        (
            "service: gp_practice, role: clinician, hours_per_week: 4, from_week: 260, reason: x",
            "6 staffing[0].from_week",
        ),
        (
            "service: gp_practice, role: clinician, hours_per_week: 4, from_week: 250, weeks: 20, reason: x",
            "6 staffing[0].weeks",
        ),
    ],
)
def test_a_problem_is_reported_with_a_remedy(tmp_path: Path, entry: str, at: str, messages) -> None:
    with messages.raised(ScenarioError, at):
        load_scenario(written(tmp_path, entry))
