"""The pages, in the order of the navigation."""

from __future__ import annotations

from typing import Final

from dashboard.application.pages import (
    answer,
    calibration,
    certainty,
    compare,
    costs,
    districts,
    evidence,
    hour,
    methods,
    runs,
    who,
    why,
)
from dashboard.application.pages.build import page as build
from dashboard.application.parts.page import Page

MAIN: Final[tuple[Page, ...]] = (answer, build, compare, who, districts, costs)
"""The pages for everyone."""
CAREFUL: Final[tuple[Page, ...]] = (certainty, why, calibration, evidence, methods, hour, runs)
"""The pages for those who ask whether they can believe it."""
PAGES: Final = (*MAIN, *CAREFUL)


def page_of(path: str | None) -> Page | None:
    """The page of a path, or None."""
    wanted = (path or "/").rstrip("/") or "/"
    return next((page for page in PAGES if wanted == page.PATH), None)
