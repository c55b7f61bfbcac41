"""A dashboard over finished runs: real ones of 2,000 residents, and made-up ones that differ clearly."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest
from dash import Dash

from dashboard.application.app import create_app
from dashboard.application.parts.settings import Settings
from dashboard.runs.library import Library
from dashboard.text.lens_names import applied_lens_by_key, shown_lenses
from simulator.api import run_comparable
from simulator.lenses import EVIDENCE
from simulator.lenses import lens as lens_module
from simulator.results.results import Results
from tests.helpers.hand_lens import hand_lens
from tests.helpers.small_runs import small_spec
from tests.helpers.synthetic_results import lively, results

FROME = {"place": "frome", "place_title": "Frome, Somerset", "weeks": 260}


@lru_cache(maxsize=1)
def real_arms() -> tuple[Results, ...]:
    """The baseline and the relational offset: four pairs of half a year each."""
    specs = [small_spec(name, 26) for name in ("baseline", "relational_offset")]
    return tuple(run_comparable(specs, range(4), 1))


@lru_cache(maxsize=1)
def made_up_arms() -> tuple[Results, ...]:
    """The baseline, a scenario that helps, one that changes nothing, and one of another length."""
    return (
        results("baseline", lively(8, 0.0), **FROME),
        results("relational_offset", lively(8, 0.2), **FROME),
        results("volunteers_only", lively(8, 0.0), **FROME),
        results("cautious", lively(8, 0.2, quarters=8), **{**FROME, "weeks": 104}),
        results("baseline", lively(8, 0.0, quarters=8), **{**FROME, "weeks": 104}),
    )


def application(folder: Path, arms: tuple[Results, ...]) -> Dash:
    """An application for a folder with these runs; it runs nothing itself."""
    for lens in dict.fromkeys((*shown_lenses(), EVIDENCE)):
        for arm in arms:
            keep(arm, lens, folder)
    return create_app(Settings(folder, prepare=False))


_KEPT: dict[tuple[int, str], tuple[Results, Path]] = {}
"""Arms with the library that each was written to, by identity and recorded lens."""
_LIBRARIES = TemporaryDirectory()


def keep(arm: Results, lens: str, folder: Path) -> None:
    """Store an arm in the library of this folder as if run with a lens; it is written once."""
    said = read_through(arm, lens)
    key = (id(arm), f"{lens} {sorted(said.record.items())}")
    if key not in _KEPT:
        written = Path(_LIBRARIES.name, str(len(_KEPT)))
        Library(written).keep(said, lens)
        _KEPT[key] = (arm, written)
    copytree(_KEPT[key][1], folder, dirs_exist_ok=True)


def read_through(arm: Results, lens: str) -> Results:
    """The same numbers, recorded as run with a lens."""
    if lens == EVIDENCE:
        return arm
    applied_lens = applied_lens_by_key(lens)
    said = {"lens": applied_lens.lens, "lens_title": applied_lens.said, "lens_hash": applied_lens.hash}
    return replace(arm, record={**arm.record, **said, "lens_faults": list(applied_lens.faults)})


def ship_lenses(folder: Path, monkeypatch: pytest.MonkeyPatch, *, passed: bool = False) -> None:
    """Both fitted lenses, written by hand, as if shipped; the second failed a check unless ``passed``."""
    if not folder.exists():
        hand_lens(folder / "as-claimed", frome=(0.0, 0.5, 1.0))
        hand_lens(folder / "trial-evidence", frome=(), passed=passed)
    monkeypatch.setattr(lens_module, "SHIPPED", folder)
    lens_module._shipped.cache_clear()
    monkeypatch.setattr(
        lens_module, "_shipped", lens_module._shipped.__wrapped__
    )  # without a cache that outlives the test
