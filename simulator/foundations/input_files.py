"""Reading the files that users write: YAML with line numbers, and problems reported by line and field.

Evidence, places, scenarios and targets are all read here and checked by a pydantic model; `problems_from_pydantic`
turns pydantic's errors into the `Problem` objects of `simulator.errors`.
"""

from __future__ import annotations

import hashlib
import json
import re
import types
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from simulator.errors import FileError, Problem, did_you_mean
from simulator.foundations import yaml_reader
from simulator.foundations.cache import cache_text, cached_text
from simulator.foundations.yaml_reader import Step, dotted

MOST_BYTES: Final = 500_000
"""Size of the largest file, which takes up to a second to read; the largest one shipped has 30,000 bytes."""
MOST_FAULTS: Final = 1000
"""Errors of pydantic that are put into words."""
KEPT_ON_DISK: Final = ("simulator/lenses/", "simulator/places/", "simulator/programme_files/")
"""Beginnings of the names of shipped files whose data are kept in the cache; evidence is kept there as a whole."""
KEPT_AT_MOST: Final = 100_000
"""Characters of the longest text whose data are kept in memory."""


File = TypeVar("File", bound=BaseModel)


class InvalidValue(ValueError):  # noqa: N818 (a finding about a file, not an error that anyone catches)
    """A value that breaks a rule of a pydantic model; raise it inside a validator.

    ``wrong`` says what was found and ``right`` what would be accepted; ``at`` is the path from the validated object
    to the field.
    """

    def __init__(self, wrong: str, right: str, at: tuple[Step, ...] = ()) -> None:
        super().__init__(wrong, right, at)
        self.wrong, self.right, self.at = wrong, right, at

    def __str__(self) -> str:
        return f"{self.wrong}. {self.right}"


@dataclass(frozen=True)
class Document:
    """A file as plain data, with the line number of each part.

    ``file`` is the name shown in messages. ``data`` holds dictionaries with text keys, lists, numbers, text, truth
    values and dates. ``lines`` maps the path of each part to its 1-based line.
    """

    file: str
    data: Any
    lines: Mapping[tuple[Step, ...], int] = field(repr=False)

    def line(self, path: tuple[Step, ...]) -> int | None:
        """Line of the part at ``path``, or of the nearest part that contains it, or None."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def problem(self, path: tuple[Step, ...], wrong: str, right: str) -> Problem:
        """A problem at ``path`` of this file."""
        return Problem(self.file, self.line(path), dotted(path), wrong, right)


def in_file_order(problems: list[Problem]) -> list[Problem]:
    """Problems sorted by line; those of the file as a whole come last."""
    return sorted(problems, key=lambda problem: (problem.line is None, problem.line or 0))


def read_yaml(path: Path | str, error: type[FileError] = FileError, shown: str | None = None) -> Document:
    """Read one YAML 1.2 file.

    ``shown`` is the file's name in messages (default: the path, relative to the working folder if inside it). Raises
    ``error`` with every duplicate key, tag and alias found, or with the syntax error, or if the file is missing,
    empty, larger than 500 kB, not UTF-8 or not a file on disk.
    """
    path = Path(path)
    name = shown or _shown(path)
    return read_yaml_text(_read_text(path, error, name), name, error)


def read_yaml_text(text: str, name: str, error: type[FileError] = FileError) -> Document:
    """As `read_yaml`, for a text that is not a file yet; ``name`` is its name in messages."""
    if len(text) > MOST_BYTES or len(text.encode(errors="replace")) > MOST_BYTES:
        raise error([Problem(name, None, "", *_TOO_LARGE)])
    parse = _parts if len(text) <= KEPT_AT_MOST else _parts.__wrapped__
    data, lines, problems = parse(text, name)
    if problems:
        raise error(list(problems))
    return Document(name, deepcopy(data), lines)


@lru_cache(maxsize=256)
def _parts(text: str, name: str) -> tuple[Any, Mapping[tuple[Step, ...], int], tuple[Problem, ...]]:
    """Data, lines and problems of a text, kept in memory, and those of shipped files in the cache: parsing is slow."""
    if not name.startswith(KEPT_ON_DISK):
        return _parsed(text, name)
    cached = f"yaml-{_digest(_reader_source() + text)}.json"
    digest, _, content = (cached_text(cached) or "").partition(" ")
    if digest == _digest(content):
        data, lines = json.loads(content)
        return data, {tuple(path): line for path, line in lines}, ()
    data, lines, problems = _parsed(text, name)
    with suppress(TypeError):  # JSON has no dates
        if not problems:
            content = json.dumps([data, list(lines.items())])
            cache_text(cached, f"{_digest(content)} {content}")
    return data, lines, problems


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _reader_source() -> str:
    return Path(str(yaml_reader.__file__)).read_text(encoding="utf-8")


def _parsed(text: str, name: str) -> tuple[Any, Mapping[tuple[Step, ...], int], tuple[Problem, ...]]:
    reader = yaml_reader.YamlReader(name)
    data = reader.read(text)
    problems = in_file_order(reader.problems)
    if not problems and data is None:
        problems = [Problem(name, None, "", "the file is empty", "Write fields as 'name: value'")]
    return data, reader.lines, tuple(problems)


def read_as(model: type[File], path: Path, error: type[FileError], shown: str | None = None) -> tuple[File, Document]:
    """The YAML file as this pydantic model, and as a document. Raises ``error`` with every problem found."""
    document = with_present_names(read_yaml(path, error, shown), model)
    try:
        return model.model_validate(document.data), document
    except ValidationError as faults:
        raise error(problems_from_pydantic(faults, document, model)) from None


def with_present_names(document: Document, model: type[BaseModel]) -> Document:
    """The document with every field by the name that it has now.

    A pydantic model lists the names that its fields had in the version before as ``renamed_fields``, old to new. Each
    that is used is reported with file and line, as a FutureWarning. Where both names are used nothing is changed, so
    that the old one is refused as an unknown field.
    """
    lines = dict(document.lines)

    def renamed(data: Any, path: tuple[Step, ...], kinds: list[Any]) -> Any:
        if isinstance(data, dict):
            names: dict[Step, Step] = {
                old: new for kind in kinds for old, new in getattr(kind, "renamed_fields", {}).items()
            }
            steps = {key: names[key] if key in names and names[key] not in data else key for key in data}
        elif isinstance(data, list):
            steps = {number: number for number in range(len(data))}
        else:
            return data
        for old, new in steps.items():
            if new != old:
                where = f"{document.file}, line {document.line((*path, old))}"
                text = f"{where}: the field '{old}' is now called '{new}'. This version still reads the old name."
                warnings.warn(text, FutureWarning, stacklevel=4)
                depth = len(path)
                for at in [at for at in lines if at[: depth + 1] == (*path, old)]:
                    lines[(*path, new, *at[depth + 1 :])] = lines.pop(at)
        parts = {
            new: renamed(data[old], (*path, new), [inner for kind in kinds for inner in _inside(kind, new)])
            for old, new in steps.items()
        }
        return parts if isinstance(data, dict) else list(parts.values())

    return replace(document, data=renamed(document.data, (), [model]), lines=lines)


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of the files that this model reads, for editors; the shipped ones are written by `offset schema`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}


def name_problems(document: Document, path: Path, field: str, value: str) -> list[Problem]:
    """A problem if the name in ``field`` differs from that of the file, or of the folder, at ``path``."""
    if value == path.stem:
        return []
    wrong = f"the {field} is '{value}', but the {'file' if path.suffix else 'folder'} is named '{path.name}'"
    return [document.problem((field,), wrong, f"Write '{field}: {path.stem}'")]


def _shown(path: Path) -> str:
    try:
        return (path.parent.resolve() / path.name).relative_to(Path.cwd()).as_posix()  # a link keeps its name
    except (OSError, ValueError, RuntimeError):  # elsewhere, or a path that no disk can hold
        return path.as_posix()


_TOO_LARGE: Final = ("the file is larger than 500 kB", "Give a smaller file")


def is_file(path: Path) -> bool:
    """Whether there is a file at ``path``; False also for a name that no disk can hold."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def missing_file(path: Path, wrong: str = "there is no such file") -> tuple[str, str]:
    """The two clauses of a `Problem` for a path that cannot be opened; the path itself is never suggested."""
    if path.is_symlink():
        target = show(str(path.readlink()))
        return f"the file is a link to a missing file ({target})", "Correct the link, or give another file"
    siblings = [other.stem for other in path.parent.glob("*.yaml") if other.is_file()] if path.parent.is_dir() else []
    return wrong, did_you_mean(path.stem, siblings, ".yaml") if siblings else "Check the folder and the name"


def _read_text(path: Path, error: type[FileError], name: str) -> str:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise OSError(0, "it is not a file on disk")  # a pipe or a device may never end
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise error([Problem(name, None, "", *missing_file(path))]) from None
    except (OSError, ValueError) as fault:
        wrong = f"the file cannot be opened ({getattr(fault, 'strerror', None) or fault})"
        raise error([Problem(name, None, "", wrong, "Give the path of a YAML file that you may read")]) from None
    if len(raw) > MOST_BYTES:
        raise error([Problem(name, None, "", *_TOO_LARGE)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise error([Problem(name, line, "", "the text is not UTF-8", "Save the file with encoding UTF-8")]) from None


# Pydantic's errors in plain words -----------------------------------------------------------------------------------

_WORDS: Final = {
    "string_type": ("{found} is not text", "Write text, in quotes if it looks like a number"),
    "string_too_short": ("{found} is too short", "Write at least {min_length} character(s)"),
    "string_pattern_mismatch": ("{found} does not have the right form", "Write it in the form {pattern}"),
    "int": ("{found} is not a whole number", "Write a whole number"),
    "float": ("{found} is not a number", "Write a number"),
    "finite_number": ("{found} is not a finite number", "Write a number"),
    "bool": ("{found} is neither true nor false", "Write true or false"),
    "date": ("{found} is not a date", "Write a date as 2026-04-01"),
    "greater_than_equal": ("{found} is too small", "Write {ge} or more"),
    "greater_than": ("{found} is too small", "Write more than {gt}"),
    "less_than_equal": ("{found} is too large", "Write {le} or less"),
    "less_than": ("{found} is too large", "Write less than {lt}"),
    "too_short": ("{found} has {actual_length} entries", "Give {min_length} or more"),
    "too_long": ("{found} has {actual_length} entries", "Give {max_length} or fewer"),
    "list": ("{found} is not a list", "Write a list: [first, second]"),
    "tuple": ("{found} is not a list", "Write a list: [first, second]"),
    "dict": ("{found} was found where fields are expected", "Write fields as 'name: value', indented below"),
    "model": ("{found} was found where fields are expected", "Write fields as 'name: value', indented below"),
}


def problems_from_pydantic(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Problem]:
    """Every error of ``error`` as a `Problem`, in file order, one for each part of the file.

    If one lies inside another (pydantic tries every member of a union), the inner one is reported; a field that is
    missing because its key is misspelt is reported once. ``model`` is the model that ``document.data`` was validated
    with; misspelt keys are compared with its fields.
    """
    found: dict[tuple[Step, ...], Problem] = {}
    missing: set[tuple[Step, ...]] = set()
    meant: set[tuple[Step, ...]] = set()
    for fault in error.errors(include_url=False)[:MOST_FAULTS]:
        cause = fault.get("ctx", {}).get("error")
        path = _path_in(document.data, fault["loc"], keep_last=fault["type"] in ("missing", "extra_forbidden"))
        if isinstance(cause, InvalidValue):
            path = (*path, *cause.at)
            found[path] = document.problem(path, cause.wrong, cause.right)
            continue
        wrong, right = _in_words(dict(fault), path, model)
        found.setdefault(path, document.problem(path, wrong, right))
        if fault["type"] == "missing":
            missing.add(path)
        elif fault["type"] == "extra_forbidden":
            meant |= {(*path[:-1], name) for name in field_names(model, path[:-1]) if f"{name!r}?" in right}
    around = {path[:length] for path in found for length in range(len(path))} - missing
    kept = [problem for path, problem in found.items() if path not in around and path not in missing & meant]
    return in_file_order(kept)


def field_names(model: type[BaseModel], path: tuple[Step, ...]) -> tuple[str, ...]:
    """Names of the fields that ``model`` allows at ``path``; empty if any name, or none, is allowed there."""
    kinds: list[Any] = [model]
    for step in path:
        kinds = [inner for kind in kinds for inner in _inside(kind, step)]
    return tuple(dict.fromkeys(name for kind in kinds for name in _fields(kind)))


def _path_in(data: Any, loc: tuple[Step, ...], *, keep_last: bool) -> tuple[Step, ...]:
    """The part of pydantic's location that is in the file, without names of union members and validators."""
    path: tuple[Step, ...] = ()
    for position, step in enumerate(loc):
        is_key = isinstance(data, dict) and step in data
        is_item = isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data)
        if is_key or is_item:
            path, data = (*path, step), data[step]
        elif keep_last and position == len(loc) - 1:
            path = (*path, step)
    return path


def _in_words(fault: dict[str, Any], path: tuple[Step, ...], model: type[BaseModel]) -> tuple[str, str]:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "missing":
        return f"'{path[-1]}' is missing", f"Add '{path[-1]}: ...'"
    if kind == "extra_forbidden":
        known = field_names(model, path[:-1])
        right = did_you_mean(str(path[-1]), known) if known else "Remove it"
        return f"there is no field '{path[-1]}' here", right
    found = show(fault["input"])
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        known = tuple(re.findall(r"'([^']*)'", str(context.get("expected") or context.get("expected_tags"))))
        given = str(context.get("tag", fault["input"]))
        return f"{show(given)} is not one of the known words", did_you_mean(given, known)
    words = _WORDS.get(kind) or _WORDS.get(kind.split("_")[0])
    if words is None:
        return str(fault["msg"]).removeprefix("Value error, "), f"Change {found}"
    return words[0].format(found=found, **context), words[1].format(found=found, **context)


def show(value: object) -> str:
    """A file's value as shown in a message.

    >>> show("sixty"), show({}), show(None), show(0.25)
    ("'sixty'", 'a group of fields', 'an empty value', '0.25')
    """
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if value is None:
        return "an empty value"
    if isinstance(value, dict):
        return "a group of fields"
    return "a list" if isinstance(value, list | tuple) else str(value)


def _fields(kind: Any) -> list[str]:
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return []
    return [info.alias or name for name, info in kind.model_fields.items()]


def _inside(kind: Any, step: Step) -> Iterator[Any]:
    """Types allowed at ``step`` inside ``kind``, with unions, annotations and containers unpacked."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            if step in (name, info.alias):
                yield from _members(info.annotation)
    elif get_origin(kind) in (dict, Mapping):
        yield from _members(get_args(kind)[1])
    elif get_origin(kind) in (list, tuple):
        yield from _members(get_args(kind)[0])


def _members(kind: Any) -> Iterator[Any]:
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _members(get_args(kind)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(kind):
            yield from _members(member)
    else:
        yield kind
