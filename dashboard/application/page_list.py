"""The pages, in the order of the navigation."""

from __future__ import annotations

from typing import Final

from dashboard.application.pages import (
    answer,
    calibration,
    certainty,
    compare,
    districts,
    evidence,
    hour,
    methods,
    money,
    people,
    runs,
    who,
    why,
)
from dashboard.application.pages.build import page as build
from dashboard.application.parts.page import Page

MAIN: Final[tuple[Page, ...]] = (answer, build, compare, people, districts, money)
"""The pages for everyone."""
CAREFUL: Final[tuple[Page, ...]] = (who, certainty, why, calibration, evidence, methods, hour, runs)
"""The pages for those who ask whether they can believe it."""
PAGES: Final = (*MAIN, *CAREFUL)
_MOVED: Final = {"/costs": money.PATH}
"""Earlier paths, in links that were kept."""


def page_of(path: str | None) -> Page | None:
    """The page of a path, or None."""
    wanted = (path or "/").rstrip("/") or "/"
    return next((page for page in PAGES if _MOVED.get(wanted, wanted) == page.PATH), None)
