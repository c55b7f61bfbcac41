"""Money: costs by payer, and what became of what automation released."""

from __future__ import annotations

from typing import Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.paired import hover_words
from dashboard.figures.style import GREY, NAVY, PURPLE, TEXT, TURQUOISE, spread, styled, wrapped
from dashboard.words import SAVED_OR_SPENT, label

_KIND_COLOURS: Final = {"cashable": NAVY, "capacity": TURQUOISE, "volunteer_time": PURPLE}
_LEDGER_PARTS: Final = {
    "Reinvested": (("reinvested",), TURQUOISE),
    "Banked": (("banked",), NAVY),
    "Absorbed": (("absorbed",), GREY),
    "Technology and rework": (("technology", "rework"), PURPLE),
}


def costs_by_payer(rows: pd.DataFrame) -> go.Figure:
    """Differences in cost, one bar a payer and kind. ``rows`` as of `Comparison.costs`, unrounded."""
    shown = rows[rows["equal_in"] < rows["runs"]].iloc[::-1]
    divisor, unit = money_scale(shown[["low", "high"]].abs().max().max())
    figure = go.Figure(
        go.Bar(
            x=shown["difference"] / divisor,
            y=[f"{label(row['payer'])}: {label(row['kind']).lower()}" for _, row in shown.iterrows()],
            orientation="h",
            marker={"color": [_KIND_COLOURS[kind] for kind in shown["kind"]]},
            error_x={**spread(shown, 1.0 / divisor), "color": TEXT, "width": 4},
            customdata=[hover_words(row) for _, row in shown.iterrows()],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    return styled(figure, height=90 + 44 * max(1, len(shown)), x_title=f"{unit}, {SAVED_OR_SPENT}")


def ledger_bars(ledger: pd.DataFrame) -> go.Figure:
    """Where the staff time automated by each service went, in pounds. ``ledger`` as of `Comparison.ledger`."""
    wide = ledger.pivot(index="service", columns="account", values="pounds").fillna(0.0)
    wide = wide[wide["automated"] > 0.0].iloc[::-1]
    divisor, unit = money_scale(wide["automated"].max())
    services = [wrapped(label(service), 16) for service in wide.index]
    figure = go.Figure()
    for name, (accounts, colour) in _LEDGER_PARTS.items():
        figure.add_bar(
            x=wide[list(accounts)].sum(axis=1) / divisor,
            y=services,
            name=name,
            orientation="h",
            marker={"color": colour},
            hovertemplate=f"{name}: %{{x:,.3~f}} {unit}<extra></extra>",
        )
    styled(figure, height=150 + 60 * max(1, len(wide)), x_title=unit, barmode="relative")
    return figure.update_layout(
        showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"}
    )


def money_scale(largest: float) -> tuple[float, str]:
    """Divisor and unit in which the ``largest`` sum in pounds reads well.

    >>> money_scale(2_500_000.0), money_scale(40_000.0), money_scale(float("nan"))
    ((1000000.0, '£ million'), (1000.0, '£ thousand'), (1.0, '£'))
    """
    if largest >= 1e6:
        return 1e6, "£ million"
    return (1e3, "£ thousand") if largest >= 1e4 else (1.0, "£")
