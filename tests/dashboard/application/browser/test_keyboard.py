"""Build and Compare with the keyboard alone: everything is reachable and announced, and the focus is kept."""

from __future__ import annotations

import pytest

from dashboard.application.parts.app_state import state_of
from dashboard.building.drafts import Drafts
from dashboard.runs import Phase
from dashboard.server.access import THIS_COMPUTER
from dashboard.text.lens_names import shown_lenses
from simulator.api import load
from tests.dashboard.application.browser.opened import Opened

pytestmark = pytest.mark.browser


@pytest.fixture
def here(window, town_address):
    found = Opened(window, town_address, "/")
    yield found
    assert found.complaints == []
    assert found.outside == []
    found.page.close()


def drafts_of(town) -> Drafts:
    return state_of(town).drafts


def walk_to(here, title, drawer="More"):
    """Fold out a part of the navigation and follow a link in it; the focus goes to the page."""
    here.reach(drawer)
    here.press("Enter")
    here.reach(title)
    here.press("Enter")
    here.page.wait_for_function("() => document.activeElement.id === 'page'")
    here.settle()


def fault_of(here) -> str:
    """The problem of the focused field as read by a screen reader."""
    return here.page.evaluate("""() => (document.activeElement.getAttribute('aria-describedby') || '').split(' ')
        .map(id => document.getElementById(id)).filter(one => one).map(one => one.textContent).join(' ')""")


def test_build_is_walked_from_opening_to_a_finished_run(here, town, tmp_path):
    here.reach("Skip to the page")
    walk_to(here, "Build")

    here.reach("1. GP practice, appointment booking")
    here.press("Enter")  # unfolds it
    here.reach('"share"')
    here.replace("99")
    here.sees("Correct one problem before running this")
    assert '"share"' in here.focused  # the focus stays where one types
    assert here.page.get_attribute(":focus", "aria-invalid") == "true"
    assert "99 % exceeds the automation ceiling" in fault_of(here)
    here.replace("50")
    here.sees("No problems: this can be run and saved.")
    here.sees("1. GP practice, appointment booking: 50 %")  # its heading says what its field does
    assert "exceeds the automation ceiling" not in fault_of(here)

    here.reach("Undo", "Shift+Tab")
    here.press("Enter")
    here.sees("Correct one problem before running this")
    assert "Undo" in here.focused
    here.reach("Redo")
    here.press("Enter")
    here.sees("No problems: this can be run and saved.")
    assert "Redo" in here.focused

    here.reach("Add money from elsewhere")
    here.press("Enter")
    here.sees("1. health connectors, NHS")
    assert "Add money from elsewhere" in here.focused

    here.reach("Add: When it begins")
    here.press("Enter")
    here.page.wait_for_selector("#page [aria-label^='Remove: When it begins']")
    here.page.wait_for_function("() => document.activeElement.id.includes('starts')")  # the first of its new fields
    here.reach("years")
    here.replace("2")
    here.page.wait_for_function("() => document.querySelector('#build-text').value.includes('years: 2')")

    here.reach("How it differs")
    here.press("ArrowRight")
    assert "The file (YAML)" in here.focused
    here.reach("build-text")
    here.press("Control+End")
    here.page.keyboard.type("\n# Agreed with reception.\n")
    here.press("Tab")
    here.page.wait_for_function("() => document.querySelector('#build-difference').textContent.includes('Agreed')")

    here.reach("Save", "Shift+Tab")
    here.press("Enter")
    here.sees("From the command line: offset run")
    path = drafts_of(town).path_of(THIS_COMPUTER, "my_relational_offset")
    assert "# Agreed with reception." in path.read_text(encoding="utf-8")
    assert load(path).automate[0].share == 0.5

    here.reach("Quick run (16 pairs)")
    here.press("Enter")
    here.sees("Asked for. It goes on if you close this page.")
    here.page.wait_for_selector("#page >> text=Finished: 16 pairs of runs.", timeout=240_000)
    assert "Quick run" in here.focused
    here.reach("Answer")
    here.press("Enter")
    here.page.wait_for_selector("#page .tiles")
    assert here.page.inner_text("#page h1") == "Relational offset, changed in My Town"
    states = state_of(town).jobs.states(THIS_COMPUTER)
    assert sorted(state.lens for state in states) == sorted(shown_lenses())
    assert (Phase.FINISHED, 16) in [(state.phase, state.pairs) for state in states]


def test_an_entry_with_a_problem_unfolds_and_stays_as_it_is_left(here):
    walk_to(here, "Build")
    tasks = "#build-cards .card:nth-of-type(2) details.entry"
    here.page.wait_for_selector(tasks)
    before = here.page.locator(tasks).count()
    assert here.page.locator(f"{tasks}[open]").count() == 0
    here.reach("Automate another task")
    here.press("Enter")  # proposes a task that is there already, which is a problem
    here.page.wait_for_selector(f"{tasks}.faulty[open]")
    assert (here.page.locator(tasks).count(), here.page.locator(f"{tasks}[open]").count()) == (before + 1, 1)
    here.page.click(f"{tasks}.faulty > summary")
    here.reach("Undo", "Shift+Tab")
    here.press("Enter")
    here.page.wait_for_function(f"tasks => document.querySelectorAll(tasks).length === {before}", arg=tasks)
    assert here.page.locator(f"{tasks}[open]").count() == 0


def test_a_saved_file_is_opened_with_the_keyboard(here, tmp_path):
    path = tmp_path / "my_plan.yaml"
    path.write_text("extends: relational_offset\nname: my_plan\ntitle: Mine\nquestion: What if?\n", encoding="utf-8")
    here.page.on("filechooser", lambda chooser: chooser.set_files(path))
    walk_to(here, "Build")
    here.reach("Open a file")
    here.press("Enter")
    here.page.wait_for_function("() => [...document.querySelectorAll('#page input')].some(one => one.value === 'Mine')")
    assert "draft=" in here.page.url


def test_compare_is_walked_with_the_keyboard(here):
    walk_to(here, "Compare")
    here.reach("compare-scenarios")
    here.page.keyboard.type("Volunteers only")
    here.press("ArrowDown", "Enter")
    here.page.wait_for_function("() => location.search.includes('relational_offset,volunteers_only')")
    here.page.wait_for_selector("#compare-table >> text=Volunteers only")
    here.page.wait_for_function("() => document.activeElement.id === 'compare-scenarios'")

    here.reach("Table of the numbers")
    here.press("Enter")
    assert here.page.evaluate("document.activeElement.parentElement.open")
    here.press("Tab")
    assert here.page.evaluate("document.activeElement.querySelectorAll('tbody tr').length") >= 2
    assert here.page.evaluate("document.activeElement.getAttribute('role')") == "region"

    here.reach("compare-table-search")
    here.page.keyboard.type("Deaths")
    here.page.wait_for_function(  # a row a scenario and lens
        "rows => document.querySelectorAll('#compare-table .ag-center-cols-container .ag-row').length === rows",
        arg=2 * len(shown_lenses()),
    )

    here.reach("compare-scenarios", "Shift+Tab")
    here.press("Backspace")
    here.page.wait_for_function("() => !location.search.includes('volunteers_only')")
    here.page.wait_for_function("() => document.activeElement.id === 'compare-scenarios'")


def test_what_was_typed_last_is_saved_and_run_even_if_the_button_is_pressed_at_once(here, town):
    here.go_to("Build")
    here.page.fill("#page [id*='\"name']", "my_hasty_plan")
    here.page.click("#build-tools button:has-text('Save')")
    here.page.wait_for_selector("#page >> text=my_hasty_plan.yaml. From the command line")
    path = drafts_of(town).path_of(THIS_COMPUTER, "my_hasty_plan")
    assert load(path).name == "my_hasty_plan"
    here.page.fill("#page [id*='\"title']", "In haste")
    here.page.click("#page button:has-text('Promise posts')")
    here.page.wait_for_function("() => document.querySelector('#build-text').value.includes('commitments')")
    assert "title: In haste" in here.page.input_value("#build-text")
