"""The chance of reaching a target, whether there were enough runs, and the parts of the range, by lens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd
from dash import html

from dashboard.exhibits.components import Part
from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import Chart, chart_of, plain_rows
from dashboard.figures.curves import Curves, curves_of
from dashboard.text.labels import difference_unit, signed
from dashboard.text.phrases import lowered
from dashboard.text.tables import Cells
from dashboard.topics.certainty import (
    Slider,
    curve_cells,
    parts_cells,
    parts_finding,
    running_cells,
    slider_of,
    target_finding,
)
from dashboard.topics.series import exceedance, pair_values, parts_of_range, reached, running_mean
from dashboard.topics.through_lenses import finding_by_lens, is_withheld, rows_by_name
from simulator.comparison.comparison import Comparison
from simulator.comparison.discrepancy import discrepancy
from simulator.comparison.headline import verdict_text
from simulator.comparison.outcomes import OUTCOMES

Named = Mapping[str, Comparison]
_TARGET: Final = (
    "Chance that the difference is this much or less: the share of the pairs of runs, after all are moved to {ratio:g} "
    "times the distance from their median, for what the model leaves out. A share of few pairs is itself rough: with "
    "{pairs} pairs, one pair is {one:.0f} %."
)
_PARTS: Final = (
    "Two runs with the same parameters differ by chance alone (stochastic uncertainty); runs with different parameters "
    "also differ because the evidence is uncertain (parameter uncertainty). More research can narrow the second, "
    "nothing the first. With few parameter draws the split is approximate."
)


def certainty(named: Named, source: str, measure: str, target: float = 0.0) -> list[Part]:
    """The certainty of an outcome in comparisons by the name of the lens; ``target`` is a difference."""
    return [
        html.H2("The chance of reaching a target"),
        _target(named, source, measure, target),
        html.H2("Whether enough runs were made"),
        _running(named, source, measure),
        html.H2("What makes the range"),
        *_parts(named, source),
    ]


def target_slider(named: Named, measure: str) -> Slider | None:
    """The targets to choose from; None if all ranges are withheld, and the chances of reaching one with them."""
    known = [
        exceedance(pair_values(one, measure)["difference"].to_numpy(np.float64))
        for one in named.values()
        if not is_withheld(one)
    ]
    return slider_of(pd.concat(known)["difference"].to_numpy(np.float64)) if known else None


def unit_of(named: Named, measure: str) -> str:
    """The unit of differences in an outcome, on the basis of the comparisons."""
    return difference_unit(OUTCOMES[measure].unit_on(next(iter(named.values())).basis))


def _target(named: Named, source: str, measure: str, target: float) -> Part:
    known = {name: one for name, one in named.items() if not is_withheld(one)}
    if not known:
        return html.P("The probability of reaching a target depends on the range, so it is withheld too.")
    outcome, unit = OUTCOMES[measure], unit_of(named, measure)
    rows = rows_by_name(known, lambda one: exceedance(pair_values(one, measure)["difference"].to_numpy(np.float64)))

    def finding(mine: pd.DataFrame) -> str:
        chance = reached(mine["difference"].to_numpy(np.float64), target, less=outcome.good != "more")
        return target_finding(target, unit, chance)

    pairs = min(len(one.seeds) for one in known.values())
    curves = curves_of(rows.assign(percent=100.0 * rows["share"]), "difference", "percent", line="steps")
    return Exhibit(
        "s_curve",
        f"{outcome.label}: {lowered(finding_by_lens(rows, finding, named=len(known) < len(named)))}",
        _TARGET.format(ratio=discrepancy().ratio, pairs=pairs, one=100.0 / pairs),
        Curves(unit, "chance of this much or less, %", curves, (-3.0, 103.0), target=target),
        source,
        _tables(rows, lambda mine: curve_cells(mine, unit)),
    )


def _running(named: Named, source: str, measure: str) -> Exhibit[Curves]:
    outcome, unit = OUTCOMES[measure], unit_of(named, measure)
    rows = pd.concat(
        [running_mean(one, measure).assign(lens_title=name, withheld=is_withheld(one)) for name, one in named.items()],
        ignore_index=True,
    )
    words = [f"{signed(row['mean'], row['error'], unit)} {unit}" for _, row in rows.iterrows()]
    last = {name: one.summary((measure,), rounded=False).iloc[0] for name, one in named.items()}
    title = finding_by_lens(rows, lambda mine: verdict_text(last[mine["lens_title"].iloc[0]]))
    return Exhibit(
        "running",
        f"{outcome.label}: {lowered(title)}",
        f"Mean difference ({unit}) as pairs of runs are added; the band is one Monte Carlo error either side. It "
        "narrows with more runs; the range of outcomes does not.",
        Curves("pairs of runs", unit, curves_of(rows.assign(words=words), "replicates", "mean")),
        source,
        _tables(rows, lambda mine: running_cells(mine, unit)),
    )


def _parts(named: Named, source: str) -> list[Part]:
    tables = {name: parts_of_range(one, "certainty") for name, one in named.items()}
    known = {name: one for name, one in named.items() if len(tables[name])}
    few = "With so few runs, chance and parameter uncertainty cannot be separated."
    said: list[Part] = [html.P(f"{name}. {few}" if len(named) > 1 else few) for name in named if name not in known]
    if not known:
        return said
    rows = pd.concat([tables[name].assign(lens_title=name) for name in known], ignore_index=True)
    drawn = plain_rows(rows.assign(percent=100.0 * rows["parameter"]), "percent", unit=" %")
    chart: Exhibit[Chart] = Exhibit(
        "parts",
        finding_by_lens(rows.assign(withheld=False), parts_finding),
        _PARTS,
        chart_of(drawn, "parameter uncertainty, % of the variance (the rest is chance)", ends=(0.0, 100.0)),
        source,
        _tables(rows, parts_cells),
    )
    return [*said, chart]


def _tables(rows: pd.DataFrame, cells: Callable[[pd.DataFrame], Cells]) -> tuple[Cells, ...]:
    """A table for each lens, named in its caption if there are several."""
    by_lens = {str(name): cells(mine) for name, mine in rows.groupby("lens_title", sort=False)}
    return tuple(
        one._replace(caption=f"{name}: {one.caption}") if len(by_lens) > 1 else one for name, one in by_lens.items()
    )
