"""Wording is stored in `messages.txt` of each room: different, missing and unused messages are found."""

from __future__ import annotations

import pytest

from simulator.errors import PlaceError, Problem
from tests.helpers.messages import (
    COLLECTED,
    TESTS,
    Messages,
    left_over,
    read,
    rewrite,
    unboxed,
    where,
    without_numbers,
)

HELD = ["first", "second\n\n  line"]


def test_messages_as_stored_pass(tmp_path):
    heard = Messages(HELD, tmp_path)
    heard.check("first")
    heard.check(ValueError("second\n\n  line  "))
    heard.done()


@pytest.mark.parametrize("said", [["First"], ["first", "second"], [*HELD, "third"]])
def test_different_or_unknown_messages_fail(tmp_path, said):
    heard = Messages(HELD, tmp_path)
    for one in said[:-1]:
        heard.check(one)
    with pytest.raises(AssertionError, match=r"not the message that is stored in messages\.txt"):
        heard.check(said[-1])


def test_stored_messages_that_no_longer_occur_fail(tmp_path):
    heard = Messages(HELD, tmp_path)
    heard.check("first")
    with pytest.raises(AssertionError, match="no longer occurs"):
        heard.done()


def test_values_that_differ_between_runs_have_placeholders(tmp_path):
    heard = Messages([], tmp_path, update=True)
    heard.check(f"{tmp_path}/test_it0/runs is not in {TESTS}, but at 127.0.0.1:5123.", PORT=5123)
    heard.check(f"'{tmp_path}/test_it_again12'")
    assert heard.heard == ["TMP/runs is not in ROOT/tests, but at 127.0.0.1:PORT.", "'TMP'"]


def test_errors_and_warnings_are_checked_by_class_and_wording(tmp_path):
    problem = Problem(str(tmp_path / "town.yaml"), 3, "residents", "'many' is no number", "Write 1 or more")
    heard = Messages([], tmp_path, update=True)
    with heard.raised(PlaceError, at="3 residents") as refused:
        raise PlaceError([problem])
    assert where(refused.value) == "3 residents"
    with pytest.raises(AssertionError), heard.raised(PlaceError, at="4 residents"):
        raise PlaceError([problem])
    with pytest.raises(KeyError), heard.raised(PlaceError):
        raise KeyError("another")
    assert len(heard.heard) == 2
    assert without_numbers("1,234.5 of 7 runs") == "# of # runs"
    assert unboxed("╭─ Error ──╮\n│ Write   │\n│ less.   │\n╰─────────╯") == "Error Write less."


def test_written_messages_are_read_back_without_leftovers(tmp_path):
    room = tmp_path / "messages.txt"
    (tmp_path / "test_a.py").touch()
    heard = {(str(room), f"test_{file}.py::test_{name}"): HELD for file in "ab" for name in ("x[|>]", "y")}
    rewrite({**heard, (str(room), "test_a.py::test_silent"): []}, [])
    written = room.read_text(encoding="utf-8")
    assert written.count("\n| first\n| second\n>\n>   line\n") == 2  # test_b.py is not there
    collected = [(str(room), "test_a.py::test_y"), (str(room), "test_a.py::test_z")]
    read.cache_clear()
    assert read(str(room)) == {"test_a.py::test_x[|>]": HELD, "test_a.py::test_y": HELD}
    names = read(str(room))
    assert left_over(str(room), names, []) == []
    assert left_over(str(room), names, collected) == ["test_a.py::test_x[|>]"]
    rewrite({(str(room), "test_a.py::test_y"): []}, collected)
    assert not room.exists()


def test_no_message_is_stored_for_a_missing_test(request):
    if request.config.option.update_messages:
        pytest.skip("messages are written after all tests")
    rooms = [str(room) for room in TESTS.rglob("messages.txt")]
    assert len(rooms) > 1
    assert [
        (room, gone) for room in rooms for gone in left_over(room, read(room), request.config.stash[COLLECTED])
    ] == []
