"""The frame of every page: header, navigation, shared choices and skip link."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component
from flask import current_app

from dashboard.application.page_list import CAREFUL, MAIN
from dashboard.application.parts.app_state import current_state
from dashboard.application.parts.page import Page
from dashboard.exhibits.components import spoken
from dashboard.runs.choices import own_titles, place_choices, scenario_choices
from dashboard.runs.view import View
from dashboard.server.access import THIS_COMPUTER, owner
from dashboard.text.lens_names import LensSettings, frome_shares, lens_titles, settings_of_key

PRODUCT: Final = "Relational offset policy simulator"
PER_LABELS: Final = {"total": "in total", "year": "per year", "1,000": "per 1,000 residents a year"}
SHARED: Final = ("scenario", "base", "place", "lens", "frome", "per")
"""Ids of the shared choices, which `dashboard.application.app` keeps in step with the address."""
_SUGGESTED: Final = 12
"""Places that are suggested at once, while a name is typed."""
THEME: Final[dict[str, Any]] = {
    "fontFamily": "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif",
    "primaryColor": "navy",
    "primaryShade": 8,
    "colors": {
        "navy": [
            "#eef3f8",
            "#d7e2ec",
            "#aec5d9",
            "#82a6c5",
            "#5d8bb3",
            "#4379a8",
            "#2f6a9c",
            "#1f5584",
            "#12436d",
            "#0c3152",
        ]
    },
    "respectReducedMotion": True,
}


def shell() -> Component:
    """The frame with an empty page."""
    whole: Component = dmc.MantineProvider(
        theme=THEME,
        children=[
            dcc.Location(id="url", refresh=False),
            dcc.Store(id="ready", data=0),
            dcc.Store(id="focused"),
            html.A("Skip to the page", href="#page", className="skip"),
            html.Header(html.Div([html.P(dcc.Link(PRODUCT, href="/"), className="product"), *signed_in()])),
            html.Div(
                [
                    html.Nav(id="navigation", **spoken("Pages")),
                    html.Div([choices(), html.Main(id="page", tabIndex=-1)], className="content"),
                ],
                className="frame",
            ),
            html.Footer(
                html.Div("Simulated estimates, not official statistics. Nobody in the simulation is a real person.")
            ),
        ],
    )
    return whole


def choices() -> Component:
    """The choices shared by all pages."""
    return html.Section(
        [
            dmc.Select(
                id="scenario",
                label="Plan",
                data=[*scenario_choices(), *_options(own_titles(current_state().jobs.states()))],
                searchable=True,
                allowDeselect=False,
            ),
            dmc.Select(
                id="place",
                label="Place",
                data=place_choices(current_state().place),
                searchable=True,
                limit=_SUGGESTED,
                nothingFoundMessage="No such place: the districts are those of 2011",
                allowDeselect=False,
            ),
            html.Details(
                [
                    html.Summary("More settings"),
                    html.Div(
                        [
                            dmc.Select(id="base", label="Compared with", data=scenario_choices(), allowDeselect=False),
                            dmc.Select(id="per", label="Amounts", data=_options(PER_LABELS), allowDeselect=False),
                            html.Fieldset(
                                [
                                    html.Legend("Lens in front"),
                                    dmc.RadioGroup(id="lens", children=dmc.Group(_radios(), gap="sm")),
                                ],
                                className="lens",
                            ),
                            _dial(),
                        ],
                        className="choices",
                    ),
                ],
                className="more",
            ),
        ],
        className="choices",
        **spoken("What is shown"),
    )


def signed_in() -> list[Component]:
    """The name of a signed-in user, with a button to sign out if signing in happened here."""
    if owner() == THIS_COMPUTER:
        return []
    out = html.Form(html.Button("Sign out", type="submit"), action="/sign-out", method="POST")
    return [
        html.Div(
            [html.Span(f"Signed in as {owner()}"), *([out] if "sign_out" in current_app.view_functions else [])],
            className="signed-in",
        )
    ]


def navigation(path: str, view: View) -> list[Component]:
    """Links to every page that keep the view; the current page is marked."""

    def links(pages: Sequence[Page]) -> Component:
        found = []
        for page in pages:
            current: Any = {"aria-current": "page"} if path == page.PATH else {}
            link = dcc.Link(page.TITLE, href=f"{page.PATH}{view.query()}")
            found.append(html.Li(link, className="current" if current else "", **current))
        return html.Ul(found)

    inside = path in [page.PATH for page in CAREFUL]
    return [links(MAIN), html.Details([html.Summary("Can I believe it?"), links(CAREFUL)], open=inside)]


def lens_values(key: str) -> tuple[str, str]:
    """Values of the choices of lens and of Frome's share for a key."""
    lens, frome, _ = settings_of_key(key)
    return lens, frome or _usual_share()


def lens_chosen(lens: str, frome: str, before: str) -> str:
    """The key of the chosen lens, with the causal share of the key ``before``."""
    turned = frome if frome != _usual_share() and frome in frome_shares(lens) else None
    return LensSettings(lens, turned, settings_of_key(before).causal).key


def _dial() -> Component:
    """The choice of Frome's share, for lenses fitted to Frome; hidden if there are none."""
    shares = _shares()
    dial = dmc.Select(
        id="frome",
        label="Frome's gap caused",
        data=_options(shares or {_usual_share(): "All of it"}),
        allowDeselect=False,
    )
    return html.Div(dial, hidden=not shares, className="dial")


def _shares() -> dict[str, str]:
    return next((shares for lens in lens_titles() if (shares := frome_shares(lens))), {})


def _usual_share() -> str:
    return next(iter(_shares()), "1")


def _radios() -> list[Component]:
    return [dmc.Radio(label=words, value=name) for name, words in lens_titles().items()]


def _options(words: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in words.items()]
