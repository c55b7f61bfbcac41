"""Programme files: shipped ones, valid contents, and messages for problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from simulator.errors import ProgrammeError, UnknownNameError
from simulator.foundations.categories import PROGRAMMES
from simulator.foundations.input_files import read_yaml
from simulator.programme_files import (
    EligibilityRule,
    load_programme,
    programme_schema,
    read_programme,
    shipped_programmes,
)
from simulator.programme_files.loading import SHIPPED_FOLDER
from simulator.programme_files.numbers import NUMBERS
from simulator.specification import programme_table
from simulator.specification.programme_packing import CHANNEL_OF
from tests.helpers.support import CORE, OWN_PROGRAMME

GOOD = """name: garden_club
title: Garden club
description: Digging together
source: A made-up programme
grade: assumption
for:
  - {age: {from: 50, to: 90}, lives_alone: true}
unit_cost: 9000
lag: 8
caseload: 15
offer_rate: 5 %
engagement: {value: 0.4, low: 0.25, high: 0.6, distribution: logit-normal}
duration: 30
"""


def refused(messages, folder: Path, text: str, name: str = "garden_club.yaml", at: str | None = None) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with messages.raised(ProgrammeError, at):
        read_programme(path)


def test_every_programme_of_the_registry_is_shipped_and_no_other() -> None:
    assert sorted(path.stem for path in SHIPPED_FOLDER.glob("*.yaml")) == sorted(PROGRAMMES)
    assert [plan.name for plan in shipped_programmes()] == list(PROGRAMMES)


def test_the_shipped_schema_is_current_and_fits_every_file() -> None:
    schema = json.loads((SHIPPED_FOLDER / "schema.json").read_text(encoding="utf-8"))
    assert schema == programme_schema()
    validator = Draft202012Validator(schema)
    for name in PROGRAMMES:
        data = read_yaml(SHIPPED_FOLDER / f"{name}.yaml").data
        assert list(validator.iter_errors(data)) == [], name
    assert not validator.is_valid({**read_yaml(OWN_PROGRAMME).data, "caseload": "many"})
    assert not validator.is_valid({**read_yaml(OWN_PROGRAMME).data, "colour": "green"})


def test_the_first_programmes_have_the_numbers_they_had_among_the_evidence() -> None:
    known = {
        "unit_cost": (45600, 6000, 76000),
        "caseload": (65, 18, 45),
        "offer_rate": (0.05, 0.02, 0.08),
        "engagement": (0.45, 0.30, 0.70),
        "duration": (15, 52, 26),
        "contact_hours": (0.75, 2.0, 0.75),
        "lag": (16, 8, 26),
        "unmet_need_found": (0.5, 0.1, 0.7),
    }
    for number, values in known.items():
        assert tuple(load_programme(name).central(number) for name in CORE) == values


def test_no_shipped_effect_is_the_headline_and_clinical_ones_may_go_either_way() -> None:
    effects = [
        value
        for plan in shipped_programmes()
        for value in plan.values.values()
        if value.path.split(".")[-1] in ("acute_episodes", "overnight_admission", "waiting", "readmission")
    ]
    assert len(effects) == 5
    assert all(value.low < 0.0 < value.high for value in effects)


def test_every_number_carries_its_own_source_or_the_files() -> None:
    hub = load_programme("complex_care_hub")
    assert hub.values["programme.complex_care_hub.acute_episodes"].grade == "B"
    assert hub.values["programme.complex_care_hub.caseload"].grade == "assumption"
    befriending = load_programme("befriending")
    assert "Siette" in befriending.values["programme.befriending.caseload"].source
    assert "Oundle" in befriending.values["programme.befriending.volunteer_hours"].source


def test_a_bare_number_a_percentage_and_a_range_are_read(tmp_path: Path, messages) -> None:
    path = tmp_path / "garden_club.yaml"
    path.write_text(GOOD, encoding="utf-8")
    plan = read_programme(path)
    offers, engagement = (plan.values[plan.path(name)] for name in ("offer_rate", "engagement"))
    assert (offers.value, offers.distribution, offers.source) == (0.05, "fixed", "A made-up programme")
    assert engagement.at(0.975) == pytest.approx(0.6)
    messages.check(plan.for_whom)
    assert plan.registered is None


def test_every_lever_has_a_channel_and_every_channel_a_lever() -> None:
    levers = {"ties", "care_plan", "discharge_capacity"} | {name for name in NUMBERS if name in CHANNEL_OF}
    assert set(CHANNEL_OF) == levers
    not_levers = set(NUMBERS) - set(CHANNEL_OF)
    effects = {name for name in not_levers if NUMBERS[name].unit == "log ratio"}
    assert effects == set()


FIVE = "for: [{}, {}, {}, {}, {}]\n"
FAULTS: list[tuple[str, str, str]] = [
    ("caseload: 15\n", "", "1"),
    ("caseload: 15", "caseload: many", "10 caseload"),
    ("caseload: 15", "caseload: -1", "10 caseload"),
    ("caseload", "case_load", "10 case_load"),
    ("low: 0.25, ", "", "12 engagement.low"),
    ("low: 0.25", "low: 0.5", "12 engagement.value"),
    ("low: 0.25", "low: 0.0", "12 engagement.low"),
    ("value: 0.4", "value: 4", "12 engagement.value"),
    ("{value: 0.4", "{value: 0.4, grade: B", "12 engagement"),
    ("grade: assumption", "grade: A", "1"),
    ("for:\n  - {age: {from: 50, to: 90}, lives_alone: true}\n", FIVE, "6 for"),
    ("from: 50, to: 90", "from: 90, to: 50", "7 for[0].age.from"),
    ("lives_alone: true", "admissions: {at_least: 1, months: 5}", "7 for[0].admissions.months"),
    ("lives_alone: true", "live_alone: true", "7 for[0].live_alone"),
    ("lives_alone: true", "deprivation: [6]", "7 for[0].deprivation[0]"),
    ("lives_alone: true", "sex: women", "7 for[0].sex"),
    ("duration: 30", "duration: 30\nties: groups", "14 ties"),
    ("duration: 30", "duration: 30\nties: group", "14 ties"),
    ("duration: 30", "duration: 30\ntie_strength: 0.2", "14 tie_strength"),
    ("duration: 30", "duration: 30\nintroduction: 0.2", "14 introduction"),
    (
        "duration: 30",
        "duration: 30\nintroduces: garden_club\nintroduction: 0.2",
        "14 introduces",
    ),
    ("duration: 30", "duration: 30\ncontinuity_gain: 0.2", "14 continuity_gain"),
    (
        "duration: 30",
        "duration: 30\nadds: {service: gp_practice, kind: beds}\ncapacity: 3",
        "14 adds.kind",
    ),
    (
        "duration: 30",
        "duration: 30\nadds: {service: gp, kind: beds}\ncapacity: 3",
        "14 adds.service",
    ),
    (
        "duration: 30",
        "duration: 30\nties: trusted_adult\ncontacts_per_week: 1\ncontact_hours: 1",
        "7 for[0].age",
    ),
    (
        "for:\n  - {age: {from: 50, to: 90}, lives_alone: true}\n",
        "",
        "8 caseload",
    ),
    ("name: garden_club", "name: garden", "1 name"),
]


@pytest.mark.parametrize(("old", "new", "at"), FAULTS)
def test_a_problem_is_reported_with_a_remedy(tmp_path: Path, old: str, new: str, at: str, messages) -> None:
    assert old in GOOD
    refused(messages, tmp_path, GOOD.replace(old, new), at=at)


def test_the_name_of_a_shipped_programme_is_refused(tmp_path: Path, messages) -> None:
    text = GOOD.replace("name: garden_club", "name: befriending")
    refused(messages, tmp_path, text, "befriending.yaml", at="1 name")


def test_an_unknown_name_is_reported_with_the_nearest(messages) -> None:
    with messages.raised(UnknownNameError):
        load_programme("befrending")


def test_a_plan_is_identified_by_its_effects(tmp_path: Path) -> None:
    path = tmp_path / "garden_club.yaml"

    def hash_of(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        return read_programme(path).hash

    same: Any = hash_of(GOOD)
    assert hash_of(GOOD.replace("Digging", "Weeding")) == same
    for old, new in (
        ("caseload: 15", "caseload: 16"),
        ("to: 90", "to: 91"),
        ("grade: assumption", "randomise: 1 %\ngrade: C\nreference: doi:10.1/x"),
    ):
        assert hash_of(GOOD.replace(old, new)) != same


def test_conditions_stand_in_the_table_where_compiled_code_looks_for_them() -> None:
    short = {"youngest": "YOUNGEST", "conditions": "MANY_CONDITIONS", "admissions": "MANY_ADMISSIONS"}
    short |= {"quarters": "IN_QUARTERS", "deprivation": "OF_DEPRIVATION", "digital": "OF_DIGITAL", "sex": "OF_SEX"}
    positions = [getattr(programme_table, short.get(name, name.upper())) for name in EligibilityRule._fields[:-1]]
    assert positions == list(range(programme_table.ELIGIBILITY_FIELDS))
