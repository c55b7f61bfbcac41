"""A mutated scenario file is either read or refused by file and line; nothing else is raised."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.foundations.input_files import json_schema, read_yaml
from simulator.scenario.scenario import Scenario, load_scenario

WHOLE = """\
name: whole
title: Everything at once
question: >
  What does a file with every field look like?
extends: baseline
calendar: {starts: 2026-04-01, weeks: 260}
place: frome
automate:
  - {service: gp_practice, task: appointment_booking, share: 60 %, from_week: 0, ramp_weeks: 52}
  - {service: council_contact_centre, task: housing, share: 0.2, from_week: 26, ramp_weeks: 52}
reinvest:
  share: 85 %
  programmes: {health_connectors: 45 %, talking_cafes: 20 %, complex_care_hub: 35 %}
programmes: [garden_club.yaml]
funding:
  - {programme: health_connectors, kind: pump_priming, payer: nhs, pounds_per_year: 110000, from_week: 0, weeks: 52}
  - {programme: talking_cafes, kind: new_money, payer: voluntary, units: 1}
commitments:
  - {programme: complex_care_hub, units: 2, from_week: 52}
volunteer_surge:
  {from_week: 52, weeks: 26, extra_share_of_adults: 19 %, hours_per_week: 3, reason: "A flood", source: "A survey"}
spread:
  mode: rollout
  county: somerset_like
  origin: mill_town
  from_week: 13
  places_per_wave: 4
  weeks_between_waves: 13
  amounts_for: 28000
  reason: A directive
staffing:
  - {service: gp_practice, role: clinician, hours_per_week: -20, from_week: 52, weeks: 26, reason: "A vacancy"}
changes:
  loneliness.threshold: {value: 0.0009, reason: "A pilot"}
  contacts.minutes_per_contact: {value: {gp_practice.consultation: 9}, reason: "Measured"}
"""
LINES = WHOLE.splitlines()
JUNK = st.one_of(
    st.sampled_from(
        [
            "",
            "null",
            "-1",
            "1e400",
            ".nan",
            "60",
            "[]",
            "{}",
            "true",
            "'",
            '"',
            "{",
            "x: y",
            "2026-02-30",
            "&a",
            "*a",
            "!!str 1",
        ]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12),
    st.integers().map(str),
    st.floats().map(str),
    st.integers(201, 5000).map(lambda length: "a" * length),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The whole file with one to three changes: to a value, a line, an indent or a few characters."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        here = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["drop", "double", "swap", "indent", "value", "key", "splice"]))
        line = lines[here]
        if what == "drop":
            lines[here] = ""
        elif what == "double":
            lines.insert(here, line)
        elif what == "swap":
            there = draw(st.integers(0, len(lines) - 1))
            lines[here], lines[there] = lines[there], line
        elif what == "indent":
            lines[here] = draw(st.sampled_from([" ", "\t", "  - "])) + line
        elif what == "value" and ":" in line:
            lines[here] = f"{line[: line.rindex(':')]}: {draw(JUNK)}{draw(st.sampled_from(['', '}', ']']))}"
        elif what == "key":
            lines[here] = draw(JUNK) + line.lstrip()
        else:
            first = draw(st.integers(0, len(line)))
            lines[here] = line[:first] + draw(JUNK) + line[draw(st.integers(first, len(line))) :]
    return "\n".join(lines)


def read(folder: Path, text: str) -> Scenario | None:
    """The scenario, or None if it is correctly refused."""
    path = folder / "whole.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    try:
        return load_scenario(path)
    except ScenarioError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        assert problem.file.endswith(".yaml")
        assert problem.line is not None or "is empty" in problem.wrong
        assert problem.wrong
        assert problem.right
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("scenarios")
    (made / "garden_club.yaml").touch()  # that it is there is all that a scenario asks of it
    return made


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(text=mutated())
def test_a_changed_file_is_read_or_refused_by_line(folder: Path, text: str) -> None:
    scenario = read(folder, text)
    if scenario is not None:
        assert scenario.weeks >= 13
        assert len(scenario.hash) == 8


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(text=mutated())
def test_what_is_read_fits_the_schema(folder: Path, text: str) -> None:
    if read(folder, text) is not None:
        data: Any = json.loads(json.dumps(read_yaml(folder / "whole.yaml").data, default=datetime.date.isoformat))
        assert list(jsonschema.Draft202012Validator(json_schema(Scenario)).iter_errors(data)) == []


def test_the_unchanged_file_is_read(folder: Path) -> None:
    scenario = read(folder, WHOLE)
    assert scenario is not None
    assert scenario.name == "whole"
    assert all(getattr(scenario, field) for field in Scenario.model_fields)
