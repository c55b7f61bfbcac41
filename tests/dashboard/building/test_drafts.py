"""Drafts and saved files on disk: history, ownership, and no access outside their folder."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest

from dashboard.building import edits
from dashboard.building.check import check
from dashboard.building.drafts import LARGEST, Draft, DraftError, Drafts, opened
from simulator.api import load, specify_comparable
from simulator.errors import ProgrammeError, StoreError
from simulator.places import load_place
from simulator.results.run_record import model_version
from tests.dashboard.building.test_building import COMMENTED, WALKING_GROUP


@pytest.fixture
def drafts(tmp_path):
    store = Drafts(tmp_path / "drafts")
    yield store
    store.close()


def test_undo_and_redo_go_through_every_text_and_a_new_edit_forgets_what_was_undone(drafts, monkeypatch):
    monkeypatch.setattr("dashboard.building.drafts.MOST_STEPS", 5)
    draft = drafts.new("anna", "baseline", "a: 1\n")
    for number in range(2, 10):
        draft = drafts.change(draft.id, "anna", lambda _, number=number: f"a: {number}\n")
    assert (draft.earlier, draft.later) == (4, 0)
    draft = drafts.undo(draft.id, "anna")
    draft = drafts.undo(draft.id, "anna")
    assert draft.later == 2
    assert drafts.redo(draft.id, "anna").text == "a: 8\n"
    draft = drafts.change(draft.id, "anna", lambda _: "b: 1\n")
    assert (draft.text, draft.later) == ("b: 1\n", 0)
    assert drafts.change(draft.id, "anna", lambda text: text) == draft


def test_edits_at_the_same_time_are_all_kept(drafts):
    draft = drafts.new("anna", "baseline", "0")
    people = [
        threading.Thread(target=drafts.change, args=(draft.id, "anna", lambda text: str(int(text) + 1)))
        for _ in range(12)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert drafts.get(draft.id).text == "12"


def test_a_draft_can_be_changed_by_its_owner_and_read_by_anyone(drafts, messages):
    draft = drafts.new("anna", "baseline", COMMENTED)
    assert drafts.get(draft.id).text == COMMENTED
    with messages.raised(DraftError):
        drafts.change(draft.id, "ben", lambda _: "mine now")
    assert drafts.latest("ben") is None
    for name in ("../jobs", "0" * 16, ""):
        with messages.raised(DraftError):
            drafts.get(name)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a" * 81, "A", "con fusion"])
def test_names_cannot_leave_the_folder(drafts, name, messages):
    with messages.raised(DraftError):
        drafts.save("anna", name, "x")


@pytest.mark.parametrize("owner", ["..", "../../etc", "/", "anna"])
def test_owners_cannot_leave_the_folder_either(drafts, owner, tmp_path):
    path = drafts.save(owner, "my_plan", COMMENTED)
    assert path.resolve().is_relative_to(tmp_path / "drafts" / "saved")
    assert drafts.saved(owner) == ("my_plan",)


def test_a_shipped_name_is_refused_and_a_saved_file_is_one_that_runs(drafts, messages):
    with messages.raised(DraftError):
        drafts.save("anna", "baseline", COMMENTED)
    path = drafts.save("anna", "my_plan", COMMENTED)
    assert specify_comparable([load(path)], place="frome").specs[0].scenario.title == "My plan"
    path = drafts.save("anna", "next_plan", edits.extending(load(path), "next_plan"))
    assert load(path).automate == load(path.with_name("my_plan.yaml")).automate


def test_only_small_texts_are_opened(messages):
    assert opened("\ufeffname: é\n".encode(), "x.yaml") == "name: é\n"
    with messages.raised(DraftError):
        opened(b"x" * (LARGEST + 1), "big.yaml")
    with messages.raised(DraftError):
        opened(b"\xff\xfe\x00", "x.yaml")


def test_a_programme_file_is_checked_before_it_is_kept(drafts, messages):
    assert (
        drafts.save_programme("anna", "walking_group.yaml", WALKING_GROUP.read_text(encoding="utf-8"))
        == "walking_group"
    )
    text = COMMENTED.replace("health_connectors", "walking_group") + "programmes: [walking_group.yaml]\n"
    assert check(text, drafts.folder_of("anna") / "draft.yaml", load("baseline"), load_place("frome")).problems == ()
    with pytest.raises(ProgrammeError):
        drafts.save_programme("anna", "broken.yaml", "unit_cost: 3\n")
    assert drafts.saved("anna") == ()  # it is no scenario to begin from
    assert sorted(path.name for path in drafts.folder_of("anna").iterdir()) == ["checked", "walking_group.yaml"]
    with messages.raised(DraftError):
        drafts.save_programme("anna", "Bad Name.yaml", "unit_cost: 3\n")


def test_scenarios_and_programmes_do_not_overwrite_each_other(drafts, messages):
    programme = WALKING_GROUP.read_text(encoding="utf-8")
    drafts.save_programme("anna", "walking_group.yaml", programme)
    with messages.raised(DraftError):
        drafts.save("anna", "walking_group", COMMENTED)
    drafts.save("ben", "walking_group", COMMENTED)
    with messages.raised(DraftError):
        drafts.save_programme("ben", "walking_group.yaml", programme)
    with messages.raised(DraftError):
        drafts.save_programme("ben", "frome.yaml", programme)
    assert drafts.path_of("ben", "walking_group").read_text(encoding="utf-8") == COMMENTED


def test_a_draft_cannot_grow_beyond_what_may_be_opened(drafts, messages):
    draft = drafts.new("anna", "baseline", COMMENTED)
    with messages.raised(DraftError):
        drafts.change(draft.id, "anna", lambda text: text + "#" * LARGEST)
    assert drafts.get(draft.id).text == COMMENTED


def test_drafts_of_the_previous_version_are_readable(tmp_path):
    with closing(sqlite3.connect(tmp_path / "drafts.sqlite")) as before, before:
        before.execute(
            "CREATE TABLE drafts (id VARCHAR NOT NULL, owner VARCHAR NOT NULL, start VARCHAR NOT NULL,"
            " texts TEXT NOT NULL, step INTEGER NOT NULL, changed FLOAT NOT NULL, model_version VARCHAR NOT NULL,"
            " PRIMARY KEY (id))"
        )
        row = ("0123456789abcdef", "anna", "baseline", '["a: 1\\n", "a: 2\\n"]', 0, 1.5, "0.0.1+0123abcd")
        before.execute("insert into drafts values (?, ?, ?, ?, ?, ?, ?)", row)
    with closing(Drafts(tmp_path)) as drafts:
        assert drafts.latest("anna") == Draft(*row[:3], "a: 1\n", 0, 1, "0.0.1+0123abcd")
        changed = drafts.redo(row[0], "anna")
        assert (changed.text, changed.model_version) == ("a: 2\n", model_version())


def test_drafts_that_cannot_be_read_are_named_with_what_to_do(tmp_path, messages):
    with closing(sqlite3.connect(tmp_path / "drafts.sqlite")) as other:
        other.execute("create table drafts (id text)")
    with messages.raised(StoreError):
        Drafts(tmp_path)
