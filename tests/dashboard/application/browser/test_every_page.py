"""Every page in a real browser: accessibility, narrow and enlarged windows, reduced motion, no outside requests."""

from __future__ import annotations

import pytest

from dashboard.application.page_list import PAGES
from tests.dashboard.application.browser.opened import PHONE, TABLET, WIDE, ZOOMED, Opened

pytestmark = pytest.mark.browser

RULES = {"rules": {"target-size": {"enabled": True}}}
"""Of axe-core: all that it checks by itself, and the size of targets, which version 2.2 of the guidelines adds."""
MOVING = """() => [...document.querySelectorAll('body, body *')].filter(one => {
    const style = getComputedStyle(one);
    return style.animationName !== 'none' || style.transitionDuration.split(',').some(part => parseFloat(part) > 0);
}).length"""


def assert_accessible(here):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(here.page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.TITLE)
def test_a_page_is_accessible_fits_every_width_and_calls_nobody(page, opened):
    here = opened(page.PATH)
    assert_accessible(here)
    for width in (WIDE, TABLET, ZOOMED, PHONE):
        here.page.set_viewport_size({"width": width, "height": 1000})
        here.page.wait_for_timeout(150)  # charts are drawn again a moment after the window has changed
        assert here.fits(), width
        if width != ZOOMED:
            here.picture(f"{page.TITLE.lower().replace(' ', '-')}-{width}")
    assert here.outside == []
    assert here.complaints == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [TABLET, ZOOMED, PHONE])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.TITLE)
def test_a_page_is_accessible_at_every_width(page, width, opened):
    here = opened(page.PATH, width)
    assert_accessible(here)
    assert here.fits()


def test_nothing_is_lost_at_twice_the_size(browser, address):
    window = browser.new_context(viewport={"width": 640, "height": 480}, device_scale_factor=2)
    here = Opened(window, address, "/build?scenarios=relational_offset", 640)
    assert here.fits()
    for name in ("Undo", "Save", "Quick run", "The file (YAML)"):
        button = here.page.locator(f"#page button:has-text('{name}')").first
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 640
    window.close()


def test_nothing_moves_for_those_who_ask_for_less_motion(browser, window, address):
    still, lively = Opened(window, address, "/build"), browser.new_context(reduced_motion="no-preference")
    moving = Opened(lively, address, "/build")
    for one in (still, moving):
        one.page.click("#build-start")
    assert moving.page.evaluate(MOVING) > 0
    assert still.page.evaluate(MOVING) == 0
    lively.close()
    still.page.close()
