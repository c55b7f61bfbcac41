"""What absorbed time does: a scenario compared with itself, with the time that stays with its services left idle.

The ledger prices absorbed time. Whether it shortens queues, avoids attendances and meets needs is found by taking it
away: the same scenario, seeds and draws, with `staffing.absorbed_time_used` at 0.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from simulator.scenario.files import find_scenario
from simulator.scenario.scenario import Scenario, load_scenario, scenario_from_text

USED: Final = "staffing.absorbed_time_used"


def with_idle_time(name_or_path: str | Path) -> Scenario:
    """The scenario with all absorbed time idle; what absorbed time does is the difference from it.

    Raises ScenarioError or UnknownNameError as `load_scenario` does.
    """
    path = find_scenario(name_or_path)
    scenario = load_scenario(path)
    text = (
        f"name: {scenario.name}_idle\n"
        f"title: {scenario.title}, absorbed time idle\n"
        f"question: What does the time do that stays with the services?\n"
        f"extends: {path.name}\n"
        f"changes:\n"
        f"  {USED}: {{value: 0, reason: Time that stays with a service is left idle}}\n"
    )
    return scenario_from_text(text, path.with_name(f"{scenario.name}_idle.yaml"))
