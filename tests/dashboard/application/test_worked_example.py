"""The worked example: missing parts are run once, and pages show the progress."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from dashboard.application.app import create_app
from dashboard.application.pages import answer, why
from dashboard.application.parts import waiting
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.settings import Settings
from dashboard.application.parts.worked_example import WorkedExample, example_scenarios
from dashboard.runs.library import Library
from dashboard.runs.view import View
from simulator.errors import StudyError
from simulator.scenario.parts import Calendar, Reinvestment
from simulator.scenario.scenario import load_scenario, scenario_names
from tests.helpers.finished_runs import ship_lenses
from tests.helpers.place_files import GOOD, write

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    place = write(folder, GOOD.replace("12000", "2000"))
    return Settings(
        folder / "finished",
        place=str(place),
        seeds=1,
        first_seeds=2,
        workers=1,
        scenarios=("relational_offset", "frome"),
        explained_seeds=1,
        causal_seeds=1,
        evaluated_seeds=1,
        prepare=False,
    )


@pytest.fixture(autouse=True, scope="module")
def evidence_alone(tmp_path_factory):
    """As if no lens were shipped: one reading is run, and not two."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("simulator.lenses.lens.SHIPPED", tmp_path_factory.mktemp("none"))
        yield


def shortened(name):
    """A shipped scenario of half a year, or of two years, as studies need; its baseline takes its calendar over.

    What is released goes to the complex care hub alone, so that an effect has fewer channels to be split by.
    """
    scenario = load_scenario(name)
    if name == "baseline":
        return scenario
    weeks = 104 if name == "frome" else 26
    reinvest = Reinvestment(share=scenario.reinvest.share, programmes={"complex_care_hub": 1.0})
    update = {"calendar": Calendar(starts=scenario.starts, weeks=weeks)}
    return scenario.model_copy(update=update if name == "frome" else {**update, "reinvest": reinvest})


@pytest.fixture(autouse=True, scope="module")
def short_calendars():
    with pytest.MonkeyPatch.context() as patch:
        for user in ("simulator.api", "dashboard.application.parts.worked_example"):
            patch.setattr(f"{user}.load", shortened)
        yield


@pytest.fixture(scope="module")
def app(settings):
    built = create_app(settings)
    with built.server.app_context():
        before = waiting.or_page(answer, View(place="my_town"))
        assert "These runs have not been run yet" in str(before)
    example = state_of(built).example
    example.start()
    example.join()
    return built


def test_each_scenario_has_its_base_on_its_own_calendar(app):
    library = state_of(app).library
    rows = library.rows()
    rows = rows[rows["lens"] == "evidence"]
    found = sorted(zip(rows["scenario"], rows["starts"], rows["weeks"], rows["replications"], strict=True))
    assert found == [
        ("baseline", "2013-04-01", 104, 1),
        ("baseline", "2026-04-01", 26, 2),
        ("frome", "2013-04-01", 104, 1),
        ("relational_offset", "2026-04-01", 26, 2),
    ]
    assert library.comparison("frome", "baseline", "my_town").baseline.record["starts"] == "2013-04-01"


def test_progress_and_completion_are_reported(app):
    progress = state_of(app).example.progress
    assert (progress.done, progress.total, progress.now, progress.problem) == (14, 14, "", None)
    assert not state_of(app).example.working


def test_existing_runs_are_not_repeated(app, settings):
    assert WorkedExample(Library(settings.folder), settings).missing() == []


def test_studies_of_a_programme_are_simulated_once_and_again_for_a_refitted_lens(app, settings, monkeypatch):
    frames, record = state_of(app).library.evaluation("complex_care_hub", "my_town")
    assert set(frames["estimates"]["design"]) == {"before-after", "matched", "did", "trial"}
    assert (record["seeds"], record["scenario"]) == ([0], "frome")
    assert record["findings"][0].startswith("A before-after study of the complex care hub would have reported -")
    again = WorkedExample(Library(settings.folder), settings)
    again.start()
    again.join()
    assert again.progress.total == 0
    without = WorkedExample(Library(settings.folder / "none"), replace(settings, evaluated_seeds=0))
    assert without._unevaluated() == []
    monkeypatch.setattr(Library, "evaluation", lambda *asked: (frames, {**record, "spec_hash": "00000000"}))
    assert again._unevaluated() == ["evidence"]


def test_a_place_without_study_members_does_not_stop_the_example(tmp_path, settings, monkeypatch):
    def refuse(*asked, **how):
        raise StudyError("nobody could be studied by the design trial")

    monkeypatch.setattr("dashboard.application.parts.worked_example.evaluate", refuse)
    alone = replace(settings, folder=tmp_path, scenarios=("frome",), explained_seeds=0, causal_seeds=0)
    example = WorkedExample(Library(tmp_path), alone)
    monkeypatch.setattr(example, "missing", list)
    example.start()
    example.join()
    assert (example.progress.done, example.progress.total, example.progress.problem) == (1, 1, None)


def test_the_first_scenario_is_run_at_each_causal_share_too(app):
    rows = state_of(app).library.rows()
    causal = rows[rows["lens"] != "evidence"]
    assert sorted(set(causal["lens"])) == ["evidence_causal_0", "evidence_causal_0.5"]
    assert set(causal["scenario"]) == {"baseline", "relational_offset"}
    assert set(causal["replications"]) == {1}


def test_every_shipped_lens_is_run_the_first_scenario_first(tmp_path, settings, monkeypatch):
    ship_lenses(tmp_path / "shipped", monkeypatch)
    tasks = WorkedExample(Library(settings.folder), settings).missing()
    both = ["as-claimed", "trial-evidence"]
    causal = [f"{lens}_causal_{share}" for share in ("0", "0.5") for lens in both]
    assert [task.lens for task in tasks] == [*both, *causal, *both, *both]
    assert [task.seeds for task in tasks] == [1, 1, 1, 1, 1, 1, 2, 2, 1, 1]
    assert tasks[0].specs[0].applied_lens.lens == "as-claimed"


def test_a_lens_that_was_refitted_is_run_again(app, settings, tmp_path, monkeypatch):
    ship_lenses(tmp_path / "shipped", monkeypatch)
    library = Library(tmp_path / "finished")
    example = WorkedExample(library, replace(settings, folder=library.folder, causal_seeds=0))
    first = example.missing()[0]
    kept = state_of(app).library.results("relational_offset", "my_town")
    library.keep(replace(kept, record={**kept.record, "spec_hash": first.specs[1].hash}), first.lens)
    assert [len(task.specs) for task in example.missing()[:2]] == [1, 2]
    library.keep(replace(kept, record={**kept.record, "spec_hash": "00000000"}), first.lens)
    assert [len(task.specs) for task in example.missing()[:2]] == [2, 2]


def test_pages_show_it_in_its_own_place(app):
    with app.server.app_context():
        page = waiting.or_page(why, View(place="my_town"))
    said = str(page)
    kinds = [type(part).__name__ for part in page._traverse()]
    assert "the largest part is" in said or "no channel has an effect" in said
    assert "offset attribute" not in said
    assert kinds.index("H1") < kinds.index("H2") < kinds.index("H3")


def test_the_example_holds_every_shipped_scenario_of_one_place():
    assert set(scenario_names()) - set(example_scenarios()) == {"baseline", "candles", "rollout"}
    assert example_scenarios()[0] == "relational_offset"


def test_an_error_is_reported_at_once(tmp_path, settings):
    blocked = tmp_path / "finished"
    blocked.write_text("a file where the folder should be")
    alone = replace(
        settings, folder=blocked, scenarios=("frome",), explained_seeds=0, evaluated_seeds=0, causal_seeds=0
    )
    example = WorkedExample(Library(blocked), alone)
    example.start()
    example.join()
    assert "finished" in (example.progress.problem or "")


def test_stopping_is_reported_and_keeps_nothing_incomplete(tmp_path, settings):
    early, amid = (
        WorkedExample(Library(tmp_path / name), replace(settings, folder=tmp_path / name)) for name in ("early", "amid")
    )
    early.stop()
    early.start()
    early.join()
    amid.start()
    while not amid.progress.done:
        time.sleep(0.01)
    amid.stop()
    amid.join()
    assert early.progress.problem == amid.progress.problem == "It was stopped before it was done."
    assert early.progress.done == 0
    assert all(row["replications"] == settings.seeds for _, row in Library(tmp_path / "amid").rows().iterrows())
    assert amid.progress.done < amid.progress.total
