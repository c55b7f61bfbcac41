"""The flow of an hour: a Sankey chart. It needs the whole chart library, which only its page loads."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import GREY, NAVY, ORANGE, PURPLE, TEXT, TURQUOISE, styled, wrapped

_COLOURS: Final = {
    "rework": ORANGE,
    "technology": PURPLE,
    "released": NAVY,
    "reinvested": TURQUOISE,
    "banked": NAVY,
    "absorbed": GREY,
    "programme": TURQUOISE,
    "other": PURPLE,
}


def hour_flow(rows: pd.DataFrame) -> go.Figure:
    """Links between named places, as wide as their pounds. ``rows`` as of `dashboard.hour.flows`."""
    names = list(dict.fromkeys([*rows["source"], *rows["target"]]))
    colour_of = {str(row["target"]): _COLOURS[row["kind"]] for _, row in rows.iterrows()}
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            valuesuffix=" pounds",
            valueformat=",.0f",
            node={
                "label": [wrapped(name, 26) for name in names],
                "color": [colour_of.get(name, NAVY) for name in names],
                "pad": 26,
                "thickness": 14,
                "line": {"width": 0},
            },
            link={
                "source": [names.index(name) for name in rows["source"]],
                "target": [names.index(name) for name in rows["target"]],
                "value": rows["pounds"].tolist(),
                "color": [_faint(_COLOURS[kind]) for kind in rows["kind"]],
            },
        )
    )
    styled(figure, height=460, x_title="")
    return figure.update_layout(font={"size": 13, "color": TEXT}, margin={"l": 8, "r": 8, "t": 16, "b": 16})


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"
