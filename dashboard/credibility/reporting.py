"""Reporting standards as tables, filled in by the software as far as possible; the rest is marked for the author.

The items and their text are in ``reporting.yaml``; this module provides the facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from calibration.studies import study_names
from dashboard.credibility.assumptions import evidence_rows, grades_finding
from dashboard.text.labels import FIRST_CAVEATS, label
from dashboard.text.tables import Cells
from dashboard.topics.price_terms import usual_terms
from dashboard.topics.through_lenses import sentences
from simulator.api import lenses
from simulator.comparison.comparability import seeds_in_words
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import financial_year, verdict_text
from simulator.description.describe import every_value
from simulator.foundations.categories import WARM_UP_WEEKS
from simulator.lenses import EVIDENCE, load_lens

AUTHOR: Final = "author"
"""Marks answers that only the author of the report can give."""
STANDARDS: Final = ("stress_abs", "cheers_2022", "quality_log")
_ITEMS: Final = Path(__file__).with_name("reporting.yaml")


def reporting_cells(standard: str, comparison: Comparison) -> Cells:
    """A standard of `STANDARDS`, item by item, for a comparison."""
    found = _standards()[standard]
    facts = _facts(comparison)
    body = [[str(item), str(asked), str(answer).format_map(facts)] for item, asked, answer in found["items"]]
    return Cells(f"{found['title']} ({found['source']})", ["Item", "Question", "Answer"], body, 1)


def assumption_cells() -> Cells:
    """Every value of the evidence that is a judgement, with its rationale."""
    body = [
        [row["label"], row["numbers"], row["unit"], row["source"], row["path"]]
        for row in evidence_rows(())
        if row["grade"] == "assumption"
    ]
    heads = ["Assumption", "Central (range)", "Unit", "Rationale", "Name"]
    return Cells(f"Assumptions log: {len(body)} values without a published source", heads, body, 1)


@lru_cache(maxsize=1)
def _standards() -> Mapping[str, Any]:
    found: Mapping[str, Any] = YAML(typ="safe").load(_ITEMS.read_text(encoding="utf-8"))
    return found


def _facts(comparison: Comparison) -> dict[str, str]:
    """Facts for the braces of ``reporting.yaml``."""
    record, base = comparison.scenario.record, comparison.baseline.record
    first, *others = sentences(comparison)
    rows = evidence_rows(())
    return {
        "author": AUTHOR,
        "question": str(record["question"]),
        "scenario": str(record["scenario_title"]),
        "base": str(base["scenario_title"]),
        "scenario_logic": _scenario_logic(record, base),
        "scenario_hash": str(record["scenario_hash"]),
        "place": str(record["place_title"]),
        "place_hash": str(record["place_hash"]),
        "composite": "a composite of many places" if record["composite"] else "built from published margins",
        "residents": f"{record['residents']:,}",
        "evidence_hash": str(record["evidence_hash"]),
        "grades": grades_finding(rows),
        "judged": str(sum(row["grade"] == "assumption" for row in rows)),
        "warm_up": str(WARM_UP_WEEKS),
        "weeks": str(record["weeks"]),
        "starts": str(record["starts"]),
        "pairs": str(len(comparison.seeds)),
        "seeds": seeds_in_words(record["seeds"]),
        "version": str(record["model_version"]),
        "libraries": ", ".join(f"{name} {version}" for name, version in record["versions"].items()),
        "discount": f"{usual_terms().discount:g}",
        "price_year": financial_year(int(record["price_year"])),
        "main_result": first,
        "other_results": " ".join(others),
        "limit": FIRST_CAVEATS[-1],
        "studies": str(len(study_names())),
        "gates": "; ".join(_gates(name) for name in lenses() if name != EVIDENCE) or "Nothing was fitted",
        "enough": _enough(comparison),
    }


def _scenario_logic(record: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    parts = [f"{record['scenario_title']} against {base['scenario_title']}"]
    titles = [str(one["title"]) for one in record.get("programmes", ())]
    parts += [f"programmes: {', '.join(titles)}"] if titles else []
    parts += [f"tasks automated: {len(record['automates'])}"] if record.get("automates") else []
    parts += [f"evidence changed: {len(record['changes'])} values"] if record.get("changes") else []
    return "; ".join(parts)


def _gates(name: str) -> str:
    """The number of checks that a lens passed, and its failed checks."""
    gates = load_lens(name).file.gates
    failed = [gate.finding for gate in gates.values() if not gate.passed]
    said = f"{label(name)}: {len(gates) - len(failed)} of {len(gates)} passed"
    return f"{said} (failed: {', '.join(failed)})" if failed else said


def _enough(comparison: Comparison) -> str:
    """The verdict on emergency admissions, and the number of pairs."""
    row = comparison.per("year").summary(("emergency_admissions",), rounded=False).iloc[0]
    return f"{len(comparison.seeds)} pairs; emergency admissions: {verdict_text(row)} (page Certainty)"


# Sections of the model page, which the program writes from its code.


_SECTION: Final = re.compile(r"^## (\d+) (.+)$", re.MULTILINE)


@lru_cache(maxsize=1)
def model_sections() -> dict[str, tuple[str, str]]:
    """Title and text of each section by number, with headings one level down to fit under the heading of a page."""
    from simulator.description.odd_protocol import model_page  # it imports all of the model, which takes a second

    page = model_page(every_value())
    found = list(_SECTION.finditer(page))
    ends = [*(match.start() for match in found[1:]), len(page)]
    return {
        match[1]: (f"{match[1]} {match[2]}", re.sub(r"^(#+) ", r"#\1 ", page[match.start() : end], flags=re.MULTILINE))
        for match, end in zip(found, ends, strict=True)
    }
