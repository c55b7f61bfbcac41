"""Figures: pure functions from a frame, a `Chart` or `Curves` to a Plotly figure, without title."""

from dashboard.figures.by_lens import dots, marks_key
from dashboard.figures.money import hour_flow
from dashboard.figures.paired import tile_grid
from dashboard.figures.published import predictions
