"""Text in which no line ends between a sign and its number."""

from __future__ import annotations

import re
from typing import Any, Final

from dash import html

_SIGNED: Final = re.compile(r"([−+]£?[\d,.]*\d)")


def unbroken(text: str) -> list[Any]:
    """Parts of a text, each signed number in one piece.

    >>> unbroken("lost: −£5,000 a year")[0], len(unbroken("lost: −£5,000 a year"))
    ('lost: ', 3)
    """
    parts = _SIGNED.split(text)
    return [
        html.Span(part, className="number-unbroken") if position % 2 else part
        for position, part in enumerate(parts)
        if part
    ]
