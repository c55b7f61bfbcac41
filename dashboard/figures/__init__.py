"""Figures: each a pure function from a frame to a Plotly figure. Titles and tables stand beside them in the page."""

from dashboard.figures.groups import by_group
from dashboard.figures.money import costs_by_payer, ledger_bars
from dashboard.figures.paired import forest, over_years

__all__ = ["by_group", "costs_by_payer", "forest", "ledger_bars", "over_years"]
