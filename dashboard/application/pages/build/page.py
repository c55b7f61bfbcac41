"""Build: the user's own scenario, checked while it is edited, run quickly and then in full, and saved as a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, callback_context, dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.application.pages.build import draft_session as build_desk
from dashboard.application.pages.build import parts as build_parts
from dashboard.application.pages.build import side as build_side
from dashboard.application.pages.build.draft_session import FULL_PAIRS, DraftSession, session_of
from dashboard.application.pages.build.fields import ACT, FIELD, PICK, field_errors, path_of
from dashboard.application.parts.app_state import current_state, view_of
from dashboard.application.parts.lazy_content import LazyContent
from dashboard.application.parts.waiting import refused
from dashboard.building.check import DraftCheck
from dashboard.building.drafts import Draft
from dashboard.runs.question import MOST_PAIRS
from dashboard.runs.view import View
from dashboard.server.access import owner
from dashboard.server.requests import Name, Text, checked
from simulator.errors import SimulatorError
from simulator.foundations.yaml_reader import dotted

PATH: Final = build_parts.PATH
TITLE: Final = "Build"
LOOK_AGAIN: Final = 1500
"""Milliseconds between two checks of running jobs."""
_PARTS: Final = ("cards", "tools", "verdict", "ledger", "difference", "file", "run", "runs")
"""Parts of the page that an edit may change, each an element ``build-<part>``."""


def layout(view: View) -> Component:
    """The page for the draft that a view names, or for the last one."""
    try:
        session = session_of(view)
        checked = session.checked()
    except SimulatorError as error:
        return html.Div([html.H1(TITLE), refused("This draft cannot be opened", str(error))])
    looks = build_parts.looks(session, checked, FULL_PAIRS)
    return html.Div(
        [
            html.H1(TITLE),
            html.P(
                "Change a scenario, see at once what is wrong and what it should release; then run it.",
                className="question",
            ),
            *build_parts.notice(session),
            build_parts.begin(session.who),
            html.Div(looks["tools"], id="build-tools", className="tools"),
            html.P(id="build-said", role="status", className="said"),
            html.Div(
                [
                    html.Div(first_cards(looks["cards"]), id="build-cards", className="build-cards"),
                    html.Div(build_parts.side(looks), className="build-side"),
                ],
                className="build",
            ),
            build_parts.below(looks),
            dcc.Store(id="build-draft", data=session.draft.id),
            dcc.Download(id="build-download"),
            dcc.Interval(id="build-tick", interval=LOOK_AGAIN),
        ]
    )


def register(app: Dash) -> None:
    """Callbacks for edits, actions, runs, and the focus."""
    _change(app)
    _actions(app)
    _watch(app)
    app.clientside_callback(
        ClientsideFunction("offsetBuild", "refocus"),
        Output("build-cards", "title"),
        *(Input(f"build-{part}", "children") for part in _PARTS),
        prevent_initial_call=True,
    )


def _change(app: Dash) -> None:
    """After an edit of a field, the text or a list of entries, update everything that it changes."""

    @app.callback(
        *(Output(f"build-{part}", "children") for part in _PARTS),
        Output("build-said", "children"),
        Output("build-tick", "disabled"),
        Output({"type": FIELD, "path": ALL, "kind": ALL}, "error"),
        Input({"type": FIELD, "path": ALL, "kind": ALL}, "value"),
        Input({"type": ACT, "act": ALL, "path": ALL}, "n_clicks"),
        Input("build-text", "value"),
        State({"type": PICK, "of": ALL}, "value"),  # missing while the text is not valid YAML
        State("build-pairs", "value"),
        State("build-draft", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @checked
    def change(
        _values: list[str | bool | float | None],
        _clicks: list[int | None],
        text: str | None,
        chosen: list[Name | None],
        pairs: Any,
        draft: Name,
        query: Text | None,
    ) -> list[Any]:
        session = session_of(view_of(query), draft)
        before = session.draft
        message: str = ""
        try:
            new, otherwise, message = _done(session, text, next(iter(chosen), None), _pairs(pairs))
        except SimulatorError as error:
            return _answer({}, str(error))
        if new == before and not message:
            raise PreventUpdate
        session = DraftSession(new, session.view, session.who)
        checked = session.checked()
        looks = build_parts.looks(session, checked, _pairs(pairs))
        if not otherwise:
            del looks["cards"]
        return _answer(looks, message, checked)


def _done(session: DraftSession, text: str | None, chosen: str | None, pairs: int) -> tuple[Draft, bool, str]:
    """Perform the triggered action: the draft, whether its forms change, and a message."""
    fields, act = [], None
    for one in callback_context.triggered:
        name = callback_context.triggered_prop_ids.get(one["prop_id"])
        if isinstance(name, dict) and name["type"] == FIELD:
            fields.append((path_of(name["path"]), name["kind"], one["value"]))
        elif isinstance(name, dict) and name["type"] == ACT and one["value"]:
            act = (name["act"], name["path"])
        elif name == "build-text" and text is not None and text.strip() != session.draft.text.strip():
            return build_desk.replaced(session, text), True, ""
    if act is not None:
        return _act_on(session, *act, chosen, pairs)
    if not fields or session.read_only:
        return session.draft, False, ""
    return *build_desk.edited(session, fields), ""


def _act_on(session: DraftSession, act: str, path: str, chosen: str | None, pairs: int) -> tuple[Draft, bool, str]:
    if act == "cancel":
        ended = current_state().jobs.cancel(path, session.who)
        return session.draft, False, "Cancelled." if ended else "Cancelled for you; somebody else still wants this run."
    if act == "save":
        return session.draft, False, build_side.saved_text(build_desk.saved(session))
    if act in ("quick", "full"):
        return session.draft, False, _run(session, act, pairs)
    if (act == "undo" and not session.draft.earlier) or (act == "redo" and not session.draft.later):
        return session.draft, False, f"There is nothing to {act}."  # the button stays, so that the focus does
    if act in ("copy", "begin", "download"):
        raise PreventUpdate  # of another callback
    return build_desk.after_action(session, act, () if act in ("undo", "redo") else path_of(path), chosen), True, ""


def _run(session: DraftSession, act: str, pairs: int) -> str:
    """Submit the quick run, which is answered first, and the full one if wanted."""
    jobs, checked = current_state().jobs, session.checked()
    for number in (build_desk.QUICK_PAIRS,) if act == "quick" else (build_desk.QUICK_PAIRS, pairs):
        for question in session.questions(checked, number):
            jobs.submit(question, session.who)
    jobs.start()
    return "Asked for. It goes on if you close this page."


def _answer(looks: dict[str, Any], message: str, checked: DraftCheck | None = None) -> list[Any]:
    """The outputs of the callback for edits."""
    fields = callback_context.outputs_list[-1]
    keep = checked is None or "cards" in looks
    errors = [
        no_update if keep or checked is None else field_errors(checked.problems_at(dotted(path_of(one["id"]["path"]))))
        for one in fields
    ]
    return [*(looks.get(part, no_update) for part in _PARTS), message, False if looks else no_update, errors]


def _actions(app: Dash) -> None:
    """Callbacks for a new draft, a copy, opening a file, and downloading one."""

    @app.callback(
        Output("url", "search", allow_duplicate=True),
        Output("build-said", "children", allow_duplicate=True),
        Output("build-download", "data"),
        Input({"type": ACT, "act": ALL, "path": ALL}, "n_clicks"),
        Input("build-open", "contents"),
        State("build-open", "filename"),
        State("build-start", "value"),
        State("build-draft", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @checked
    def deed(
        _clicks: list[int | None],
        contents: str | None,
        file: Text | None,
        start: Name | None,
        draft: Name | None,
        query: Text | None,
    ) -> tuple[Any, Any, Any]:
        view = view_of(query)
        triggered = callback_context.triggered_id
        act = triggered["act"] if isinstance(triggered, dict) and callback_context.triggered[0]["value"] else None
        try:
            if triggered == "build-open" and contents:
                taken = build_desk.uploaded(contents, file or "the file", owner())
                if isinstance(taken, str):
                    return no_update, f"Saved the programme {taken}: name it under 'programmes' in the file.", no_update
                return build_parts.query(view, taken), f"Opened {file}.", no_update
            if act == "begin" and start:
                return build_parts.query(view, build_desk.begin(start, owner())), "", no_update
            if act == "copy":
                return (
                    build_parts.query(view, build_desk.copied(session_of(view, draft))),
                    "This is your copy.",
                    no_update,
                )
            if act == "download":
                session = session_of(view, draft)
                name = str(session.checked().own.get("name") or "scenario")
                return no_update, no_update, build_side.download(name, session.draft.text)
        except SimulatorError as error:
            return no_update, str(error), no_update
        raise PreventUpdate


def _watch(app: Dash) -> None:
    """Check running jobs at intervals."""

    @app.callback(
        Output("build-runs", "children", allow_duplicate=True),
        Output("build-tick", "disabled", allow_duplicate=True),
        Input("build-tick", "n_intervals"),
        State("build-pairs", "value"),
        State("build-draft", "data"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    @checked
    def look(_ticks: int | None, pairs: Any, draft: Name, query: Text | None) -> tuple[Any, bool]:
        session = session_of(view_of(query), draft)
        states, current = session.states(session.checked(), (build_desk.QUICK_PAIRS, _pairs(pairs)))
        return build_side.runs(states, current, session.view), all(state.over for state in states)


def _pairs(given: Any) -> int:
    """The number of pairs of a full run: the input if it is valid, otherwise the default."""
    possible = isinstance(given, int | float) and build_desk.QUICK_PAIRS < given <= MOST_PAIRS
    return int(given) if possible else FULL_PAIRS


# Loading of cards: the visible ones at once, the others when they come into view.


_HEIGHT: Final = 320
"""Pixels reserved for a card until it is drawn; most are higher."""
_ENTRY: Final = 300
"""The same for what an entry of a card holds."""


def first_cards(made: Sequence[Component]) -> list[Component]:
    """Cards when a page opens: the first and the headings of the second's entries at once, the others when seen.

    Redrawn cards are drawn completely, so that nothing moves during editing.
    """
    later = (made[2:3], made[3:6], made[6:])
    second = [_folded(one) for one in made[1:2]]
    return [*made[:1], *second, *(LazyContent(list(some), _HEIGHT * len(some)) for some in later if some)]


def _folded(made: Component) -> Component:
    """A card whose entries are drawn when they are unfolded."""
    parts = []
    for part in vars(made)["children"]:
        if isinstance(part, html.Details):
            summary, *inside = vars(part)["children"]
            part = html.Details([summary, LazyContent(inside, _ENTRY)], className=vars(part)["className"])
        parts.append(part)
    return html.Section(parts, className="card")
