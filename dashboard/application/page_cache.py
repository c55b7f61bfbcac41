"""Cache of pages that are the same for all users, valid while view and finished runs are the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, NamedTuple, cast

from dash import Dash
from dash.development.base_component import Component

from dashboard.application.page_list import PAGES
from dashboard.application.pages import runs
from dashboard.application.pages.build import page as build
from dashboard.application.parts import waiting
from dashboard.application.parts.app_state import current_state
from dashboard.application.parts.page import Page
from dashboard.runs import Phase
from dashboard.runs.view import View
from simulator.results.folder import RECORD

MOST: Final = 60
"""Maximum number of cached pages, of up to a few hundred kilobytes each."""
_KEY: Final = "relational_offset_pages"
_OWN: Final = (build.PATH, runs.PATH)
"""Pages that show a user's own work or running jobs; no other page may depend on the user."""


class PageCache:
    """The pages of one application. Threads may share it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], Component] = OrderedDict()
        self._turns = {page.PATH: threading.Lock() for page in PAGES}

    def show(self, page: Page, view: View) -> Component:
        """The page for a view, or its replacement (see `waiting`); in an application's context."""
        return waiting.or_page(cast(Page, _CachedPage(page, self)) if self.keeps(page, view) else page, view)

    def keeps(self, page: Page, view: View) -> bool:
        """Whether a page of this view is the same for all users."""
        return page.PATH not in _OWN and not view.pinned

    def layout(self, page: Page, view: View) -> Component:
        """The page for a view, from the cache or new. Raises as the page does; nothing is cached then."""
        with self._turns[page.PATH]:  # simultaneous requests wait for the first one
            key = (page.PATH, view.query(), _finished())
            found = self._kept.pop(key, None) or page.layout(view)
            self._kept[key] = found
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found

    def make_ready(self, app: Dash, view: View) -> threading.Thread:
        """Create the pages of a view in the background, before they are requested."""

        def make() -> None:
            with app.server.app_context():
                for page in PAGES:
                    if self.keeps(page, view):
                        self.show(page, view)

        thread = threading.Thread(target=make, name="make-ready", daemon=True)
        thread.start()
        return thread


class _CachedPage(NamedTuple):
    """A page with a cached layout."""

    page: Page
    pages: PageCache

    @property
    def PATH(self) -> str:  # noqa: N802 - named as a page's
        return self.page.PATH

    @property
    def TITLE(self) -> str:  # noqa: N802 - named as a page's
        return self.page.TITLE

    def layout(self, view: View) -> Component:
        return self.pages.layout(self.page, view)


def install_page_cache(app: Dash, pages: PageCache) -> None:
    """Give an application its page cache."""
    app.server.extensions[_KEY] = pages


def page_cache_of(app: Dash) -> PageCache:
    """The page cache of an application."""
    return cast(PageCache, app.server.extensions[_KEY])


def _finished() -> tuple[object, ...]:
    """A value that changes with the finished runs."""
    folder = current_state().library.folder / current_state().library.version
    records = sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob(RECORD))
    return (*records, *(state.key for state in current_state().jobs.states() if state.phase is Phase.FINISHED))
