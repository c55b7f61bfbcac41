"""Loading of places by name, from a file, or from an area of a published table."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from simulator.errors import PlaceError, UnknownNameError
from simulator.foundations.input_files import name_problems, read_as
from simulator.places.margins import PlaceFile
from simulator.places.place import Place, place_from_file
from simulator.places.table import place_from_table

SHIPPED_FOLDER: Final = Path(__file__).parent
_SHIPPED_NAME: Final = "simulator/places"
_FILE_ENDINGS: Final = (".yaml", ".yml")
_TABLE_ENDING: Final = ".csv"


def place_names() -> tuple[str, ...]:
    """Names of the shipped places."""
    return tuple(sorted(path.stem for path in SHIPPED_FOLDER.glob("*.yaml")))


def load_place(name_or_path: str | Path) -> Place:
    """A shipped place by name, a place file by path, or ``table.csv:Area`` (see `place_from_table`).

    Raises UnknownNameError for an unknown name and PlaceError for a file that is not valid.
    """
    given = str(name_or_path)
    table, colon, area = given.rpartition(":")
    if colon and table.endswith(_TABLE_ENDING):
        return place_from_table(Path(table), area)
    if given.endswith(_FILE_ENDINGS):
        return read_place(Path(given))
    if given not in place_names():
        raise UnknownNameError("place", given, place_names())
    return _shipped(given)


@lru_cache(maxsize=16)
def _shipped(name: str) -> Place:
    return read_place(SHIPPED_FOLDER / f"{name}.yaml", f"{_SHIPPED_NAME}/{name}.yaml")


def read_place(path: Path, shown: str | None = None) -> Place:
    """The place in a file; ``shown`` is the file's name in messages. Raises PlaceError listing every problem."""
    read, document = read_as(PlaceFile, path, PlaceError, shown)
    problems = name_problems(document, path, "name", read.name)
    if problems:
        raise PlaceError(problems)
    return place_from_file(read, document)
