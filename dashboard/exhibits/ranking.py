"""Plans in one place ranked by what the user wants: one line for each plan, one mark for each lens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import Chart, chart_of
from dashboard.text.labels import difference_unit, less_or_more
from dashboard.text.lens_names import condition, key_title
from dashboard.text.phrases import capital, lowered
from dashboard.text.tables import contrasts_cells
from dashboard.topics.answer import Answer
from dashboard.topics.through_lenses import range_note, verdict_of
from simulator.comparison.headline import change_text
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.smallest_differences import Matters

_STATISTIC: Final = "Mean of the paired differences a year, the best plan on top."


def ranking(answers: Mapping[str, Answer], measure: str, chosen: Matters) -> Exhibit[Chart]:
    """The plans by title, ranked by an outcome through the first lens, which is the most cautious.

    ``chosen`` are smallest differences that matter. Raises ValueError without a plan.
    """
    if not answers:
        raise ValueError("A ranking needs a plan.")
    found = pd.concat([answer.rows(1.0, chosen).assign(name=title) for title, answer in answers.items()])
    rows = found[found["measure"] == measure].copy()
    rows["lens_title"] = [key_title(str(key)) for key in rows["lens"]]
    first = rows[rows["lens"] == rows["lens"].iloc[0]]
    order = first.sort_values("difference", kind="stable", ascending=OUTCOMES[measure].good != "more")["name"].tolist()
    rows = rows.sort_values("name", key=lambda names: names.map(order.index), kind="stable", ignore_index=True)
    best = rows[rows["name"] == order[0]]
    said = "; ".join(
        f"{change_text(row, row['difference'])} {condition(str(row['lens']))} ({lowered(verdict_of(row))})"
        for _, row in best.iterrows()
    )
    one = next(iter(answers.values()))
    return Exhibit(
        "ranking",
        f"{capital(OUTCOMES[measure].noun)}: {order[0]} comes first, {said}",
        f"{_STATISTIC} {range_note(rows)}",
        chart_of(rows, f"{difference_unit(str(rows['unit'].iloc[0]))}, {less_or_more(OUTCOMES[measure])}"),
        f"{len(order)} plans in {one.place}, each against '{one.base}', {one.pairs} pairs of runs each. "
        f"Model {one.model}. Simulated estimate, not an official statistic.",
        (contrasts_cells(rows.assign(title=rows["name"]), f"Plans in {one.place}", ("title", "lens_title")),),
    )
