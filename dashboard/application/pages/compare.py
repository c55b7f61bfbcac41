"""Compare: up to four scenarios against one base, by outcome, over time, and by assumption."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from dashboard.application.pages.compare_observed import observed_section
from dashboard.application.pages.compare_selection import beside, comparisons_of
from dashboard.application.parts import options, take_away
from dashboard.application.parts.app_state import view_of
from dashboard.application.parts.grid import grid, searchable
from dashboard.application.parts.head import lens_notes
from dashboard.application.parts.ready import ready_plans
from dashboard.application.parts.run_button import run_button
from dashboard.application.parts.waiting import refused
from dashboard.credibility.assumptions import differences
from dashboard.exhibits.components import components, table
from dashboard.exhibits.components import shown as rendered
from dashboard.exhibits.ranking import ranking
from dashboard.exhibits.scenarios import outcome_of_scenarios, scenarios_by_year
from dashboard.runs import QUICK_PAIRS
from dashboard.runs.choices import scenario_titles
from dashboard.runs.library import NotFinishedError
from dashboard.runs.view import MOST_SCENARIOS, View
from dashboard.server.requests import Names, Text, checked
from dashboard.text.lens_names import key_title, shown_lenses
from dashboard.text.phrases import listed
from dashboard.topics.answer import SIGNS
from dashboard.topics.several_scenarios import Named, over_shared_seeds, table_rows
from dashboard.topics.through_lenses import line_through
from simulator import load
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import shown_in

PATH: Final = "/compare"
TITLE: Final = "Compare"


def layout(view: View) -> Component:
    """Every plan that ships ranked by one outcome, then up to four scenarios against the view's base."""
    ranked = _ranked(view)
    try:
        made, refusals = comparisons_of(view)
    except NotFinishedError as error:
        if not ranked:
            raise
        run = run_button(view, shown_lenses(), f"Run {QUICK_PAIRS} pairs of it here")
        return html.Div([html.H1(TITLE), *ranked, html.H2("In detail"), html.P(str(error)), *run])
    shown = over_shared_seeds(made) if made else {}
    first = next(iter(shown.values()), None)
    detail = [html.H2("In detail")] if ranked else []
    parts: list[Any] = [html.H1(TITLE), *ranked, *detail, html.P(_lead(view), className="question"), _picker(view)]
    parts += [refused(f"{title} is not shown", why) for title, why in refusals.items()]
    if first is None:
        return html.Div(parts)
    several = beside(view, shown)
    through = {key: next(iter(named.values())) for key, named in several.items()}
    line = line_through(through)
    if len(shown) > 1:
        others = [f"{one.scenario.scenario} {one.scenario.record['scenario_hash']}" for one in shown.values()]
        line = f"{line} Scenarios shown: {', '.join(others)}."
    named = {key_title(key): one for key, one in several.items()}
    strips = tuple(outcome_of_scenarios(named, measure, line) for measure in shown_in("tiles"))
    parts += [
        take_away.menu(view, [one for named in several.values() for one in named.values()], beside=len(shown) > 1),
        *lens_notes(view, through),
        *_fewer_pairs(made, first),
        html.H2("Outcome by outcome"),
        *components([strips, html.H2("Year by year"), *scenarios_by_year(named, line)]),
        *(observed_section(several) if len(shown) == 1 else []),
        grid("compare-table", "Every outcome: paired differences", table_rows(named, "compare"), _columns(several)),
        html.P(line, className="provenance"),
        html.H2("What they assume"),
        _assumed(view),
    ]
    return html.Div(parts)


def register(app: Dash) -> None:
    """Write chosen scenarios into the address; make the table searchable."""
    searchable(app, "compare-table")

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("compare-scenarios", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @checked
    def pick(names: Names | None, query: Text | None) -> Any:
        view = view_of(query)
        if not names or tuple(names) == view.scenarios:
            return no_update
        return view.changed(scenarios=tuple(names)).query()


def _ranked(view: View) -> list[Component]:
    """The plans that ship, ranked by the outcome that the user wants; empty if fewer than two do for this place."""
    plans = ready_plans(view)
    if len(plans) <= 1:
        return []
    goal = options.chosen(view, "goal", SIGNS)
    heading = html.H2("Every plan, ranked")
    return [heading, options.select(view, "goal", "Ranked by", SIGNS), rendered(ranking(plans, goal, view.matters))]


def _fewer_pairs(made: Named, first: Comparison) -> list[Component]:
    """A note on scenarios with more pairs of runs than are shown."""
    more = [f"{title} has {len(one.seeds)}" for title, one in made.items() if len(one.seeds) > len(first.seeds)]
    if not more:
        return []
    said = f"Shown over the {len(first.seeds)} pairs of runs that all of them have; by itself {listed(more)}."
    return [html.P(said, className="question")]


def _lead(view: View) -> str:
    base = scenario_titles().get(view.base, view.base)
    return f"Differences from '{base}', pair by pair: both runs of a pair share random numbers and parameters."


def _picker(view: View) -> Component:
    data = [{"value": name, "label": title} for name, title in scenario_titles().items()]
    picker: Component = dmc.MultiSelect(
        id="compare-scenarios",
        label=f"Scenarios to compare, up to {MOST_SCENARIOS}",
        data=data,
        value=list(view.scenarios),
        maxValues=MOST_SCENARIOS,
        hidePickedOptions=True,
        searchable=True,
        maw=720,
    )
    return picker


def _assumed(view: View) -> Component:
    titles = scenario_titles()
    named = {titles[name]: load(name) for name in dict.fromkeys((view.base, *view.scenarios)) if name in titles}
    cells = differences(named)
    if not cells.body:
        return html.P("They assume the same.")
    return html.Div([table(cells)], className="wrapping")


def _columns(several: Mapping[str, Named]) -> list[dict[str, Any]]:
    lens = [{"field": "lens_title", "headerName": "Lens", "width": 150}] if len(several) > 1 else []
    numbers = {"type": "rightAligned", "filter": False, "sortable": False, "wrapText": False, "width": 118}
    return [
        {"field": "outcome", "headerName": "Outcome", "width": 230},
        {"field": "scenario", "headerName": "Scenario", "width": 180},
        *lens,
        {"field": "base", "headerName": "Base", **numbers},
        {"field": "difference", "headerName": "Difference", **numbers},
        {"field": "low", "headerName": "Lower", **numbers},
        {"field": "high", "headerName": "Upper", **numbers},
        {"field": "fewer", "headerName": "Fewer in", **numbers},
        {"field": "unit", "headerName": "Unit", "flex": 1, "minWidth": 150},
    ]
