"""Lines over time, of scenarios compared with one base."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.by_lens import band
from dashboard.figures.style import (
    GREY,
    LINE,
    ORANGE,
    PLANS,
    TEXT,
    TURQUOISE,
    spread,
    styled,
    wrapped,
)

_DASHES: Final = ("solid", "dash", "dot", "dashdot")
_OBSERVED: Final = ((TURQUOISE, "diamond"), (ORANGE, "square"))


def line_and_band(rows: pd.DataFrame, names: dict[str, str], y_title: str) -> go.Figure:
    """Baseline (grey) and one scenario (ochre) with the middle 80 % of runs, each labelled at its line.

    ``rows`` from `dashboard.topics.series.over_time` by year; ``names`` by arm.
    """
    figure = go.Figure()
    _draw_arms(figure, rows, names, "%{x}: %{y:,.4~r}<extra></extra>")
    last = rows[rows["year"] == rows["year"].max()].set_index("arm")
    above = "scenario" if last.loc["scenario", "mean"] >= last.loc["baseline", "mean"] else "baseline"
    for arm, words in (("scenario", "ochre"), ("baseline", "grey, dotted")):
        figure.add_annotation(
            x=f"Year {rows['year'].max()}",
            y=last[["mean", "high"]].max().max() if arm == above else last[["mean", "low"]].min().min(),
            text=f"{names[arm]} ({words})",
            showarrow=False,
            xanchor="right",
            yanchor="bottom" if arm == above else "top",
        )
    styled(figure, height=360, x_title="")
    figure.update_xaxes(showgrid=False, zeroline=False)
    return figure.update_yaxes(gridcolor=LINE, nticks=6, title={"text": y_title}, rangemode="normal")


def since_start(changes: pd.DataFrame, observed: pd.DataFrame, names: dict[str, str]) -> go.Figure:
    """Change since the first year of baseline and scenario, like `line_and_band`, with observed changes as marks.

    ``changes`` from `dashboard.topics.series.since_start`, ``observed`` from
    `dashboard.credibility.observed.observed_beside`; ``names`` by arm.
    """
    figure = go.Figure()
    _draw_arms(figure, changes, names, "%{x}: %{y:+.1f} %<extra></extra>")
    points = observed.rename(columns={"value": "difference"})
    for position, (colour, symbol) in enumerate(_OBSERVED[: len(points)]):
        row = points.iloc[position]
        figure.add_scatter(
            x=[f"Year {row['year']}"],
            y=[row["difference"]],
            mode="markers",
            name=f"observed in {row['where']}",
            error_y={**spread(points.iloc[[position]], 1.0), "color": colour},
            marker={"color": colour, "size": 12, "symbol": symbol},
            hovertemplate=f"observed in {row['where']}, {row['years']}: %{{y:+g}} %<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    styled(figure, height=400, x_title="")
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    figure.update_xaxes(showgrid=False, zeroline=False)
    return figure.update_yaxes(gridcolor=LINE, nticks=8, title={"text": "change since year 1, %"})


def differences_over_years(rows: pd.DataFrame, y_title: str) -> go.Figure:
    """Mean differences of up to four scenarios year by year. ``rows`` has title, year and difference."""
    figure = go.Figure()
    for position, (title, mine) in enumerate(rows.groupby("title", sort=False)):
        figure.add_scatter(
            x=[f"Year {year}" for year in mine["year"]],
            y=mine["difference"],
            mode="lines+markers",
            name=str(title),
            line={
                "color": PLANS[position % len(PLANS)],
                "width": 2.5,
                "dash": _DASHES[position % len(_DASHES)],
            },
            marker={"size": 7},
            hovertemplate=f"{title}, %{{x}}: %{{y:,.3~r}}<extra></extra>",
        )
    figure.add_hline(y=0, line={"color": TEXT, "width": 1.5})
    styled(figure, height=360, x_title="")
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    figure.update_xaxes(showgrid=False, zeroline=False)
    return figure.update_yaxes(gridcolor=LINE, nticks=6, title={"text": y_title})


def _draw_arms(figure: go.Figure, rows: pd.DataFrame, names: dict[str, str], hover: str) -> None:
    """Line and band of the baseline (grey, dotted) and of one scenario (ochre), year by year."""
    for arm, colour in (("baseline", GREY), ("scenario", PLANS[0])):
        mine = rows[rows["arm"] == arm]
        years = [f"Year {year}" for year in mine["year"]]
        band(figure, years, mine, colour)
        figure.add_scatter(
            x=years,
            y=mine["mean"],
            mode="lines+markers",
            name=wrapped(names[arm], 40),
            line={"color": colour, "width": 2.5, "dash": "solid" if arm == "scenario" else "dot"},
            marker={"size": 6},
            hovertemplate=hover,
        )
