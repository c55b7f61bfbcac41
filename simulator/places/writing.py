"""Place files from a table of areas: what `simulator.places.place_from_table` reads, as files to go on editing."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

from simulator.errors import AreaTableError, PlaceError, Problem, UnknownNameError
from simulator.foundations.input_files import InvalidValue
from simulator.places.bands import years_of
from simulator.places.loading import read_place
from simulator.places.margins import SourceFields
from simulator.places.table import AreaTable, clashing_names, read_areas, slug

_WIDTH: Final = 112
_UNKNOWN_SOURCE: Final = "Where the table is from was not said when it was imported."


class Provenance(NamedTuple):
    """Where a table is from; a table of which nobody says so is an assumption."""

    source: str | None = None
    reference: str | None = None  # https://... or doi:...
    grade: str | None = None  # A (the default with a reference), B, C or assumption


UNKNOWN_SOURCE: Final = Provenance()


class ImportResult(NamedTuple):
    """What an import wrote, and the areas that cannot be made into places."""

    written: tuple[Path, ...]
    left_out: tuple[PlaceError, ...]


def import_places(
    csv_path: Path | str, folder: Path, areas: Sequence[str] = (), provenance: Provenance = UNKNOWN_SOURCE
) -> ImportResult:
    """Write a place file for each of the areas, or for every area of the table, into a folder.

    Each file says of its area what the table says, and is read again before the next is written. An area that is too
    small for a place is left out. Raises PlaceError for a bad table or provenance, for areas of one name, or if a file
    is there already, and UnknownNameError for an unknown area; then nothing is written.
    """
    path = Path(csv_path)
    table = read_areas(path)
    for area in areas:
        if area not in table.rows:
            raise UnknownNameError("area", area, table.rows)
    _check(provenance)
    chosen = list(dict.fromkeys(areas)) or list(table.rows)
    targets = {area: folder / f"{slug(area)}.yaml" for area in chosen}
    taken = [file for file in targets.values() if file.exists()]
    there = clashing_names(chosen, path.name)
    there += [Problem(str(file), None, "", "the file is there already", "Name another folder") for file in taken]
    if there:
        raise (PlaceError if taken else AreaTableError)(there)
    folder.mkdir(parents=True, exist_ok=True)
    written, left_out = [], []
    for area, file in targets.items():
        try:
            table.place(area)
        except PlaceError as error:
            left_out.append(error)
            continue
        file.write_text(place_text(table, area, provenance), encoding="utf-8", newline="\n")
        read_place(file)
        written.append(file)
    return ImportResult(tuple(written), tuple(left_out))


def place_text(table: AreaTable, area: str, provenance: Provenance = UNKNOWN_SOURCE) -> str:
    """The place file of one area."""
    counts, joined = table.counts(area)
    bands = sorted(table.bands, key=lambda band: years_of(band).start)
    lines = [f"name: {slug(area)}", f"title: {_quoted(area)}", f"residents: {table.residents(area)}", ""]
    lines += ["age_by_deprivation:", "  counts:"]
    for fifth, by_age in counts.items():
        numbers = ", ".join(f"{band}: {by_age[band]:.15g}" for band in bands)
        lines += textwrap.wrap(f'"{fifth}": {{{numbers}}}', _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 10)
    source = provenance.source or f"{table.document.file}, rows of area {area}"
    notes = [*([] if provenance.source else [_UNKNOWN_SOURCE]), *([f"{joined}."] if joined else [])]
    said: dict[str, Any] = {"source": source, "reference": provenance.reference, "grade": _grade(provenance)}
    lines += [f"  {name}: {_quoted(text)}" for name, text in {**said, "note": " ".join(notes)}.items() if text]
    return "\n".join(lines) + "\n"


def _grade(provenance: Provenance) -> str:
    return provenance.grade or ("A" if provenance.reference else "assumption")


def _check(provenance: Provenance) -> None:
    if provenance.source is None and (provenance.reference or provenance.grade):
        wrong = "a reference or a grade is given without a source"
        raise PlaceError([Problem("--source", None, "", wrong, "Say who counted, when and what")])
    if provenance.source is None:
        return
    given = {"source": provenance.source, "reference": provenance.reference, "grade": _grade(provenance)}
    try:
        TypeAdapter(SourceFields).validate_python(given)
    except ValidationError as error:
        problems = []
        for fault in error.errors():
            told = fault.get("ctx", {}).get("error")
            wrong, right = (
                (told.wrong, told.right) if isinstance(told, InvalidValue) else (str(fault["msg"]), "Change it")
            )
            problems.append(Problem(f"--{fault['loc'][0] if fault['loc'] else 'reference'}", None, "", wrong, right))
        raise PlaceError(problems) from None


def _quoted(text: str) -> str:
    """Text as YAML has it on one line: JSON's way of quoting is YAML's too."""
    return json.dumps(text, ensure_ascii=False)
