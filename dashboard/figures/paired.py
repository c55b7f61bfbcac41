"""Paired differences with their ranges: by outcome, and year by year."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.style import CLEAR_COLOURS, GREY, LINE, NAVY, TEXT, marks, spread, styled, wrapped
from dashboard.text.findings import clearness
from dashboard.text.labels import FEWER_OR_MORE, FIFTHS, difference_unit, name_of, signed
from dashboard.text.phrases import difference_words, range_words


def forest(rows: pd.DataFrame) -> go.Figure:
    """Differences in per cent of the baseline, one line an outcome. ``rows`` as of `Comparison.summary`, unrounded."""
    shown = rows[rows["baseline"].abs() > 0].iloc[::-1]
    scale = 100.0 / shown["baseline"].abs()
    labels = [wrapped(name_of(row)) for _, row in shown.iterrows()]
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


# Who gains and who loses: differences by age or deprivation.


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
    """A tile an age band and deprivation fifth. ``rows`` as of `dashboard.topics.groups.age_by_deprivation`."""
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
