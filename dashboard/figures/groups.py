"""Who gains and who loses: differences by age or deprivation."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.paired import hover_words
from dashboard.figures.style import CLEAR_COLOURS, CLEAR_SYMBOLS, NAVY, styled
from dashboard.findings import clearness
from dashboard.words import FIFTHS


def by_group(rows: pd.DataFrame, group: str) -> go.Figure:
    """Differences with ranges, one line a group. ``rows`` as of ``Comparison.by(group)`` for one measure, unrounded.

    Groups too small to show (NaN) keep their line, empty.
    """
    shown = rows.iloc[::-1]
    names = [FIFTHS[int(name) - 1] if group == "deprivation" else str(name) for name in shown[group]]
    kinds = [clearness(row) for _, row in shown.iterrows()]
    figure = go.Figure(
        go.Scatter(
            x=shown["difference"],
            y=names,
            mode="markers",
            error_x={
                "type": "data",
                "symmetric": False,
                "array": shown["high"] - shown["difference"],
                "arrayminus": shown["difference"] - shown["low"],
                "color": NAVY,
                "thickness": 2,
                "width": 0,
            },
            marker={
                "size": 11,
                "color": [CLEAR_COLOURS[kind] for kind in kinds],
                "symbol": [CLEAR_SYMBOLS[kind] for kind in kinds],
                "line": {"width": 2, "color": [CLEAR_COLOURS[kind] for kind in kinds]},
            },
            customdata=[hover_words(row) for _, row in shown.iterrows()],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    styled(figure, height=90 + 34 * len(shown), x_title=f"Difference in {rows['unit'].iloc[0]}")
    return figure.update_yaxes(type="category", categoryorder="array", categoryarray=names)
