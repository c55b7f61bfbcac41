"""Where the simulator keeps what it would otherwise work out anew at every start; all of it may be deleted."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs


def cache_root() -> Path:
    """The folder for it; ``OFFSET_CACHE`` in the environment moves it."""
    return Path(os.environ.get("OFFSET_CACHE") or platformdirs.user_cache_dir("relational-offset"))


def cached_text(name: str) -> str | None:
    """The text kept under a name, or None if there is none that can be read."""
    try:
        return (cache_root() / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def cache_text(name: str, text: str) -> None:
    """Keep a text under a name, whole or not at all; where the folder cannot be written, not at all."""
    folder = cache_root()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder, prefix=f"{name}-", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(draft).replace(folder / name)
    except OSError:
        return
