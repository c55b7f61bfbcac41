"""Figures on money: the scale of an axis, and the flow of automated time."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import GREY, NAVY, ORANGE, PURPLE, TEXT, TURQUOISE, faint, styled, wrapped


def money_scale(largest: float) -> tuple[float, str]:
    """Divisor and unit that suit the ``largest`` sum in pounds.

    >>> money_scale(2_500_000.0), money_scale(40_000.0), money_scale(float("nan"))
    ((1000000.0, '£ million'), (1000.0, '£ thousand'), (1.0, '£'))
    """
    if largest >= 1e6:
        return 1e6, "£ million"
    return (1e3, "£ thousand") if largest >= 1e4 else (1.0, "£")


# The flow of an hour: a Sankey chart, which needs the full chart library that only its page loads.


_COLOURS: Final = {
    "rework": ORANGE,
    "technology": PURPLE,
    "released": NAVY,
    "reinvested": TURQUOISE,
    "saved": NAVY,
    "absorbed": GREY,
    "programme": TURQUOISE,
    "other": PURPLE,
}


def hour_flow(rows: pd.DataFrame) -> go.Figure:
    """Links between named nodes, with widths in proportion to pounds; ``rows`` from `dashboard.topics.hour.flows`."""
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
                "color": [faint(_COLOURS[kind], 0.45) for kind in rows["kind"]],
            },
        )
    )
    styled(figure, height=460, x_title="")
    return figure.update_layout(font={"size": 13, "color": TEXT}, margin={"l": 8, "r": 8, "t": 16, "b": 16})
