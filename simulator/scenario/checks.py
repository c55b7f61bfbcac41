"""Checks between the parts of a scenario file that need neither evidence nor place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from simulator.errors import did_you_mean
from simulator.foundations.categories import PROGRAMMES
from simulator.foundations.input_files import InvalidValue, missing_file, show
from simulator.scenario.files import SUFFIXES
from simulator.scenario.parts import AutomationEntry, Commitment, Funding, Spread, StaffingEntry, VolunteerSurge


class ScenarioParts(NamedTuple):
    """The readable parts of a scenario: entries with their position in their list, and the length in weeks."""

    automate: Sequence[tuple[int, AutomationEntry]]
    funding: Sequence[tuple[int, Funding]]
    commitments: Sequence[tuple[int, Commitment]]
    weeks: int
    volunteer_surge: VolunteerSurge | None = None
    spread: Spread | None = None
    staffing: Sequence[tuple[int, StaffingEntry]] = ()
    reinvest: Iterable[str] = ()  # names of programmes
    files: Sequence[tuple[int, str]] = ()  # the scenario's own programme files
    folder: Path | None = None  # folder of these files; None: not checked


def faults_together(pieces: ScenarioParts) -> Iterator[InvalidValue]:
    """Every problem between parts: tasks automated twice, unknown programmes, anything after the end."""
    yield from _automated_twice(pieces)
    yield from _unknown_programmes(pieces)
    for index, task in pieces.automate:
        yield from _too_late(("automate", index, "from_week"), task.from_week, pieces.weeks)
        yield from _ends_late(("automate", index, "ramp_weeks"), (task.from_week, task.ramp_weeks), pieces.weeks)
    for index, fund in pieces.funding:
        yield from _too_late(("funding", index, "from_week"), fund.from_week, pieces.weeks)
        yield from _ends_late(("funding", index, "weeks"), (fund.from_week, fund.weeks or 0), pieces.weeks)
    for index, posts in pieces.commitments:
        yield from _too_late(("commitments", index, "from_week"), posts.from_week, pieces.weeks)
    surge = pieces.volunteer_surge
    if surge is not None:
        yield from _too_late(("volunteer_surge", "from_week"), surge.from_week, pieces.weeks)
        yield from _ends_late(("volunteer_surge", "weeks"), (surge.from_week, surge.weeks), pieces.weeks)
    if pieces.spread is not None:
        yield from _too_late(("spread", "from_week"), pieces.spread.from_week, pieces.weeks)
        if pieces.spread.amounts_for is None and (pieces.funding or pieces.commitments):
            wrong = "places differ in size, and the population that funding and commitments are meant for is missing"
            yield InvalidValue(wrong, "Add 'amounts_for: 28000', with that number of residents", ("spread",))
    for index, staff in pieces.staffing:
        yield from _too_late(("staffing", index, "from_week"), staff.from_week, pieces.weeks)
        yield from _ends_late(("staffing", index, "weeks"), (staff.from_week, staff.weeks or 0), pieces.weeks)


def _unknown_programmes(pieces: ScenarioParts) -> Iterator[InvalidValue]:
    """Programmes that are neither shipped nor files of this scenario, missing files, and names used twice.

    No name is reported as unknown while a file is missing, since it could be the name of that file.
    """
    first: dict[str, int] = {}
    missing = False
    for index, file in pieces.files:
        name = programme_of(file)
        if name in first:
            wrong = f"'{name}' is listed twice, first in entry {first[name] + 1}"
            yield InvalidValue(wrong, "Keep one of the two", ("programmes", index))
        elif pieces.folder is not None and Path(file).suffix in SUFFIXES and _is_missing(pieces.folder / file):
            yield InvalidValue(
                *missing_file(pieces.folder / file, f"there is no file {show(file)}"), ("programmes", index)
            )
            missing = True
        first.setdefault(name, index)
    if missing:
        return
    known = tuple(dict.fromkeys((*PROGRAMMES, *first)))
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("reinvest", "programmes", name), name) for name in pieces.reinvest
    ]
    named += [(("funding", index, "programme"), fund.programme) for index, fund in pieces.funding]
    named += [(("commitments", index, "programme"), posts.programme) for index, posts in pieces.commitments]
    for at, name in named:
        if name not in known:
            yield InvalidValue(f"there is no programme {show(name)}", did_you_mean(name, known), at)


def _is_missing(path: Path) -> bool:
    """Whether a path does not exist; other reasons why it cannot be opened are reported on reading."""
    try:
        path.stat()
    except (FileNotFoundError, ValueError):
        return True
    except OSError:
        return False
    return False


def programme_of(file: str) -> str:
    """Name of the programme in a file: the file's name.

    >>> programme_of("plans/garden_club.yaml")
    'garden_club'
    """
    return PurePath(file).stem


def _automated_twice(pieces: ScenarioParts) -> Iterator[InvalidValue]:
    first: dict[str, int] = {}
    for index, task in pieces.automate:
        if task.path in first:
            wrong = f"{task.path} is automated twice, first in entry {first[task.path] + 1}"
            yield InvalidValue(wrong, "Keep one of the two", ("automate", index))
        first.setdefault(task.path, index)


def _too_late(at: tuple[str | int, ...], from_week: int, weeks: int) -> Iterator[InvalidValue]:
    if from_week >= weeks:
        wrong = f"week {from_week} is after the end: the last week is {weeks - 1}"
        yield InvalidValue(wrong, "Begin earlier, or lengthen the calendar", at)


def _ends_late(at: tuple[str | int, ...], span: tuple[int, int], weeks: int) -> Iterator[InvalidValue]:
    begins, length = span
    if begins < weeks < begins + length:
        wrong = f"{length} weeks from week {begins} end in week {begins + length}, but the calendar has {weeks} weeks"
        yield InvalidValue(wrong, f"Write {weeks - begins} or less, begin earlier, or lengthen the calendar", at)
