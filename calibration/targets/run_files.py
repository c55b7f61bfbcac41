"""The scenario and place files named by the runs of a target file: where they are, and whether they exist."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from calibration.targets.targets import SHIPPED, TargetFile
from simulator.errors import Problem, TargetError, UnknownNameError, did_you_mean
from simulator.foundations.input_files import read_as
from simulator.places import load_place
from simulator.scenario.scenario import load_scenario

_FILES: Final = (".yaml", ".yml", ".csv")


def file_named(name: str, folder: Path) -> str:
    """The path of a named file in the folder ``folder``, or the shipped one if that folder lacks it.

    Other names, such as those of shipped scenarios, are returned unchanged.
    """
    file, colon, area = name.partition(":")
    if not file.endswith(_FILES) or Path(file).is_absolute():
        return name
    own, shipped = folder / file, SHIPPED.parent / file
    return f"{shipped if shipped.is_file() and not own.is_file() else own}{colon}{area}"


def check_runs(path: Path) -> TargetFile:
    """Read a target file and every file its runs name. Raises TargetError with the line of each name not found.

    An invalid scenario or place file raises its own error.
    """
    read, document = read_as(TargetFile, path, TargetError)
    problems: list[Problem] = []
    for name, run in read.runs.items():
        for field, load in (("scenario", load_scenario), ("place", load_place)):
            given = str(getattr(run, field))
            found = file_named(given, path.parent)
            file = Path(found.partition(":")[0])
            if file.suffix in _FILES and not file.is_file():
                there = [each.name for each in path.parent.iterdir() if each.suffix in _FILES]
                wrong = f"there is no file '{given}' in {path.parent} or among the shipped files"
                problems.append(document.problem(("runs", name, field), wrong, did_you_mean(given, there)))
                continue
            try:
                load(found)
            except UnknownNameError as error:
                wrong = f"there is no {field} '{given}'"
                problems.append(document.problem(("runs", name, field), wrong, did_you_mean(given, error.known)))
    if problems:
        raise TargetError(problems)
    return read
