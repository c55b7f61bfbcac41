"""Counties by name or by file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from simulator.counties.county import County, CountyFile, CountyPlace
from simulator.districts import load_place
from simulator.errors import CountyError, FileError, Problem, UnknownNameError, did_you_mean
from simulator.foundations.input_files import Document, name_problems, read_as
from simulator.places import Place
from simulator.places.place import impossible

SHIPPED_FOLDER: Final = Path(__file__).parent
_SHIPPED_NAME: Final = "simulator/counties"
_FILE_ENDINGS: Final = (".yaml", ".yml")


def county_names() -> tuple[str, ...]:
    """Names of the shipped counties."""
    return tuple(sorted(path.stem for path in SHIPPED_FOLDER.glob("*.yaml")))


def load_county(name_or_path: str | Path) -> County:
    """A shipped county by name, or a county file by path.

    Raises UnknownNameError if no shipped county has the name, CountyError for a file that cannot be used.
    """
    given = str(name_or_path)
    if given.endswith(_FILE_ENDINGS):
        return read_county(Path(given))
    if given not in county_names():
        raise UnknownNameError("county", given, county_names())
    return read_county(SHIPPED_FOLDER / f"{given}.yaml", f"{_SHIPPED_NAME}/{given}.yaml")


def read_county(path: Path, shown: str | None = None) -> County:
    """The county in one file. ``shown`` is the file's name in messages. Raises CountyError with every problem found."""
    read, document = read_as(CountyFile, path, CountyError, shown)
    problems = name_problems(document, path, "name", read.name)
    places = [_place(entry, index, path.parent, (document, problems)) for index, entry in enumerate(read.places)]
    if problems:
        raise CountyError(problems)
    return County(
        name=read.name,
        title=read.title,
        composite=read.composite,
        origin=read.origin,
        places=tuple(place for place in places if place is not None),
        neighbours=read.pairs(),
    )


def _place(entry: CountyPlace, index: int, folder: Path, book: tuple[Document, list[Problem]]) -> Place | None:
    """The place of one entry; None if it cannot be used, in which case its problems are added to those of ``book``."""
    document, problems = book
    at = ("places", index)
    is_file = entry.based_on.endswith(_FILE_ENDINGS) or ".csv:" in entry.based_on
    try:
        like = load_place(folder / entry.based_on if is_file else entry.based_on)
    except UnknownNameError as error:
        right = did_you_mean(error.name, error.known)
        problems.append(document.problem((*at, "based_on"), f"there is no place '{error.name}'", right))
        return None
    except FileError as error:
        first = error.problems[0]
        wrong = f"the place cannot be used ({first.file}: {first.wrong})"
        problems.append(document.problem((*at, "based_on"), wrong, first.right))
        return None
    other_size = entry.residents is not None and entry.residents != like.residents
    place = like.model_copy(
        update={
            "name": entry.name,
            "title": entry.title,
            "residents": entry.residents or like.residents,
            "composite": like.composite or other_size,
        }
    )
    faults = impossible(place, document)
    for fault in faults:
        right = f"{fault.right}; or give the place more residents, or base it on another place"
        problems.append(document.problem((*at, "residents"), fault.wrong, right))
    return None if faults else place
