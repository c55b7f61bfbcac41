"""Compare: up to four scenarios against one base, outcome by outcome, over time, and in what they assume."""

from __future__ import annotations

from typing import Any, Final

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, html, no_update
from dash.development.base_component import Component

from dashboard import figures
from dashboard.application.current import library, view_of
from dashboard.application.exhibit import exhibit, table
from dashboard.application.graph import graph
from dashboard.application.grid import grid, searchable
from dashboard.application.head import line_of
from dashboard.application.pages.waiting import refused
from dashboard.application.view import MOST_SCENARIOS, View
from dashboard.assumptions import differences
from dashboard.choices import scenario_titles
from dashboard.saying import alternative, listed
from dashboard.series import over_time, unit_of
from dashboard.several import Named, grid_rows, name_of, pairs_of, rows_of, strip_finding, years_of
from dashboard.tables import contrasts_cells
from dashboard.words import difference_unit
from simulator import load
from simulator.comparison import Comparison
from simulator.errors import UnlikeRunsError

PATH: Final = "/compare"
TITLE: Final = "Compare"
STRIPS: Final = ("emergency_admissions", "bed_days", "often_always_lonely", "net_cost")
TABLED: Final = (
    "emergency_admissions",
    "bed_days",
    "ae_attendances",
    "consultations",
    "often_always_lonely",
    "unmet_needs",
    "failed_contacts",
    "deaths",
    "net_cash",
    "net_capacity",
    "net_cost",
)
STRIP_NOTE: Final = (
    "Diamond: mean of the paired differences; bar: middle 80 % of runs; ticks: single pairs of runs. A scenario whose "
    "bar crosses the line is not clearly different from the base."
)
OVER_TIME: Final = "emergency_admissions"


def layout(view: View) -> Component:
    """Up to four scenarios against the view's base."""
    shown, refusals = _comparisons(view)
    first = next(iter(shown.values()), None)
    parts: list[Any] = [html.H1(TITLE), html.P(_lead(view), className="question"), _picker(view)]
    parts += [refused(f"{title} is not shown", why) for title, why in refusals.items()]
    if first is None:
        return html.Div(parts)
    line = " ".join(line_of(comparison) for comparison in list(shown.values())[:1])
    if len(shown) > 1:
        others = [f"{one.scenario.scenario} {one.scenario.record['scenario_hash']}" for one in shown.values()]
        line = f"{line} Scenarios shown: {', '.join(others)}."
    strips = [_strip(shown, measure, line) for measure in STRIPS]
    parts += [
        html.H2("Outcome by outcome"),
        html.P(STRIP_NOTE, className="statistic"),
        html.Div(strips, className="pair"),
        html.H2("Year by year"),
        _years(shown, first, line),
        grid("compare-table", "Every outcome: paired differences", grid_rows(shown, TABLED), _columns()),
        html.P(line, className="provenance"),
        html.H2("What they assume"),
        _assumed(view),
    ]
    return html.Div(parts)


def register(app: Dash) -> None:
    """The picker writes the address; the table can be searched."""
    searchable(app, "compare-table")

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Input("compare-scenarios", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def pick(names: list[str] | None, query: str | None) -> Any:
        view = view_of(query)
        if not names or tuple(names) == view.scenarios:
            return no_update
        return view.changed(scenarios=tuple(names)).query()


def _comparisons(view: View) -> tuple[dict[str, Comparison], dict[str, str]]:
    """Comparisons by title, and why others cannot be shown beside them."""
    shown: dict[str, Comparison] = {}
    refusals: dict[str, str] = {}
    for name in view.scenarios:
        try:
            found = library().comparison(name, view.base, view.place, view.lens).per(view.per)
        except UnlikeRunsError as error:
            refusals[scenario_titles().get(name, name)] = str(error)
            continue
        title = str(found.scenario.record["scenario_title"])
        unlike = _unlike(found, next(iter(shown.values()), None))
        if unlike:
            refusals[title] = unlike
        else:
            shown[title] = found
    return shown, refusals


def _unlike(found: Comparison, first: Comparison | None) -> str | None:
    """Why a comparison cannot stand beside the first, or None."""
    if first is None:
        return None
    mine, other = found.scenario.record, first.scenario.record
    for field, words in (("weeks", "weeks"), ("starts", "first day"), ("seeds", "seeds")):
        if mine[field] != other[field]:
            return (
                f"{mine['scenario_title']} ran with {words} {mine[field]}, {other['scenario_title']} with "
                f"{other[field]}: "
                "beside each other a difference could come from more than the policy. Show it by itself, or run both "
                "alike."
            )
    return None


def _lead(view: View) -> str:
    base = scenario_titles().get(view.base, view.base)
    return f"Differences from '{base}', pair by pair: both runs of a pair share their luck and their beliefs."


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


def _strip(shown: Named, measure: str, line: str) -> Component:
    rows = rows_of(shown, measure)
    title = strip_finding(rows)
    unit = difference_unit(str(rows["unit"].iloc[0]))
    drawn = figures.strip(rows, pairs_of(shown, measure), f"{unit},<br>less (left) or more (right)")
    said = alternative(f"{title}.", rows, "title")
    cells = contrasts_cells(rows, name_of(rows.iloc[0]), ("title",))
    return exhibit(title, f"Difference, {unit}.", graph(drawn, f"strip-{measure}", said), [cells], line)


def _years(shown: Named, first: Comparison, line: str) -> Component:
    """A line with its band for one scenario; for more, their differences."""
    rows = years_of(shown, OVER_TIME)
    cells = contrasts_cells(rows, "Emergency admissions year by year", ("title", "year"))
    if len(shown) == 1:
        levels = over_time(first, OVER_TIME)
        title = next(iter(shown))
        base = str(first.baseline.record["scenario_title"])
        names = {"scenario": title, "baseline": base}
        finding = f"Emergency admissions year by year: {title} beside {base}"
        drawn = figures.line_and_band(levels, names, unit_of(first, OVER_TIME))
        note = (
            "Mean of the runs, with the middle 80 % of runs as a band. The bands hold the luck that both share: "
            "whether "
            "they differ is read from the paired differences above, not from how the bands overlap."
        )
        said = f"{finding}. " + "; ".join(
            f"year {row['year']}, {names[str(row['arm'])]}: {row['mean']:,.4g} ({row['low']:,.4g} to "
            f"{row['high']:,.4g})"
            for _, row in levels.iterrows()
        )
    else:
        finding = f"Difference in emergency admissions in each year, for {listed(list(shown))}"
        drawn = figures.differences_over_years(rows, f"difference, {unit_of(first, OVER_TIME)}")
        note = (
            "Mean of the paired differences. Ranges are in the table: bands over each other hide more than they show."
        )
        said = alternative(f"{finding}.", rows, "title", "year")
    return exhibit(finding, note, graph(drawn, "compare-years", said), [cells], line)


def _assumed(view: View) -> Component:
    titles = scenario_titles()
    named = {titles[name]: load(name) for name in dict.fromkeys((view.base, *view.scenarios)) if name in titles}
    cells = differences(named)
    if not cells.body:
        return html.P("They assume the same.")
    return html.Div([table(cells)], className="wrapping")


def _columns() -> list[dict[str, Any]]:
    numbers = {"type": "rightAligned", "filter": False, "sortable": False, "wrapText": False, "width": 118}
    return [
        {"field": "outcome", "headerName": "Outcome", "width": 230},
        {"field": "scenario", "headerName": "Scenario", "width": 180},
        {"field": "base", "headerName": "Base", **numbers},
        {"field": "difference", "headerName": "Difference", **numbers},
        {"field": "low", "headerName": "Lower", **numbers},
        {"field": "high", "headerName": "Upper", **numbers},
        {"field": "fewer", "headerName": "Fewer in", **numbers},
        {"field": "unit", "headerName": "Unit", "flex": 1, "minWidth": 150},
    ]
