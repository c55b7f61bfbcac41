"""Tiles: key outcomes, each with its number and range for every lens shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from dashboard.exhibits.exhibit import Exhibit, Tile, Tiles
from dashboard.figures.style import kind_of
from dashboard.text import findings
from dashboard.text import labels as words
from dashboard.text.phrases import difference_text, range_text
from dashboard.text.tables import contrasts_cells
from dashboard.topics.through_lenses import finding_by_lens, rows_by_name, verdict_of, withheld_note
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import chance_text
from simulator.comparison.outcomes import Measures

_STATISTIC: Final = "Mean of the paired differences, with the middle 80 % of runs."


def tiles(
    named: Mapping[str, Comparison],
    source: str,
    measures: Measures = "tiles",
    statistic: str = _STATISTIC,
    by: str = "lens_title",
) -> Exhibit[Tiles]:
    """The tiles of comparisons by the name of the lens; ``source`` is the line below them.

    ``by`` is ``title`` if the names are those of scenarios.
    """
    rows = rows_by_name(named, lambda one: one.summary(measures, rounded=False), by)
    parts = rows_by_name(named, lambda one: one.summary(tuple(words.PARTS), rounded=False), by)
    shown = [_tile(row, by, parts[parts[by] == row[by]]) for _, row in rows.iterrows()]
    named_by = ("label", by) if len(named) > 1 else ("label",)
    return Exhibit(
        "tiles",
        finding_by_lens(rows, findings.outcomes_finding),
        f"{statistic}{withheld_note(rows, by)}",
        Tiles(tuple(shown)),
        source,
        contrasts_cells(rows, "Main outcomes", named_by),
    )


def _tile(row: pd.Series[Any], by: str, parts: pd.DataFrame) -> Tile:
    return Tile(
        series=str(row[by]),
        label=str(row["label"]),
        number=difference_text(row),
        unit=words.difference_unit(row["unit"]),
        range=words.WITHHELD if row["withheld"] else f"80 % of runs: {range_text(row)}",
        level=_parts_words(parts) if row["measure"] == "net_cost" else _level_words(row),
        verdict=verdict_of(row),
        chance="" if row["withheld"] else chance_text(row),
        kind=kind_of(row),
    )


def _parts_words(parts: pd.DataFrame) -> str:
    said = (f"{words.PARTS[str(row['measure'])]} {difference_text(row)}" for _, row in parts.iterrows())
    return f"of which {'; '.join(said)}"


def _level_words(row: pd.Series[Any]) -> str:
    percent = " %" if str(row["unit"]).startswith("%") else ""
    return f"baseline {words.measured(row['baseline'], row['baseline_error'], row['unit'])}{percent}"
