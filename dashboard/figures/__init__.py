"""Figures: each a pure function from a frame to a Plotly figure. Titles and tables stand beside them in the page."""

from dashboard.figures.chances import chances_of_worse
from dashboard.figures.groups import by_group
from dashboard.figures.money import billions, claims_bars, costs_by_service, ledger_bars
from dashboard.figures.paired import forest, over_years
from dashboard.figures.predictions import predictions

__all__ = [
    "billions",
    "by_group",
    "chances_of_worse",
    "claims_bars",
    "costs_by_service",
    "forest",
    "ledger_bars",
    "over_years",
    "predictions",
]
