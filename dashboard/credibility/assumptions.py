"""Assumptions of scenarios and the differences between them, and the grades of the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from dashboard.text.labels import label
from dashboard.text.tables import Cells
from simulator import load
from simulator.description.describe import evidence_table, percent
from simulator.errors import UnknownNameError
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.scenario.scenario import Scenario

NOTHING = "–"


def assumptions(scenario: Scenario) -> dict[str, str]:
    """All fields of a scenario's file as text, by label."""
    said: dict[str, str] = {}
    for task in scenario.automate:
        ramp = f" over {task.ramp_weeks} weeks" if task.ramp_weeks else " at once"
        said[f"Automate, {label(task.service)}: {_plain(task.task)}"] = (
            f"{percent(task.share)}, from week {task.from_week}{ramp}"
        )
    if scenario.automate:
        said["Share of redeployable time reinvested"] = percent(scenario.reinvest.share)
    for programme, share in scenario.reinvest.programmes.items():
        said[f"Share of reinvestment for {label(programme).lower()}"] = percent(share)
    for fund in scenario.funding:
        until = f" for {fund.weeks} weeks" if fund.weeks else ""
        key = f"{_plain(fund.kind).capitalize()} for {label(fund.programme).lower()} ({label(fund.payer)})"
        _add(said, key, f"{fund.amount} from week {fund.from_week}{until}")
    for posts in scenario.commitments:
        _add(said, f"Committed: {label(posts.programme).lower()}", f"{posts.units:g} units from week {posts.from_week}")
    for entry in scenario.staffing:
        fields = entry.model_dump(mode="json", exclude_none=True)
        key = f"Staff, {label(fields.pop('service', ''))}: {_plain(str(fields.pop('role', 'all')))}"
        fields.pop("reason", None)
        _add(said, key, ", ".join(f"{_plain(name)} {value}" for name, value in fields.items()))
    if scenario.volunteer_surge is not None:
        surge = scenario.volunteer_surge
        said["Surge of volunteers"] = (
            f"{percent(surge.extra_share_of_adults)} more of adults, for {surge.weeks} weeks from week "
            f"{surge.from_week}"
        )
    if scenario.spread is not None:
        said["Spreads over a county"] = _plain(scenario.spread.mode)
    said |= {f"Evidence: {path}": str(change.value) for path, change in scenario.changes.items()}
    said["Period"] = f"{scenario.weeks / WEEKS_PER_YEAR:g} years from {scenario.starts}"
    return said


def differences(scenarios: Mapping[str, Scenario]) -> Cells:
    """Differences between scenarios: one row per assumption, one column per scenario; shared assumptions left out."""
    said = {title: assumptions(scenario) for title, scenario in scenarios.items()}
    parts = list(dict.fromkeys(part for mine in said.values() for part in mine))
    rows = [[part, *(mine.get(part, NOTHING) for mine in said.values())] for part in parts]
    differing = [row for row in rows if len(set(row[1:])) > 1]
    return Cells("Assumptions that differ between the scenarios", ["Assumption", *said], differing, 1)


def _add(said: dict[str, str], key: str, value: str) -> None:
    """Add an entry; two entries with the same label share one row."""
    said[key] = f"{said[key]}; {value}" if key in said else value


def _plain(name: str) -> str:
    return name.replace("_", " ")


# The evidence as rows of a table, and a finding on its grades.


GRADES: Final = {
    "A": "an official count, or a strong study",
    "B": "one good study, or a published figure that was converted",
    "C": "weak or indirect",
    "assumption": "a judgement: no published source gives this number",
}


@lru_cache(maxsize=4)
def evidence_rows(scenarios: tuple[str, ...]) -> tuple[Mapping[str, str], ...]:
    """One row of text per evidence value, with the shipped ones of ``scenarios`` that change it."""
    table = evidence_table()
    changed: dict[str, list[str]] = {}
    for name in scenarios:
        try:
            scenario = load(name)
        except UnknownNameError:
            continue  # not a shipped scenario
        for path in scenario.changes:
            changed.setdefault(path, []).append(scenario.title)
    return tuple(
        {**{str(key): " ".join(str(value).split()) for key, value in row.items()}, "changed_by": ", ".join(by)}
        for row in table.to_dict("records")
        for by in (changed.get(str(row["path"]), []),)
    )


def grades_finding(rows: Sequence[Mapping[str, str]]) -> str:
    """The share of the evidence that is judgement."""
    judged = sum(row["grade"] == "assumption" for row in rows)
    best = sum(row["grade"] in ("A", "B") for row in rows)
    return (
        f"Of {len(rows)} values, {best} are from good published evidence (grades A and B) and {judged} are judgements. "
        "Every judgement is drawn afresh for each pair of runs, so its uncertainty is included in the range."
    )
