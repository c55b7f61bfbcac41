"""The headline of a lens if none, half or all of each observed association is causal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard.exhibits.exhibit import Exhibit
from dashboard.exhibits.paired_forest import AXIS, in_percent
from dashboard.figures.chart import NO_LEVEL, Chart, chart_of
from dashboard.text.lens_names import lens_name
from dashboard.text.phrases import difference_text
from dashboard.text.tables import contrasts_cells
from dashboard.topics.through_lenses import as_shown, range_note
from simulator.comparison.comparison import Comparison

_SHARES: Final = {0.0: "None of it causal", 0.5: "Half of it causal", 1.0: "All of it causal"}
_NOTE: Final = (
    "Associations from observational studies, with none, half or all of each treated as causal, each "
    "with a separate parameter draw in every pair;"
)


def causal_shares(
    named: Mapping[str, Comparison], causal: Mapping[str, pd.DataFrame], source: str
) -> tuple[Exhibit[Chart], ...]:
    """An exhibit for each lens that has been run at other causal shares.

    ``named`` has comparisons by the name of the lens, ``causal`` rows of
    `simulator.experiments.lens_comparisons.by_causal_share` by lens.
    """
    lenses = {name: lens_name(one.scenario.record) for name, one in named.items()}
    return tuple(
        _exhibit(name, as_shown(named[name], causal[lens]), source) for name, lens in lenses.items() if lens in causal
    )


def _exhibit(name: str, table: pd.DataFrame, source: str) -> Exhibit[Chart]:
    rows = table.assign(lens_title=[_SHARES.get(share, f"{share:g} of it causal") for share in table["causal"]])
    admissions = table[table["measure"] == "emergency_admissions"].sort_values("causal")
    none, every = (difference_text(admissions.iloc[end]) for end in (0, -1))
    said = f"emergency admissions a year: {none} if no observed association is causal, {every} if all are"
    if none == every:
        said = "emergency admissions hardly depend on the causal share of observed associations"
    return Exhibit(
        f"causal_{table['lens'].iloc[0]}".replace("-", "_"),
        f"{name}: {said}",
        f"{_NOTE} {int(table['runs'].max())} pairs of runs each. {range_note(table.assign(lens_title=name))}",
        chart_of(in_percent(rows), AXIS, missing=NO_LEVEL),
        source,
        (contrasts_cells(rows.assign(share=rows["lens_title"]), f"{name}: at each causal share", ("label", "share")),),
    )
