"""Paired differences with their ranges: by outcome, and year by year."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import CLEAR_COLOURS, CLEAR_SYMBOLS, LINE, NAVY, styled, wrapped
from dashboard.findings import clearness
from dashboard.words import signed


def forest(rows: pd.DataFrame) -> go.Figure:
    """Differences in per cent of the baseline, one line an outcome. ``rows`` as of `Comparison.summary`, unrounded."""
    shown = rows[rows["baseline"].abs() > 0].iloc[::-1]
    scale = 100.0 / shown["baseline"].abs()
    labels = [wrapped(str(label)) for label in shown["label"]]
    figure = go.Figure(
        go.Scatter(
            x=shown["difference"] * scale,
            y=labels,
            mode="markers",
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (shown["high"] - shown["difference"]) * scale,
                "arrayminus": (shown["difference"] - shown["low"]) * scale,
                "color": NAVY,
                "thickness": 2,
                "width": 0,
            },
            marker=_marks(shown),
            customdata=[hover_words(row) for _, row in shown.iterrows()],
            hovertemplate="%{customdata}<extra></extra>",
        )
    )
    return styled(figure, height=90 + 42 * len(shown), x_title="Difference from the baseline, %")


def over_years(rows: pd.DataFrame) -> go.Figure:
    """Differences year by year with their ranges. ``rows`` as of ``Comparison.by("year")`` for one measure, unrounded."""
    years = [f"Year {year}" for year in rows["year"]]
    figure = go.Figure(
        [
            go.Scatter(
                x=[*years, *reversed(years)],
                y=[*rows["high"], *rows["low"].iloc[::-1]],
                fill="toself",
                fillcolor="rgba(18, 67, 109, 0.18)",
                line={"width": 0},
                hoverinfo="skip",
            ),
            go.Scatter(
                x=years,
                y=rows["difference"],
                mode="lines+markers",
                line={"color": NAVY, "width": 2.5},
                marker=_marks(rows),
                customdata=[hover_words(row) for _, row in rows.iterrows()],
                hovertemplate="%{x}: %{customdata}<extra></extra>",
            ),
        ]
    )
    figure.add_hline(y=0, line={"color": "#1D1D1B", "width": 1.5})
    figure.add_annotation(x=0, xref="paper", y=0, text="no change", showarrow=False, xanchor="left", yanchor="bottom")
    styled(figure, height=320, x_title="")
    return figure.update_yaxes(gridcolor=LINE, title={"text": "Difference in " + str(rows["unit"].iloc[0])})


def hover_words(row: pd.Series) -> str:  # type: ignore[type-arg]
    """A difference and its range, as the table says them."""
    numbers = [signed(row[name], row["monte_carlo_error"], row["unit"]) for name in ("difference", "low", "high")]
    return f"{numbers[0]} {row['unit']} ({numbers[1]} to {numbers[2]})"


def _marks(rows: pd.DataFrame) -> dict[str, object]:
    kinds = [clearness(row) for _, row in rows.iterrows()]
    return {
        "size": 11,
        "color": [CLEAR_COLOURS[kind] for kind in kinds],
        "symbol": [CLEAR_SYMBOLS[kind] for kind in kinds],
        "line": {"width": 2, "color": [CLEAR_COLOURS[kind] for kind in kinds]},
    }
