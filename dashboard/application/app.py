"""The Dash application: routing, with the address as the only state, and responses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from dash import ClientsideFunction, Dash, Input, Output, State, callback_context, html, no_update
from flask import Response, request

from dashboard.application.page_cache import PageCache, install_page_cache, page_cache_of
from dashboard.application.page_list import PAGES, page_of
from dashboard.application.parts import matters, options, run_button, take_away, waiting
from dashboard.application.parts.app_state import ApplicationState, pin, set_state, view_of
from dashboard.application.parts.settings import Settings
from dashboard.application.parts.worked_example import WorkedExample
from dashboard.application.shell import PRODUCT, SHARED, lens_chosen, lens_values, navigation, shell
from dashboard.building.drafts import Drafts
from dashboard.exhibits.static_html import initial_html
from dashboard.runs import Jobs
from dashboard.runs.library import Library
from dashboard.server.requests import Text, checked
from simulator.districts import load_place
from simulator.results.run_record import model_version

ASSETS: Final = Path(__file__).parents[1] / "assets"
INDEX: Final = """<!DOCTYPE html>
<html lang="en-GB">
<head>
{%metas%}{%later%}
<title>{%title%}</title>{%favicon%}{%css%}
</head>
<body>
{%app_entry%}
<noscript>This dashboard needs JavaScript. "offset report" writes the same findings as a page that does not.</noscript>
<div hidden>{%config%}{%scripts%}{%renderer%}</div>
</body>
</html>
"""
_TABLE_LIBRARY: Final = re.compile(r'<script src="([^"]*/dash_ag_grid/[^"]*)"></script>')
_ANY_PATH: Final = ("/", "/<path:path>")
"""Name of Dash's view for any path."""


class Application(Dash):
    """A Dash application whose first response already contains the text of the page."""

    def interpolate_index(self, *, app_entry: Any = "", **parts: Any) -> str:  # type: ignore[override]
        """The first response to any path."""
        whole = shell()
        page, links = _page_and_links(page_cache_of(self), request.path, request.query_string.decode(), full=False)
        whole["page"].children, whole["navigation"].children = page, links
        entry = f"{app_entry}{initial_html(whole)}"
        scripts, later = _without_table_library(str(parts.pop("scripts", "")))
        return str(super().interpolate_index(app_entry=entry, scripts=scripts, **parts)).replace("{%later%}", later)


def create_app(settings: Settings) -> Dash:
    """The application for a folder of finished runs; it runs missing parts of the worked example if set to."""
    app = Application(
        __name__,
        title=PRODUCT,
        assets_folder=str(ASSETS),
        index_string=INDEX,
        suppress_callback_exceptions=True,
        serve_locally=True,
        update_title="",
        add_log_handler=False,
        enable_mcp=False,
    )
    place = load_place(settings.place)
    jobs = Jobs(settings.folder / "jobs", workers=settings.workers, places=(place,))
    library = Library(settings.folder, jobs.comparison)
    example = WorkedExample(library, settings)
    drafts = Drafts(settings.folder / "drafts")
    set_state(app, ApplicationState(settings, library, example, place, jobs, drafts))
    install_page_cache(app, PageCache())
    app.layout = shell
    _route(app)
    _keep_choices(app)
    _refuse_unknown_paths(app)
    waiting.register(app)
    run_button.register(app)
    options.register(app)
    matters.register(app)
    take_away.register(app)
    for page in PAGES:
        page.register(app)
    if settings.prepare:
        example.start()
    return app


def _without_table_library(scripts: str) -> tuple[str, str]:
    """The scripts without the table library, and a tag with its address for `assets/grid.js`."""
    found = _TABLE_LIBRARY.search(scripts)
    if found is None:
        return scripts, ""
    return scripts.replace(found[0], ""), f'<meta name="table-library" content="{found[1]}">'


def _route(app: Dash) -> None:
    """Show page and navigation for an address."""

    @app.callback(
        Output("page", "children"),
        Output("navigation", "children"),
        Input("url", "pathname"),
        Input("url", "search"),
        Input("ready", "data"),
    )
    @checked
    def show(path: Text | None, query: Text | None, _ready: Any) -> tuple[Any, Any]:
        return _page_and_links(page_cache_of(app), path or "/", query)

    app.clientside_callback(
        ClientsideFunction("offset", "arrived"), Output("focused", "data"), Input("page", "children")
    )


def _page_and_links(pages: PageCache, path: str, query: str | None, *, full: bool = True) -> tuple[Any, Any]:
    """Page and navigation for an address; a user-specific page is reduced to its title unless ``full``."""
    given = view_of(query)
    view = given.changed(model=given.model or model_version())
    page = page_of(path)
    if page is None:
        return waiting.unknown_page(path), navigation("", view)
    links = navigation(page.PATH, view)
    if not full and not pages.keeps(page, view):
        return html.H1(page.TITLE), links
    if not view.pinned:
        return pages.show(page, view), links
    pin(str(view.model))
    return [waiting.pinned(page, view), pages.show(page, view)], links


def _keep_choices(app: Dash) -> None:
    """Keep the shared choices and the address in step."""

    @app.callback(
        Output("url", "search"),
        *(Output(name, "value") for name in SHARED),
        Input("url", "search"),
        *(Input(name, "value") for name in SHARED),
        State("url", "search"),
    )
    @checked
    def keep(query: Text | None, *given: Text | None) -> tuple[Any, ...]:
        view = view_of(query)
        chosen = {prop.split(".")[0] for prop in callback_context.triggered_prop_ids} & set(SHARED)
        values = dict(zip(SHARED, given, strict=False))
        if not chosen or any(values[name] is None for name in SHARED):
            return (no_update, view.scenario, view.base, view.place, *lens_values(view.lens), view.per)
        scenarios = (values["scenario"], *(name for name in view.scenarios[1:] if name != values["scenario"]))
        wanted = view.changed(
            scenarios=scenarios,
            base=values["base"],
            place=values["place"],
            lens=lens_chosen(str(values["lens"]), str(values["frome"]), view.lens),
            per=values["per"],
            model=view.model or model_version(),
        )
        return (wanted.query(), *(no_update for _ in SHARED))


def _refuse_unknown_paths(app: Dash) -> None:
    """Respond with status 404 to unknown paths, for which Dash responds with 200."""

    def say_so(response: Response) -> Response:
        if response.status_code == 200 and request.endpoint in _ANY_PATH and page_of(request.path) is None:
            response.status_code = 404
        return response

    app.server.after_request(say_so)
