"""Writing of editable place files from a table of areas (see `simulator.places.place_from_table`)."""

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
_UNKNOWN_SOURCE: Final = "The source of the table was not given when it was imported."


class Provenance(NamedTuple):
    """Source of a table; a table without a source has grade assumption."""

    source: str | None = None
    reference: str | None = None  # https://... or doi:...
    grade: str | None = None  # A (the default with a reference), B, C or assumption


UNKNOWN_SOURCE: Final = Provenance()


class ImportResult(NamedTuple):
    """Files written by an import, and the errors of areas from which no place can be built."""

    written: tuple[Path, ...]
    left_out: tuple[PlaceError, ...]


def import_places(
    csv_path: Path | str, folder: Path, areas: Sequence[str] = (), provenance: Provenance = UNKNOWN_SOURCE
) -> ImportResult:
    """Write a place file for each of the areas, or for every area of the table, into a folder.

    Each file is checked by reading it back. Areas that are too small are left out. Raises PlaceError for an invalid
    table or provenance, for areas with the same name or if a file already exists, and UnknownNameError for an unknown
    area; nothing is written in these cases.
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
    problems = clashing_names(chosen, path.name)
    problems += [Problem(str(file), None, "", "the file already exists", "Choose another folder") for file in taken]
    if problems:
        raise (PlaceError if taken else AreaTableError)(problems)
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
    """The text of the place file for one area."""
    counts, merged = table.counts(area)
    bands = sorted(table.bands, key=lambda band: years_of(band).start)
    lines = [f"name: {slug(area)}", f"title: {_quoted(area)}", f"residents: {table.residents(area)}", ""]
    lines += ["age_by_deprivation:", "  counts:"]
    for fifth, by_age in counts.items():
        numbers = ", ".join(f"{band}: {by_age[band]:.15g}" for band in bands)
        lines += textwrap.wrap(f'"{fifth}": {{{numbers}}}', _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 10)
    source = provenance.source or f"{table.document.file}, rows of area {area}"
    notes = [*([] if provenance.source else [_UNKNOWN_SOURCE]), *([f"{merged}."] if merged else [])]
    fields: dict[str, Any] = {"source": source, "reference": provenance.reference, "grade": _grade(provenance)}
    lines += [f"  {name}: {_quoted(text)}" for name, text in {**fields, "note": " ".join(notes)}.items() if text]
    return "\n".join(lines) + "\n"


def _grade(provenance: Provenance) -> str:
    return provenance.grade or ("A" if provenance.reference else "assumption")


def _check(provenance: Provenance) -> None:
    if provenance.source is None and (provenance.reference or provenance.grade):
        wrong = "a reference or a grade is given without a source"
        raise PlaceError([Problem("--source", None, "", wrong, "Give the source: who counted what, and when")])
    if provenance.source is None:
        return
    given = {"source": provenance.source, "reference": provenance.reference, "grade": _grade(provenance)}
    try:
        TypeAdapter(SourceFields).validate_python(given)
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            cause = detail.get("ctx", {}).get("error")
            wrong, right = str(detail["msg"]), "Change it"
            if isinstance(cause, InvalidValue):
                wrong, right = cause.wrong, cause.right
            problems.append(Problem(f"--{detail['loc'][0] if detail['loc'] else 'reference'}", None, "", wrong, right))
        raise PlaceError(problems) from None


def _quoted(text: str) -> str:
    """Text quoted for YAML, on one line; JSON quoting is also valid YAML."""
    return json.dumps(text, ensure_ascii=False)
