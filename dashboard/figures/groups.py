"""Who gains and who loses: differences by age or deprivation."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.paired import hover_words
from dashboard.figures.style import CLEAR_COLOURS, GREY, TEXT, marks, spread, styled
from dashboard.findings import clearness
from dashboard.words import FIFTHS, signed

_TILE: Final = 44
"""Pixels of a row of tiles."""


def by_group(rows: pd.DataFrame, group: str, x_title: str) -> go.Figure:
    """Differences with ranges, one line a group. ``rows`` as of ``Comparison.by(group)`` for one measure, unrounded.

    Groups too small to show (NaN) keep their line, greyed, and say so.
    """
    shown = rows.iloc[::-1]
    names = [FIFTHS[int(name) - 1] if group == "deprivation" else str(name) for name in shown[group]]
    figure = go.Figure(
        go.Scatter(
            x=shown["difference"],
            y=names,
            mode="markers",
            cliponaxis=False,
            error_x=spread(shown, 1.0),
            marker=marks(shown),
            customdata=[hover_words(row) for _, row in shown.iterrows()],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    for name, difference in zip(names, shown["difference"], strict=True):
        if difference != difference:
            text = f'<span style="color:{GREY}"><i>too few to show</i></span>'
            figure.add_annotation(x=0, y=name, text=text, showarrow=False, xanchor="left", xshift=6)
    styled(figure, height=90 + 34 * len(shown), x_title=x_title)
    return figure.update_yaxes(type="category", categoryorder="array", categoryarray=names)


def tile_grid(rows: pd.DataFrame) -> go.Figure:
    """A tile an age band and deprivation fifth. ``rows`` as of `dashboard.who.age_by_deprivation`."""
    shown = rows.dropna(subset=["difference"])
    kinds = [clearness(row) for _, row in shown.iterrows()]
    signs = {"better": "▼ ", "worse": "▲ ", "different": "◆ ", "unclear": ""}
    figure = go.Figure(
        go.Scatter(
            x=shown["deprivation"].astype(str),
            y=shown["age_band"].astype(str),
            mode="markers+text",
            marker={
                "symbol": "square",
                "size": 40,
                "color": [CLEAR_COLOURS[kind] if kind != "unclear" else "#EEF1F3" for kind in kinds],
                "opacity": 0.55,
            },
            text=[
                signs[kind] + signed(row["difference"], row["monte_carlo_error"], row["unit"])
                for kind, (_, row) in zip(kinds, shown.iterrows(), strict=True)
            ],
            textfont={"color": TEXT, "size": 11},
            customdata=[hover_words(row) for _, row in shown.iterrows()],
            hovertemplate="%{y}, fifth %{x}: %{customdata}<extra></extra>",
        )
    )
    bands = list(dict.fromkeys(rows["age_band"].astype(str)))
    styled(figure, height=110 + _TILE * len(bands), x_title="deprivation fifth (1 is the most deprived)")
    figure.update_xaxes(
        type="category",
        categoryorder="array",
        categoryarray=list(dict.fromkeys(rows["deprivation"].astype(str))),
        showgrid=False,
        zeroline=False,
    )
    return figure.update_yaxes(type="category", categoryorder="array", categoryarray=bands[::-1])
