"""Simulated figures on loneliness within the ranges of the published ones."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import FONT, LINE, NAVY, ORANGE, TEXT, pale

_ROW: Final = 26  # height
_NUMBERS: Final = 236  # width of the numbers beside the marks


def loneliness_figure(table: pd.DataFrame) -> go.Figure:
    """A row for each published figure of `simulator.description.loneliness.loneliness_table`.

    The band from -1 to 1 is the published range, 0 the published figure; a mark is where the simulated one lies.
    """
    rows = table[table["value"].notna()].iloc[::-1]
    away = rows["simulated"] - rows["value"]
    half = (rows["high"] - rows["value"]).where(away > 0.0, rows["value"] - rows["low"])
    inside = rows["in_range"].astype(bool)
    figure = go.Figure(
        go.Scatter(
            x=away / half,
            y=rows["label"],
            mode="markers",
            marker={
                "size": 11,
                "color": [NAVY if one else ORANGE for one in inside],
                "symbol": ["circle" if one else "square" for one in inside],
            },
        )
    )
    heads = ("<b>simulated</b>", "<b>published</b>")
    for at, (simulated, published) in enumerate([*(_said(row) for row in rows.itertuples()), heads]):
        for shift, words in ((8, simulated), (84, published)):
            figure.add_annotation(
                text=words, x=1, xref="paper", y=at, xshift=shift, xanchor="left", showarrow=False, align="left"
            )
    figure.add_vrect(x0=-1.0, x1=1.0, fillcolor=pale(NAVY), opacity=0.35, line_width=0, layer="below")
    figure.add_vline(x=0.0, line={"color": TEXT, "width": 1})
    figure.update_layout(
        width=900,
        height=96 + _ROW * len(rows),
        margin={"l": 16, "r": _NUMBERS, "t": 28, "b": 48},
        paper_bgcolor="#FFFFFF",
        plot_bgcolor="#FFFFFF",
        font={"family": FONT, "size": 12, "color": TEXT},
    )
    figure.update_xaxes(
        title={"text": "0 is the published figure, −1 and 1 are the ends of its range"}, gridcolor=LINE, dtick=1
    )
    figure.update_yaxes(automargin=True, gridcolor=LINE)
    return figure


def _said(row: Any) -> tuple[str, str]:
    """The simulated figure, and the published one with its range and unit."""
    return f"{row.simulated:g}", f"{row.value:g} ({row.low:g} to {row.high:g}) {row.unit}"
