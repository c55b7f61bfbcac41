"""Chromium, started once, and a dashboard over finished runs in it."""

from __future__ import annotations

import os

import pytest

from dashboard.application.app import create_app
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.settings import Settings
from dashboard.runs.library import Library
from dashboard.text.lens_names import shown_lenses
from simulator.api import load, run_comparable, specify_comparable
from tests.dashboard.application.browser.opened import CHROMIUM, Opened, served
from tests.dashboard.credibility.test_simulated_studies import found as made_up_studies
from tests.helpers.finished_runs import application, made_up_arms, read_through
from tests.helpers.place_files import GOOD, write


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def window(browser):
    """Windows of a user who prefers reduced motion; they share a cache."""
    made = browser.new_context(reduced_motion="reduce")
    made.set_default_timeout(60_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A dashboard over made-up runs that differ clearly, with simulated studies through the first lens."""
    app = application(tmp_path_factory.mktemp("finished"), made_up_arms())
    state_of(app).library.keep_evaluation(made_up_studies(), shown_lenses()[0])
    with served(app) as found:
        yield found


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The application of a dashboard that can run: a place of 2,000, where two plans have been run for a year."""
    folder = tmp_path_factory.mktemp("town")
    place = write(folder, GOOD.replace("12000", "2000"))
    app = create_app(Settings(folder / "finished", place=str(place), workers=os.cpu_count(), prepare=False))
    library = Library(folder / "finished")
    for results in run_comparable(_specs(place), range(4), 1):
        for lens in shown_lenses():
            library.keep(read_through(results, lens), lens)
    held = state_of(app)
    yield app
    held.jobs.close()
    held.drafts.close()


@pytest.fixture(scope="module")
def town_address(town):
    with served(town) as found:
        yield found


@pytest.fixture
def opened(window, address):
    """Opens a page of the dashboard over made-up runs."""
    pages = []

    def open_page(path, width=1440):
        pages.append(Opened(window, address, path, width))
        return pages[-1]

    yield open_page
    for one in pages:
        one.page.close()


def _specs(place):
    plans = [load(name) for name in ("baseline", "relational_offset", "volunteers_only")]
    return specify_comparable(plans, place=place, years=1).specs
