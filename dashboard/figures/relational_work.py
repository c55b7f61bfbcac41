"""The chain from an hour with someone to a day in hospital, as an SVG picture: a number and a grade on every arrow.

Drawn as text and not by a browser, so that the same evidence gives the same file on every computer.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from xml.sax.saxutils import escape

import pandas as pd

from dashboard.figures.style import FONT, GREY, NAVY, ORANGE, TEXT, TURQUOISE

WIDTH: Final = 900
HEIGHT: Final = 1140
_BOX: Final = 48  # height of a box
_LINE: Final = 15  # of text
_LETTER: Final = 6.2  # mean width of a letter on an arrow
_SHORT, _LONG = 14, 32  # letters in a line of text on an arrow, where arrows are close together and elsewhere


class _Box(NamedTuple):
    x: int  # of its middle
    y: int
    width: int = 132


_PLACES: Final = {
    "conversation": _Box(378, 96, 190),
    "group": _Box(84, 196),
    "worker": _Box(230, 196),
    "volunteer": _Box(376, 196),
    "telephone": _Box(522, 196),
    "old_tie": _Box(668, 196),
    "session": _Box(814, 196),
    "contact": _Box(668, 300),
    "hours": _Box(376, 404, 716),
    "outlook": _Box(814, 404),
    "ties": _Box(376, 504, 220),
    "support": _Box(376, 604, 220),
    "giving": _Box(104, 704, 150),
    "score": _Box(376, 704, 180),
    "illness": _Box(714, 704, 160),
    "own_doctor": _Box(104, 804, 150),
    "lonely": _Box(376, 804, 180),
    "same_doctor": _Box(610, 804, 150),
    "alone": _Box(800, 804, 150),
    "visits": _Box(104, 924, 150),
    "deaths": _Box(376, 924),
    "episodes": _Box(610, 924, 150),
    "readmission": _Box(132, 1084, 160),
    "admission": _Box(520, 1084, 150),
    "days": _Box(810, 1084, 150),
}
_COLOUR: Final = {"known": TURQUOISE, "believed": NAVY, "guessed": ORANGE}
_DASH: Final = {"known": "", "believed": "7 3", "guessed": "2 4"}
_MEANS: Final = {
    "known": "known: measured, mostly in trials",
    "believed": "believed: seen together, part taken as cause",
    "guessed": "guessed: a judgement or a weak source",
}
_FIXED: Final = "\u00a0"  # a space at which no line is broken
_PAST: Final = {"readmission": (14, 992, 0.0), "admission": (14, 992, 0.36), "days": (21, 970, 0.45)}
"""Support past loneliness to hospital: where the line runs down, where it turns, and where it meets the box."""
Point = tuple[float, float]


class _Way(NamedTuple):
    """The way of an arrow, and the middle of its text."""

    points: tuple[Point, ...]
    text: Point


def chain_picture(table: pd.DataFrame, titles: dict[str, str]) -> str:
    """An SVG of `simulator.description.relational_work.chain_table`; ``titles`` are the texts of the boxes by name."""
    rows = table.to_dict("records")
    lines = [_line(_way(row["start"], row["end"]), row["standing"]) for row in rows]
    texts = [_text_on(_way(row["start"], row["end"]), row) for row in rows]
    boxes = [_box(titles[name], place, last=name == "days") for name, place in _PLACES.items()]
    spoken = "; ".join(
        f"{titles[row['start']]} to {titles[row['end']]}: {row['says']}, {_grade(row)}, {row['standing']}"
        for row in rows
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="{escape(FONT)}" font-size="13" fill="{TEXT}">',
            "<title>From an hour with someone to a day in a hospital bed</title>",
            f"<desc>{escape(spoken)}</desc>",
            *(_marker(name, colour) for name, colour in _COLOUR.items()),
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>',
            *_key(),
            *lines,
            *boxes,
            *texts,
            "</svg>",
            "",
        ]
    )


def _way(start: str, end: str) -> _Way:
    """From one box to another: straight down, across, or round the others."""
    one, two = _PLACES[start], _PLACES[end]
    half = _BOX / 2
    if start == "conversation":
        side = one.x + (one.width / 2 if two.x > one.x else -one.width / 2)
        return _Way(((side, one.y), (two.x, one.y), (two.x, two.y - half)), ((side + two.x) / 2, one.y))
    if start == "support" and end in _PAST:
        lane, level, share = _PAST[end]
        down, left = two.x - share * two.width, one.x - one.width / 2
        way = ((left, one.y), (lane, one.y), (lane, level), (down, level), (down, two.y - half))
        return _Way(way, (down, two.y - 58))
    if (start, end) == ("outlook", "support"):
        side = two.x + two.width / 2
        return _Way(((one.x, one.y + half), (one.x, two.y), (side, two.y)), ((side + one.x) / 2, two.y))
    if one.y == two.y:
        sign = 1 if two.x > one.x else -1
        first, last = one.x + sign * one.width / 2, two.x - sign * two.width / 2
        return _Way(((first, one.y), (last, one.y)), ((first + last) / 2, one.y))
    first, last = _where_they_meet(one, two)
    points = ((first, one.y + half), (last, two.y - half))
    return _Way(points, ((first + last) / 2, (points[0][1] + points[1][1]) / 2))


def _where_they_meet(one: _Box, two: _Box) -> Point:
    """Where an arrow leaves a box below and reaches another above: straight down if one lies over the other."""
    low = max(one.x - one.width / 2, two.x - two.width / 2)
    high = min(one.x + one.width / 2, two.x + two.width / 2)
    if high - low >= 40:
        middle = min(max(one.x, low + 20), high - 20) if one.width <= two.width else two.x
        return middle, middle
    sign = 1 if two.x > one.x else -1
    return one.x + sign * one.width * 0.32, two.x - sign * two.width * 0.32


def _line(way: _Way, standing: str) -> str:
    points = " ".join(f"{x:g},{y:g}" for x, y in way.points)
    dash = f' stroke-dasharray="{_DASH[standing]}"' if _DASH[standing] else ""
    return (
        f'<polyline points="{points}" fill="none" stroke="{_COLOUR[standing]}" stroke-width="2"{dash} '
        f'marker-end="url(#{standing})"/>'
    )


def _marker(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0,0 L10,5 L0,10 z" fill="{colour}"/></marker>'
    )


def _grade(row: dict[Any, Any]) -> str:
    return "guess" if row["grade"] == "assumption" else str(row["grade"])


def _text_on(way: _Way, row: dict[Any, Any]) -> str:
    close = _PLACES[row["end"]].y > _PLACES["lonely"].y
    together = f"{row['says']} · {_grade(row)}".replace(" · ", f"{_FIXED}·{_FIXED}").replace(" %", f"{_FIXED}%")
    said = textwrap.wrap(together, _SHORT if close else _LONG)
    return _pill(said, way.text, _COLOUR[row["standing"]])


def _pill(said: Iterable[str], middle: Point, colour: str) -> str:
    lines = tuple(said)
    width, height = max(len(line) for line in lines) * _LETTER + 12, 6 + 14 * len(lines)
    x, y = middle
    box = (
        f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width:g}" height="{height}" rx="9" '
        f'fill="#FFFFFF" stroke="{colour}"/>'
    )
    return box + _words(lines, middle, 14, 'font-size="12"')


def _box(title: str, place: _Box, *, last: bool) -> str:
    lines = textwrap.wrap(title, int(place.width / 6.9))
    stroke, fill = (TEXT, "#F3F2F1") if last else (GREY, "#F3F2F1")
    frame = (
        f'<rect x="{place.x - place.width / 2:g}" y="{place.y - _BOX / 2:g}" width="{place.width}" height="{_BOX}" '
        f'rx="5" fill="{fill}" stroke="{stroke}" stroke-width="{2.5 if last else 1}"/>'
    )
    return frame + _words(lines, (place.x, place.y), _LINE, 'font-weight="600"' if last else "")


def _words(lines: Iterable[str], middle: Point, step: int, style: str) -> str:
    written = tuple(lines)
    top = middle[1] - step * (len(written) - 1) / 2 + 4.5
    spans = "".join(
        f'<tspan x="{middle[0]:g}" y="{top + step * at:g}">{escape(line)}</tspan>' for at, line in enumerate(written)
    )
    return f'<text text-anchor="middle" {style}>{spans}</text>'


def _key() -> list[str]:
    """What the three kinds of arrow mean."""
    parts, x = [], 18.0
    for name, means in _MEANS.items():
        parts.append(_line(_Way(((x, 28), (x + 34, 28)), (0, 0)), name))
        parts.append(f'<text x="{x + 42:g}" y="32" font-size="12">{means}</text>')
        x += 58 + len(means) * 5.9
    parts.append(
        '<text x="18" y="54" font-size="12">A, B, C: grade of the source; SD: standard deviations of adults\' scores; '
        "worth ... h: an hour counts as so many with friends</text>"
    )
    return parts
