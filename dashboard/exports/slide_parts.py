"""Parts of slides: the blank slide with title and provenance, texts, boxes and lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from dashboard.exports.slide_charts import colour
from dashboard.figures.style import GREY, LINE, NAVY, TEXT

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN: Final = Inches(0.6)
INNER: Final = WIDTH - 2 * MARGIN
FOOT: Final = Inches(6.8)
PALE: Final = "#F3F5F6"
_TITLE_SIZES: Final = ((70, 24), (130, 19), (230, 16))
"""Maximum length of a title in characters, with its size in points; longer titles are smaller still."""
_SMALLEST_TITLE: Final = 13
_FOOT_SIZES: Final = ((800, 8), (1100, 7))
_SMALLEST_FOOT: Final = 6
_SIGN: Final = re.compile(r"[−+](?=£?\d)")
"""A sign before a number, after which a line may not break."""
Place = tuple[int, int, int, int]
"""Left, top, width and height."""


def blank_slide(deck: Any, title: str, source: str, above: str = "") -> Any:
    """A blank slide with the title at the top (and a line ``above`` it), and the provenance at the foot."""
    made = deck.slides.add_slide(deck.slide_layouts[5])  # title only
    shape = made.shapes.title
    top = Inches(0.5) if above else Inches(0.3)
    shape.left, shape.top, shape.width, shape.height = MARGIN, top, INNER, Inches(0.9)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = 0
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    text_run(frame.paragraphs[0], title, size_of((title,), _TITLE_SIZES, _SMALLEST_TITLE), TEXT, bold=True)
    if above:
        text_box(made, above, (MARGIN, Inches(0.2), INNER, Inches(0.35)), size=14, ink=NAVY)
    text_box(
        made, source, (MARGIN, FOOT, INNER, Inches(0.6)), size=size_of((source,), _FOOT_SIZES, _SMALLEST_FOOT), ink=GREY
    )
    return made


def text_box(to: Any, said: str, place: Place, *, size: float, ink: str = TEXT, bold: bool = False) -> Any:
    """A text box on a slide; lines are paragraphs."""
    frame = to.shapes.add_textbox(*place).text_frame
    frame.word_wrap = True
    frame.margin_left = 0
    for number, line in enumerate(said.split("\n")):
        text_run(frame.paragraphs[0] if number == 0 else frame.add_paragraph(), line, size, ink, bold=bold)
    return frame


def box(to: Any, place: Place, fill: str = PALE, edge: str = LINE, shape: Any = MSO_SHAPE.RECTANGLE) -> Any:
    """A filled shape on a slide, whose words are in the middle and as wide as it is."""
    made = to.shapes.add_shape(shape, *place)
    made.fill.solid()
    made.fill.fore_color.rgb = colour(fill)
    made.line.color.rgb = colour(edge)
    made._element.remove(made._element.find(qn("p:style")))  # the theme's shadow
    frame = made.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_top = frame.margin_bottom = Inches(0.03)
    return made


def lines(frame: Any, said: Sequence[Sequence[tuple[str, float, bool]]], ink: str = TEXT, after: float = 0) -> None:
    """Lines in a text frame, each of runs of text with size in points and whether they are bold."""
    for number, line in enumerate(said):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(after)
        for words, points, bold in line:
            text_run(paragraph, words, points, ink, bold=bold)


def bullets(to: Any, points: Sequence[str], place: Place, size: float) -> None:
    """A list on a slide."""
    frame = text_box(to, "", place, size=size)
    lines(frame, [((f"•  {point}", size, False),) for point in points], after=size / 3)


def text_run(paragraph: Any, words: str, size: float, ink: str, *, bold: bool = False) -> None:
    """Text of one size and colour in a paragraph."""
    made = paragraph.add_run()
    made.text = _SIGN.sub("\\g<0>\u2060", words)
    made.font.size, made.font.bold = Pt(size), bold
    made.font.color.rgb = colour(ink)


def size_of(texts: Sequence[str], sizes: Sequence[tuple[int, int]], smallest: int) -> int:
    """The size of a text by its number of characters.

    >>> size_of(("short",), _TITLE_SIZES, 13), size_of(("x" * 400,), _TITLE_SIZES, 13)
    (24, 13)
    """
    letters = sum(map(len, texts))
    return next((size for most, size in sizes if letters <= most), smallest)
