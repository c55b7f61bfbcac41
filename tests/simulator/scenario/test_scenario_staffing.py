"""Staffing entries of a scenario: read as they are meant, and refused by line with what would be right."""

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
    ("entry", "told"),
    [
        (
            "service: gp_practice, role: clinicians, hours_per_week: 4, reason: x",
            "line 6, staffing[0].role: gp_practice has no role 'clinicians'. Did you mean 'clinician'?",
        ),
        (
            "service: gp_practice, role: home_carer, hours_per_week: 4, reason: x",
            "gp_practice has no role 'home_carer'. It is a role of adult_social_care.",
        ),
        (
            "service: gp_practice, role: clinician, reason: x",
            "no hours are given. Add 'hours_per_week: ...' or 'training_hours_per_week: ...'.",
        ),
        (
            "service: gp_practice, role: clinician, hours_per_week: 2, training_hours_per_week: 2, reason: x",
            "hours and training are given in one entry. Write two entries, one of hours and one of training.",
        ),
        (
            "service: gp_practice, role: clinician, hours_per_week: 0, reason: x",
            "0 hours change nothing. Write hours above or below 0, or remove the entry.",
        ),
        ("service: gp_practice, role: clinician, hours_per_week: 4", "'reason' is missing. Add 'reason: ...'."),
        (
            "service: gp_practice, role: clinician, hours_per_week: 4, from_week: 260, reason: x",
            "staffing[0].from_week: week 260 is after the end: the last week is 259.",
        ),
        (
            "service: gp_practice, role: clinician, hours_per_week: 4, from_week: 250, weeks: 20, reason: x",
            "staffing[0].weeks: 20 weeks from week 250 end in week 270, after the end at 260.",
        ),
    ],
)
def test_a_fault_is_told_with_what_would_be_right(tmp_path: Path, entry: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(written(tmp_path, entry))
    assert told in str(caught.value)
    assert "plan.yaml, line 6" in str(caught.value)
