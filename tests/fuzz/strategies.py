"""Hypothesis strategies: a file of each kind, as a change of a shipped one or of its fields with any values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from simulator.foundations.yaml_reader import YamlReader
from tests.fuzz.files import KINDS, case, seeds
from tests.fuzz.mutator import STRANGE

TABLES = ("table", "draws")
"""Kinds that are tables, not fields."""


def files(kind: str) -> st.SearchStrategy[str]:
    """The text of a file of a kind."""
    changed = st.randoms(use_true_random=False).map(lambda random: case(kind, random))
    return changed if kind in TABLES else changed | _documents(kind)


@lru_cache(maxsize=len(KINDS))
def _documents(kind: str) -> st.SearchStrategy[str]:
    """The fields of a kind, with any values anywhere, as JSON, which is YAML."""
    parts = [part for text in seeds(kind) for part in _parts(YamlReader("seed").read(text))]
    keys = st.sampled_from(sorted({key for part in parts if isinstance(part, dict) for key in part}))
    words = st.sampled_from(sorted({part for part in parts if isinstance(part, str)}))
    values = st.recursive(
        st.sampled_from(STRANGE) | words | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=10,
    )
    return st.dictionaries(keys, values, max_size=8).map(lambda data: json.dumps(data, default=str))


def _parts(data: Any) -> Iterator[Any]:
    yield data
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for part in inside:
        yield from _parts(part)
