"""Take-aways of a page: files for the view, and the command that reproduces its numbers.

    GET /take-away/one/<format>?<view>       of the view's first scenario, for each lens that has been run
    GET /take-away/beside/<format>?<view>    of all its scenarios, one chart per outcome

Files are created from finished runs and sent once; they are not kept on the server.
"""

from __future__ import annotations

import io
import math
import tempfile
import threading
import zipfile
from collections.abc import Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from dash import Dash, html
from dash.development.base_component import Component
from flask import Response, request, send_file

from dashboard.application.parts import options
from dashboard.application.parts.app_state import comparison_in, pin, view_of
from dashboard.application.parts.head import comparison_through, other_lenses, through_lenses
from dashboard.application.parts.ready import ready_for
from dashboard.exhibits.board import board
from dashboard.exports import Content, content_of, content_of_several, file_name, write_take_aways
from dashboard.exports.reproduce import commands
from dashboard.exports.slides import write_board
from dashboard.runs.library import NotFinishedError
from dashboard.runs.view import View
from dashboard.topics.answer import Answer
from dashboard.topics.several_scenarios import over_shared_seeds
from dashboard.topics.signs import SIGNS
from dashboard.topics.why import shares_through
from simulator.comparison.comparison import Comparison
from simulator.errors import IncomparableRunsError, SimulatorError
from simulator.experiments.lens_comparisons import LensComparisons, by_causal_share

ONE, BESIDE = "one", "beside"
SLIDES: Final = "pptx"
BRIEF: Final = "pdf"
"""Format that is about one scenario."""
OFFERED: Final = {
    "pptx": "PowerPoint slides",
    "xlsx": "Excel workbook",
    "pdf": "Policy brief, two pages (PDF)",
    "csv": "Tables as CSV (zip)",
    "parquet": "Tables as Parquet (zip)",
    "record": "Run record (JSON)",
}
"""Formats that the server writes; pictures of single charts are drawn by the browser."""
AT_ONCE: Final = 2
"""Limits the number of files written at the same time; further requests wait."""
_SAME_FOR_ALL: Final = ("weeks", "starts")


def menu(view: View, shown: Collection[Comparison], *, beside: bool = False) -> Component:
    """Links to every format for the view, and the command that reproduces the comparisons ``shown``.

    Without runs, slides for a board are made from the results that ship.
    """
    what = BESIDE if beside else ONE
    kinds = _formats(what) if shown else (SLIDES,)
    links = [html.Li(html.A(OFFERED[kind], href=f"/take-away/{what}/{kind}{view.query()}")) for kind in kinds]
    below: list[Component] = [html.P("Three slides for a board, of the size that this page shows.")]
    if shown:
        below = [
            html.P("Amounts in them are a year, discounted, in the prices of the runs, whatever this page is set to."),
            html.P("Buttons below each chart save it as a picture, as it is shown. To make these numbers again:"),
            html.Pre([_command(line) for line in commands(list(shown))]),
        ]
    return html.Details(
        [
            html.Summary("Take away"),
            html.Ul(links),
            html.P(className="making", role="status"),
            *below,
        ],
        className="take-away",
    )


def _formats(what: str) -> list[str]:
    """The formats of a take-away of one scenario, or of several."""
    return [kind for kind in OFFERED if (what, kind) != (BESIDE, BRIEF)]


def _command(line: str) -> Component:
    """A command for copying, with line breaks only between its options."""
    parts = line.split(" --")
    options = [html.Span(f"--{part}", className="number-unbroken") for part in parts[1:]]
    return html.Code([parts[0], *(piece for option in options for piece in (" ", option)), "\n"])


def register(app: Dash) -> None:
    """Respond to requests for take-aways."""
    turn = threading.BoundedSemaphore(AT_ONCE)

    def take(what: str, kind: str) -> Response:
        if what not in (ONE, BESIDE) or kind not in _formats(what):
            return _refusal(f"There is no such take-away. There are: {', '.join(_formats(what))}.", 404)
        view = view_of(request.query_string.decode())
        if view.pinned:
            pin(str(view.model))
        try:
            content = content_of_several(_beside(view)) if what == BESIDE else _one(view)
        except NotFinishedError as error:
            ready = ready_for(view) if (what, kind) == (ONE, SLIDES) else None
            return _refusal(str(error), 404) if ready is None else _of_ready(ready, view)
        except SimulatorError as error:
            return _refusal(str(error), 409)
        with turn:
            return _sent(content, kind)

    app.server.add_url_rule("/take-away/<what>/<kind>", "take_away", take, methods=["GET"])


def _of_ready(ready: Answer, view: View) -> Response:
    """Slides for a board from results that ship, at the size that the view shows."""
    shown = board(ready, view.matters, *_size(view, ready.largest))
    with tempfile.TemporaryDirectory() as folder:
        written = write_board(shown, Path(folder) / "board.pptx")
        return _attached(f"{view.scenario}_{view.place}.pptx", written.read_bytes())


def _size(view: View, largest: float) -> tuple[float, str]:
    """The size of the plan and the outcome that page Answer shows."""
    times = min(max(options.chosen_number(view, "times", 1.0), 0.0), largest)
    return times, options.chosen(view, "outcome", SIGNS)


def _one(view: View) -> Content:
    """The view's first scenario through each lens, and at other causal shares where it has been run."""
    found = through_lenses(view)
    made = shares_through(found, partial(comparison_through, view))
    causal = {lens: by_causal_share(each) for lens, each in made.items()}
    content = content_of(LensComparisons(tuple(found.values()), causal), None, *_size(view, math.inf))
    if not made:
        return content
    last = max(max(each[1.0].seeds) for each in made.values())
    again = f"Numbers at other causal shares come of the same with --seeds {last + 1} and --causal 0, 0.5 or 1."
    return replace(content, needed=(*content.needed, again))


def _beside(view: View) -> dict[str, list[Comparison]]:
    """The view's comparable scenarios through each lens, over their common pairs."""
    first = comparison_in(view)
    found: dict[str, list[Comparison]] = {}
    for lens in (view.lens, *other_lenses(view)):
        comparable: dict[str, Comparison] = {}
        for name in view.scenarios:
            try:
                one = comparison_in(view, name, lens)
            except (NotFinishedError, IncomparableRunsError):
                continue
            record, wanted = one.scenario.record, first.scenario.record
            if all(record[field] == wanted[field] for field in _SAME_FOR_ALL) and set(one.seeds) & set(first.seeds):
                comparable[name] = one
        if comparable:
            found[lens] = list(over_shared_seeds(comparable).values())
    return found


def _sent(content: Content, kind: str) -> Response:
    with tempfile.TemporaryDirectory() as folder:
        paths = write_take_aways(content, folder, [kind])
        if len(paths) == 1:
            name, whole = paths[0].name, paths[0].read_bytes()
        else:
            name, whole = f"{file_name(content)}_{kind}.zip", _zipped(paths)
    return _attached(name, whole)


def _attached(name: str, whole: bytes) -> Response:
    answer = send_file(io.BytesIO(whole), as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _zipped(paths: list[Path]) -> bytes:
    """Several files as a zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
    return file.getvalue()


def _refusal(why: str, status: int) -> Response:
    return Response(why, status, mimetype="text/plain; charset=utf-8")
