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
from simulator.comparison.paired_statistics import decimals_for, rounded

_STATISTIC: Final = "Mean of the paired differences, with its 80 % range."


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
        (contrasts_cells(rows, "Main outcomes", named_by),),
    )


def _tile(row: pd.Series[Any], by: str, parts: pd.DataFrame) -> Tile:
    return Tile(
        series=str(row[by]),
        label=str(row["label"]),
        number=difference_text(row),
        unit=words.difference_unit(row["unit"]),
        range=words.WITHHELD if row["withheld"] else f"80 % range: {range_text(row)}",
        level=_parts_words(row, parts) if row["measure"] == "net_cost" else _level_words(row),
        verdict=verdict_of(row),
        chance="" if row["withheld"] else chance_text(row),
        kind=kind_of(row),
    )


def _parts_words(row: pd.Series[Any], parts: pd.DataFrame) -> str:
    """The net cost as the sum of its parts, which add up to it as shown: capacity is what money leaves of it."""
    money = parts[parts["measure"] == "net_cash"].iloc[0]
    total, first = (_as_shown(one) for one in (row, money))
    error = min(row["monte_carlo_error"], money["monte_carlo_error"])
    said = {"net_cash": first, "net_capacity": total - first}
    amounts = (f"{name} {words.signed(said[measure], error, row['unit'])}" for measure, name in words.PARTS.items())
    return f"of which {'; '.join(amounts)}"


def _as_shown(row: pd.Series[Any]) -> float:
    return rounded(row["difference"], decimals_for(row["monte_carlo_error"], row["difference"]))


def _level_words(row: pd.Series[Any]) -> str:
    percent = " %" if str(row["unit"]).startswith("%") else ""
    return f"baseline {words.measured(row['baseline'], row['baseline_error'], row['unit'])}{percent}"
