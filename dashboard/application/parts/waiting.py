"""Replacements of a page: progress of its runs, a refusal with its reason, or a note that there is no such page."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.application.parts.app_state import current_state
from dashboard.application.parts.head import comparison_through, other_lenses
from dashboard.application.parts.page import Page
from dashboard.application.parts.run_button import run_button
from dashboard.exhibits.components import spoken
from dashboard.runs import QUICK_PAIRS
from dashboard.runs.library import NotFinishedError
from dashboard.runs.view import View
from dashboard.server.requests import Name, checked
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import listed
from dashboard.topics.through_lenses import within
from simulator.bundle.same_numbers import is_this_model
from simulator.errors import SimulatorError
from simulator.results.run_record import model_version

SECONDS: int = 2
"""Interval between two checks of progress."""


def or_page(page: Page, view: View) -> Component:
    """The page for a view, or the reason why it cannot be shown and the progress of its runs."""
    try:
        return page.layout(view)
    except NotFinishedError as error:
        return _waiting(page.TITLE, error, view)
    except SimulatorError as error:
        return html.Div(
            [html.H1(page.TITLE), refused("This cannot be shown", str(error))],
        )
    except (KeyError, ValueError, AttributeError) as error:
        if not view.pinned:
            raise
        why = f"What model {view.model} left behind is no longer read by this version ({error})."
        return html.Div([html.H1(page.TITLE), refused("This cannot be shown", why)])


def pinned(page: Page, view: View) -> Component:
    """A notice that a link shows results of another model version, which cannot be changed."""
    now = "which gives the same numbers" if is_this_model(str(view.model)) else "and its findings may differ"
    return html.Section(
        [
            html.H2("This link was made with another version of the model"),
            html.P(f"It shows what model {view.model} found, to be read only; this is model {model_version()}, {now}."),
            html.P(dcc.Link("Show it with this version", href=f"{page.PATH}{view.changed(model=None).query()}")),
        ],
        className="harm pinned",
        role="status",
    )


def refused(heading: str, why: str) -> Component:
    """A refusal with its reason."""
    return html.Section([html.H2(heading), html.P(why)], className="harm refused")


def unknown_page(path: str) -> Component:
    """A page for unknown paths."""
    return html.Div(
        [
            html.H1("There is no such page"),
            html.P(f"No page is called {path[:80]}. The pages are listed at the side."),
            html.P(dcc.Link("Go to the answer", href="/")),
        ]
    )


def _waiting(title: str, error: NotFinishedError, view: View) -> Component:
    example = current_state().example
    done, total, now, problem = example.progress
    if not (example.working and example.will_hold(error.scenario, error.place, error.lens)):
        more = "The worked example holds the shipped scenarios in one place. Others are run here, or on page Build."
        why = f"{error} {problem or more}"
        scenario = view.scenario if error.scenario == view.base else error.scenario
        wanted = view.changed(scenarios=(scenario,))
        others = [
            lens for lens in other_lenses(view) if lens != error.lens and comparison_through(wanted, lens) is None
        ]
        lenses = [error.lens, *others]
        label = f"Run {QUICK_PAIRS} pairs {listed([within(key_title(lens)) for lens in lenses])}"
        asked = run_button(wanted, lenses, label)
        return html.Div([html.H1(title), refused("These runs have not been run yet", why), *asked])
    return html.Div(
        [
            html.H1(title),
            html.P("The worked example is being run on this computer: once, at the first start of a version."),
            html.P(_words(done, total, now), id="waiting-words", role="status"),
            dmc.Progress(id="waiting-bar", value=100.0 * done / max(1, total), size="lg", **spoken("Runs done")),
            dcc.Interval(id="waiting-tick", interval=1000 * SECONDS),
            dcc.Store(id="waiting-for", data=[error.scenario, error.place, error.lens]),
        ]
    )


def _words(done: int, total: int, now: str) -> str:
    if not total:
        return "Looking for what is to be run."
    return f"{done} of {total} runs are done{f'; now: {now}' if now else ''}."


def register(app: Dash) -> None:
    """Update the progress, and show the page as soon as its runs have finished."""

    @app.callback(
        Output("waiting-words", "children"),
        Output("waiting-bar", "value"),
        Output("ready", "data"),
        Input("waiting-tick", "n_intervals"),
        State("waiting-for", "data"),
        State("ready", "data"),
        prevent_initial_call=True,
    )
    @checked
    def look(_ticks: int | None, wanted: tuple[Name, Name, Name], ready: int | None) -> tuple[Any, Any, Any]:
        done, total, now, _ = current_state().example.progress
        there = current_state().library.find(*wanted) is not None
        stopped = not current_state().example.working
        words = _words(done, total, now)
        return words, 100.0 * done / max(1, total), (ready or 0) + 1 if there or stopped else no_update
