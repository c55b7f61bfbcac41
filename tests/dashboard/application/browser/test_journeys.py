"""Journeys of three users, from opening the dashboard to the file they take away, with their clicks and their time."""

from __future__ import annotations

import io
import json
import time

import pytest
from pptx import Presentation

from dashboard.application.app import create_app
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.settings import Settings
from dashboard.runs import Phase
from dashboard.server.access import THIS_COMPUTER
from dashboard.text.lens_names import shown_lenses
from tests.dashboard.application.browser.opened import Opened, served

pytestmark = pytest.mark.browser
COUNT = """addEventListener('pointerdown', event => { if (event.isTrusted) {
    sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1; } }, true)"""
MOST_CLICKS = 12
PATIENCE = 180.0
"""Seconds that the commissioner has."""


class Journey(Opened):
    """A page whose clicks are counted in the browser, and its time."""

    def __init__(self, browser, address, path="/"):
        self.context = browser.new_context(reduced_motion="reduce", accept_downloads=True)
        self.context.set_default_timeout(60_000)
        self.context.add_init_script(COUNT)
        self.begun = time.monotonic()
        super().__init__(self.context, address, path)

    def take_away(self, what):
        """Fold out the menu and take a file of this kind; return it with the clicks and seconds since opening."""
        self.page.click("text=Take away")
        with self.page.expect_download() as file:
            self.page.click(f"#page >> text={what}")
        made = io.BytesIO(file.value.path().read_bytes())
        found = int(self.page.evaluate("sessionStorage.clicks")), time.monotonic() - self.begun
        print(f"{file.value.suggested_filename}: {found[0]} clicks, {found[1]:.0f} seconds")  # noqa: T201 - the README's numbers
        return file.value.suggested_filename, made, *found

    def __exit__(self, *failure):
        if failure[0] is None:
            assert self.complaints == []
            assert self.outside == []
        self.context.close()


@pytest.fixture
def here(browser, town_address):
    with Journey(browser, town_address) as found:
        yield found


def test_a_commissioner_has_slides_of_her_district_at_her_size_without_running_anything(browser, tmp_path):
    app = create_app(Settings(tmp_path, prepare=False))
    with served(app) as address, Journey(browser, address) as her:
        her.page.click("#place")
        her.page.keyboard.type("Mendip")
        her.page.click("[role=option]:visible >> text=Mendip")
        her.page.wait_for_selector("#page h1:has-text('Relational offset in Mendip')")
        her.settle()
        dial = her.page.locator("#dial").bounding_box()
        her.page.mouse.click(dial["x"] + 0.3 * dial["width"], dial["y"] + 0.5 * dial["height"])
        her.page.wait_for_selector("#advice >> text=3 times the plan")
        said = her.page.inner_text("#answer").strip()
        name, made, clicks, seconds = her.take_away("PowerPoint slides")
    assert name == "relational_offset_mendip.pptx"
    slides = [slide.shapes.title.text_frame.text.replace("\u2060", "") for slide in Presentation(made).slides]
    assert len(slides) == 3
    assert slides[1] == said.replace("\u00a0", " ").replace("\u2060", "")
    assert clicks <= MOST_CLICKS
    assert seconds < PATIENCE
    state_of(app).jobs.close()
    state_of(app).drafts.close()


def test_a_commissioner_changes_the_plan_and_sees_her_own_result(here, town):
    assert here.page.inner_text("#page h1") == "Relational offset in My Town"
    assert here.page.locator("#page .tile").count() >= 4
    assert "Limitations" in here.page.inner_text("#page")
    here.go_to("Build")
    here.page.fill("#page [id*='\"title']", "Less of it")
    here.page.click("#page [aria-label^='Add: When it begins']")
    here.page.fill("#page [id*='years']", "2")
    here.page.click("#page button:has-text('Quick run')")
    finished = here.page.locator("#page >> text=Finished: 16 pairs of runs.")
    finished.nth(len(shown_lenses()) - 1).wait_for(timeout=240_000)  # a run a lens
    states = [one for one in state_of(town).jobs.states(THIS_COMPUTER) if one.title.startswith("Less of it")]
    assert {state.lens: state.phase for state in states} == dict.fromkeys(shown_lenses(), Phase.FINISHED)
    here.page.click("#page .run >> text=Answer >> nth=0")
    here.page.wait_for_selector("#page .tiles")
    assert here.page.inner_text("#page h1") == "Less of it in My Town"
    assert "16 pairs" in here.page.inner_text("#page") or "of 16" in here.page.inner_text("#page")
    here.picture("journey-commissioner")
    here.page.reload()
    here.page.wait_for_selector("#page .tiles")
    assert here.page.inner_text("#page h1") == "Less of it in My Town"


def test_a_policy_team_compares_two_plans_and_passes_the_view_on(here, browser):
    here.go_to("Compare")
    here.page.fill("#compare-scenarios", "Volunteers only")
    here.page.click("[role=option]:visible >> text=Volunteers only")
    here.page.wait_for_selector("#compare-table >> text=Volunteers only")
    here.settle()
    for name in ("Relational offset", "Volunteers only"):
        assert name in here.page.inner_text("#page .exhibit >> nth=0")
    assert "Simulated estimate, not an official statistic" in here.page.inner_text("#page figcaption >> nth=0")
    here.page.click("#page .exhibit summary >> nth=0")
    heads = here.page.inner_text("#page .exhibit table >> nth=0")
    assert "Lower" in heads
    assert "Upper" in heads
    strip = here.page.inner_text("#page .exhibit h3 >> nth=0")
    here.picture("journey-policy-team")
    name, made, clicks, _ = here.take_away("PowerPoint slides")
    assert name == "relational_offset_volunteers_only_my_town.pptx"
    assert any(shape.has_chart for slide in Presentation(made).slides for shape in slide.shapes)
    assert clicks <= MOST_CLICKS
    elsewhere = browser.new_context()
    other = Opened(elsewhere, here.address, here.page.url.removeprefix(here.address))
    assert other.page.inner_text("#page .exhibit h3 >> nth=0") == strip
    elsewhere.close()


def test_a_researcher_follows_a_number_from_the_fit_to_its_source_and_to_the_runs(here, town):
    here.go_to("Calibration")
    assert here.page.locator("#page .exhibit").count() >= 1
    here.go_to("Evidence")
    here.page.fill("#evidence-table-search", "realisation_rate")
    here.page.wait_for_function(
        "() => document.querySelectorAll('#evidence-table .ag-center-cols-container .ag-row').length === 2"
    )
    assert "used for something else" in here.page.inner_text("#evidence-table .ag-center-cols-container")
    here.go_to("Runs")
    row = here.page.inner_text("#runs-table .ag-center-cols-container .ag-row:has-text('Volunteers only')")
    assert "offset run volunteers_only --place my_town --seeds 0-3" in row
    here.picture("journey-researcher")
    here.go_to("Answer")
    _, made, clicks, _ = here.take_away("Run record")
    again = json.load(made)["reproduce"]
    assert any("offset compare relational_offset baseline" in line for line in again)
    assert clicks <= MOST_CLICKS
