"""The town in a real browser: stepped with the keyboard, played and paused, and still for those who ask for it."""

from __future__ import annotations

import pytest

from tests.dashboard.application.browser.opened import Opened

pytestmark = pytest.mark.browser

DRAWN = "() => [...document.querySelectorAll('[data-arm] canvas')].map(one => one.toDataURL())"


def week(here):
    return int(here.page.inner_text(".town-controls output").split()[1])


def test_the_town_is_stepped_with_the_keyboard_and_both_pictures_follow(opened):
    here = opened("/people")
    before, pictures = week(here), here.page.evaluate(DRAWN)
    assert pictures[0] != pictures[1]
    here.reach("town-play")
    assert here.page.inner_text("#town-play") == "On by 13 weeks"
    here.press("Enter")
    assert week(here) == before + 13
    here.reach("town-week")
    here.press("ArrowRight")
    assert week(here) == before + 14
    after = here.page.evaluate(DRAWN)
    assert all(one != other for one, other in zip(pictures, after, strict=True))
    assert f"Week {before + 14}. Without the plan: " in here.page.get_attribute("#town-week", "aria-valuetext")
    assert here.complaints == []


def test_the_town_plays_only_when_asked_and_stops_when_asked(browser, address):
    lively = browser.new_context(reduced_motion="no-preference")
    lively.set_default_timeout(60_000)
    here = Opened(lively, address, "/people")
    start = week(here)
    here.page.wait_for_timeout(600)
    assert week(here) == start
    here.page.click("#town-play")
    here.page.wait_for_function(f"() => Number(document.querySelector('#town-week').value) > {start + 2}")
    here.page.click("#town-play")
    stopped = week(here)
    here.page.wait_for_timeout(600)
    assert week(here) == stopped
    lively.close()
