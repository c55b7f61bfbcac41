"""The programmes that a scenario runs, with their numbers as changed by the scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from simulator.errors import Problem, ProgrammeError, did_you_mean
from simulator.evidence import Change, Evidence, load_evidence
from simulator.foundations.categories import COMPLEX_CARE_HUB, PROGRAMME_SLOTS, PROGRAMMES
from simulator.programme_files import (
    PATH,
    ProgrammePlan,
    load_programme,
    programme_values,
    read_programme,
    shipped_programmes,
)
from simulator.scenario.scenario import Scenario

ALWAYS: Final = PROGRAMMES[: COMPLEX_CARE_HUB + 1]
"""Programmes that have a slot in every run, funded or not, so that the first slots are the same in all runs."""
_BY_PROGRAMME: Final = (
    "unit_cost",
    "caseload",
    "offer_rate",
    "engagement",
    "duration",
    "contact_hours",
    "lag",
    "unmet_need_found",
)
_MOVED: Final = {
    "programmes.group_introduction": "programme.health_connectors.introduction",
    "programmes.connector_tie_weight": "programme.health_connectors.tie_strength",
    "programmes.attendance": "programme.talking_cafes.contacts_per_week",
    "programmes.volunteers_per_cafe": "programme.talking_cafes.volunteers_per_unit",
    "programmes.care_plan_effect": "programme.complex_care_hub.acute_episodes",
    "programmes.care_plan_admission_effect": "programme.complex_care_hub.overnight_admission",
}
"""Current paths of numbers that scenarios may still name by their former path in the evidence."""


def programmes_of(scenario: Scenario, problems: list[Problem]) -> tuple[ProgrammePlan, ...]:
    """The programmes of a scenario's run by slot: those of every run, other shipped ones, then your own by name.

    Problems in your own files, and too many programmes, are added to ``problems``.
    """
    own = {}
    for path in scenario.programme_files:
        try:
            plan = read_programme(Path(path))
        except ProgrammeError as error:
            problems.extend(error.problems)
        else:
            own[plan.name] = plan
    named = scenario.named_programmes
    shipped = [name for name in PROGRAMMES if name in ALWAYS or name in named]
    plans = (*map(load_programme, shipped), *(own[name] for name in sorted(own) if name in named))
    if len(plans) > PROGRAMME_SLOTS:
        names = ", ".join(plan.name for plan in plans)
        wrong = f"the run has {len(plans)} programmes: {names}"
        right = f"Use at most {PROGRAMME_SLOTS}; {', '.join(ALWAYS)} always count towards this limit"
        problems.append(scenario.problem((), wrong, right))
    known = (*PROGRAMMES, *own)
    for plan in own.values():
        if plan.introduces is not None and plan.introduces not in known:
            wrong = f"there is no programme '{plan.introduces}'"
            problems.append(plan.document.problem(("introduces",), wrong, did_you_mean(plan.introduces, known)))
    return plans[:PROGRAMME_SLOTS]


def with_current_paths(changes: Mapping[str, Change]) -> dict[str, Change]:
    """Changes by the current paths of programmes' numbers, from the former evidence tables by programme."""
    found = {}
    for path, change in changes.items():
        number = path.removeprefix("programmes.")
        if number in _BY_PROGRAMME and number != path and isinstance(change.value, dict):
            for programme, value in change.value.items():
                found[f"{PATH}.{programme}.{number}"] = replace(change, value=value)
        else:
            found[_MOVED.get(path, path)] = change
    return found


def with_programmes(plans: Sequence[ProgrammePlan], paths: Mapping[str, Change]) -> Evidence:
    """Evidence with the numbers of ``plans``, and of all shipped programmes if ``paths`` names others."""
    evidence = Evidence({**load_evidence(), **programme_values(plans)})
    if all(path in evidence for path in paths):
        return evidence
    return Evidence({**programme_values(shipped_programmes()), **evidence})


def changed_plans(plans: Sequence[ProgrammePlan], changed: Evidence) -> tuple[ProgrammePlan, ...]:
    """The same programmes with the numbers in ``changed``."""
    return tuple(replace(plan, values=Evidence({path: changed[path] for path in plan.values})) for plan in plans)
