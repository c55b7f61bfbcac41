"""The scenarios, places and studies that a target file names: where they are, and whether they can be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from calibration.studies.estimates import not_a_target
from calibration.studies.loading import load_study
from calibration.targets.targets import SHIPPED, TargetFile
from simulator.districts import load_place
from simulator.errors import FitError, Problem, TargetError, UnknownNameError, did_you_mean
from simulator.foundations.input_files import read_as
from simulator.foundations.yaml_reader import Step
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
    """Read a target file and every file that it names. Raises TargetError with the line of each that cannot be used.

    An invalid scenario, place or study file raises its own error.
    """
    read, document = read_as(TargetFile, path, TargetError)
    named: list[tuple[tuple[Step, ...], str, str, Callable[[str], object]]] = [
        (("runs", name, field), field, str(getattr(run, field)), load)
        for name, run in read.runs.items()
        for field, load in (("scenario", load_scenario), ("place", load_place))
    ]
    named += [(("studies", name), "study", name, _study) for name in read.studies]
    problems: list[Problem] = []
    for at, kind, given, load in named:
        found = file_named(given, path.parent)
        file = Path(found.partition(":")[0])
        if file.suffix in _FILES and not file.is_file():
            there = [each.name for each in path.parent.iterdir() if each.suffix in _FILES]
            wrong = f"there is no file '{given}' in {path.parent} or among the shipped files"
            problems.append(document.problem(at, wrong, did_you_mean(given, there)))
            continue
        try:
            load(found)
        except UnknownNameError as error:
            problems.append(document.problem(at, f"there is no {kind} '{given}'", did_you_mean(given, error.known)))
        except FitError as error:
            wrong, _, right = str(error).partition(". ")
            problems.append(document.problem(at, wrong, right))
    if problems:
        raise TargetError(problems)
    return read


def _study(name: str) -> None:
    fault = not_a_target(load_study(name))
    if fault is not None:
        raise FitError(fault)
