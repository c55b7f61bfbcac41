"""Figures on money: costs by service, the ledger, national claims, and the flow of automated time."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.chart import hover_text
from dashboard.figures.style import GREY, NAVY, ORANGE, PURPLE, TEXT, TURQUOISE, spread, styled, wrapped
from dashboard.text.labels import SAVED_OR_SPENT, label

_KIND_COLOURS: Final = {"cashable": NAVY, "capacity": TURQUOISE, "volunteer_time": PURPLE}
_CLAIMS: Final = {
    "claimed_gross_saving": "{uk} a year in the UK, gross",
    "claimed_net_saving": "{uk} a year in the UK, net",
    "claimed_digital_saving": "{uk} a year in the UK, by government",
    "automated": "staff time automated",
    "released": "released after rework and technology",
}
_LEDGER_PARTS: Final = {
    "Reinvested": (("reinvested",), TURQUOISE),
    "Saved": (("saved",), NAVY),
    "Absorbed": (("absorbed",), GREY),
    "Technology and rework": (("technology", "rework"), PURPLE),
}


def costs_by_service(rows: pd.DataFrame) -> go.Figure:
    """Differences in cost, one bar per service, payer and kind; ``rows`` from `costs_by_service.by_service`."""
    shown = rows[rows["equal_in"] < rows["runs"]].iloc[::-1]
    divisor, unit = money_scale(shown[["difference", "low", "high"]].abs().max().max())
    figure = go.Figure(
        go.Bar(
            x=shown["difference"] / divisor,
            y=[wrapped(_bar_label(row), 26) for _, row in shown.iterrows()],
            orientation="h",
            marker={"color": [_KIND_COLOURS.get(kind, ORANGE) for kind in shown["kind"]]},
            error_x={**spread(shown, 1.0 / divisor), "color": TEXT, "width": 4},
            customdata=[hover_text(row) for _, row in shown.iterrows()],
            hovertemplate="%{y}: %{customdata}<extra></extra>",
        )
    )
    return styled(figure, height=90 + 44 * max(1, len(shown)), x_title=f"{unit}, {SAVED_OR_SPENT}")


def _bar_label(row: pd.Series[Any]) -> str:
    """Service, payer and kind; a name shared by service and kind is used once.

    >>> _bar_label(pd.Series({"service": "gp_practice", "payer": "nhs", "kind": "cashable"}))
    'GP practice (NHS): money'
    """
    service, payer, kind = (label(row[name]) for name in ("service", "payer", "kind"))
    return f"{service} ({payer})" if row["kind"] == "volunteer_time" else f"{service} ({payer}): {kind.lower()}"


def ledger_bars(ledger: pd.DataFrame) -> go.Figure:
    """Uses of the staff time automated in each service, in pounds; ``ledger`` from `Comparison.ledger`."""
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


def claims_bars(rows: pd.DataFrame) -> go.Figure:
    """Pounds a year claimed and simulated for a place of this size; rows in pounds of `wider_ledger.claims`."""
    shown = rows.iloc[::-1]
    divisor, unit = money_scale(shown["place"].abs().max())
    names = [wrapped(_claim_label(row), 30) for _, row in shown.iterrows()]
    figure = go.Figure(
        go.Bar(
            x=shown["place"] / divisor,
            y=names,
            orientation="h",
            marker={"color": [NAVY if kind == "simulated" else GREY for kind in shown["kind"]]},
            error_x={**spread(shown.rename(columns={"place": "difference"}), 1.0 / divisor), "color": TEXT, "width": 4},
            hovertemplate="%{y}: %{x:,.3~f}<extra></extra>",
        )
    )
    for name, (_, row) in zip(names, shown.iterrows(), strict=True):
        end = max(row["place"], row["high"]) if row["high"] == row["high"] else row["place"]
        text = f"{row['place'] / divisor:,.2f}"
        figure.add_annotation(x=end / divisor, y=name, text=text, showarrow=False, xanchor="left", xshift=6)
    return styled(figure, height=90 + 56 * len(shown), x_title=f"{unit} a year")


def _claim_label(row: pd.Series[Any]) -> str:
    """The label of a bar, claimed or simulated.

    >>> _claim_label(pd.Series({"kind": "claimed", "name": "claimed_net_saving", "uk": 10e9}))
    'Claimed: £10bn a year in the UK, net'
    """
    words = _CLAIMS[row["name"]].format(uk=billions(row["uk"]))
    return f"{row['kind'].capitalize()}: {words}"


def billions(pounds: float) -> str:
    """Pounds in whole billions.

    >>> billions(40e9)
    '£40bn'
    """
    return f"£{pounds / 1e9:.0f}bn"


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
                "color": [_faint(_COLOURS[kind]) for kind in rows["kind"]],
            },
        )
    )
    styled(figure, height=460, x_title="")
    return figure.update_layout(font={"size": 13, "color": TEXT}, margin={"l": 8, "r": 8, "t": 16, "b": 16})


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.45)"
