"""Scenarios compared with the same base: an outcome of all of them, and year by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from dashboard.exhibits.exhibit import Exhibit, identifier
from dashboard.figures.chart import Chart, chart_of, hover_text
from dashboard.figures.curves import Curve, Curves
from dashboard.figures.style import GREY, PLANS
from dashboard.text.labels import difference_unit, less_or_more, name_of
from dashboard.text.phrases import listed
from dashboard.text.tables import contrasts_cells
from dashboard.topics.series import over_time, pair_values
from dashboard.topics.several_scenarios import Named, rows_of_lenses, strip_finding_by_lens, years_of
from dashboard.topics.through_lenses import is_withheld, lens_column, range_note, within
from simulator.comparison.outcomes import OUTCOMES

_MEANS: Final = (
    "Mean of the paired differences. Ranges are in the table: bands over each other hide more than they show."
)
_BANDS: Final = (
    "Mean of the runs, with the middle 80 % of runs as a band. The bands include chance variation that both share: "
    "use the paired differences above, not the overlap of bands, to judge whether they differ."
)
_YEARLY: Final = "emergency_admissions"
_LINES: Final = ("solid", "dash", "dot", "dashdot")


def outcome_of_scenarios(several: Mapping[str, Named], measure: str, source: str) -> Exhibit[Chart]:
    """One outcome of comparisons by the name of the lens, then by scenario title, with a tick for each pair."""
    rows = rows_of_lenses(several, measure)
    unit = str(rows["unit"].iloc[0])
    thousands = unit.startswith("pounds")
    scale, said = 1e-3 if thousands else 1.0, difference_unit(unit).replace("pounds", "£ thousand")
    pairs = {
        (lens, title): tuple(scale * pair_values(one, measure)["difference"])
        for lens, named in several.items()
        for title, one in named.items()
        if not is_withheld(one)
    }
    return Exhibit(
        measure,
        strip_finding_by_lens(rows),
        f"{name_of(rows.iloc[0])}: mean of the paired differences from the base. Ticks: pairs. {range_note(rows)}",
        chart_of(
            rows.assign(name=rows["title"], scale=scale),
            f"{said}, {less_or_more(OUTCOMES[measure])}",
            missing="not run for any lens shown",
            points=pairs,
        ),
        source,
        (contrasts_cells(rows, name_of(rows.iloc[0]), ("title", *lens_column(rows))),),
    )


def scenarios_by_year(several: Mapping[str, Named], source: str) -> list[Exhibit[Curves]]:
    """For one scenario, its band with that of the base and differences by lens; for more, differences only."""
    first = next(iter(several.values()))
    if len(first) > 1:
        return [_differences(named, lens if len(several) > 1 else "", source) for lens, named in several.items()]
    return [_band(first, source), *([_lenses(several, source)] if len(several) > 1 else [])]


def arms_over_years(rows: pd.DataFrame, names: Mapping[str, str]) -> tuple[Curve, ...]:
    """The baseline (grey, dotted) and one scenario with their bands; ``rows`` from `series.over_time` by year."""
    made = []
    for arm, colour, line in (("baseline", GREY, "dot"), ("scenario", PLANS[0], "solid")):
        mine = rows[rows["arm"] == arm]
        mean, low, high = (tuple(mine[name]) for name in ("mean", "low", "high"))
        at = tuple(f"Year {year}" for year in mine["year"])
        made.append(Curve(names[arm], at, mean, low, high, colour=colour, line=line))
    return tuple(made)


def _band(named: Named, source: str) -> Exhibit[Curves]:
    """One scenario and its base, through the main lens."""
    ((title, one),) = named.items()
    levels = over_time(one, _YEARLY)
    levels = levels.assign(low=np.nan, high=np.nan) if is_withheld(one) else levels
    base, lens = str(one.baseline.record["scenario_title"]), str(one.scenario.record.get("lens_title", ""))
    return Exhibit(
        "compare_years",
        f"Emergency admissions year by year: {title} beside {base}{f' ({lens})' if lens else ''}",
        _BANDS,
        Curves(
            "",
            OUTCOMES[_YEARLY].unit_on(one.basis),
            arms_over_years(levels, {"scenario": title, "baseline": base}),
        ),
        source,
        (contrasts_cells(years_of(named, _YEARLY), "Emergency admissions year by year", ("title", "year")),),
    )


def _lenses(several: Mapping[str, Named], source: str) -> Exhibit[Curves]:
    """Differences of one scenario by year, one line per lens."""
    rows = pd.concat([years_of(named, _YEARLY).assign(title=lens) for lens, named in several.items()])
    finding = "Difference in emergency admissions in each year, through each lens"
    table = contrasts_cells(rows.assign(lens_title=rows["title"]), "Difference year by year", ("lens_title", "year"))
    return Exhibit("compare_lenses", finding, _MEANS, _lines(rows), source, (table,))


def _differences(named: Named, lens_title: str, source: str) -> Exhibit[Curves]:
    rows = years_of(named, _YEARLY)
    finding = f"Difference in emergency admissions in each year, for {listed(list(named))}"
    table = contrasts_cells(rows, "Emergency admissions year by year", ("title", "year"))
    return Exhibit(
        f"compare_years_{identifier(lens_title)}",
        f"{finding}, {within(lens_title)}" if lens_title else finding,
        _MEANS,
        _lines(rows),
        source,
        (table,),
    )


def _lines(rows: pd.DataFrame) -> Curves:
    """Mean differences year by year; ``rows`` have title, year and difference."""
    made = [
        Curve(
            str(title),
            tuple(f"Year {year}" for year in mine["year"]),
            tuple(mine["difference"]),
            line=line,
            words=tuple(hover_text(row) for _, row in mine.iterrows()),
        )
        for (title, mine), line in zip(rows.groupby("title", sort=False), _LINES, strict=False)
    ]
    return Curves("", f"difference, {difference_unit(str(rows['unit'].iloc[0]))}", tuple(made))
