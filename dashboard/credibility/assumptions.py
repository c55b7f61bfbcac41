"""What scenarios assume, part by part, and in what several differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from dashboard.text.labels import label
from dashboard.text.tables import Cells
from simulator import load
from simulator.description.describe import evidence_table, percent, pounds
from simulator.errors import UnknownNameError
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.scenario.scenario import Scenario

NOTHING = "–"


def assumptions(scenario: Scenario) -> dict[str, str]:
    """What a scenario does, each part by its name; every field of its file is there."""
    said: dict[str, str] = {}
    for task in scenario.automate:
        ramp = f" over {task.ramp_weeks} weeks" if task.ramp_weeks else " at once"
        said[f"Automate, {label(task.service)}: {_plain(task.task)}"] = (
            f"{percent(task.share)}, from week {task.from_week}{ramp}"
        )
    if scenario.automate:
        said["Reinvest of what can be redeployed"] = percent(scenario.reinvest.share)
    for programme, share in scenario.reinvest.programmes.items():
        said[f"Of that for {label(programme).lower()}"] = percent(share)
    for fund in scenario.funding:
        amount = pounds(fund.pounds_per_year) if fund.pounds_per_year else f"{fund.units:g} units"
        until = f" for {fund.weeks} weeks" if fund.weeks else ""
        key = f"{_plain(fund.kind).capitalize()} for {label(fund.programme).lower()} ({label(fund.payer)})"
        _add(said, key, f"{amount} from week {fund.from_week}{until}")
    for posts in scenario.commitments:
        _add(said, f"Promised: {label(posts.programme).lower()}", f"{posts.units:g} units from week {posts.from_week}")
    for entry in scenario.staffing:
        fields = entry.model_dump(mode="json", exclude_none=True)
        key = f"Staff, {label(fields.pop('service', ''))}: {_plain(str(fields.pop('role', 'all')))}"
        fields.pop("reason", None)
        _add(said, key, ", ".join(f"{_plain(name)} {value}" for name, value in fields.items()))
    if scenario.volunteer_surge is not None:
        surge = scenario.volunteer_surge
        said["Surge of volunteers"] = (
            f"{percent(surge.extra_share_of_adults)} of adults more, for {surge.weeks} weeks from week "
            f"{surge.from_week}"
        )
    if scenario.spread is not None:
        said["Spreads over a county"] = _plain(scenario.spread.mode)
    said |= {f"Evidence: {path}": str(change.value) for path, change in scenario.changes.items()}
    said["Runs"] = f"{scenario.weeks / WEEKS_PER_YEAR:g} years from {scenario.starts}"
    return said


def differences(scenarios: Mapping[str, Scenario]) -> Cells:
    """In what scenarios, by title, differ: a row a part, a column a scenario. What all have alike is left out."""
    said = {title: assumptions(scenario) for title, scenario in scenarios.items()}
    parts = list(dict.fromkeys(part for mine in said.values() for part in mine))
    rows = [[part, *(mine.get(part, NOTHING) for mine in said.values())] for part in parts]
    differing = [row for row in rows if len(set(row[1:])) > 1]
    return Cells("What the scenarios assume differently", ["Assumption", *said], differing, 1)


def shared_parts(scenarios: Sequence[Scenario]) -> int:
    """How many parts all of them have alike."""
    said = [assumptions(scenario) for scenario in scenarios]
    return sum(all(mine.get(part) == value for mine in said) for part, value in said[0].items())


def _add(said: dict[str, str], key: str, value: str) -> None:
    """Two entries of one name stand in one row."""
    said[key] = f"{said[key]}; {value}" if key in said else value


def _plain(name: str) -> str:
    return name.replace("_", " ")


# The evidence as rows of a table, and what it rests on in a sentence.


GRADES: Final = {
    "A": "an official count, or a strong study",
    "B": "one good study, or a published figure that was converted",
    "C": "weak or indirect",
    "assumption": "a judgement: nothing published gives this number",
}


@lru_cache(maxsize=4)
def evidence_rows(scenarios: tuple[str, ...]) -> tuple[Mapping[str, str], ...]:
    """One row a value, as text; with the scenarios, of those given that are shipped, that change it."""
    table = evidence_table()
    changed: dict[str, list[str]] = {}
    for name in scenarios:
        try:
            scenario = load(name)
        except UnknownNameError:
            continue  # a scenario of one's own: its file is not here
        for path in scenario.changes:
            changed.setdefault(path, []).append(scenario.title)
    return tuple(
        {**{str(key): " ".join(str(value).split()) for key, value in row.items()}, "changed_by": ", ".join(by)}
        for row in table.to_dict("records")
        for by in (changed.get(str(row["path"]), []),)
    )


def grades_finding(rows: Sequence[Mapping[str, str]]) -> str:
    """How much of the evidence is a judgement."""
    judged = sum(row["grade"] == "assumption" for row in rows)
    best = sum(row["grade"] in ("A", "B") for row in rows)
    return (
        f"Of {len(rows)} values {best} rest on good published evidence (grades A and B) and {judged} are judgements. "
        "Every judgement is drawn anew for each pair of runs, so that it widens the range instead of hiding."
    )
