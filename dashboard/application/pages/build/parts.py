"""Parts of page Build around its cards, and the elements that an edit may change."""

from __future__ import annotations

from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.application.pages.build import draft_session as build_desk
from dashboard.application.pages.build import side as build_side
from dashboard.application.pages.build.cards import cards
from dashboard.application.pages.build.draft_session import FULL_PAIRS, DraftSession
from dashboard.application.pages.build.fields import button
from dashboard.application.parts.app_state import current_state
from dashboard.application.parts.lazy_content import LazyContent
from dashboard.application.parts.waiting import refused
from dashboard.building.check import DraftCheck
from dashboard.building.drafts import LARGEST, Draft
from dashboard.runs.question import MOST_PAIRS
from dashboard.runs.view import View
from simulator.results.run_record import model_version

PATH: Final = "/build"


def side(looks: dict[str, Any]) -> list[Component]:
    """The side of the page: problems, ledger, and runs."""
    pairs = dmc.NumberInput(
        id="build-pairs", label="Pairs of a full run", value=FULL_PAIRS, min=18, max=MOST_PAIRS, step=2, w=180
    )
    return [
        html.Section([html.H2("Can it be run?"), html.Div(looks["verdict"], id="build-verdict")]),
        html.Div(looks["ledger"], id="build-ledger"),
        html.Section([html.H2("Run it"), html.Div(looks["run"], id="build-run"), pairs]),
        html.Section([html.H2("Runs"), html.Div(looks["runs"], id="build-runs")]),
    ]


def below(looks: dict[str, Any]) -> Component:
    """The part below the cards: differences, and the text of the draft."""
    tabs: Component = dmc.Tabs(
        [
            dmc.TabsList(
                [dmc.TabsTab("How it differs", value="difference"), dmc.TabsTab("The file (YAML)", value="file")]
            ),
            dmc.TabsPanel(html.Div(looks["difference"], id="build-difference"), value="difference", pt="sm"),
            dmc.TabsPanel(html.Div(looks["file"], id="build-file"), value="file", pt="sm"),
        ],
        value="difference",
        keepMounted=True,
        className="build-tabs",
    )
    return LazyContent(tabs, 320)


def begin(who: str) -> Component:
    """Controls to begin from a scenario or from a file."""
    opener = dcc.Upload(
        html.Button("Open a file", id="build-open-button", type="button", className="plain-button"),
        id="build-open",
        accept=".yaml,.yml",
        max_size=10 * LARGEST,
        className="opener",
    )
    select = dmc.Select(
        id="build-start",
        label="Begin a new draft from",
        data=build_desk.choices(who),
        searchable=True,
        w=280,
        maw="100%",
    )
    return html.Div([select, button("begin", "begin", "Begin", variant="light"), opener], className="begin")


def notice(session: DraftSession) -> list[Component]:
    """Notices that a draft is read-only, or was last changed with another model version."""
    if not session.read_only:
        if session.draft.model_version == model_version():
            return []
        said = (
            f"This draft was last changed with model {session.draft.model_version}; this is model {model_version()}. "
            "Its text is as you left it, and is checked by this version. Its runs are of the other: run it again."
        )
        return [html.P(said, className="question", role="status")]
    why = (
        "This draft is somebody else's."
        if session.draft.owner != session.who
        else "This link is of another model version."
    )
    return [html.Div([refused("To be read only", f"{why} Make a copy of your own to change it.")], role="status")]


def looks(session: DraftSession, checked: DraftCheck, pairs: int) -> dict[str, Any]:
    """All elements of the page that an edit may change."""
    off = session.read_only
    states, current = session.states(checked, (build_desk.QUICK_PAIRS, pairs))
    return {
        "cards": cards(checked, session.parent_title(), disabled=off),
        "tools": tools(session),
        "verdict": build_side.verdict(checked),
        "ledger": build_side.ledger(checked),
        "difference": build_side.difference(checked, session.base, current_state().drafts.first(session.draft.id)),
        "file": build_side.text_area(checked, disabled=off),
        "run": build_side.run_buttons(checked, disabled=off),
        "runs": build_side.runs(states, current, session.view),
    }


def tools(session: DraftSession) -> list[Component]:
    """Buttons for actions on the whole draft."""
    off = session.read_only
    return [
        button("undo", "undo", "Undo", disabled=off, variant="light"),
        button("redo", "redo", "Redo", disabled=off, variant="light"),
        button("copy", "copy", "Make a copy" if off else "Duplicate", variant="light"),
        button("save", "save", "Save", disabled=off),
        dcc.Link("Link to this draft", href=address(session.view, session.draft), className="draft-link"),
    ]


def address(view: View, draft: Draft) -> str:
    """The link of a draft."""
    return f"{PATH}{query(view, draft)}"


def query(view: View, draft: Draft) -> str:
    """The link of a draft, without its path."""
    return view.changed(model=model_version(), options={**view.options, "draft": draft.id}).query()
