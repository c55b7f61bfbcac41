"""Who asks: the name with which somebody has signed in, or this computer."""

from __future__ import annotations

from typing import Final

from flask import g, has_request_context

THIS_COMPUTER: Final = "this computer"
"""Whoever uses a dashboard that is served to this computer alone: no name that can be signed in with has a space."""


def owner() -> str:
    """The name of whoever sent the request."""
    return str(g.get("owner", THIS_COMPUTER)) if has_request_context() else THIS_COMPUTER


def note_owner(name: str) -> None:
    """Note who sent the request."""
    g.owner = name
