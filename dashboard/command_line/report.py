"""``offset report``: reports, slides and tables written again from the results of a comparison."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.command_line.output import say, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.experiments.lens_comparisons import LensComparisons

EXAMPLE: Final = "Example: offset report results --as pptx --as xlsx --out board_paper"


class Format(StrEnum):
    """Formats that can be written."""

    HTML = "html"
    PPTX = "pptx"
    XLSX = "xlsx"
    PDF = "pdf"
    CSV = "csv"
    PARQUET = "parquet"
    SVG = "svg"
    PNG = "png"
    RECORD = "record"
    EVERYTHING = "everything"


_HELP: Final = (
    "html: report; pptx: slides; xlsx: workbook; pdf: two-page brief; csv, parquet: tables; svg, png: one picture per "
    "chart (needs Chrome or Chromium); record: run records; everything. May be given several times."
)
_OUT: Final = "File, or folder if several files are written; without it, the folder of the comparison."


def report(
    folder: Annotated[Path, typer.Argument(help="Folder that 'offset compare --out' wrote.")],
    formats: Annotated[list[Format] | None, typer.Option("--as", help=_HELP)] = None,
    out: Annotated[Path | None, typer.Option(help=_OUT)] = None,
) -> None:
    """Write a stored comparison as a report, slides, workbook, brief, tables or pictures, without running it again."""
    from dashboard.exports import SINGLE
    from dashboard.report.folder import read_lens_comparisons

    wanted = tuple(dict.fromkeys(formats or (Format.HTML,)))
    endings = {**SINGLE, Format.HTML.value: ".html"}
    alone = wanted[0].value if len(wanted) == 1 and wanted[0].value in endings else None
    if out is not None and alone is None and out.suffix and not out.is_dir():
        raise typer.BadParameter(f"{out} looks like a file, but several files would be written: name a folder")
    if out is not None and alone is not None and out.suffix and out.suffix.lower() not in (endings[alone], ".htm"):
        raise typer.BadParameter(f"the name {out} must end in {endings[alone]}, since the format is {alone}")
    found, how = read_lens_comparisons(folder)
    for path in _written(found, how, [one.value for one in wanted], _Place(folder, out, alone)):
        say(f"Written to {path}.")


class _Place:
    """Where files are written: one named file, or a folder with names made from scenario and place."""

    def __init__(self, folder: Path, out: Path | None, alone: str | None) -> None:
        named = out is not None and alone is not None and bool(out.suffix) and not out.is_dir()
        self.file = out if named else None
        usual = folder if alone else folder / "take_away"
        self.folder = usual if out is None else out.parent if named else out
        self.name = out.stem if out is not None and named else None


def _written(found: LensComparisons, how: str | None, wanted: Sequence[str], place: _Place) -> list[Path]:
    """Write the wanted formats; pictures come last, so that a computer without a browser still gets the rest."""
    from dashboard.exports import DRAWN, FORMATS, content_of, write_take_aways
    from dashboard.exports.pictures import PictureError
    from dashboard.report.report import write_report

    everything = Format.EVERYTHING.value in wanted
    paths = []
    if everything or Format.HTML.value in wanted:
        paths.append(write_report(found.comparisons[0], place.file or place.folder / "report.html", how, found))
    others = [kind for kind in FORMATS if everything or kind in wanted]
    if not others:
        return paths
    content = content_of(found, how)
    plain = [kind for kind in others if kind not in DRAWN]
    paths += write_take_aways(content, place.folder, plain, place.name)
    try:
        paths += write_take_aways(content, place.folder, [kind for kind in others if kind in DRAWN], place.name)
    except PictureError as error:
        if not everything:
            raise
        warn(f"Pictures were not written: {error}")
    return paths
