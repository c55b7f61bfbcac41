"""Loading a nation: a shipped one, a table of areas, or a folder of place files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from simulator.counties.county import fewest_residents
from simulator.districts import district, district_titles, place_residents
from simulator.districts.loading import FOLDER as DISTRICTS_FOLDER
from simulator.errors import AreaTableError, FileError, PlaceError, Problem, UnknownNameError
from simulator.foundations.input_files import read_as
from simulator.nations.nation import Area, Nation, content_hash, in_order
from simulator.places import AreaTable, Place, Source, clashing_names, read_areas, read_place, slug
from simulator.places.margins import Share, SourceFields

SHIPPED_FOLDER: Final = Path(__file__).parent
_SHIPPED_NAME: Final = "simulator/nations"
DISTRICTS: Final = "districts"
"""Name of the nation of England's 326 local authority districts."""
_TABLE_ENDING: Final = ".csv"
_SCALE: Final = 0.01
"""Default scale of the districts, most of which then have the fewest residents that a place needs."""
_FIELDS: Final = ("age_by_deprivation",)
"""The margins that a table of areas provides."""


class Composite(BaseModel):
    """One composite: several real areas combined."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name in the table")
    title: str = Field(min_length=3, description="Name for readers")
    members: list[str] = Field(min_length=2, description="Areas that it combines")


class NationFile(BaseModel):
    """Composites of a nation, with the sources of their numbers and of their grouping."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="A nation of composites")

    name: str
    title: str
    composite: bool
    table: str
    scale: Annotated[Share, Field(gt=0.0)]
    residents: SourceFields
    rurality: SourceFields
    areas: list[Composite] = Field(min_length=2)


def nation_names() -> tuple[str, ...]:
    """Names of the shipped nations."""
    return tuple(sorted([DISTRICTS, *(path.stem for path in SHIPPED_FOLDER.glob("*.yaml"))]))


def load_nation(name_or_path: str | Path) -> Nation:
    """A shipped nation by name, a table of areas (CSV) by path, or a folder of place files by path.

    Raises UnknownNameError if no shipped nation has the name, PlaceError with the problems in the table or the files.
    """
    path = Path(name_or_path)
    if path.suffix == _TABLE_ENDING:
        return nation_from_table(path)
    if path.is_dir():
        return nation_from_folder(path)
    if str(name_or_path) not in nation_names():
        raise UnknownNameError("nation", str(name_or_path), nation_names())
    return _districts() if str(name_or_path) == DISTRICTS else _shipped(str(name_or_path))


def nation_from_table(path: Path) -> Nation:
    """Every area of a table (`simulator.places.place_from_table`). Raises PlaceError with the table's problems."""
    table = read_areas(path)
    problems = clashing_names(table.rows, path.name)
    if problems:
        raise AreaTableError(problems)
    areas = [Area(slug(area), area, table.residents(area), partial(table.place, area)) for area in table.rows]
    title = f"{path.name}, {len(areas)} areas"
    return Nation(slug(path.stem), title, False, 1.0, in_order(areas), content_hash(path.read_bytes()))


def nation_from_folder(folder: Path) -> Nation:
    """Every place file of a folder. Raises PlaceError with the problems in all of them, or if there are no files."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        wrong = "there are no place files (*.yaml) in the folder"
        raise PlaceError([Problem(str(folder), None, "", wrong, "Create them with 'offset place import'")])
    areas: list[Area] = []
    problems: list[Problem] = []
    for file in files:
        try:
            place = read_place(file)
        except FileError as error:
            problems.extend(error.problems)
            continue
        areas.append(Area(place.name, place.title, place.residents, partial(_of_size, place)))
    if problems:
        raise PlaceError(problems)
    composite = any(area.build(area.residents).composite for area in areas)
    content = content_hash(*(file.read_bytes() for file in files))
    return Nation(slug(folder.name), f"{folder.name}, {len(areas)} places", composite, 1.0, in_order(areas), content)


def _districts() -> Nation:
    areas = [
        Area(name, title, place_residents(name), partial(district, name)) for name, title in district_titles().items()
    ]
    content = content_hash(*((DISTRICTS_FOLDER / name).read_bytes() for name in ("england.yaml", "residents.parquet")))
    return Nation(DISTRICTS, f"England ({len(areas)} districts)", False, _SCALE, in_order(areas), content)


def _shipped(name: str) -> Nation:
    path = SHIPPED_FOLDER / f"{name}.yaml"
    read, _ = read_as(NationFile, path, PlaceError, f"{_SHIPPED_NAME}/{path.name}")
    table = read_areas(SHIPPED_FOLDER / read.table)
    areas = [
        Area(one.name, one.title, table.residents(one.name), _composite(table, one, read.residents))
        for one in read.areas
    ]
    content = content_hash(path.read_bytes(), (SHIPPED_FOLDER / read.table).read_bytes())
    return Nation(read.name, read.title, read.composite, float(read.scale), in_order(areas), content)


def _composite(table: AreaTable, one: Composite, source: SourceFields) -> Callable[[int], Place]:
    return partial(_build_composite, table, one, source)


def _build_composite(table: AreaTable, one: Composite, given: SourceFields, residents: int) -> Place:
    place = table.place(one.name, residents)
    notes = [given.note.strip()] if given.note else []
    sources = []
    for source in place.sources:
        if source.margin in _FIELDS:
            note = " ".join([*notes, *([source.note] if source.note else [])])
            source = Source(source.margin, given.source.strip(), given.reference, given.grade, note or None)
        sources.append(source)
    return place.model_copy(update={"title": one.title, "composite": True, "sources": tuple(sources)})


def _of_size(place: Place, residents: int) -> Place:
    """The place with this number of residents, or the number that its smallest deprivation fifth requires."""
    return place.model_copy(update={"residents": max(residents, fewest_residents(place))})
