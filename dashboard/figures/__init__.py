"""Figures: pure functions from a frame or a `dashboard.figures.chart.Chart` to a Plotly figure, without title."""

from dashboard.figures.by_lens import by_causal_share, by_group, dots, marks_key, strip
from dashboard.figures.certainty import chances_of_worse, channels, running, s_curve, variance_components
from dashboard.figures.money import billions, claims_bars, costs_by_service, hour_flow, ledger_bars
from dashboard.figures.paired import tile_grid
from dashboard.figures.parameters import movers, ranged, strength_ratios, target_distances, tornado, widths
from dashboard.figures.published import predictions, residuals, simulated_studies
from dashboard.figures.strips import differences_over_years, line_and_band, since_start
from dashboard.figures.worth import acceptability_curve, cost_plane, cumulative, waterfall
