"""All take-aways by name, written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from dashboard.exports.content import DICTIONARY, Content, Readings, content_of
from simulator.errors import UnknownNameError

NAME: Final = "take_away"
"""Beginning of the files' names, where one is not given."""


def _slides(content: Content, folder: Path, name: str) -> list[Path]:
    from dashboard.exports.slides import write_slides

    return [_whole(folder / f"{name}.pptx", lambda path: write_slides(content, path))]


def _workbook(content: Content, folder: Path, name: str) -> list[Path]:
    from dashboard.exports.workbook import write_workbook

    return [_whole(folder / f"{name}.xlsx", lambda path: write_workbook(content, path))]


def _brief(content: Content, folder: Path, name: str) -> list[Path]:
    from dashboard.exports.brief import write_brief

    return [_whole(folder / f"{name}.pdf", lambda path: write_brief(content, path))]


def _csv(content: Content, folder: Path, name: str) -> list[Path]:
    """A file a table, with the provenance in every row's last column, since a CSV has no other place for it."""
    line = " ".join(content.provenance)
    written = [
        _whole(
            folder / f"{name}_{table}.csv",
            lambda path, rows=rows: rows.assign(provenance=line).to_csv(  # type: ignore[misc]
                path, index=False, encoding="utf-8", lineterminator="\n"
            ),
        )
        for table, rows in content.tables.items()
    ]
    return [*written, _dictionary(content, folder, name)]


def _parquet(content: Content, folder: Path, name: str) -> list[Path]:
    """A file a table; the provenance is in the file's metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    about = {"provenance": " ".join(content.provenance), "reproduce": "; ".join(content.commands)}

    def write(path: Path, table: pa.Table) -> None:
        parquet.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **about}), path)

    return [
        _whole(
            folder / f"{name}_{table}.parquet",
            lambda path, rows=rows: write(path, pa.Table.from_pandas(rows, preserve_index=False)),  # type: ignore[misc]
        )
        for table, rows in content.tables.items()
    ]


def _record(content: Content, folder: Path, name: str) -> list[Path]:
    text = json.dumps(
        {"reproduce": list(content.commands), "records": {key: dict(one) for key, one in content.records.items()}},
        indent=2,
        ensure_ascii=False,
    )
    return [_whole(folder / f"{name}_record.json", lambda path: path.write_text(f"{text}\n", encoding="utf-8"))]


def _pictures(kind: str) -> Callable[[Content, Path, str], list[Path]]:
    def write(content: Content, folder: Path, name: str) -> list[Path]:
        from dashboard.exports.pictures import picture

        return [
            _whole(
                folder / f"{name}_{chart.name}.{kind}",
                lambda path, chart=chart: path.write_bytes(picture(chart, content, kind)),  # type: ignore[misc]
            )
            for chart in content.charts
        ]

    return write


FORMATS: Final[dict[str, Callable[[Content, Path, str], list[Path]]]] = {
    "pptx": _slides,
    "xlsx": _workbook,
    "pdf": _brief,
    "csv": _csv,
    "parquet": _parquet,
    "svg": _pictures("svg"),
    "png": _pictures("png"),
    "json": _record,
}
"""What can be written: slides, a workbook, a policy brief of two pages, tables, pictures of each chart, run records."""


def write_take_aways(
    readings: Readings, folder: str | Path, formats: Sequence[str] = tuple(FORMATS), name: str = NAME
) -> list[Path]:
    """Write take-aways of one scenario, under one or more lenses, into a folder; return the files.

    A file that cannot be written whole is not written. Raises UnknownNameError for an unknown format before any is.
    """
    for kind in formats:
        if kind not in FORMATS:
            raise UnknownNameError("format", kind, tuple(FORMATS))
    content = content_of(readings)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    return [path for kind in dict.fromkeys(formats) for path in FORMATS[kind](content, target, name)]


def _dictionary(content: Content, folder: Path, name: str) -> Path:
    columns = dict.fromkeys(column for table in content.tables.values() for column in table.columns)
    lines = ["column,meaning", *(f'{column},"{DICTIONARY[column]}"' for column in columns)]
    text = "\n".join(lines) + "\n"
    return _whole(folder / f"{name}_dictionary.csv", lambda path: path.write_text(text, encoding="utf-8"))


def _whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Write beside the file, then put it in its place in one step."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        write(new)
        return new.replace(path)
    finally:
        new.unlink(missing_ok=True)
