"""Journeys of three users, from opening the dashboard to the results they take away."""

from __future__ import annotations

import pytest

from dashboard.application.parts.app_state import state_of
from dashboard.runs import Phase
from dashboard.server.access import THIS_COMPUTER
from dashboard.text.lens_names import shown_lenses
from tests.dashboard.application.browser.opened import Opened

pytestmark = pytest.mark.browser


@pytest.fixture
def here(window, town_address):
    found = Opened(window, town_address, "/")
    yield found
    assert found.complaints == []
    assert found.outside == []
    found.page.close()


def test_a_commissioner_reads_the_finding_changes_the_plan_and_sees_her_own_result(here, town):
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
        "() => document.querySelectorAll('#evidence-table .ag-center-cols-container .ag-row').length === 1"
    )
    assert "used for something else" in here.page.inner_text("#evidence-table .ag-center-cols-container")
    here.go_to("Runs")
    row = here.page.inner_text("#runs-table .ag-center-cols-container .ag-row:has-text('Volunteers only')")
    assert "offset run volunteers_only --place my_town --seeds 0-3" in row
    here.picture("journey-researcher")
