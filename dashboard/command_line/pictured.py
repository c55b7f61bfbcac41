"""Subjects of ``offset describe`` that are a table and can be drawn: access, loneliness and relational work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from dashboard.command_line.access import access_runs
from dashboard.command_line.options import Subject
from dashboard.command_line.output import frame_text, targets_text, write_text
from dashboard.command_line.work import progress_bar

if TYPE_CHECKING:
    import pandas as pd

PICTURED: Final = (Subject.ACCESS, Subject.LONELINESS, Subject.RELATIONAL_WORK)
_PICTURES: Final = (".svg", ".png")


def is_picture(out: Path | None) -> bool:
    """Whether a file is to be a picture."""
    return out is not None and out.suffix.lower() in _PICTURES


def pictured_table(
    what: Subject, place: str | None, years: int | None, seeds: Sequence[int], workers: int | None, *, quiet: bool
) -> tuple[pd.DataFrame, str]:
    """The table of one of `PICTURED`, simulated if it needs runs, and as text."""
    if what is Subject.ACCESS:
        found = access_runs(place, years, seeds, workers, quiet=quiet)
        return found, frame_text(found)
    if what is Subject.LONELINESS:
        from simulator.description.loneliness import YEARS, loneliness_table
        from simulator.districts import load_place

        chosen = load_place(place or "frome")
        with progress_bar(quiet) as progress:
            found = loneliness_table(chosen, seeds, years or YEARS, workers, progress)
        title = f"Loneliness in the baseline, {chosen.title}, {len(seeds)} runs at central evidence"
        sources = [f"- {row['label']}: {row['source']}" for row in found.to_dict("records")]
        return found, "\n".join([targets_text(found, title, "figures"), "", "Sources:", *sources])
    from simulator.description.describe import every_value
    from simulator.description.relational_example import chain_example
    from simulator.description.relational_work import chain_markdown, chain_table

    evidence = every_value()
    found = chain_table(evidence)
    return found, "\n".join([chain_markdown(found), "", *(f"- {sentence}" for sentence in chain_example(evidence))])


def write_picture(what: Subject, table: pd.DataFrame, out: Path) -> None:
    """Draw the table as SVG or PNG, whichever the file is called; the chain of relational work as SVG only."""
    kind = out.suffix.removeprefix(".").lower()
    if what is Subject.RELATIONAL_WORK:
        from dashboard.figures.relational_work import chain_picture
        from simulator.description.relational_work import BOXES

        if kind != "svg":
            raise typer.BadParameter(
                f"The chain of relational work is drawn as SVG. Write {out.with_suffix('.svg').name}."
            )
        write_text(out, chain_picture(table, BOXES))
        return
    from dashboard.exports.pictures import draw
    from dashboard.figures.access import access_figure
    from dashboard.figures.loneliness import loneliness_figure

    figure = access_figure(table) if what is Subject.ACCESS else loneliness_figure(table)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(draw(figure, kind))
