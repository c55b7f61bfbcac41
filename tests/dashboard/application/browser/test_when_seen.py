"""Content below the visible part of a page: drawn when the browser is idle, near it, saved or printed."""

from __future__ import annotations

import pytest

from tests.dashboard.application.browser.opened import Opened

pytestmark = pytest.mark.browser

NEVER_IDLE = "window.requestIdleCallback = () => 0;"
CHARTS = """() => [...document.querySelectorAll('#page .dash-graph')].map(one => !!one.querySelector('.main-svg'))"""
ALL_DRAWN = f"() => ({CHARTS})().every(drawn => drawn)"


@pytest.fixture
def busy(browser, address):
    """Page Who and where in a browser that never has nothing else to do."""
    context = browser.new_context()
    context.add_init_script(NEVER_IDLE)
    yield Opened(context, address, "/who")
    context.close()


def test_charts_below_are_drawn_without_scrolling_when_the_browser_is_idle(opened):
    here = opened("/money")
    here.page.wait_for_function(ALL_DRAWN)
    assert len(here.page.evaluate(CHARTS)) > 4
    assert here.page.evaluate("window.scrollY") == 0


def test_charts_that_wait_are_said_in_words_and_drawn_when_near_or_saved(busy):
    page = busy.page
    drawn = page.evaluate(CHARTS)
    assert drawn[0]
    assert not any(drawn[-3:])
    last = page.locator("#page .chart[role=img]").last
    assert len(last.get_attribute("aria-label")) > 50
    assert page.locator("#page [data-table] table").count() == page.locator("#page [data-table]").count() > 0
    with page.expect_download() as picture:
        page.evaluate("[...document.querySelectorAll('button[data-picture=svg]')].at(-1).click()")
    assert b"<svg" in picture.value.path().read_bytes()
    assert page.evaluate(CHARTS)[-1]
    assert not page.evaluate(CHARTS)[-2]
    page.locator("#page .dash-graph").nth(len(drawn) - 2).scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({CHARTS})().at(-2)")
    assert busy.complaints == []


def test_waiting_cards_are_drawn_for_keyboard_users_and_for_print(browser, address):
    context = browser.new_context()
    context.add_init_script(NEVER_IDLE)
    here = Opened(context, address, "/build")
    assert here.page.locator("#page .not-yet").count() > 0
    here.page.focus("#build-cards .card:nth-of-type(2) button:last-of-type >> nth=-1")
    here.sees("What it buys")
    here.page.keyboard.press("Tab")
    assert here.page.evaluate("document.activeElement.closest('.card').textContent").startswith("What it buys")
    here.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert here.page.locator("#page .not-yet").count() == 0
    here.sees("How it spreads over a county")
    assert here.complaints == []
    context.close()
