"""A surge of volunteers in a scenario file: its specification, and its problems."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.scenario import load_scenario
from simulator.specification.entries import Surge
from simulator.specification.spec import build_spec

SURGE = "extra_share_of_adults: 19 %, hours_per_week: 3, reason: A, source: B"


def written(folder: Path, body: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(f"name: plan\ntitle: A plan\nquestion: What if?\nplace: frome\n{body}\n", encoding="utf-8")
    return path


def test_a_surge_is_part_of_the_spec_and_of_its_hash(tmp_path: Path) -> None:
    without = build_spec(load_scenario(written(tmp_path, "")))
    spec = build_spec(load_scenario(written(tmp_path, f"volunteer_surge: {{from_week: 52, weeks: 26, {SURGE}}}")))
    assert without.volunteer_surge is None
    assert spec.volunteer_surge == Surge(from_week=52, until_week=78, extra_share=0.19, hours_per_week=3.0)
    assert spec.hash != without.hash


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (f"volunteer_surge: {{from_week: 260, weeks: 1, {SURGE}}}", "5 volunteer_surge.from_week"),
        (f"volunteer_surge: {{from_week: 250, weeks: 20, {SURGE}}}", "5 volunteer_surge.weeks"),
        (
            f"volunteer_surge: {{weeks: 20, {SURGE.replace('19 %', '119 %')}}}",
            "5 volunteer_surge.extra_share_of_adults",
        ),
        (f"volunteer_surge: {{weeks: 20, {SURGE.replace(', source: B', '')}}}", "5 volunteer_surge.source"),
        (
            f"volunteer_surge: {{weeks: 20, {SURGE.replace('hours_per_week: 3', 'hours_per_week: 200')}}}",
            "5 volunteer_surge.hours_per_week",
        ),
        (
            f"volunteer_surge: {{weeks: 20, {SURGE.replace('hours_per_week: 3', 'hours_per_week: .inf')}}}",
            "5 volunteer_surge.hours_per_week",
        ),
        ("volunteer_surge:", "5 volunteer_surge"),
    ],
)
def test_a_problem_is_reported_with_its_line_and_what_would_be_right(
    tmp_path: Path, body: str, at: str, messages
) -> None:
    with messages.raised(ScenarioError, at):
        load_scenario(written(tmp_path, body))
