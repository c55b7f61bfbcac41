"""The run record as rows of a table: inputs, hashes, versions and seeds."""

from __future__ import annotations

import json
from typing import Any, Final

from dashboard.exports.content import Content
from dashboard.report.report import RECORDED
from simulator.comparison.comparability import seeds_in_words

RECORD_HEADS: Final = ("Entry", "Scenario", "Baseline")
_ENTRIES: Final = ("lens_title", "place", "seeds", "starts", "weeks", "parameters", *RECORDED)


def record_rows(content: Content) -> list[tuple[str, ...]]:
    """The entries of the run records of scenario and baseline; where columns differ, each value is given once."""
    arms = [[record for name, record in content.records.items() if name.endswith(f", {arm}")] for arm in _ARMS]
    rows = []
    for entry in _ENTRIES:
        cells = ["; ".join(dict.fromkeys(entry_text(entry, one.get(entry, "")) for one in arm)) for arm in arms]
        rows.append((entry.replace("_", " ").capitalize(), *cells))
    return rows


def entry_text(entry: str, value: Any) -> str:
    """An entry of a run record as text.

    >>> entry_text("seeds", [0, 1, 2]), entry_text("weeks", 260), entry_text("versions", {"numpy": "2.1"})
    ('0-2', '260', 'numpy 2.1')
    """
    if entry == "seeds":
        return seeds_in_words(value)
    if entry == "versions":
        return ", ".join(f"{name} {version}" for name, version in value.items())
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_ARMS: Final = ("scenario", "baseline")
