"""The evidence as rows of a table, and what it rests on in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from simulator import load
from simulator.description import evidence_table
from simulator.errors import UnknownNameError

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
