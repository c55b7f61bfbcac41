"""Loading of places by name, districts of England among them."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict

from simulator.errors import PlaceError, UnknownNameError
from simulator.foundations.categories import AGE_BAND_STARTS, DEPRIVATION, OLDER_BAND
from simulator.foundations.input_files import Document, read_as
from simulator.places import AreaTable, Place, Source, slug
from simulator.places import load_place as _load_place
from simulator.places import place_names as _place_names
from simulator.places.bands import years_of
from simulator.places.margins import SourceFields

FOLDER: Final = Path(__file__).parent
_FILE: Final = FOLDER / "england.yaml"
_SHOWN: Final = "simulator/districts"
_SUGGESTED: Final = 3


class DistrictsFile(BaseModel):
    """Where the counts and the map of the districts are, and their sources."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Districts of a nation")

    counts: str
    map: str
    residents: SourceFields
    hexagons: SourceFields


class Hexagon(NamedTuple):
    """The tile of a district on a map: column and row, both whole numbers; rows count from south to north.

    Odd rows lie half a tile further east.
    """

    q: int
    r: int


def load_place(name_or_path: str | Path) -> Place:
    """A district of England by name or title, or any place of `simulator.places.load_place`.

    Raises UnknownNameError, with the nearest names, for an unknown name and PlaceError for a file that is not valid.

    >>> load_place("mendip").residents, load_place("Tower Hamlets").name
    (116288, 'tower_hamlets')
    """
    found = named_district(name_or_path)
    if found is not None:
        return found
    try:
        return _load_place(name_or_path)
    except UnknownNameError as error:
        near = difflib.get_close_matches(slug(error.name), district_titles(), n=_SUGGESTED)
        raise UnknownNameError(error.kind, error.name, (*error.known, *near)) from None


def named_district(reference: str | Path | None) -> Place | None:
    """The district of this name or title; None if there is none."""
    name = slug(str(reference or ""))
    return district(name) if name in district_titles() else None


def place_names() -> tuple[str, ...]:
    """Names of the shipped places, then of the districts."""
    return (*_place_names(), *district_titles())


@lru_cache(maxsize=1)
def place_titles() -> Mapping[str, str]:
    """Titles of the shipped places, then of the districts, by name."""
    return MappingProxyType({**{name: _load_place(name).title for name in _place_names()}, **district_titles()})


@lru_cache(maxsize=1)
def district_titles() -> Mapping[str, str]:
    """Titles of the 326 districts by name, in the order of the alphabet."""
    return MappingProxyType({slug(area): area for area, _ in _map()})


@lru_cache(maxsize=1)
def hexagons() -> Mapping[str, Hexagon]:
    """The tile of each district by name; no two have the same."""
    return MappingProxyType({slug(area): hexagon for area, hexagon in _map()})


def place_residents(name: str) -> int:
    """The number of residents of a district. Raises KeyError for an unknown name."""
    return int(_counts()[district_titles()[name]]["residents"].sum())


@lru_cache(maxsize=1)
def district_kinds() -> pd.DataFrame:
    """What kind of place each district is, by name: shares of its residents, from 0 to 1.

    ``deprived`` are those in the two most deprived fifths of neighbourhoods, ``older`` those aged 65 and over.
    """
    rows = pd.concat(_counts().values())
    older = rows["band"].map({band: years_of(band)[0] >= AGE_BAND_STARTS[OLDER_BAND] for band in _bands()})
    parts = {"deprived": rows["fifth"].isin(DEPRIVATION[:2]), "older": older}
    counted = rows.assign(**{kind: part * rows["residents"] for kind, part in parts.items()})
    sums = counted.groupby("area")[["residents", *parts]].sum().rename(slug)
    return sums[list(parts)].div(sums["residents"], axis=0)


def map_source() -> SourceFields:
    """The source of `hexagons`, with its licence."""
    return _file().hexagons


@lru_cache(maxsize=64)
def district(name: str, residents: int | None = None) -> Place:
    """A district with all its residents, or scaled to another number of them.

    Raises UnknownNameError for an unknown name, PlaceError for fewer residents than a place needs.
    """
    if name not in district_titles():
        raise UnknownNameError("district", name, district_titles())
    area, given = district_titles()[name], _file().residents
    place = _table(area).place(area, residents)
    sources = tuple(_published(source, given) for source in place.sources)
    return place.model_copy(update={"sources": sources})


def _published(source: Source, given: SourceFields) -> Source:
    """The source of the counts, with the note on merged fifths of the table's own; other sources as they are."""
    if source.margin != "age_by_deprivation":
        return source
    notes = [note.strip() for note in (given.note, source.note) if note]
    return Source(source.margin, given.source.strip(), given.reference, given.grade, " ".join(notes) or None)


@lru_cache(maxsize=1)
def _file() -> DistrictsFile:
    return read_as(DistrictsFile, _FILE, PlaceError, f"{_SHOWN}/{_FILE.name}")[0]


@lru_cache(maxsize=1)
def _map() -> tuple[tuple[str, Hexagon], ...]:
    with (FOLDER / _file().map).open(encoding="utf-8", newline="") as stream:
        return tuple((row["area"], Hexagon(int(row["q"]), int(row["r"]))) for row in csv.DictReader(stream))


@lru_cache(maxsize=1)
def _counts() -> Mapping[str, pd.DataFrame]:
    """Counts by area, with the columns of a table's rows."""
    counts = pd.read_parquet(FOLDER / _file().counts).assign(line=None)
    counts = counts.rename(columns={"deprivation_quintile": "fifth", "age_band": "band"})
    return {str(area): rows for area, rows in counts.astype({"fifth": str}).groupby("area")}


def _table(area: str) -> AreaTable:
    """A table of one area (`simulator.places.read_areas`)."""
    rows: Any = list(_counts()[area].itertuples(index=False))
    return AreaTable({area: rows}, _bands(), Document(_file().counts, {}, {}))


@lru_cache(maxsize=1)
def _bands() -> list[str]:
    return list(dict.fromkeys(band for one in _counts().values() for band in one["band"]))
