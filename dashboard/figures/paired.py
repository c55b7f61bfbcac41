"""Paired differences by age and deprivation."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.chart import hover_text
from dashboard.figures.style import TEXT, VERDICT_COLOURS, styled
from dashboard.text.labels import signed

_TILE: Final = 44
"""Height of a row of tiles, in pixels."""


def tile_grid(rows: pd.DataFrame) -> go.Figure:
    """One tile per age band and deprivation fifth; ``rows`` from `dashboard.topics.groups.age_by_deprivation`."""
    shown = rows.dropna(subset=["difference"])
    kinds = list(shown["verdict"])
    signs = {"better": "▼ ", "worse": "▲ ", "different": "◆ "}
    figure = go.Figure(
        go.Scatter(
            x=shown["deprivation"].astype(str),
            y=shown["age_band"].astype(str),
            mode="markers+text",
            marker={
                "symbol": "square",
                "size": 40,
                "color": [VERDICT_COLOURS[kind] if kind in signs else "#EEF1F3" for kind in kinds],
                "opacity": 0.55,
            },
            text=[
                signs.get(kind, "") + signed(row["difference"], row["monte_carlo_error"], row["unit"])
                for kind, (_, row) in zip(kinds, shown.iterrows(), strict=True)
            ],
            textfont={"color": TEXT, "size": 11},
            customdata=[hover_text(row) for _, row in shown.iterrows()],
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
