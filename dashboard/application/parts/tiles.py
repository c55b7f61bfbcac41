"""Tiles: one outcome each, with its number and range through every lens that is shown."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.application.parts.exhibit import unbroken
from dashboard.report.report import level_words, verdict_words
from dashboard.text import findings
from dashboard.text import labels as words
from dashboard.text.phrases import difference_words, range_words


def tiles(rows: pd.DataFrame, more: dict[tuple[str, str], str] | None = None) -> Component:
    """A tile an outcome. ``rows`` as of `dashboard.topics.through_lenses.rows_through`, unrounded.

    ``more`` says by lens and measure what stands instead of the level without the policy.
    """
    found = [tile(mine, more or {}) for _, mine in rows.groupby("measure", sort=False)]
    return html.Ul(found, className="tiles several" if rows["reading"].nunique() > 1 else "tiles")


def tile(rows: pd.DataFrame, more: dict[tuple[str, str], str]) -> Component:
    """One outcome: a number with its range for each lens, the one in front first and largest."""
    first = rows.iloc[0]
    parts: list[Any] = [html.H2(first["label"])]
    for position, (_, row) in enumerate(rows.iterrows()):
        said = more.get((str(row["reading"]), str(row["measure"])), level_words(row))
        parts.append(_through(row, said, named=len(rows) > 1, front=position == 0))
    return html.Li(parts, className=f"tile {findings.clearness(first)}")


def _through(row: pd.Series[Any], said: str, *, named: bool, front: bool) -> Component:
    return html.Div(
        [
            *([html.P(row["reading"], className="reading")] if named else []),
            html.P(unbroken(difference_words(row)), className="number"),
            html.P(words.difference_unit(row["unit"]), className="unit"),
            html.P(unbroken(f"80 % of runs: {range_words(row)}"), className="range"),
            html.P(unbroken(said), className="range"),
            html.P(verdict_words(row), className="verdict"),
        ],
        className=f"through {'front' if front else 'beside'}",
    )
