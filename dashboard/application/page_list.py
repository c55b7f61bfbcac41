"""The pages, in the order of the navigation."""

from __future__ import annotations

from typing import Final

from dashboard.application.pages import (
    calibration,
    certainty,
    compare,
    costs,
    districts,
    evidence,
    hour,
    methods,
    runs,
    summary,
    who,
    why,
)
from dashboard.application.pages.build import page as build
from dashboard.application.parts.page import Page

PAGES: Final[tuple[Page, ...]] = (
    summary,
    compare,
    build,
    hour,
    costs,
    why,
    certainty,
    who,
    districts,
    evidence,
    calibration,
    methods,
    runs,
)


def page_of(path: str | None) -> Page | None:
    """The page of a path, or None."""
    wanted = (path or "/").rstrip("/") or "/"
    return next((page for page in PAGES if wanted == page.PATH), None)
