"""Model versions with the same numbers: results of one hold for the others, of any other model for none."""

from __future__ import annotations

import pytest

from simulator.bundle import same_numbers as room
from simulator.bundle.same_numbers import are_the_same, confirm_same_numbers, is_this_model
from simulator.errors import FileError
from simulator.results.run_record import model_version

NOW = model_version().rpartition("+")[2]
HELD = '# Why.\nversions: ["0123abcd", "4567abcd"]\n'


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "same_numbers.yaml"
    path.write_text(HELD, encoding="utf-8")
    monkeypatch.setattr(room, "FILE", path)
    return path


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0.1.0+89abcdef", "0.2.0+89abcdef", True),
        ("0.1.0+0123abcd", "0.1.0+4567abcd", True),
        ("0.1.0+4567abcd", "0.1.0+0123abcd", True),
        ("0.1.0+0123abcd", "0.1.0+89abcdef", False),
        ("0.1.0+89abcdef", "0.1.0+01234567", False),
    ],
)
def test_versions_are_the_same_if_their_hash_is_or_if_both_are_in_the_file(file, one, other, same):
    assert are_the_same(one, other) is same


def test_a_confirmed_model_is_added_once_and_the_comment_is_kept(file):
    assert not is_this_model("0.1.0+0123abcd")
    confirm_same_numbers("0.1.0+0123abcd")
    assert is_this_model("0.1.0+0123abcd")
    assert file.read_text(encoding="utf-8") == HELD.replace("]", f', "{NOW}"]')
    for made_by in ("0.1.0+4567abcd", model_version()):
        confirm_same_numbers(made_by)
        assert file.read_text(encoding="utf-8").count(NOW) == 1


@pytest.mark.parametrize(("made_by", "versions"), [("0.1.0+89abcdef", ("89abcdef", NOW)), (model_version(), (NOW,))])
def test_versions_that_have_not_been_compared_with_what_was_made_are_dropped(file, made_by, versions):
    confirm_same_numbers(made_by)
    assert room.same_numbers() == versions
    assert not is_this_model("0.1.0+0123abcd")


def test_the_shipped_file_is_of_this_model():
    """Else its versions say nothing: 'offset bundle --confirm' adds this model, or no number is the same any more."""
    assert NOW in room.same_numbers()


def test_a_file_with_something_else_is_refused_with_what_it_should_be(file, messages):
    file.write_text("versions: [main]\n", encoding="utf-8")
    with pytest.raises(FileError) as refused:
        room.same_numbers()
    messages.check(refused.value)
