"""The wording of the product's messages, stored in one file per room: `messages.txt`, in the folder of its tests.

A test passes messages to the fixture `messages`; other tests check the meaning only: the class of an error, the file,
line and field of a problem, names and numbers. `python -m pytest --update-messages` rewrites the files; any other run
reads them, and fails on a message that differs, is missing, or no longer occurs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]
HEARD = pytest.StashKey[dict[tuple[str, str], list[str]]]()
"""Messages of each passed test, by messages file and name of the test in it."""
COLLECTED = pytest.StashKey[set[tuple[str, str]]]()
"""Messages file and name of every collected test, if whole files were collected; -m and -k do not exclude tests."""
HEAD = "# What the product says in the tests of this room. Written by: python -m pytest --update-messages\n"


class Messages:
    """The messages of one test, compared in order with the stored ones."""

    def __init__(self, held: list[str], folder: Path, *, update: bool = False) -> None:
        self.heard: list[str] = []
        self._held, self._update = held, update
        self._folder = re.compile(re.escape(str(folder)) + r"([/\\][^/\\\s'\"]*\d)?(?=$|[/\\\s'\",.:;)])")

    def check(self, said: object, at: str | None = None, **names: object) -> None:
        """Compare a message, or the text of an error or other object, with the next stored message.

        A `FileError` must have problems ``at`` these lines and fields, as written by `where`. Values of ``names`` that
        differ between runs, such as a port, are replaced by their names, the model version by MODEL, temporary folders
        by TMP and this repository by ROOT.
        """
        from simulator.results.run_record import model_version

        text = str(said)
        for name, value in {**names, "MODEL": model_version()}.items():
            text = text.replace(str(value), name)
        text = self._folder.sub("TMP", text).replace(str(TESTS.parent), "ROOT")
        text = "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))
        number = len(self.heard)
        self.heard.append(text)
        if not self._update:
            assert text == (self._held[number] if number < len(self._held) else None), (
                "not the message that is stored in messages.txt"
            )
        assert at is None or where(said) == at

    def done(self) -> None:
        """Check that every stored message occurred."""
        assert self._update or self._held[len(self.heard) :] == [], "stored in messages.txt but no longer occurs"

    @contextmanager
    def raised(
        self, kind: type[BaseException], at: str | None = None, **names: object
    ) -> Iterator[pytest.ExceptionInfo[Any]]:
        """Expect an error of this class, and check its message."""
        with pytest.raises(kind) as caught:
            yield caught
        self.check(caught.value, at, **names)

    @contextmanager
    def warned(self, kind: type[Warning], **names: object) -> Iterator[None]:
        """Expect one warning of this class, and check its message."""
        with pytest.warns(kind) as caught:
            yield
        (warning,) = caught
        self.check(warning.message, **names)


def about(said: object, *names: str) -> str:
    """The lines of a text that contain all of these names or numbers; its sentences, if it has only one line."""
    text = str(said)
    parts = text.splitlines() if "\n" in text else re.split(r"(?<=[.?!]) ", text)
    found = [" ".join(part.split()) for part in parts if all(name in part for name in names)]
    assert found, f"there is no line about {', '.join(names)}"
    return "\n".join(found)


def titles(said: object) -> str:
    """The lines of a printed text without numbers: titles, heads of tables, advice."""
    lines = (" ".join(re.sub("[^\\w\\s.,:;()'£%/-]", " ", line).split()) for line in str(said).splitlines())
    return "\n".join(line for line in lines if re.search("[a-z]", line) and not re.search(r"\d", line))


def headings(page: str) -> str:
    """The headings of a page of HTML."""
    found = re.findall(r"(?s)<h[1-4][^>]*>(.*?)</h[1-4]>", page)
    return "\n".join(" ".join(re.sub("<[^>]+>", "", heading).split()) for heading in found)


def without_numbers(said: object) -> str:
    """A message with # for every number and with closed-up columns, for numbers that depend on real runs."""
    return re.sub("[ ─]+", " ", re.sub(r"(?:(?<=\s)[+-])?\d+(?:[.,:]\d+)*", "#", str(said)))


def unboxed(said: str) -> str:
    """The text that the command line printed in a box, as one line."""
    return " ".join(re.sub("[│╭╮╰╯─]", " ", said).split())


def where(error: Any) -> str:
    """Line and field of every problem of a `FileError`: ``3 residents; 5 age.shares``."""
    places = [(problem.line, problem.field) for problem in error.problems]
    return "; ".join(" ".join(str(part) for part in place if part) for place in places)


def key_of(item: pytest.Item) -> tuple[str, str]:
    """The messages file of a test's room, and the name of the test in it."""
    room, file = _room_of(item.path)
    return room, f"{file}::{item.name}"


@lru_cache(maxsize=1024)
def _room_of(file: Path) -> tuple[str, str]:
    room = TESTS.joinpath(*file.relative_to(TESTS).parent.parts[:2])
    return str(room / "messages.txt"), file.relative_to(room).as_posix()


@lru_cache(maxsize=64)
def read(room: str) -> Mapping[str, list[str]]:
    """The stored messages of a room by test: ``| `` begins a message, ``> `` continues it."""
    held: dict[str, list[str]] = {}
    said: list[str] = []
    text = Path(room).read_text(encoding="utf-8") if Path(room).is_file() else ""
    for line in text.splitlines():
        if line.startswith("|"):
            said.append(line[2:])
        elif line.startswith(">"):
            said[-1] += f"\n{line[2:]}"
        elif line and not line.startswith("#"):
            said = held[line] = []
    return held


def rewrite(heard: Mapping[tuple[str, str], list[str]], collected: Collection[tuple[str, str]]) -> None:
    """Rewrite the files of all rooms with messages, without leftovers."""
    for room in {room for room, _ in heard}:
        held = {**read(room), **{name: said for (where, name), said in heard.items() if where == room}}
        gone = left_over(room, held, collected)
        parts = [HEAD]
        for name in sorted(name for name, said in held.items() if said and name not in gone):
            lines = [line for text in held[name] for line in f"| {text}".replace("\n", "\n> ").split("\n")]
            parts.append("\n".join([name, *map(str.rstrip, lines), ""]))
        if len(parts) > 1:
            Path(room).write_text("\n".join(parts), encoding="utf-8", newline="\n")
        else:
            Path(room).unlink(missing_ok=True)


def left_over(room: str, names: Iterable[str], collected: Collection[tuple[str, str]]) -> list[str]:
    """Tests of a room that no longer exist: their file is missing, or was collected without them."""
    files = {name.split("::")[0] for where, name in collected if where == room}
    return [
        name
        for name in names
        for file in [name.split("::")[0]]
        if not Path(room).with_name(file).exists() or (file in files and (room, name) not in collected)
    ]
