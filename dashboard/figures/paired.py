"""Paired differences with their ranges: by outcome, and year by year."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import LINE, NAVY, TEXT, marks, spread, styled, wrapped
from dashboard.saying import difference_words, range_words
from dashboard.words import FEWER_OR_MORE, SHORT, difference_unit


def forest(rows: pd.DataFrame) -> go.Figure:
    """Differences in per cent of the baseline, one line an outcome. ``rows`` as of `Comparison.summary`, unrounded."""
    shown = rows[rows["baseline"].abs() > 0].iloc[::-1]
    scale = 100.0 / shown["baseline"].abs()
    labels = [wrapped(SHORT.get(row["measure"], row["label"])) for _, row in shown.iterrows()]
    figure = go.Figure(
        go.Scatter(
            x=shown["difference"] * scale,
            y=labels,
            mode="markers",
            cliponaxis=False,
            error_x=spread(shown, scale),
            marker=marks(shown),
            customdata=[hover_words(row) for _, row in shown.iterrows()],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    return styled(figure, height=90 + 42 * len(shown), x_title=f"%, {FEWER_OR_MORE}")


def over_years(rows: pd.DataFrame) -> go.Figure:
    """Differences year by year with ranges. ``rows`` as of ``Comparison.by("year")`` for one measure, unrounded."""
    figure = go.Figure(
        go.Scatter(
            x=[f"Year {year}" for year in rows["year"]],
            y=rows["difference"],
            mode="lines+markers",
            error_y=spread(rows, 1.0),
            line={"color": NAVY, "width": 1.5, "dash": "dot"},
            marker=marks(rows),
            customdata=[hover_words(row) for _, row in rows.iterrows()],
            hovertemplate="%{x}: %{customdata}<extra></extra>",
        )
    )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    styled(figure, height=300, x_title="")
    figure.update_xaxes(showgrid=False, zeroline=False)
    return figure.update_yaxes(gridcolor=LINE, nticks=6)


def hover_words(row: pd.Series[Any]) -> str:
    """A difference and its range, as the table says them."""
    return f"{difference_words(row)} {difference_unit(row['unit'])} ({range_words(row)})"
