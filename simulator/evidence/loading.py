"""Reading of evidence files as `Evidence`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from simulator.errors import EvidenceError, Problem, did_you_mean
from simulator.evidence.schema import Entry, EvidenceFile, Number, in_order
from simulator.evidence.values import Evidence, Numbers, Value
from simulator.foundations.cache import cache_text, cached_text
from simulator.foundations.input_files import Document, name_problems, read_as

SHIPPED_FOLDER: Final = Path(__file__).parent
_SHIPPED_NAME: Final = "simulator/evidence"
_READ_BY: Final = ("errors.py", "foundations/*.py")
"""Other files of the package that are involved in reading evidence."""


def load_evidence(folder: Path | None = None) -> Evidence:
    """Read every topic file of a folder (default: the shipped evidence, read once).

    Your own folder must have the same values as the shipped one, in the same units. Raises EvidenceError listing every
    problem in every file.
    """
    if folder is None:
        return _shipped()
    evidence = _load(Path(folder), None)
    problems = _differences(evidence, _shipped(), Path(folder))
    if problems:
        raise EvidenceError(problems)
    return evidence


@lru_cache(maxsize=1)
def _shipped() -> Evidence:
    """The shipped evidence, from the cache if it was read from these same files, otherwise read now."""
    name = f"evidence-{_sources_hash()}.json"
    evidence = _from_text(cached_text(name))
    if evidence is None:
        evidence = _load(SHIPPED_FOLDER, _SHIPPED_NAME)
        cache_text(name, _as_text(evidence))
    return evidence


def _sources_hash() -> str:
    """Hash of the evidence files and of the code that reads them."""
    package = SHIPPED_FOLDER.parent
    code = (*SHIPPED_FOLDER.glob("*.py"), *(path for part in _READ_BY for path in package.glob(part)))
    digest = hashlib.sha256()
    for path in sorted((*SHIPPED_FOLDER.glob("*.yaml"), *code)):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _as_text(evidence: Evidence) -> str:
    return json.dumps([evidence.hash, [asdict(value) for value in evidence.values()]])


def _from_text(text: str | None) -> Evidence | None:
    """The evidence that `_as_text` wrote, bit for bit, or None if the text is not valid."""
    try:
        kept, rows = json.loads(text or "")
        values = (Value(**{name: _untouched(entry) for name, entry in row.items()}) for row in rows)
        evidence = Evidence({value.path: value for value in values})
    except (AttributeError, TypeError, ValueError):
        return None
    return evidence if evidence.hash == kept else None


def _untouched(entry: Any) -> Any:
    return tuple(entry) if isinstance(entry, list) else entry


def _load(folder: Path, shown: str | None) -> Evidence:
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    files = sorted(folder.glob("*.yaml"))
    if not files:
        wrong = "there are no evidence files in this folder"
        raise EvidenceError([Problem(str(folder), None, "", wrong, "Give a folder with files such as care.yaml")])
    for path in files:
        try:
            values.update(_topic(path, f"{shown}/{path.name}" if shown else None))
        except EvidenceError as error:
            problems.extend(error.problems)
    if problems:
        raise EvidenceError(problems)
    return Evidence(values)


def _topic(path: Path, shown: str | None) -> dict[str, Value]:
    read, document = read_as(EvidenceFile, path, EvidenceError, shown)
    problems = name_problems(document, path, "topic", read.topic)
    if problems:
        raise EvidenceError(problems)
    values = (_value(read.topic, name, entry, document) for name, entry in read.values.items())
    return {value.path: value for value in values}


def _value(topic: str, name: str, entry: Entry, document: Document) -> Value:
    return Value(
        path=f"{topic}.{name}",
        label=entry.label,
        unit=entry.unit,
        by=entry.by,
        value=_numbers(entry.value, entry.by),
        low=_numbers(entry.value if entry.low is None else entry.low, entry.by),
        high=_numbers(entry.value if entry.high is None else entry.high, entry.by),
        distribution=entry.distribution,
        grade=entry.grade,
        source=entry.source.strip(),
        reference=entry.reference,
        note=entry.note.strip() if entry.note else None,
        file=document.file,
        line=document.line(("values", name)),
        observational=entry.observational,
    )


def _numbers(number: Number, by: str | None) -> Numbers:
    numbers = tuple(float(each) for each in in_order(number, by))
    return numbers if by else numbers[0]


def _differences(evidence: Evidence, shipped: Evidence, folder: Path) -> list[Problem]:
    problems = []
    for path, value in evidence.items():
        if path not in shipped:
            right = (
                did_you_mean(path, shipped.topic(path.split(".")[0])) if path.split(".")[0] in shipped.topics() else ""
            )
            wrong = f"the simulator has no evidence value '{path}'"
            problems.append(Problem(value.file, value.line, path, wrong, right or "Remove it"))
        elif (value.unit, value.by) != (shipped[path].unit, shipped[path].by):
            expected = f"{shipped[path].unit}{f' by {shipped[path].by}' if shipped[path].by else ''}"
            wrong = f"its unit is {value.unit}{f' by {value.by}' if value.by else ''}"
            problems.append(Problem(value.file, value.line, path, wrong, f"Give it in {expected}"))
    for path in shipped:
        if path not in evidence:
            file = folder / f"{path.split('.')[0]}.yaml"
            problems.append(Problem(str(file), None, path, "this value is missing", "Copy it from the shipped file"))
    return problems
