"""The dial of page Answer and the sliders of page Plan in a real browser, on what ships: nothing has been run."""

from __future__ import annotations

import pytest

from dashboard.application.app import create_app
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.settings import Settings
from tests.dashboard.application.browser.opened import PHONE, WIDE, Opened, served
from tests.dashboard.application.browser.test_every_page import assert_accessible

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The address of a dashboard without finished runs."""
    app = create_app(Settings(tmp_path_factory.mktemp("nothing"), prepare=False))
    with served(app) as found:
        yield found
    state_of(app).jobs.close()
    state_of(app).drafts.close()


@pytest.fixture
def opened(window, shipped):
    pages = []

    def open_page(path, width=WIDE):
        pages.append(Opened(window, shipped, path, width))
        return pages[-1]

    yield open_page
    for one in pages:
        one.page.close()


def turn(here, slider, last, times):
    """Press the right arrow on a slider, and wait until an element begins with what it says at the last position."""
    here.page.focus(f"#{slider} [role=slider]")
    for _ in range(times):
        here.page.keyboard.press("ArrowRight")
    here.page.wait_for_function(
        "([place, text]) => document.querySelector(place).innerText.startsWith(text)", arg=list(last)
    )
    here.settle()


def test_the_dial_answers_and_the_link_keeps_its_place(opened):
    here = opened("/")
    turn(here, "dial", ("#advice .takes", "What it takes: 2 times the plan."), times=10)
    turned = here.page.inner_text("#answer")
    assert "times=2" in here.page.url
    shapes = here.page.evaluate(
        "() => document.querySelector('#dose .js-plotly-plot').layout.shapes.map(one => one.x0)"
    )
    assert 2 in shapes
    again = opened(here.page.url.removeprefix(here.address))
    assert again.page.inner_text("#answer") == turned
    assert here.complaints == again.complaints == []


def test_a_slider_of_page_plan_answers_and_the_link_keeps_it(opened):
    here = opened("/plan")
    turn(here, "plan-new_money", ("#plan-new_money-said", "£20 a resident"), times=20)
    turned = here.page.inner_text("#plan-signs")
    assert "new_money=20" in here.page.url
    again = opened(here.page.url.removeprefix(here.address))
    assert again.page.inner_text("#plan-signs") == turned
    assert here.complaints == again.complaints == []


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("path", ["/", "/?place=mendip", "/plan", "/compare", "/people", "/districts"])
def test_what_ships_is_accessible_and_fits(opened, path, width):
    here = opened(path, width)
    assert here.fits()
    assert_accessible(here)
    assert here.complaints == []
    assert here.outside == []
    here.picture(f"shipped-{path.strip('/?').partition('=')[2] or path.strip('/') or 'answer'}-{width}")
