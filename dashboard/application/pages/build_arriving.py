"""How the cards of page Build arrive: what a window shows at once, the rest when it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import html
from dash.development.base_component import Component

from dashboard.application.when_seen import WhenSeen

_HEIGHT: Final = 320
"""Pixels kept free for a card until it is made: some are lower, most are higher."""
_ENTRY: Final = 300
"""The same for an entry of a card."""


def arriving(made: Sequence[Component]) -> list[Component]:
    """Cards as a page opens with them: the first, and the first entry of the second, at once, the others when seen.

    Cards that are drawn anew are drawn whole, so that nothing moves under whoever edits them.
    """
    later = (made[2:3], made[3:6], made[6:])
    second = [_first_entry(one) for one in made[1:2]]
    return [*made[:1], *second, *(WhenSeen(list(some), _HEIGHT * len(some)) for some in later if some)]


def _first_entry(made: Component) -> Component:
    """A card of entries of which all but the first wait."""
    parts = list(vars(made)["children"])
    entries = [place for place, part in enumerate(parts) if getattr(part, "className", "") == "entry"]
    if len(entries) < 2:
        return made
    begin, end = entries[1], entries[-1] + 1
    waiting = WhenSeen(parts[begin:end], _ENTRY * (end - begin))
    return html.Section([*parts[:begin], waiting, *parts[end:]], className="card")
