"""Names that a screen reader says."""

from __future__ import annotations

from typing import Any


def spoken(label: str) -> Any:
    """Properties that give a component a name: ``html.Nav(..., **spoken("Pages"))``."""
    return {"aria-label": label}
