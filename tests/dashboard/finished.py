"""A dashboard over finished runs: real ones of 2,000 residents, and made-up ones that differ clearly."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from dash import Dash

from dashboard.application.app import create_app
from dashboard.application.settings import Settings
from dashboard.library import Library
from simulator.api import run_alike
from simulator.results import Results
from tests.made_up import lively, results
from tests.small_runs import small_spec

FROME = {"place": "frome", "place_title": "Frome, Somerset", "weeks": 260}


@lru_cache(maxsize=1)
def real_arms() -> tuple[Results, ...]:
    """The baseline and the relational offset: four pairs of half a year each."""
    specs = [small_spec(name, 26) for name in ("baseline", "relational_offset")]
    return tuple(run_alike(specs, range(4), 1))


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
    """An application over a folder with these runs; it runs nothing itself."""
    library = Library(folder)
    for arm in arms:
        library.keep(arm)
    return create_app(Settings(folder, prepare=False))
