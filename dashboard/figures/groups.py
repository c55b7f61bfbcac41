"""Who gains and who loses: differences by age or deprivation."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.paired import hover_words
from dashboard.figures.style import GREY, marks, spread, styled
from dashboard.words import FIFTHS


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
