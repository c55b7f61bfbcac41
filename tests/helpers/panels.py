"""Data sets of a study made by hand: six people over three years."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simulator.evaluation.panel import ON_FILE, USUAL_GP, Panel
from simulator.evaluation.scores import Survey

WEEKS, PEOPLE = 156, 6
JOINED = 60
ERRORLESS = Survey(1, 0.0, 1.0)
"""A survey without error that calls people with a score above 1 lonely."""


def panel(
    admitted: dict[int, list[int]],
    *,
    joined: dict[int, list[int]] | None = None,
    left: dict[int, int] | None = None,
    eligible: dict[int, range] | None = None,
    scores: dict[int, dict[int, float]] | None = None,
    survey: Survey = ERRORLESS,
    **traits: list[int],
) -> Panel:
    """A panel of six from rows' weeks of admission and of joining, and weeks in which someone else took the place.

    ``scores`` are loneliness scores by row from a week on, 0 before; people above 1 are lonely.
    """
    counts, joins = np.zeros((WEEKS + 1, PEOPLE), np.uint16), np.zeros((WEEKS + 1, PEOPLE), np.uint16)
    for table, events in ((counts, admitted), (joins, joined or {})):
        for row, weeks in events.items():
            for week in weeks:
                table[week + 1 :, row] += 1
    entered, could = np.zeros((WEEKS, PEOPLE), np.uint16), np.zeros((WEEKS, PEOPLE), np.uint8)
    names = (*ON_FILE, USUAL_GP, "berth", "generation", "volunteer")
    files = {name: np.zeros((WEEKS // 13, PEOPLE), np.uint32) for name in names}
    for name, values in traits.items():
        files[name][:] = values
    files["berth"][:] = np.arange(PEOPLE)
    for row, week in (left or {}).items():
        entered[week:, row] = week
        files["generation"][week // 13 :, row] = 1
    for row, weeks in (eligible or {}).items():
        could[list(weeks), row] = 1
    lonely = np.zeros((WEEKS, PEOPLE), np.int16)
    for row, by_week in (scores or {}).items():
        for week, score in sorted(by_week.items()):
            lonely[week:, row] = round(1000 * score)
    return Panel(counts, joins, entered, could, lonely, (lonely > 1000).astype(np.uint8), files, survey)


def people(*rows: int, week: int = JOINED) -> pd.DataFrame:
    return pd.DataFrame({"row": list(rows), "week": week})
