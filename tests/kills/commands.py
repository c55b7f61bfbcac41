"""Commands that are killed, and what each leaves behind when it has finished."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from dashboard.command_line.calibrate import GATES_FAILED
from simulator.places.loading import SHIPPED_FOLDER

STORE: Final = "store"
OUT: Final = "out"
_OFFSET: Final = (sys.executable, "-m", "dashboard.command_line")
_SHORT: Final = ("--years", "1", "--seeds", "4", "--workers", "2", "--store", STORE, "--out", OUT, "--quiet")
_DIFFER: Final = ("created", "note", "versions", "command")
"""Fields of records in which two runs of one command may differ."""
_TARGETS: Final = """runs:
  home: {place: town.yaml, starts: 2013-04-01, weeks: 52}
targets:
  admissions:
    {label: Admissions, measure: emergency_admissions, run: home, lenses: [small], value: 95, low: 80, high: 110,
     tolerance: 15, unit: "per 1,000 residents a year", source: Made up to try the command, reference:
     "https://example.org", grade: C}
"""
_PRIORS: Final = """lenses:
  small:
    title: Small
    description: Made up to try the command
    frome: []
    shared_growth: {value: 0.0, reason: No county is shared}
    priors:
      illness.emergency_admission_rate:
        {applies_as: ratio, distribution: uniform, value: 1.0, low: 0.6, high: 1.6, reason: Wide enough}
"""


class Command(NamedTuple):
    """A command in a folder of its own, and the files that say what it found."""

    arguments: tuple[str, ...]
    found: Callable[[Path], Mapping[str, str]]
    ends_with: tuple[int, ...] = (0,)  # exit codes of a command that has done what it was asked for


def prepare(folder: Path) -> None:
    """Write the files that commands read: a small town, targets and priors."""
    town = (SHIPPED_FOLDER / "frome.yaml").read_text(encoding="utf-8").replace("name: frome", "name: town", 1)
    (folder / "town.yaml").write_text(town.replace("residents: 28000", "residents: 2000", 1), encoding="utf-8")
    (folder / "targets").mkdir(exist_ok=True)
    (folder / "targets" / "town.yaml").write_text((folder / "town.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "targets" / "targets.yaml").write_text(_TARGETS, encoding="utf-8")
    (folder / "targets" / "priors.yaml").write_text(_PRIORS, encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """A digest of every file below a folder, by its path; records without what may differ."""
    return {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _digest(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".json":
        content = json.dumps(_lasting(json.loads(content)), sort_keys=True).encode()
    if path.suffix == ".html":  # dates and folders are in its text; its numbers are in the tables beside it
        content = b""
    if path.suffix == ".sqlite":  # of which the bytes depend on the order in which runs finished
        content = repr(_rows_of(path)).encode()
    return hashlib.sha256(content).hexdigest()[:16]


def _rows_of(path: Path) -> dict[str, list[str]]:
    """The rows of every table of a database, in order of their text."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        return {name: sorted(map(repr, database.execute(f'select * from "{name}"'))) for name in sorted(names)}


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _lasting(one) for name, one in value.items() if name not in _DIFFER}
    return [_lasting(one) for one in value] if isinstance(value, list) else value


def _offset(*words: str, more: Sequence[str] = _SHORT, ends_with: tuple[int, ...] = (0,)) -> Command:
    return Command((*_OFFSET, *words, *more), lambda folder: digests(folder / OUT), ends_with)


_EVIDENCE: Final = ("--lens", "evidence", "--place", "town.yaml")
COMMANDS: Final[Mapping[str, Command]] = {
    "run": _offset("run", "cautious", *_EVIDENCE),
    "compare": _offset("compare", "cautious", "baseline", "--no-causal", *_EVIDENCE),
    "size": _offset("size", "cautious", "--multiples", "1,2,3", *_EVIDENCE),
    "bundle": _offset("bundle", "--scenario", "cautious", "--place", "frome", "--lens", "evidence"),
    "nation": _offset("nation", "cautious", "--scale", "0.1 %", "--lens", "evidence"),
    "job": Command((sys.executable, "-m", "tests.kills.job"), lambda folder: digests(folder / OUT)),
    "calibrate": _offset(
        "calibrate",
        "targets",
        "--lens",
        "small",
        "--quick",
        "--residents",
        "2000",
        "--workers",
        "2",
        "--quiet",
        "--out",
        "out/small",
        more=(),
        ends_with=(0, GATES_FAILED),
    ),
}
