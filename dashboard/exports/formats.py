"""Formats of take-aways, each written completely or not at all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from dashboard.exports.content import Content
from dashboard.exports.data import DICTIONARY, dictionary
from simulator.errors import UnknownNameError

Writer = Callable[[Content, Path, str], list[Path]]


def file_name(content: Content) -> str:
    """The name of files, from scenarios and place.

    It consists of letters, digits, underscores and hyphens, so that it cannot lead out of its folder.
    """
    records = content.records.values()
    names = dict.fromkeys(
        str(record["scenario"]) for key, record in content.records.items() if key.endswith("scenario")
    )
    place = next(iter(records))["place"]
    return re.sub(r"[^A-Za-z0-9_-]+", "_", "_".join([*names, str(place)]))[:120]


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
    """One file per table, with the provenance in the last column of every row."""
    shown = {**content.tables, "dictionary": dictionary(content.tables)}
    written = [
        _whole(
            folder / f"{name}_{table}.csv",
            lambda path, rows=rows: rows.assign(provenance=content.line).to_csv(  # type: ignore[misc]
                path, index=False, encoding="utf-8", lineterminator="\n"
            ),
        )
        for table, rows in shown.items()
    ]
    return [*written, *_record(content, folder, name)]


def _parquet(content: Content, folder: Path, name: str) -> list[Path]:
    """One file per table; provenance, commands and run records are in the file's metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    about = {
        "provenance": content.source,
        "reproduce": "; ".join(content.commands),
        "record": _record_text(content),
    }

    def write(path: Path, rows: pd.DataFrame) -> None:
        table = pa.Table.from_pandas(rows, preserve_index=False)
        fields = [field.with_metadata({"description": DICTIONARY[field.name]}) for field in table.schema]
        schema = pa.schema(fields, metadata={**(table.schema.metadata or {}), **about})
        parquet.write_table(table.cast(schema), path)

    return [
        _whole(folder / f"{name}_{table}.parquet", lambda path, rows=rows: write(path, rows))  # type: ignore[misc]
        for table, rows in content.tables.items()
    ]


def _record(content: Content, folder: Path, name: str) -> list[Path]:
    text = f"{_record_text(content)}\n"
    return [_whole(folder / f"{name}.json", lambda path: path.write_text(text, encoding="utf-8"))]


def _pictures(kind: str) -> Writer:
    def write(content: Content, folder: Path, name: str) -> list[Path]:
        from dashboard.exports.pictures import pictures

        return [
            _whole(folder / f"{name}_{chart}.{kind}", lambda path, drawn=drawn: path.write_bytes(drawn))  # type: ignore[misc]
            for chart, drawn in pictures(content, kind).items()
        ]

    return write


FORMATS: Final[dict[str, Writer]] = {
    "pptx": _slides,
    "xlsx": _workbook,
    "pdf": _brief,
    "csv": _csv,
    "parquet": _parquet,
    "record": _record,
    "svg": _pictures("svg"),
    "png": _pictures("png"),
}
"""Formats: slides, a workbook, a two-page policy brief, tables, run records, and one picture per chart."""
DRAWN: Final = ("svg", "png")
"""Formats that need a browser on this computer."""
SINGLE: Final = {"pptx": ".pptx", "xlsx": ".xlsx", "pdf": ".pdf", "record": ".json"}
"""Formats of a single file, with the ending of its name."""


def write_take_aways(
    content: Content, folder: str | Path, formats: Sequence[str] | None = None, name: str | None = None
) -> list[Path]:
    """Write take-aways into a folder and return the files; by default all formats.

    A file that cannot be written completely is not written. Raises UnknownNameError for an unknown format before
    anything is written, and PictureError if no browser can draw a picture.
    """
    wanted = tuple(FORMATS) if formats is None else tuple(dict.fromkeys(formats))
    for kind in wanted:
        if kind not in FORMATS:
            raise UnknownNameError("format", kind, tuple(FORMATS))
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    return [path for kind in wanted for path in FORMATS[kind](content, target, name or file_name(content))]


def _record_text(content: Content) -> str:
    whole = {
        "provenance": [content.source],
        "reproduce": list(content.commands),
        "needed": list(content.needed),
        "records": {key: dict(one) for key, one in content.records.items()},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _whole(path: Path, write: Callable[[Path], object]) -> Path:
    """Write a temporary file next to the final one, then rename it."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        write(new)
        return new.replace(path)
    finally:
        new.unlink(missing_ok=True)
