"""Cost-effectiveness plane and acceptability curve of a scenario, for each lens."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.parts import options
from dashboard.application.parts.exhibit import exhibit, graph
from dashboard.runs.view import View
from dashboard.text.lens_names import key_title
from dashboard.text.tables import Cells
from dashboard.topics.costs import one_and_many, plane_finding, thousands
from dashboard.topics.series import acceptability, plane
from dashboard.topics.through_lenses import Through, is_withheld, within
from simulator.comparison.outcomes import shown_in

MOST_WORTH: Final = 20_000
"""Upper end of the acceptability curve, in pounds."""
POINTS: Final = 81
PLANE_NOTE: Final = (
    "One dot a pair of runs, over the whole run: right is avoided, left is added; below is saved, above is spent."
)
CURVE_NOTE: Final = (
    "Share of pairs in which what was avoided, at this worth, is more than the net cost. What one is worth is the "
    "reader's judgement: no threshold is official for it."
)


def worth(found: Through, view: View, line: str) -> Component:
    """Both charts; lenses whose ranges are withheld are left out, since pairs would show the range."""
    effects = {name: one_and_many(name)[1] for name in shown_in("worth")}
    effect = options.chosen(view, "effect", effects)
    choice = options.select(view, "effect", "Set the cost against", effects)
    shown = {key: one for key, one in found.items() if not is_withheld(one)}
    if not shown:
        return html.Div([choice, html.P("Pairs of runs show the range, and are withheld with it.")])
    pairs = {key: plane(one, effect) for key, one in shown.items()}
    several = len(found) > 1
    both = [_plane(pairs, effect, line, several=several), _curve(pairs, effect, line, several=several)]
    return html.Div([choice, html.Div(both, className="pair")])


def _plane(pairs: dict[str, pd.DataFrame], effect: str, line: str, *, several: bool) -> Component:
    _, many = one_and_many(effect)
    said = [
        f"{plane_finding(rows, many)} ({within(key_title(key))})" if several else plane_finding(rows, many)
        for key, rows in pairs.items()
    ]
    title = "; ".join(said)
    drawn = figures.cost_plane(_together(pairs), f"{many} avoided<br>(left: added)")
    tables = [_pairs_cells(rows, many, key_title(key)) for key, rows in pairs.items()]
    return exhibit(title, PLANE_NOTE, graph(drawn, "plane", f"{title}. {PLANE_NOTE}"), tables, line)


def _curve(pairs: dict[str, pd.DataFrame], effect: str, line: str, *, several: bool) -> Component:
    one, _ = one_and_many(effect)
    values = np.linspace(0.0, MOST_WORTH, POINTS).tolist()
    curves = {key: acceptability(rows, values) for key, rows in pairs.items()}
    title = f"Chance that it is worth its cost, by what one {one} avoided is worth"
    found = "; ".join(
        f"{key_title(key)} at £{row['worth']:,.0f}: {100 * row['share']:.0f} %"
        for key, curve in curves.items()
        for _, row in curve.iloc[::20].iterrows()
    )
    marks = np.linspace(0.0, MOST_WORTH, 5).tolist()
    figure = figures.acceptability_curve(_together(curves), marks, f"worth of one {one}<br>avoided")
    tables = [
        _curve_cells(curve.iloc[::5], one, f"{key_title(key)}: " if several else "") for key, curve in curves.items()
    ]
    return exhibit(title, CURVE_NOTE, graph(figure, "acceptability", f"{title}: {found}."), tables, line)


def _together(frames: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The frames of all lenses in one, with their lens."""
    return pd.concat([rows.assign(lens_title=key_title(key)) for key, rows in frames.items()], ignore_index=True)


def _pairs_cells(pairs: pd.DataFrame, many: str, lens_title: str) -> Cells:
    body = [
        [str(int(row["seed"])), thousands(row["cost"]), f"{row['avoided']:,.1f}".replace("-", "−")]
        for _, row in pairs.iterrows()
    ]
    return Cells(f"{lens_title}: pair by pair, over the whole run", ["Seed", "Net cost", f"{many} avoided"], body, 1)


def _curve_cells(curve: pd.DataFrame, one: str, named: str) -> Cells:
    body = [[f"£{row['worth']:,.0f}", f"{100 * row['share']:.0f} %"] for _, row in curve.iterrows()]
    return Cells(f"{named}Acceptability", [f"Worth of one {one}", "Pairs worth their cost"], body, 1)
