"""What simulated studies of a programme would report, beside the truth, design by design."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import TEXT, styled, wrapped
from dashboard.figures.through import by_reading, with_legend

_APART: Final = 0.07
"""From the middle of a lens's marks to each of them, in lines: the study above, the truth below."""
_LINE: Final = 66
"""Pixels a design."""


def simulated_studies(rows: pd.DataFrame) -> go.Figure:
    """Each design's report with its interval, and the truth below it. ``rows`` as of `simulated_studies.study_rows`.

    Discs, or crosses where intervals are withheld, are what studies report; open diamonds are the truth.
    """
    shown = rows[rows["percent"].notna() | rows["true_percent"].notna()]
    order = list(dict.fromkeys(shown["label"]))[::-1]
    figure, series = go.Figure(), list(by_reading(shown))
    for one in series:
        mine = one.rows
        lines = pd.Series([order.index(label) + one.shift for label in mine["label"]], index=mine.index)
        prefix = f"{one.reading}: " if one.reading else ""
        symbols = ["x-thin" if withheld else "circle" for withheld in mine["withheld"]]
        drawn = (
            ("percent", lines + _APART, f"{prefix}what the study reports", symbols, _bars(mine, one.colour)),
            ("true_percent", lines - _APART, f"{prefix}the truth", "diamond-open", None),
        )
        for name, height, what, symbol, bars in drawn:
            figure.add_scatter(
                x=mine[name],
                y=height,
                mode="markers",
                name=f"{what[0].upper()}{what[1:]}",
                cliponaxis=False,
                error_x=bars,
                marker={"size": 10, "color": one.colour, "symbol": symbol, "line": {"width": 2, "color": one.colour}},
                customdata=[f"{label}, {what}" for label in mine["label"]],
                hovertemplate="%{customdata}: %{x:+.2~r} %<extra></extra>",
            )
    styled(figure, height=120 + _LINE * len(order), x_title="emergency admissions, % fewer or more")
    figure.add_vline(x=0, line={"color": TEXT, "width": 1.5})
    names = [wrapped(label, 20) for label in order]
    figure.update_yaxes(tickvals=list(range(len(order))), ticktext=names, range=[-0.6, len(order) - 0.4])
    with_legend(figure, series)
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "xanchor": "left", "traceorder": "normal"}
    return figure.update_layout(showlegend=True, legend=legend)


def _bars(rows: pd.DataFrame, colour: str) -> dict[str, Any]:
    """From the lower to the upper end of what studies print; no line where it is withheld."""
    return {
        "type": "data",
        "symmetric": False,
        "array": rows["percent_high"] - rows["percent"],
        "arrayminus": rows["percent"] - rows["percent_low"],
        "color": colour,
        "thickness": 2,
        "width": 0,
    }
