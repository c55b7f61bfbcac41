"""YAML as plain data with line numbers, for `simulator.foundations.input_files`.

Files contain data only: anchors, aliases and tags are refused, keys are text, and every key may occur once.
"""

from __future__ import annotations

import datetime
import math
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent, Event, MappingEndEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from simulator.errors import MOST_PROBLEMS, Problem

MOST_LEVELS: Final = 20
MOST_PARTS: Final = 10_000
"""Fields and entries of a file: more take seconds to read, and no file that the simulator reads needs them."""
LONGEST_KEY: Final = 200
LONGEST_TEXT: Final = 20_000
LONGEST_NUMBER: Final = 40
MOST_NUMBER: Final = 2**53
"""Whole numbers beyond this are not exact as floating-point numbers."""
Step = str | int
"""One step of a path into a file: a key, or a position in a list, counted from 0."""
Data = dict[str, "Data"] | list["Data"] | str | int | float | bool | datetime.date | None

_CONVERTED: Final = tuple(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null", "timestamp"))
_SYNTAX_HELP: Final = {
    "mapping values are not allowed": "Put text that contains a colon in quotes, and check the indentation",
    "could not find expected ':'": "Write every field as 'name: value'",
    "found unexpected end of stream": "Close the quotes or brackets opened above",
    "expected <block end>": "Indent all fields of a block by the same amount",
}


class _CannotGoOnError(Exception):
    """The text cannot be read further; the problem is already recorded."""


def dotted(path: tuple[Step, ...]) -> str:
    """A path as text.

    >>> dotted(("automate", 0, "share"))
    'automate[0].share'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


class YamlReader:
    """Builds plain data from the YAML events of a text and collects ``lines`` (1-based) and ``problems``."""

    def __init__(self, name: str) -> None:
        """``name`` is the file's name in messages."""
        self.name = name
        self.yaml = YAML(typ="safe", pure=True)
        self.scalars = YAML(typ="safe", pure=True)
        self.lines: dict[tuple[Step, ...], int] = {}
        self.problems: list[Problem] = []

    def read(self, text: str) -> Data:
        """The data of ``text``; meaningless if ``problems`` is not empty afterwards."""
        try:
            return self._document(text)
        except MarkedYAMLError as fault:
            self.problems.append(_syntax_problem(fault, text, self.name))
        except ReaderError as fault:
            line = text.count("\n", 0, fault.position) + 1
            wrong = f"the character {chr(fault.character)!r} is not allowed in text"
            self.problems.append(Problem(self.name, line, "", wrong, "Remove it"))
        except _CannotGoOnError:
            assert self.problems
        return None

    def _document(self, text: str) -> Data:
        events = (event for event in self.yaml.parse(text) if _ends(event) or hasattr(event, "anchor"))
        first = next(events, None)
        data = None if first is None else self._part(first, events, ())
        second = next(events, None)
        if second is not None:
            self._fault(second, (), "a second document begins here", "Keep one document per file: remove the '---'")
        return data

    def _part(self, event: Any, events: Iterator[Event], path: tuple[Step, ...]) -> Data:
        """The data that begins with ``event``."""
        self.lines.setdefault(path, event.start_mark.line + 1)
        if len(self.lines) > MOST_PARTS:
            self._fault(event, (), f"the file has more than {MOST_PARTS:,} fields and entries", "Give a smaller file")
            raise _CannotGoOnError
        if len(path) > MOST_LEVELS:
            self._fault(event, (), "the file is nested too deeply", f"Use at most {MOST_LEVELS} levels")
            raise _CannotGoOnError
        if isinstance(event, AliasEvent):
            self._fault(event, path, f"'*{event.anchor}' is an alias", "Write the value out")
            return None
        if event.anchor is not None:
            self._fault(event, path, f"'&{event.anchor}' is an anchor", "Remove it and write each value out")
        if event.tag is not None:
            self._fault(event, path, f"'{event.tag}' is a tag", "Remove it: plain values are enough")
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        if isinstance(event, SequenceStartEvent):
            return [self._part(item, events, (*path, index)) for index, item in enumerate(_until_end(events))]
        return self._mapping(events, path)

    def _mapping(self, events: Iterator[Event], path: tuple[Step, ...]) -> Data:
        found: dict[str, Data] = {}
        for key in _until_end(events):
            if not isinstance(key, ScalarEvent):
                self._fault(key, path, "a key is not plain text", "Write every field as 'name: value'")
                raise _CannotGoOnError
            unreadable = _unreadable(key.value, LONGEST_KEY)
            if unreadable is not None:
                self._fault(key, path, f"a field's name {unreadable[0]}", unreadable[1])
                raise _CannotGoOnError
            here = (*path, key.value)
            if key.value in found:
                wrong = f"'{key.value}' is given twice, first on line {self.lines[here]}"
                self._fault(key, here, wrong, "Keep one of the two")
            self.lines.setdefault(here, key.start_mark.line + 1)
            found[key.value] = self._part(next(events), events, here)
        return found

    def _scalar(self, event: ScalarEvent, path: tuple[Step, ...]) -> Data:
        tag = self.scalars.resolver.resolve(ScalarNode, event.value, event.implicit)
        if str(tag) not in _CONVERTED:
            unreadable = _unreadable(event.value, LONGEST_TEXT)
            if unreadable is not None:
                self._fault(event, path, f"the text {unreadable[0]}", unreadable[1])
                return None
            return str(event.value)
        if len(event.value) > LONGEST_NUMBER:
            wrong = f"the number has {len(event.value):,} characters"
            self._fault(event, path, wrong, "Write at most 15 digits")
            return None
        try:
            converted: Data = self.scalars.constructor.construct_object(ScalarNode(tag, event.value))
        except (ValueError, ArithmeticError):
            self._fault(event, path, f"'{event.value}' is not a date", "Write a date as 2026-04-01")
            return None
        overflows = isinstance(converted, float) and math.isinf(converted) and "inf" not in event.value.lower()
        if overflows or (isinstance(converted, int) and abs(converted) > MOST_NUMBER):
            self._fault(event, path, f"{event.value} is too large", "Write a number of at most 15 digits")
            return None
        return converted

    def _fault(self, event: Event, path: tuple[Step, ...], wrong: str, right: str) -> None:
        self.problems.append(Problem(self.name, event.start_mark.line + 1, dotted(path), wrong, right))
        if len(self.problems) >= MOST_PROBLEMS:
            raise _CannotGoOnError


def _unreadable(text: str, longest: int) -> tuple[str, str] | None:
    """What is wrong with a text, and what would be right, or None: it is too long, or has a character that is none."""
    if len(text) > longest:
        return f"has {len(text):,} characters", f"Write at most {longest:,}"
    for character in text if not text.isprintable() else "":
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            return f"contains the character {character!a}", "Remove it"
    return None


def _ends(event: Event) -> bool:
    return isinstance(event, MappingEndEvent | SequenceEndEvent)


def _until_end(events: Iterator[Event]) -> Iterator[Event]:
    for event in events:
        if _ends(event):
            return
        yield event


def _syntax_problem(fault: MarkedYAMLError, text: str, name: str) -> Problem:
    mark = fault.problem_mark or fault.context_mark
    line = None if mark is None else mark.line + 1
    lines = text.splitlines()
    if line is not None and line <= len(lines) and "\t" in lines[line - 1]:
        return Problem(name, line, "", "a tab was found where YAML requires spaces", "Indent with spaces")
    found = str(fault.problem or fault.context)
    right = next((advice for words, advice in _SYNTAX_HELP.items() if words in found), None)
    return Problem(name, line, "", f"this is not valid YAML: {found}", right or "Check indentation, quotes and colons")
