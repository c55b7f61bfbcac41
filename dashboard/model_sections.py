"""The model page that the program writes of itself, in sections."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from simulator.description import every_value
from simulator.odd import model_page

_SECTION: Final = re.compile(r"^## (\d+) (.+)$", re.MULTILINE)


@lru_cache(maxsize=1)
def model_sections() -> dict[str, tuple[str, str]]:
    """By number: the title of each section, and its text with headings one level down, to stand under a page's own."""
    page = model_page(every_value())
    found = list(_SECTION.finditer(page))
    ends = [*(match.start() for match in found[1:]), len(page)]
    return {
        match[1]: (f"{match[1]} {match[2]}", re.sub(r"^(#+) ", r"#\1 ", page[match.start() : end], flags=re.MULTILINE))
        for match, end in zip(found, ends, strict=True)
    }
