"""What a scenario from a browser may refer to: scenarios, places and files by plain names, nothing else on disk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from simulator.places import place_names
from simulator.yaml_reader import Step

PLAIN: Final = re.compile(r"[A-Za-z0-9_]{1,80}(\.ya?ml)?")
_BESIDE: Final = "Name a shipped one, or one of your own that is saved here"
Fault = tuple[tuple[Step, ...], str, str]


def foreign_references(data: Mapping[str, Any]) -> Iterator[Fault]:
    """Where a scenario refers to what is outside its own folder, and to places that are not shipped: path and clauses.

    >>> [fault[1] for fault in foreign_references({"extends": "../../etc/passwd.yaml"})]
    ["'../../etc/passwd.yaml' is outside your own folder"]
    """
    spread = data.get("spread")
    references: list[tuple[tuple[Step, ...], Any]] = [(("extends",), data.get("extends"))]
    references.append((("spread", "county"), spread.get("county") if isinstance(spread, dict) else None))
    files = data.get("programmes")
    references += [(("programmes", index), file) for index, file in enumerate(files if isinstance(files, list) else ())]
    for path, name in references:
        if isinstance(name, str) and not PLAIN.fullmatch(name):
            yield path, f"'{name}' is outside your own folder", _BESIDE
    place = data.get("place")
    if isinstance(place, str) and place not in place_names():
        yield ("place",), f"there is no shipped place '{place}'", f"Choose among {', '.join(place_names())}"
