"""Cache folder for anything that would otherwise be computed at every start; all of it may be deleted."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs


def cache_root() -> Path:
    """The cache folder: ``OFFSET_CACHE`` of the environment, or the system's usual place."""
    return Path(os.environ.get("OFFSET_CACHE") or platformdirs.user_cache_dir("relational-offset"))


def cached_text(name: str) -> str | None:
    """The text cached under a name, or None if it is missing or cannot be read."""
    try:
        return (cache_root() / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def cache_text(name: str, text: str) -> None:
    """Cache a text under a name, completely or not at all; does nothing if the folder cannot be written."""
    folder = cache_root()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder, prefix=f"{name}-", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(draft).replace(folder / name)
    except OSError:
        return
