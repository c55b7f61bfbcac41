"""The dashboard in a real browser: accessible, complete on a phone, deaf to the outside, and steered by its address.

Pictures of every page are left in the folder that OFFSET_PICTURES names, if it names one.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from dashboard.application.page_list import PAGES
from dashboard.server.serving import secure
from tests.dashboard.finished import application, made_up_arms

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("OFFSET_CHROMIUM", "/usr/bin/chromium")
WIDE, TABLET, PHONE = 1440, 1024, 360
DRAWN = ".js-plotly-plot .main-svg"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    app = application(tmp_path_factory.mktemp("finished"), made_up_arms())
    secure(app)
    server = make_server("127.0.0.1", 0, app.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


class Opened:
    """A page in a window of some width, with what it complained of and what it asked of others."""

    def __init__(self, browser, address, path, width=WIDE):
        self.context = browser.new_context(viewport={"width": width, "height": 1000}, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.complaints, self.outside = [], []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._note(asked.url, address))
        self.page.goto(f"{address}{path}")
        self.page.wait_for_selector("#page h1")
        if self.page.query_selector("#page .chart[role=img]"):
            self.page.wait_for_selector(DRAWN)
        self.page.wait_for_load_state("networkidle")

    def _note(self, url, address):
        if not url.startswith((address, "data:", "blob:")):
            self.outside.append(url)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.context.close()


@pytest.mark.parametrize("width", [WIDE, TABLET, PHONE])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.TITLE)
def test_a_page_is_accessible_fits_and_calls_nobody(page, width, browser, address):
    from axe_playwright_python.sync_playwright import Axe

    with Opened(browser, address, page.PATH, width) as opened:
        found = Axe().run(opened.page)
        assert found.violations_count == 0, found.generate_report()
        assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert opened.outside == []
        assert opened.complaints == []
        pictures = os.environ.get("OFFSET_PICTURES")
        if pictures:
            name = page.TITLE.lower().replace(" ", "-")
            opened.page.screenshot(path=Path(pictures) / f"{name}-{width}.png", full_page=True)


def test_a_choice_changes_the_address_and_the_address_restores_it(browser, address):
    with Opened(browser, address, "/?scenarios=relational_offset") as opened:
        opened.page.click("#scenario")
        opened.page.click("text=Volunteers only")
        opened.page.wait_for_function(
            "() => document.querySelector('main h1').textContent.startsWith('Volunteers only')"
        )
        assert "scenarios=volunteers_only" in opened.page.url
        query = opened.page.url.split("?")[1]
    with Opened(browser, address, f"/costs?{query}") as opened:
        assert opened.page.inner_text(".compared").startswith("Volunteers only compared with")
        assert opened.page.input_value("#scenario") == "Volunteers only"


def test_the_navigation_keeps_the_view_and_moves_the_focus(browser, address):
    with Opened(browser, address, "/?scenarios=volunteers_only&per=total") as opened:
        opened.page.keyboard.press("Tab")
        assert opened.page.evaluate("document.activeElement.textContent") == "Skip to the page"
        opened.page.focus("nav a >> text=Certainty")
        opened.page.keyboard.press("Enter")
        opened.page.wait_for_selector("h1 >> text=Certainty")
        opened.page.wait_for_function("() => document.activeElement.id === 'page'")
        assert "per=total" in opened.page.url
        assert opened.page.title().startswith("Certainty")


def test_the_target_is_moved_with_the_keyboard_and_goes_into_the_address(browser, address):
    with Opened(browser, address, "/certainty?scenarios=relational_offset") as opened:
        before = opened.page.inner_text(".target")
        opened.page.focus("[role=slider]")
        opened.page.keyboard.press("ArrowLeft")
        opened.page.wait_for_function("before => document.querySelector('.target').innerText !== before", arg=before)
        assert "target_emergency_admissions=-" in opened.page.url


def test_scenarios_are_added_to_compare(browser, address):
    with Opened(browser, address, "/compare?scenarios=relational_offset") as opened:
        opened.page.focus("#compare-scenarios")
        opened.page.keyboard.type("Volunteers")
        opened.page.click("[role=option]:visible >> text=Volunteers only")
        opened.page.wait_for_function("() => location.search.includes('relational_offset,volunteers_only')")
        opened.page.wait_for_selector("#compare-table >> text=Volunteers only")
        assert "not clear with Volunteers only" in opened.page.inner_text("main")


def test_a_table_is_searched_in_the_browser(browser, address):
    with Opened(browser, address, "/evidence") as opened:
        opened.page.wait_for_selector(".ag-row")
        opened.page.fill("#evidence-table-search", "discount")
        opened.page.wait_for_function(
            "() => document.querySelectorAll('.ag-center-cols-container .ag-row').length < 10"
        )
        assert "iscount" in opened.page.inner_text(".ag-center-cols-container")


def test_the_flow_chart_alone_fetches_the_whole_chart_library(browser, address):
    with Opened(browser, address, "/hour?scenarios=relational_offset") as opened:
        opened.page.wait_for_selector(".sankey")
        assert opened.complaints == []
        scripts = opened.page.evaluate(
            "[...document.scripts].map(script => script.src).filter(src => src.includes('plotly.min'))"
        )
        assert len(scripts) == 1
    with Opened(browser, address, "/costs") as opened:
        assert not opened.page.evaluate("[...document.scripts].some(script => script.src.includes('plotly.min'))")


def test_build_is_walked_with_the_keyboard_alone(browser, address):
    with Opened(browser, address, "/build?scenarios=relational_offset") as opened:
        keys, seen = opened.page.keyboard, "() => document.activeElement.id + document.activeElement.textContent"

        def go_to(what, key):
            for _ in range(80):
                keys.press(key)
                if what in opened.page.evaluate(seen):
                    return
            raise AssertionError(f"{what} cannot be reached")

        go_to('"share"', "Tab")
        keys.press("Control+A")
        keys.type("99")
        opened.page.wait_for_selector("text=99 % is more than can be automated")
        assert '"share"' in opened.page.evaluate(seen)  # the focus stays where one types
        assert opened.page.get_attribute(":focus", "aria-invalid") == "true"
        go_to("Undo", "Shift+Tab")
        keys.press("Enter")
        opened.page.wait_for_selector("text=No faults: this can be run and saved.")
        assert "Undo" in opened.page.evaluate(seen)
        go_to("Add money from elsewhere", "Tab")
        keys.press("Enter")
        opened.page.wait_for_selector("legend >> text=1. health connectors, NHS")
        assert "Add money from elsewhere" in opened.page.evaluate(seen)
        assert opened.complaints == []
        assert opened.outside == []
