"""The address determines the view of the dashboard, and choices change the address."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


def test_a_choice_changes_the_address_and_the_address_restores_it(opened):
    here = opened("/?scenarios=relational_offset")
    here.page.click("#scenario")
    here.page.click("text=Volunteers only")
    here.page.wait_for_function("() => document.querySelector('main h1').textContent.startsWith('Volunteers only')")
    assert "scenarios=volunteers_only" in here.page.url
    query = here.page.url.split("?")[1]
    here = opened(f"/money?{query}")
    assert here.page.inner_text(".compared").startswith("Volunteers only compared with")
    assert here.page.input_value("#scenario") == "Volunteers only"


def test_the_navigation_keeps_the_view_and_moves_the_focus(opened):
    here = opened("/?scenarios=volunteers_only&per=total")
    here.page.keyboard.press("Tab")
    assert here.page.evaluate("document.activeElement.textContent") == "Skip to the page"
    here.page.focus("nav summary >> text=Can I believe it?")
    here.page.keyboard.press("Enter")
    here.page.focus("nav a >> text=Certainty")
    here.page.keyboard.press("Enter")
    here.page.wait_for_selector("h1 >> text=Certainty")
    here.page.wait_for_function("() => document.activeElement.id === 'page'")
    assert "per=total" in here.page.url
    assert here.page.title().startswith("Certainty")


def test_the_target_is_moved_with_the_keyboard_and_goes_into_the_address(opened):
    here = opened("/certainty?scenarios=relational_offset")
    before = here.page.inner_text(".target")
    here.page.focus("[role=slider]")
    here.page.keyboard.press("ArrowLeft")
    here.page.wait_for_function("before => document.querySelector('.target').innerText !== before", arg=before)
    assert "target_emergency_admissions=-" in here.page.url


def test_scenarios_are_added_to_compare(opened):
    here = opened("/compare?scenarios=relational_offset")
    here.page.focus("#compare-scenarios")
    here.page.keyboard.type("Volunteers")
    here.page.click("[role=option]:visible >> text=Volunteers only")
    here.page.wait_for_function("() => location.search.includes('relational_offset,volunteers_only')")
    here.page.wait_for_selector("#compare-table >> text=Volunteers only")
    assert "too small to matter with Volunteers only" in here.page.inner_text("main")


def test_a_table_is_searched_in_the_browser(opened):
    here = opened("/evidence")
    here.page.wait_for_selector(".ag-row")
    here.page.fill("#evidence-table-search", "discount")
    here.page.wait_for_function("() => document.querySelectorAll('.ag-center-cols-container .ag-row').length < 10")
    assert "iscount" in here.page.inner_text(".ag-center-cols-container")


def test_the_flow_chart_alone_fetches_the_whole_chart_library(opened):
    here = opened("/hour?scenarios=relational_offset")
    here.page.wait_for_selector(".sankey")
    assert here.complaints == []
    scripts = here.page.evaluate(
        "[...document.scripts].map(script => script.src).filter(src => src.includes('plotly.min'))"
    )
    assert len(scripts) == 1
    here = opened("/money")
    assert not here.page.evaluate("[...document.scripts].some(script => script.src.includes('plotly.min'))")


def test_a_link_of_another_version_says_so_and_leads_to_this_one(opened):
    here = opened("/?scenarios=relational_offset&model=0.0.1%2B0123abcd")
    assert "It shows what model 0.0.1+0123abcd found, to be read only" in here.page.inner_text("[role=status]")
    here.page.click("text=Show it with this version")
    here.page.wait_for_selector("#page .tiles")
    assert "another version" not in here.page.inner_text("#page")
    assert "model=0.0.1" not in here.page.url
