"""A place from a published table of residents by area, deprivation fifth and age band."""

from __future__ import annotations

import csv
import difflib
import math
import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from simulator.errors import AreaTableError, Problem, did_you_mean
from simulator.foundations.categories import DEPRIVATION
from simulator.foundations.input_files import Document, InvalidValue
from simulator.places.bands import check_tiling, years_of
from simulator.places.margins import FEWEST_RESIDENTS, MOST_COUNTED, MOST_RESIDENTS, AgeByDeprivation, PlaceFile
from simulator.places.place import SMALLEST_FIFTH, Place, place_from_file

COLUMNS: Final = ("area", "deprivation_quintile", "age_band", "residents")
_MOST_PROBLEMS: Final = 20
_MOST_NAMES: Final = 12


class _Row(NamedTuple):
    line: int
    fifth: str
    band: str
    residents: float


class AreaTable(NamedTuple):
    """A table of areas, read once for many places."""

    rows: Mapping[str, Sequence[_Row]]  # by area, in the order of the table
    bands: Sequence[str]
    document: Document

    def residents(self, area: str) -> int:
        """Number of residents of an area in the table."""
        return round(math.fsum(row.residents for row in self.rows[area]))

    def place(self, area: str, residents: int | None = None) -> Place:
        """The place of one area, as in `place_from_table`. Raises AreaTableError if it cannot be built."""
        return _place_of(self.rows[area], self.bands, self.document, area, residents)

    def counts(self, area: str) -> tuple[dict[str, dict[str, float]], str | None]:
        """Residents of an area by deprivation fifth and age band, and a note on merged fifths or None."""
        counts = _counts(self.rows[area], self.bands)
        return counts, _join_small_fifths(counts, 1.0)


def read_areas(csv_path: Path | str) -> AreaTable:
    """Every area of a table (`place_from_table`). Raises AreaTableError with up to 20 problems in header and rows."""
    path = Path(csv_path)
    areas: dict[str, list[_Row]] = {}
    problems: list[Problem] = []
    for line, (area, fifth, band, residents) in _records(path):
        if len(problems) == _MOST_PROBLEMS:
            break
        try:
            areas.setdefault(area, []).append(_checked(line, fifth.strip(), band.strip(), residents))
        except InvalidValue as error:
            problems.append(Problem(path.name, line, str(error.at[0]), error.wrong, error.right))
    problems.extend(problem for rows in areas.values() for problem in _twice(rows, path.name))
    if not problems and not areas:
        problems.append(Problem(path.name, None, "area", "the table has no rows", "Give a table with rows"))
    bands = list(dict.fromkeys(row.band for rows in areas.values() for row in rows))
    problems.extend([] if problems else _not_tiled(bands, path.name))
    if problems:
        raise AreaTableError(problems[:_MOST_PROBLEMS])
    return AreaTable(areas, bands, Document(path.name, {}, {}))


def place_from_table(csv_path: Path | str, area: str, residents: int | None = None) -> Place:
    """The place of one ``area`` of a table with columns area, deprivation_quintile, age_band, residents.

    Rows without residents may be left out; further columns are ignored. Age bands may be any that cover all ages, such
    as five-year bands up to 90+. ``residents`` scales the place (default: the number in the table). Other margins are
    those of England. A fifth with fewer than 40 residents after scaling is merged with the next one, as noted in the
    source. Raises AreaTableError listing every problem in the table's header and the area's rows.
    """
    rows, bands, document = _read(Path(csv_path), area)
    return _place_of(rows, bands, document, area, residents)


def _place_of(
    rows: Sequence[_Row], bands: Sequence[str], document: Document, area: str, residents: int | None
) -> Place:
    counts = _counts(rows, bands)
    total = math.fsum(row.residents for row in rows)
    wanted = round(total) if residents is None else residents
    if wanted < FEWEST_RESIDENTS:
        wrong = f"{wanted} residents in {area!r} are too few to form neighbourhoods, households and ties"
        right = f"Choose an area, or a number, of at least {FEWEST_RESIDENTS} residents"
        raise AreaTableError([Problem(document.file, rows[0].line, "residents", wrong, right)])
    if wanted > MOST_RESIDENTS:
        wrong = f"{wanted:,} residents in {area!r} are more than any place has"
        right = f"Choose an area, or a number, of at most {MOST_RESIDENTS:,} residents"
        raise AreaTableError([Problem(document.file, rows[0].line, "residents", wrong, right)])
    note = _join_small_fifths(counts, wanted / total)
    source = f"{document.file}, rows of area {area}"
    joint = AgeByDeprivation.model_construct(counts=counts, source=source, grade="A", note=note)
    read = PlaceFile.model_construct(name=slug(area), title=area, residents=wanted, age_by_deprivation=joint)
    return place_from_file(read, document)


def _counts(rows: Sequence[_Row], bands: Sequence[str]) -> dict[str, dict[str, float]]:
    counts: dict[str, dict[str, float]] = {fifth: dict.fromkeys(bands, 0.0) for fifth in DEPRIVATION}
    for row in rows:
        counts[row.fifth][row.band] += row.residents
    return counts


def _join_small_fifths(counts: dict[str, dict[str, float]], scale: float) -> str | None:
    """Merge fifths that are too small for a neighbourhood with the nearest fifth; returns a note or None."""
    merged = []
    sizes = {fifth: scale * math.fsum(by_age.values()) for fifth, by_age in counts.items()}
    while small := [fifth for fifth, size in sizes.items() if 0.0 < size < SMALLEST_FIFTH]:
        fifth = min(small, key=lambda name: sizes[name])
        others = [name for name in sizes if sizes[name] > 0.0 and name != fifth]
        host = min(others, key=lambda name: (abs(int(name) - int(fifth)), -sizes[name]))
        for band, residents in counts[fifth].items():
            counts[host][band] += residents
        counts[fifth] = dict.fromkeys(counts[fifth], 0.0)
        merged.append(f"the {sizes[fifth]:.0f} residents of fifth {fifth} are counted in fifth {host}")
        sizes[host] += sizes[fifth]
        sizes[fifth] = 0.0
    return "; ".join(merged).capitalize() or None


def slug(area: str) -> str:
    """The name of an area's place.

    >>> slug("Bristol, City of")
    'bristol_city_of'
    """
    return re.sub(r"[^a-z0-9]+", "_", area.lower()).strip("_")


def _read(path: Path, area: str) -> tuple[list[_Row], list[str], Document]:
    """Rows of the area, age bands of the whole table, and a document for reporting problems."""
    rows: list[_Row] = []
    areas: dict[str, None] = {}
    bands: dict[str, None] = {}
    problems: list[Problem] = []
    for line, (found, fifth, band, residents) in _records(path):
        areas[found] = None
        bands[band] = None
        if found == area and len(problems) < _MOST_PROBLEMS:
            try:
                rows.append(_checked(line, fifth.strip(), band.strip(), residents))
            except InvalidValue as error:
                problems.append(Problem(path.name, line, str(error.at[0]), error.wrong, error.right))
    problems.extend(_twice(rows, path.name))
    if not problems and not rows:
        problems.append(Problem(path.name, None, "area", f"there is no area {area!r}", _known_areas(area, areas)))
    tiles = list(dict.fromkeys(band.strip() for band in bands))
    problems.extend([] if problems else _not_tiled(tiles, path.name))
    if problems:
        raise AreaTableError(problems)
    return rows, tiles, Document(path.name, {}, {})


def _not_tiled(bands: Sequence[str], file: str) -> list[Problem]:
    try:
        check_tiling(bands, 0)
    except InvalidValue as error:
        return [Problem(file, None, "age_band", error.wrong, error.right)]
    return []


def _records(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and the four columns of each row. Raises AreaTableError if the file or header is not valid."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise OSError(0, "it is not a file on disk")  # a pipe or a device may never end
        stream = path.open(encoding="utf-8-sig", newline="")
    except (OSError, ValueError) as error:
        wrong = f"the table cannot be opened ({getattr(error, 'strerror', None) or error})"
        raise AreaTableError([Problem(path.name, None, "", wrong, "Give the path of a CSV file")]) from None
    with stream:
        reader = csv.reader(stream)
        try:
            header = [name.strip() for name in next(reader, [])]
            missing = [name for name in COLUMNS if name not in header]
            if missing:
                raise AreaTableError([_no_column(path.name, name, header) for name in missing])
            columns = operator.itemgetter(*(header.index(name) for name in COLUMNS))
            for record in reader:
                if record:
                    yield reader.line_num, columns(record)
        except IndexError:
            wrong = "the row has fewer fields than the header"
            raise AreaTableError([Problem(path.name, reader.line_num, "", wrong, "Complete the row")]) from None
        except UnicodeDecodeError:
            wrong = "the text is not UTF-8"
            raise AreaTableError([Problem(path.name, None, "", wrong, "Save the table with encoding UTF-8")]) from None
        except csv.Error as error:
            wrong = f"the row cannot be read ({error})"
            raise AreaTableError([Problem(path.name, reader.line_num, "", wrong, "Save the table as CSV")]) from None


def _no_column(file: str, name: str, header: list[str]) -> Problem:
    others = [other for other in header if other not in COLUMNS]
    near = difflib.get_close_matches(name, others, n=1)
    right = f"The columns are {', '.join(header)}; rename one of them '{name}'"
    if near:
        right = f"Rename the similar column '{near[0]}' to '{name}'"
    elif not header:
        right = f"Begin the table with {','.join(COLUMNS)}"
    return Problem(file, 1, name, f"the required column '{name}' is missing", right)


def _checked(line: int, fifth: str, band: str, residents: str) -> _Row:
    if fifth not in DEPRIVATION:
        raise InvalidValue(f"there is no deprivation quintile {fifth!r}", "Write 1 to 5", ("deprivation_quintile",))
    try:
        years_of(band)
    except InvalidValue as error:
        raise InvalidValue(error.wrong, error.right, ("age_band",)) from None
    try:
        count = float(residents)
    except ValueError:
        raise InvalidValue(f"{residents!r} is not a number", "Write a number of 0 or more", ("residents",)) from None
    if not 0.0 <= count <= MOST_COUNTED:
        raise InvalidValue(f"{residents} is not a number of residents", "Write a number of 0 or more", ("residents",))
    return _Row(line, fifth, band, count)


def _twice(rows: Sequence[_Row], file: str) -> list[Problem]:
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        seen[row.fifth, row.band].append(row.line)
    return [
        Problem(
            file,
            lines[1],
            "age_band",
            f"fifth {fifth}, age {band} is already given in line {lines[0]}",
            "Keep only one of the rows",
        )
        for (fifth, band), lines in seen.items()
        if len(lines) > 1
    ]


def clashing_names(areas: Iterable[str], file: str) -> list[Problem]:
    """Problems with areas whose places would have the same name."""
    seen: dict[str, str] = {}
    problems = []
    for area in areas:
        first = seen.setdefault(slug(area), area)
        if first != area:
            wrong = f"{area!r} and {first!r} would both be named {slug(area)!r}"
            problems.append(Problem(file, None, "area", wrong, "Give the areas names that differ in letters or digits"))
    return problems


def _known_areas(area: str, areas: dict[str, None]) -> str:
    if not areas:
        return "The table has no rows; give a table with rows"
    right = did_you_mean(area, areas)
    if right.startswith("Known") and len(areas) > _MOST_NAMES:
        return f"The table has {len(areas)} areas, from {min(areas)!r} to {max(areas)!r}"
    return right
