"""The published JSON Schema: current, valid for every shipped scenario, and no stricter than the reader."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from simulator.foundations.categories import ALL_TASKS, PAYERS, PROGRAMMES, SERVICES
from simulator.foundations.input_files import json_schema, read_yaml
from simulator.scenario.scenario import Scenario, scenario_names

FOLDER = Path(__file__).parents[3] / "scenarios"


def as_json(data: Any) -> Any:
    """Data of a file as an editor sees it: dates are text."""
    return json.loads(json.dumps(data, default=datetime.date.isoformat))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_shipped_schema_is_current() -> None:
    assert json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")) == json_schema(Scenario)


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_fits_the_schema(name: str, validator: jsonschema.Draft202012Validator) -> None:
    assert list(validator.iter_errors(as_json(read_yaml(FOLDER / f"{name}.yaml").data))) == []


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_scenario_points_editors_to_the_schema(name: str) -> None:
    first = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=schema.json"


def test_the_schema_completes_every_name() -> None:
    parts = json_schema(Scenario)["$defs"]
    task_lists = [rule["then"]["properties"]["task"]["enum"] for rule in parts["AutomationEntry"]["allOf"]]
    assert tuple(parts["AutomationEntry"]["properties"]["service"]["enum"]) == SERVICES
    assert sum(map(len, task_lists)) == len(ALL_TASKS)
    assert tuple(parts["Funding"]["properties"]["programme"]["anyOf"][0]["enum"]) == PROGRAMMES
    assert tuple(parts["Funding"]["properties"]["payer"]["enum"]) == PAYERS
    assert tuple(parts["Reinvestment"]["properties"]["programmes"]["propertyNames"]["anyOf"][0]["enum"]) == PROGRAMMES


@pytest.mark.parametrize(
    "change",
    [
        {"automat": []},
        {"name": "My plan"},
        {"automate": [{"service": "gp_practice", "task": "housing", "share": 0.5, "ramp_weeks": 1}]},
        {"automate": [{"service": "gp_practice", "task": "test_result", "share": 60, "ramp_weeks": 1}]},
        {"automate": [{"service": "gp_practice", "task": "test_result", "share": "160 %", "ramp_weeks": 1}]},
        {"funding": [{"programme": "talking_cafes", "kind": "pump_priming", "payer": "nhs", "units": 1}]},
        {"funding": [{"programme": "talking_cafes", "kind": "new_money", "payer": "nhs"}]},
        {"calendar": {"weeks": 100}},
        {
            "volunteer_surge": {
                "weeks": 4,
                "extra_share_of_adults": 0.1,
                "hours_per_week": 169,
                "reason": "A",
                "source": "B",
            }
        },
        {"calendar": {"weeks": 52, "years": 1}},
        {"changes": {"care.wait_days": {"value": 3}}},
        {"changes": {"care.wait_days": {"value": "3 %", "reason": "Pilot"}}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(
    change: dict[str, Any], validator: jsonschema.Draft202012Validator
) -> None:
    plan = {"name": "plan", "title": "Plan", "question": "What if?"}
    assert validator.is_valid(plan)
    assert not validator.is_valid({**plan, **change})
