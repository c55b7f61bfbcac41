"""Money: costs by payer, and what became of what automation released."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.paired import hover_words
from dashboard.figures.style import GREY, NAVY, ORANGE, PURPLE, TURQUOISE, styled, wrapped
from dashboard.words import label

_KIND_COLOURS = {"cashable": NAVY, "capacity": TURQUOISE, "volunteer_time": PURPLE}
_ACCOUNT_COLOURS = {"reinvested": TURQUOISE, "banked": NAVY, "absorbed": GREY, "technology": PURPLE, "rework": ORANGE}


def costs_by_payer(rows: pd.DataFrame) -> go.Figure:
    """Differences in cost, one bar a payer and kind. ``rows`` as of ``Comparison.costs("payer", "kind")``, unrounded."""
    shown = rows[rows["equal_in"] < rows["runs"]].iloc[::-1]
    figure = go.Figure(
        go.Bar(
            x=shown["difference"],
            y=[f"{label(row['payer'])}: {label(row['kind']).lower()}" for _, row in shown.iterrows()],
            orientation="h",
            marker={"color": [_KIND_COLOURS[kind] for kind in shown["kind"]]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": shown["high"] - shown["difference"],
                "arrayminus": shown["difference"] - shown["low"],
                "color": "#1D1D1B",
                "thickness": 1.5,
                "width": 4,
            },
            customdata=[hover_words(row) for _, row in shown.iterrows()],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    styled(figure, height=90 + 44 * max(1, len(shown)), x_title="Saved (left) or spent (right), pounds a year")
    return figure.update_xaxes(tickprefix="£", separatethousands=True, nticks=5)


def ledger_bars(ledger: pd.DataFrame) -> go.Figure:
    """Where the staff time automated by each service went, in pounds. ``ledger`` as of `Comparison.ledger`."""
    wide = ledger.pivot(index="service", columns="account", values="pounds").fillna(0.0)
    wide = wide[wide["automated"] > 0.0]
    services = [wrapped(label(service), 16) for service in wide.index]
    figure = go.Figure()
    for account, colour in _ACCOUNT_COLOURS.items():
        figure.add_bar(
            x=wide[account],
            y=services,
            name=label(account),
            orientation="h",
            marker={"color": colour},
            hovertemplate=f"{label(account)}: £%{{x:,.0f}}<extra></extra>",
        )
    styled(figure, height=150 + 60 * max(1, len(wide)), x_title="Pounds over the whole horizon", barmode="relative")
    figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    )
    return figure.update_xaxes(tickprefix="£", separatethousands=True, nticks=5)
