"""Observed and simulated changes on page Compare, for places of the study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from dash import html
from dash.development.base_component import Component

from dashboard.credibility.observed import (
    STATISTIC,
    changes_cells,
    observed_beside,
    observed_cells,
    observed_curves,
    observed_finding,
    observed_notes,
    sources_of,
)
from dashboard.exhibits.components import shown
from dashboard.exhibits.exhibit import Exhibit, identifier
from dashboard.text.lens_names import key_title
from dashboard.topics.series import since_start
from dashboard.topics.several_scenarios import Named
from dashboard.topics.through_lenses import is_withheld, line_of
from simulator.comparison.comparison import Comparison

MEASURE: Final = "emergency_admissions"


def observed_section(several: Mapping[str, Named]) -> list[Component]:
    """One scenario for each lens compared with observations in its place; empty if there are none."""
    found = {key: next(iter(named.values())) for key, named in several.items()}
    drawn = [part for key, one in found.items() for part in _beside(key, one, named=len(found) > 1)]
    if not drawn:
        return []
    first = next(iter(found.values()))
    beware = observed_notes(first, observed_beside(first, MEASURE))
    return [
        html.H2("Beside what was observed"),
        html.P(beware, className="question"),
        html.Div(drawn, className="pair"),
    ]


def _beside(key: str, comparison: Comparison, *, named: bool) -> list[Component]:
    observed = observed_beside(comparison, MEASURE)
    if observed.empty:
        return []
    changes = since_start(comparison, MEASURE)
    if is_withheld(comparison):
        changes = changes.assign(low=np.nan, high=np.nan)
    arms = {"baseline": comparison.baseline, "scenario": comparison.scenario}
    names = {arm: str(results.record["scenario_title"]) for arm, results in arms.items()}
    finding = observed_finding(changes, observed, names)
    return [
        shown(
            Exhibit(
                f"observed_{identifier(key)}",
                f"{key_title(key)}. {finding}" if named else finding,
                STATISTIC,
                observed_curves(changes, observed, names),
                f"{line_of(comparison)} Observed: {sources_of(observed)}.",
                (changes_cells(changes, names), observed_cells(MEASURE)),
            )
        )
    ]
