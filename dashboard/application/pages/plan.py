"""Plan: what is automated, what the freed time buys, and new money, with an answer at once for any choice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import dash_mantine_components as dmc
from dash import ClientsideFunction, Dash, Input, Output, State, callback_context, dcc, html, no_update
from dash.development.base_component import Component
from pydantic import Field

from calibration.surface import Point, Surface, load_surface
from calibration.surface.points import MOST_MONEY, PAYERS, STEP, plan_itself
from dashboard.application.pages.build import page as build
from dashboard.application.pages.build.parts import address
from dashboard.application.pages.build.side import release_bar
from dashboard.application.parts import matters, options
from dashboard.application.parts.app_state import current_state, library, view_of
from dashboard.application.parts.signs import legend, shown_sign
from dashboard.application.parts.waiting import refused
from dashboard.building.text import new_text
from dashboard.exhibits.components import table
from dashboard.runs import QUICK_PAIRS, JobState, Phase, Question
from dashboard.runs.choices import place_name
from dashboard.runs.question import link_name
from dashboard.runs.view import BASELINE, View
from dashboard.server.access import owner
from dashboard.server.requests import Text, checked
from dashboard.text.labels import measured
from dashboard.text.tables import contrasts_cells
from dashboard.topics.plan import PlanPlace, how_found, plan_place, plan_rows, plan_signs
from dashboard.topics.through_lenses import caution
from simulator.comparison.comparison import Comparison
from simulator.errors import ResultsError, SimulatorError
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.programme_files import shipped_programmes
from simulator.programme_files.plan import ProgrammePlan as Programme
from simulator.scenario.scenario import load_scenario

PATH: Final = "/plan"
TITLE: Final = "Plan"
LOOK_AGAIN: Final = 1500
"""Milliseconds between two checks of running jobs."""
SLIDERS: Final = Point._fields
"""The sliders, by their names in the address: per cent, and pounds a year for each resident."""
_MONEY: Final = "new_money"
_MIX: Final = tuple(PAYERS)
_STEP: Final = 100.0 * STEP
Slid = Annotated[float, Field(ge=0.0, le=MOST_MONEY, allow_inf_nan=False)]
"""The position of a slider as the page sends it."""
Sliders = Annotated[list[Slid], Field(min_length=len(SLIDERS), max_length=len(SLIDERS))]


def layout(view: View) -> Component:
    """The sliders of a view, and what its plan does."""
    try:
        surface = load_surface()
        why = surface.outdated
    except ResultsError as error:
        return _no_estimate(str(error), view)
    where = None if why else plan_place(surface, view.place)
    if where is None:
        known = ", ".join(place_name(name) for name in surface.record["places"])
        here = f"Plans are estimated for {known} and the districts of England, not for {place_name(view.place)}."
        return _no_estimate(why or here, view)
    at = _positions([options.chosen_number(view, name, usual) for name, usual in usual_positions().items()])
    looks = _looks(surface, at, view, where)
    bought = {name: f"{_programme(name).title}, % of what is freed" for name in _MIX}
    choices = [
        _choice("What is automated", {"automation": "Automation, % of what technology allows"}, at, looks),
        _choice("What the freed time buys", bought, at, looks, html.P(looks["saved"], id="plan-saved-said")),
        _choice("New money", {_MONEY: "New money, £ a resident and year"}, at, looks),
    ]
    answers = html.Ul(looks["signs"], id="plan-signs", className="signs")
    how = html.P(looks["how"], id="plan-how", className="sign-how")
    made_by = f"Estimates: model {surface.record['model_version']}; {surface.record['command']}."
    return html.Div(
        [
            html.H1(f"{TITLE}: {place_name(view.place)}"),
            html.Div(
                [
                    html.Div(choices, className="plan-choices"),
                    html.Div([legend(_lenses(surface)), answers, how, *_deeds()], className="plan-signs"),
                ],
                className="plan",
            ),
            html.H2("What automation frees"),
            html.Div(looks["bar"], id="plan-bar"),
            html.Details([html.Summary("All outcomes"), html.Div(looks["table"], id="plan-table")]),
            matters.settings(view),
            html.P(made_by, className="quiet"),
            dcc.Store(id="plan-kept", data=SLIDERS),
        ]
    )


def usual_positions() -> dict[str, float]:
    """Positions of the plan of which others have a share: all of its automation, its mix, and no new money."""
    return _positions([x if name == _MONEY else 100.0 * x for name, x in plan_itself()._asdict().items()])


def _no_estimate(why: str, view: View) -> Component:
    """Why there is no estimate, and the way to exact results."""
    exact = dcc.Link("Build a plan and run it exactly", href=f"{build.PATH}{view.query()}")
    return html.Div([html.H1(TITLE), refused("There is no estimate here", why), html.P(exact)])


def _choice(
    legend: str, words: Mapping[str, str], at: dict[str, float], looks: dict[str, Any], *below: Component
) -> Component:
    sliders = [_slider(name, said, at, html.P(looks[name], id=f"plan-{name}-said")) for name, said in words.items()]
    return html.Fieldset([html.Legend(legend), *sliders, *below])


def _slider(name: str, said: str, at: dict[str, float], below: Component) -> Component:
    money = name == _MONEY
    bar = dmc.Slider(
        id=f"plan-{name}",
        value=at[name],
        min=0,
        max=MOST_MONEY if money else 100.0,
        step=1.0 if money else _STEP,
        updatemode="drag",
        thumbLabel=said,
        size="lg",
        thumbSize=26,
    )
    return html.Div([html.P(said, className="slid"), bar, below], className="plan-slider")


def _deeds() -> list[Component]:
    """Buttons to run the plan, and to change everything else of it."""
    return [
        html.Div(
            [
                dmc.Button(f"Run this plan exactly ({QUICK_PAIRS} pairs)", id="plan-run"),
                dmc.Button("Everything else", id="plan-build", variant="outline"),
            ],
            className="buttons",
        ),
        html.P(id="plan-run-said", role="status", className="said"),
        dcc.Interval(id="plan-tick", interval=LOOK_AGAIN),
    ]


def _lenses(surface: Surface) -> list[str]:
    """The lenses of a surface, trials before claims."""
    return sorted(surface.record["lenses"], key=caution)


def _positions(given: Sequence[float], moved: str = "") -> dict[str, float]:
    """Positions that the sliders can have: what is bought is 100 % at most, so others than the one moved give way."""
    found = dict(zip(SLIDERS, given, strict=True))
    limits = {name: MOST_MONEY if name == _MONEY else 100.0 for name in found}
    steps = {name: 1.0 if name == _MONEY else _STEP for name in found}
    found = {name: min(max(round(x / steps[name]) * steps[name], 0.0), limits[name]) for name, x in found.items()}
    others = sorted((name for name in _MIX if name != moved), key=lambda name: -found[name])
    while sum(found[name] for name in _MIX) > 100.0:
        largest = max(others, key=lambda name: found[name])
        found[largest] -= _STEP
    return found


def _point(at: dict[str, float]) -> Point:
    return Point(**{name: x if name == _MONEY else x / 100.0 for name, x in at.items()})


def _looks(surface: Surface, at: dict[str, float], view: View, where: PlanPlace) -> dict[str, Any]:
    """Everything that a slider changes, by its element."""
    point, residents, released = _point(at), where.residents, where.freed(surface)
    quarter = released.quarter(point)
    pounds = released.pounds(point, residents)
    bought = {name: _bought(_programme(name), pounds[name] * residents) for name in _MIX}
    exact = {lens: _exact(point, view.place, lens) for lens in _lenses(surface)}
    rows = plan_rows(surface, point, where, view.matters, exact)
    saved = 100.0 - sum(at[name] for name in _MIX)
    gained = f"{'' if quarter.released >= 0.0 else 'a loss of '}{_rounded(abs(quarter.released), 'pounds')}"
    in_all = at[_MONEY] * residents
    spent = "" if point.bought or not in_all else " Choose what it buys: as it is, nothing is."
    return {
        **{name: f"{at[name]:g} %: {bought[name]}" for name in _MIX},
        "automation": f"{at['automation']:g} %: {released.hours_at(point):,.0f} hours a week, {gained} a year",
        "saved": f"Saved: {saved:g} %",
        _MONEY: f"£{at[_MONEY]:g} a resident: {_rounded(in_all, 'pounds')} a year, in the same mix.{spent}",
        "signs": [shown_sign(one) for one in plan_signs(rows, surface, where)],
        "how": how_found(rows, where),
        "bar": release_bar(quarter) if point.automation else html.P("Nothing is automated, so nothing is released."),
        "table": table(contrasts_cells(rows, "All outcomes, a year", ("label", "lens_title"))),
    }


def _looks_now(at: dict[str, float], view: View) -> dict[str, Any]:
    """`_looks` of the surface that is there. Raises ResultsError for a place without estimates."""
    surface = load_surface()
    where = plan_place(surface, view.place)
    if where is None:
        raise ResultsError(f"Plans are not estimated for {place_name(view.place)}.")
    return _looks(surface, at, view, where)


def _programme(name: str) -> Programme:
    (plan,) = (one for one in shipped_programmes() if one.name == name)
    return plan


def _bought(plan: Programme, pounds: float) -> str:
    """What an amount a year buys of a programme, and for how many people in a year there is room."""
    units = pounds / plan.central("unit_cost")
    people = units * plan.central("caseload") * WEEKS_PER_YEAR / plan.central("duration")
    return f"{units:,.1f} {plan.unit}s, room for {_rounded(people)} people a year"


def _rounded(number: float, unit: str = "people") -> str:
    """A number to two significant digits."""
    return measured(number, math.nan, unit)


def _exact(point: Point, place: str, lens: str) -> Comparison | None:
    """Finished runs of a plan, if there are any."""
    begins = f"{point.content()['name']}-"
    finished = (one for one in current_state().jobs.states() if one.phase is Phase.FINISHED and len(one.names) > 1)
    if not any(one.names[1].startswith(begins) and (one.place, one.lens) == (place, lens) for one in finished):
        return None
    version = library().version
    return current_state().jobs.comparison(link_name(point.scenario()), BASELINE, place, lens, version)


def register(app: Dash) -> None:
    """Answer when a slider moves, keep the sliders in the address, run the plan, and open it in page Build."""
    sliders = [Input(f"plan-{name}", "value") for name in SLIDERS]
    now = {"at": [State(f"plan-{name}", "value") for name in SLIDERS], "query": State("url", "search")}
    said = (*SLIDERS, "saved")
    answers = ("signs", "how", "table")
    parts = (*answers, "bar")

    @app.callback(
        output={
            "mix": [Output(f"plan-{name}", "value") for name in _MIX],
            "said": [Output(f"plan-{name}-said", "children") for name in said],
            "parts": [Output(f"plan-{name}", "children") for name in parts],
        },
        inputs={"given": sliders, "query": State("url", "search")},
        prevent_initial_call=True,
    )
    @checked
    def answer(given: Sliders, query: Text | None) -> dict[str, list[Any]]:
        moved = str(callback_context.triggered_id or "").removeprefix("plan-")
        at = _positions(given, moved)
        looks = _looks_now(at, view_of(query))
        before = dict(zip(SLIDERS, given, strict=True))
        return {
            "mix": [at[name] if at[name] != before[name] else no_update for name in _MIX],
            "said": [looks[name] for name in said],
            "parts": [looks[name] for name in parts],
        }

    app.clientside_callback(
        ClientsideFunction("offset", "keep"),
        Output("plan-kept", "data"),
        *sliders,
        State("plan-kept", "data"),
        prevent_initial_call=True,
    )

    @app.callback(
        output=[
            Output("plan-run-said", "children"),
            Output("plan-tick", "disabled"),
            *(Output(f"plan-{name}", "children", allow_duplicate=True) for name in answers),
        ],
        inputs={
            "asked": [Input("plan-run", "n_clicks"), Input("plan-tick", "n_intervals")],
            **now,
        },
        prevent_initial_call=True,
    )
    @checked
    def run(asked: list[int | None], at: Sliders, query: Text | None) -> list[Any]:
        point, jobs, view = _point(_positions(at)), current_state().jobs, view_of(query)
        if callback_context.triggered_id == "plan-run" and asked[0]:
            try:
                for lens in _lenses(load_surface()):
                    jobs.submit(_question(point, view.place, lens), owner())
            except SimulatorError as error:
                return [str(error), True, *(no_update for _ in answers)]
            jobs.start()
        mine = _states(point, view.place)
        over = bool(mine) and all(state.over for state in mine)
        words = " ".join(dict.fromkeys(state.in_words() for state in mine))
        looks = _looks_now(_positions(at), view) if over else {}
        return [words, over or not mine, *(looks.get(name, no_update) for name in answers)]

    @app.callback(
        output=Output("url", "href"),
        inputs={"clicks": Input("plan-build", "n_clicks"), **now},
        prevent_initial_call=True,
    )
    @checked
    def everything_else(clicks: int | None, at: Sliders, query: Text | None) -> Any:
        if not clicks:
            return no_update
        draft = current_state().drafts.new(owner(), BASELINE, new_text(_point(_positions(at)).content()))
        return address(view_of(query).changed(base=BASELINE, options={}), draft)


def _question(point: Point, place: str, lens: str) -> Question:
    return Question((load_scenario(BASELINE), point.scenario()), place, QUICK_PAIRS, lens)


def _states(point: Point, place: str) -> list[JobState]:
    """The newest job of the plan through each lens."""
    names = (BASELINE, link_name(point.scenario()))
    found: dict[str, JobState] = {}
    for state in current_state().jobs.states(owner()):
        if (state.names, state.place) == (names, place) and state.phase is not Phase.CANCELLED:
            found.setdefault(state.lens, state)
    return list(found.values())
