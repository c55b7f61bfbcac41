"""Kinds of files: shipped ones to begin from, and what reads them."""

from __future__ import annotations

import json
import re
import shutil
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from dashboard.building.check import check
from dashboard.command_line.work import check_file
from dashboard.runs.library import Library
from dashboard.runs.verification import read_uploaded, verify
from simulator.errors import MOST_PROBLEMS, FileError, SimulatorError
from simulator.evidence.schema import EvidenceFile
from simulator.foundations.input_files import read_as
from simulator.foundations.yaml_reader import YamlReader
from simulator.places import place_from_table
from simulator.places.table import read_areas
from tests.fuzz.mutator import changed_data, changed_text

ROOT = Path(__file__).parents[2]
LONGEST_MESSAGE = 60_000
"""Characters: fifty problems of a few hundred each, with the names that are known."""


class Kind(NamedTuple):
    """A kind of file."""

    file: str  # its name in the folder of a case
    seeds: str  # glob of shipped files to begin from
    read: Callable[[Path], object]
    weight: int = 10


def _evidence(path: Path) -> object:
    return read_as(EvidenceFile, path, FileError)


def _draft(path: Path) -> object:
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError:
        return None
    found = check(text, path)
    if found.problems:
        raise FileError(found.problems)
    return found


def _table(path: Path) -> object:
    read_areas(path)
    return place_from_table(path, "City of London")


def _record(path: Path) -> object:
    return verify(read_uploaded(path.read_bytes()), Library(path.parent / "library"))


def _lens(path: Path) -> object:
    return check_file(path.parent, None)


def _file(path: Path) -> object:
    return check_file(path, None)


KINDS = {
    "scenario": Kind("plan.yaml", "scenarios/*.yaml", _file, 20),
    "draft": Kind("plan.yaml", "scenarios/*.yaml", _draft, 20),
    "programme": Kind("befriending.yaml", "simulator/programme_files/b*.yaml", _file, 20),
    "place": Kind("frome.yaml", "simulator/places/frome.yaml", _file, 20),
    "county": Kind("county.yaml", "simulator/counties/*.yaml", _file),
    "study": Kind("study.yaml", "calibration/studies/*.yaml", _file),
    "targets": Kind("england.yaml", "calibration/targets/[es]*.yaml", _file),
    "priors": Kind("priors.yaml", "calibration/targets/priors.yaml", _file),
    "evidence": Kind("digital.yaml", "simulator/evidence/[ds]*.yaml", _evidence),
    "lens": Kind("lens/lens.yaml", "simulator/lenses/*/lens.yaml", _lens, 2),
    "draws": Kind("lens/draws.csv", "simulator/lenses/trial-evidence/draws.csv", _lens, 2),
    "table": Kind("areas.csv", "tests/simulator/places/four_areas.csv", _table),
    "record": Kind("record.json", "", _record),
}
RECORD = {
    "model_version": "0.1.0+00000000",
    "spec_hash": "00000000",
    "scenario": "baseline",
    "scenario_hash": "00000000",
    "place": "frome",
    "place_hash": "00000000",
    "starts": "2026-04-01",
    "weeks": 52,
    "lens": "evidence",
    "lens_hash": "00000000",
    "seeds": [0, 1],
    "versions": {"numpy": "2.0"},
    "files": {"cells.parquet": "0"},
}


@lru_cache(maxsize=32)
def seeds(kind: str) -> tuple[str, ...]:
    """The shipped files of a kind, without comments, which take as long to read as fields."""
    if kind == "record":
        return (json.dumps(RECORD, indent=1),)
    paths = sorted(ROOT.glob(KINDS[kind].seeds))
    texts = [re.sub(r"(?m)^\s*#.*\n", "", path.read_text(encoding="utf-8")) for path in paths]
    return tuple(text for text in texts if len(text) < 4000) or tuple(texts)


@lru_cache(maxsize=256)
def _data(text: str) -> Any:
    return YamlReader("seed").read(text)


def case(kind: str, random: Random) -> str:
    """A random file of a kind."""
    text = random.choice(seeds(kind))
    if kind not in ("table", "draws") and random.random() < 0.4:  # changed as data, so that it can be read as YAML
        data = _data(text) if kind != "record" else RECORD
        for _ in range(random.randint(1, 3)):
            data = changed_data(data, random)
        return json.dumps(data, default=str)
    return changed_text(text, random, seeds(kind))


def tried(kind: str, text: str, folder: Path) -> str | None:
    """What is wrong with how the program takes a file, or None: it is accepted, or refused as files are."""
    one = KINDS[kind]
    path = folder / one.file
    if path.parent != folder and not path.parent.is_dir():
        shutil.copytree(ROOT / "simulator/lenses/trial-evidence", path.parent)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            one.read(path)
    except FileError as error:
        return _unclear(error)
    except SimulatorError as error:
        return None if str(error).strip() else "an error without a sentence"
    return None


def _unclear(error: FileError) -> str | None:
    """What an error about a file does not say."""
    if not 0 < len(error.problems) <= MOST_PROBLEMS:
        return f"{len(error.problems)} problems are listed"
    if len(str(error)) > LONGEST_MESSAGE:
        return f"the message has {len(str(error))} characters"
    for problem in error.problems:
        if not problem.file or not problem.wrong or not problem.right:
            return f"a problem lacks its file, what is wrong or what is right: {problem}"
        if problem.field and problem.line is None and problem.file.endswith(".yaml"):
            return f"a problem of a field has no line: {problem}"
    return None
