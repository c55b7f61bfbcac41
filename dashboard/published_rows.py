"""What published studies found, as a table, before anything is simulated."""

from __future__ import annotations

from functools import lru_cache

from calibration.studies import load_study, study_names
from calibration.studies.words import shown
from dashboard.tables import Cells


@lru_cache(maxsize=1)
def published_cells() -> Cells:
    """Every shipped study: design, outcome, estimate with its interval, whether it informs the evidence, source."""
    body = []
    for name in study_names():
        study = load_study(name).study
        published = study.published
        ends = ["none printed", ""]
        if published.low is not None and published.high is not None:
            ends = [shown(published.low, published.unit), shown(published.high, published.unit)]
        told = "a source of the evidence" if study.informs else "not in the evidence"
        row = [study.title, study.design, study.outcome, shown(published.value, published.unit), *ends]
        body.append([*row, published.unit, told, study.source])
    heads = ["Study", "Design", "Outcome", "Published", "Lower", "Upper", "Unit", "Use", "Source"]
    return Cells("What published studies found", heads, body, 1)
