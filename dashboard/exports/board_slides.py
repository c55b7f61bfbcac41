"""The three slides for a board, as native PowerPoint shapes and charts, with speaker notes."""

from __future__ import annotations

import math
from typing import Any, Final

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches, Pt

from dashboard.exhibits.board import Board, targets_heading
from dashboard.exports.slide_charts import add_chart, add_curves
from dashboard.exports.slide_parts import FOOT, INNER, MARGIN, PALE, Place, blank_slide, box, lines, size_of, text_box
from dashboard.figures.curves import Curves
from dashboard.figures.flow import Block, Stage
from dashboard.figures.style import GREY, LINE, NAVY, ORANGE, TEXT, TURQUOISE, pale, series_colour
from dashboard.text.lens_names import key_title
from dashboard.text.phrases import capital
from dashboard.topics.answer import ADVICE
from dashboard.topics.signs import Sign
from simulator.lenses import EVIDENCE

_TOP: Final = Inches(1.45)
_GAP: Final = Inches(0.12)
_BAR: Final = Inches(0.5)
"""Width of the blocks of a flow; their words stand beside them."""
_SHORT: Final = 26
"""Characters of what is said of a block that stand beside its amount; longer words have a line of their own."""
_WIDEST: Final = 34
"""Characters of a label that fit into a line."""
_LEAST_HIGH: Final = Inches(0.1)
_HEAD: Final = Inches(0.5)
_LINE_HIGH: Final = Inches(0.47)
"""Height of the words beside a block."""
_ADVICE_COLOURS: Final = {"do": TURQUOISE, "weigh": NAVY, "pilot": NAVY, "not": ORANGE}
_BELIEF_SIZES: Final = ((200, 14), (320, 12))
_WHY_SIZES: Final = ((250, 16), (400, 14), (560, 13), (800, 11))
_SMALLEST: Final = 10


def add_board(deck: Any, board: Board) -> None:
    """Add the three slides to a deck."""
    _plan(deck, board)
    _answer(deck, board)
    _advice(deck, board)


def _noted(made: Any, *said: str) -> None:
    made.notes_slide.notes_text_frame.text = "\n".join(one for one in said if one)


def _plan(deck: Any, board: Board) -> None:
    """Columns of blocks on one scale of pounds, from what is automated to what it buys."""
    made = blank_slide(deck, board.plan.title, board.source, above=board.title)
    stages = board.plan.figure.stages
    text_box(made, board.plan.statistic, (MARGIN, Inches(1.2), INNER, Inches(0.5)), size=11, ink=GREY)
    left: int = MARGIN
    top, height = Inches(1.8), FOOT - Inches(1.9)
    wide = INNER - Inches(0.6) * (len(stages) - 1)
    scale = board.plan.figure.scale(height - _HEAD, _GAP, _LINE_HIGH)
    for number, (stage, width) in enumerate(zip(stages, map(int, board.plan.figure.widths(wide)), strict=True)):
        if number:
            box(made, (left + Inches(0.05), Inches(3.9), Inches(0.4), Inches(0.5)), LINE, LINE, MSO_SHAPE.RIGHT_ARROW)
            left += Inches(0.6)
        _stage(made, stage, scale, (left, top, width, height))
        left += width
    _noted(made, f"{board.plan.title}.", board.plan.statistic, board.plan.alternative, board.source)


def _stage(to: Any, stage: Stage, scale: float, place: Place) -> None:
    left, top, width, _ = place
    text_box(to, stage.heading, (left, top, width, _HEAD), size=18, ink=NAVY, bold=True)
    top += _HEAD
    for block in stage.blocks:
        high = max(_LEAST_HIGH, int(block.pounds * scale))
        row = max(high, _LINE_HIGH + _LINE_HIGH // 2 * (len(block.label) // _WIDEST))
        _block(to, block, (left, top, _BAR, high))
        beside = left + _BAR + Inches(0.12)
        frame = text_box(to, "", (beside, top, left + width - beside, row), size=13)
        frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE if high >= _LINE_HIGH else MSO_ANCHOR.TOP
        long = len(block.more) > _SHORT
        first = [(block.label, 13, True), *([(f"  {block.amount}", 13, False)] if long else [])]
        lines(frame, [first, ((block.more if long else block.words, 12, False),)])
        top += row + _GAP


def _block(to: Any, block: Block, place: Place) -> None:
    shape = box(to, place, block.colour, block.colour)
    shape.name = block.label
    shape._element.nvSpPr.cNvPr.set("descr", f"{block.label}: {block.words}")


def _answer(deck: Any, board: Board) -> None:
    """The signs on the left, a chart on the right, and below both what one would have to believe."""
    made = blank_slide(deck, board.answer, board.source, above=board.title)
    half, bottom = Inches(6.4), Inches(5.75) if board.believed else FOOT - Inches(0.05)
    high = (bottom - _TOP - _GAP * (len(board.signs) - 1)) // max(1, len(board.signs))
    for number, sign in enumerate(board.signs):
        _sign(made, sign, (MARGIN, _TOP + number * (high + _GAP), half, high))
    right = MARGIN + half + Inches(0.3)
    wide = INNER - half - Inches(0.3)
    frame = text_box(made, "", (right, _TOP - Inches(0.05), wide, Inches(0.55)), size=13)
    lines(frame, [((board.chart.title, 13, True),), ((board.chart.statistic, 11, False),)])
    place = (right, _TOP + Inches(0.5), wide, bottom - _TOP - Inches(0.5))
    if isinstance(board.chart.figure, Curves):
        add_curves(made, board.chart, place)
    else:
        add_chart(made, board.chart, place)
    if board.believed:
        size = size_of((board.believed,), _BELIEF_SIZES, 11)
        shape = box(made, (MARGIN, bottom + _GAP, INNER, FOOT - bottom - _GAP - Inches(0.05)), PALE, NAVY)
        lines(shape.text_frame, [(("What one would have to believe", size, True),), ((board.believed, size, False),)])
    _noted(
        made,
        board.answer,
        *(f"{sign.spoken}." for sign in board.signs),
        board.believed,
        board.chart.alternative,
        board.rule,
        board.source,
    )


def _sign(to: Any, sign: Sign, place: Place) -> None:
    """An outcome: a mark for each lens on one line, and below it the number, range and verdict of each."""
    left, top, width, height = place
    box(to, place)
    inside = left + Inches(0.12)
    heading = text_box(to, "", (inside, top + Inches(0.02), width - Inches(0.2), Inches(0.3)), size=13)
    lines(heading, [((sign.heading, 11, True), (f"   {sign.level}", 8, False))])
    _track(to, sign, (inside, top + Inches(0.33), width - Inches(0.24), Inches(0.2)))
    frame = text_box(to, "", (inside, top + Inches(0.56), width - Inches(0.2), height - Inches(0.58)), size=11)
    frame.margin_top = 0
    lines(
        frame,
        [
            (
                (f"{capital(one.condition)}: ", 10, False),
                (one.number, 12, True),
                (f"  {one.range}. {one.verdict}", 10, False),
            )
            for one in sign.marks
        ],
        after=1,
    )


def _track(to: Any, sign: Sign, place: Place) -> None:
    left, top, width, height = place

    def at(value: float) -> int:
        return int(left + width * sign.place(value))

    middle, mark = top + height // 2, Inches(0.17)
    box(to, (left, middle, width, Pt(1)), LINE)
    box(to, (at(0.0), top, Pt(1.5), height), TEXT, TEXT)
    for one in sign.marks:
        low, _, high = one.ends
        ink = series_colour(key_title(one.lens))
        if not math.isnan(low):
            box(to, (at(low), middle - Pt(3), at(high) - at(low), Pt(6)), pale(ink), pale(ink))
    for one in sign.marks:
        ink = series_colour(key_title(one.lens))
        shape = MSO_SHAPE.OVAL if one.lens.startswith(("trial", EVIDENCE)) else MSO_SHAPE.DIAMOND
        box(to, (at(one.ends[1]) - mark // 2, middle - mark // 2, mark, mark), ink, "#FFFFFF", shape)


def _advice(deck: Any, board: Board) -> None:
    """The four kinds of advice with the one that is given, and why; how large it must be; what it cannot tell."""
    made = blank_slide(deck, board.advice.heading, board.source, above=board.title)
    width = (INNER - 3 * _GAP) // 4
    for number, (kind, (name, when)) in enumerate(ADVICE.items()):
        given = kind == board.advice.kind
        fill = _ADVICE_COLOURS[kind] if given else PALE
        shape = box(made, (MARGIN + number * (width + _GAP), Inches(1.3), width, Inches(1.0)), fill, fill)
        dark = given and kind != "do"
        lines(
            shape.text_frame,
            [((name, 20 if given else 16, given),), ((f"if {when}", 11, False),)],
            ink="#FFFFFF" if dark and kind != "not" else TEXT if given else GREY,
        )
    why = [one for one in board.advice.why if one]
    parts = {"Why": why, targets_heading(): list(board.targets)} if board.targets else {"Why": why}
    width, top = (INNER - Inches(0.4) * (len(parts) - 1)) // len(parts), Inches(2.5)
    size = min(size_of(["".join(said)], _WHY_SIZES, _SMALLEST) for said in parts.values())
    for number, (heading, said) in enumerate(parts.items()):
        left = MARGIN + number * (width + Inches(0.4))
        frame = text_box(made, "", (left, top, width, Inches(3.1)), size=size)
        points = [((f"•  {one}", size, False),) for one in said]
        lines(frame, [((heading, size + 1, True),), *points], after=4)
    shape = box(made, (MARGIN, Inches(5.7), INNER, FOOT - Inches(5.8)), PALE, NAVY)
    lines(shape.text_frame, [(("What this cannot tell", 12, True),), ((board.cannot, 11, False),)])
    _noted(made, f"{board.advice.heading}.", *why, *board.targets, board.cannot, board.rule, board.source)
