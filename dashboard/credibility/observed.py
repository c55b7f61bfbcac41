"""Observed changes in Frome and its county, compared with runs of a place of the same study.

The figures are the calibration targets for changes from the first year. They apply to no other place and to no scenario
other than Frome's, and the notes shown with them say so.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import pandas as pd

from calibration import load_target_file
from dashboard.exhibits.scenarios import arms_over_years
from dashboard.figures.curves import Curve, Curves
from dashboard.figures.style import ORANGE, TURQUOISE
from dashboard.runs.view import BASELINE
from dashboard.text.labels import MINUS, measured, signed
from dashboard.text.phrases import listed
from dashboard.text.tables import Cells
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import financial_year
from simulator.foundations.categories import WEEKS_PER_YEAR

COLUMNS: Final = (
    "run", "where", "place", "label", "scenario", "starts", "year", "years", "value", "low", "high", "source",
    "reference", "grade",
)  # fmt: skip
ALONG_A_LINE: Final = "along a line"
"""Replaces the years of a linear trend through all quarters, which is in the table but not in the chart."""
_MARKS: Final = ((TURQUOISE, "diamond"), (ORANGE, "square"))
_WHERE: Final = {"frome": "Frome", "county": "the county"}


@lru_cache(maxsize=4)
def _observed(measure: str) -> pd.DataFrame:
    """Every target that is a change [%], with `COLUMNS`; ``year`` is the later one from 1, or 0 for a linear trend."""
    file = load_target_file()
    rows = []
    for target in file.targets.values():
        if target.run is None or target.measure != measure:
            continue
        run, (first, last) = file.runs[target.run], target.years or (1, 0)
        if target.statistic == "growth" and first == 1:
            years = " compared with ".join(financial_year(run.starts.year + year - 1) for year in (last, first))
        elif target.statistic == "trend":
            last, years = 0, ALONG_A_LINE
        else:
            continue
        row = (target.run, _WHERE.get(target.run, target.run), run.place, target.label, run.scenario)
        figures = (
            target.value,
            target.low,
            target.high,
            " ".join(target.source.split()),
            target.reference,
            target.grade,
        )
        rows.append((*row, run.starts.isoformat(), last, years, *figures))
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found[found["run"].isin(found.loc[found["year"] > 0, "run"])]


def observed_beside(comparison: Comparison, measure: str) -> pd.DataFrame:
    """Observed changes of a measure [% change from the first year], one row per place of the study, with `COLUMNS`.

    Empty unless the comparison is of one of these places, since they do not apply to other towns. Years that the runs
    do not cover completely have no row.
    """
    rows = _observed(measure)
    if str(comparison.scenario.record["place"]) not in set(rows["place"]):
        return rows.iloc[:0]
    whole_years = comparison.scenario.weeks // WEEKS_PER_YEAR
    return rows[(rows["year"] > 0) & (rows["year"] <= whole_years)].reset_index(drop=True)


STATISTIC: Final = (
    "Change in emergency admissions of each whole year from the first, in per cent: mean of the runs, with the middle "
    "80 % of runs as a band. Single marks: observed; bars: the range that calibration accepts as reproduced."
)


def observed_finding(changes: pd.DataFrame, observed: pd.DataFrame, names: dict[str, str]) -> str:
    """A sentence on the simulated and observed changes up to the observed year."""
    year = int(observed["year"].max())
    then = changes[changes["year"] == year]
    simulated = [f"{_signed(row)} % with {names[str(row['arm'])]}" for _, row in then.iterrows()]
    seen = [f"{_exact(row['value'])} % in {row['where']}" for _, row in observed.iterrows()]
    return (
        f"Year {year} compared with year 1, simulated: {listed(simulated)}; observed {_span(observed)}: {listed(seen)}"
    )


def observed_notes(comparison: Comparison, observed: pd.DataFrame) -> str:
    """Notes on the limits of comparing observed with simulated changes."""
    record = comparison.scenario.record
    starts = str(observed["starts"].iloc[0])
    calendar = (
        "The runs cover the same years."
        if str(record["starts"]) == starts
        else f"The years differ: these runs begin on {record['starts']}, the observations on {starts}."
    )
    programme = (
        "The scenario follows what is published about Frome's programme."
        if str(record["scenario"]) in set(observed["scenario"]) - {BASELINE}
        else "Frome was running its own programme then, not the scenario shown here."
    )
    return (
        f"{calendar} {programme} The marks compare before and after, without a control group. The county's own growth, "
        "beyond that due to its population and to recording in England, is in none of these runs. So observed and "
        "simulated need not agree, and the gap between the two places is not by itself the effect of a programme. Page "
        "Calibration shows how close a fitted model comes."
    )


def changes_cells(changes: pd.DataFrame, names: dict[str, str]) -> Cells:
    """Simulated changes as a table."""
    body = [
        [names[str(row["arm"])], str(row["year"]), _signed(row), *(_end(row, name) for name in ("low", "high"))]
        for _, row in changes.iterrows()
    ]
    heads = ["Scenario", "Year", "Change", "Lower", "Upper"]
    return Cells("Simulated change from the first year, %: mean and middle 80 % of runs", heads, body, 2)


def observed_cells(measure: str) -> Cells:
    """All observed changes of a measure as a table with sources: from year to year, and as a linear trend."""
    observed = _observed(measure)
    body = [
        [
            str(row["label"]),
            *(_exact(row[name]) for name in ("value", "low", "high")),
            str(row["grade"]),
            str(row["source"]),
            str(row["reference"]),
        ]
        for _, row in observed.iterrows()
    ]
    heads = ["Observed", "Change", "Lower", "Upper", "Grade", "Source", "Reference"]
    return Cells("Observed change, % (linear trend, or one year compared with another)", heads, body, 1)


def observed_curves(changes: pd.DataFrame, observed: pd.DataFrame, names: dict[str, str]) -> Curves:
    """The change since the first year in both arms, with observed changes as marks; ``names`` by arm."""
    marks = [
        Curve(
            f"observed in {row['where']}",
            (f"Year {row['year']}",),
            (row["value"],),
            (row["low"],),
            (row["high"],),
            line="none",
            mark=mark,
            colour=colour,
        )
        for (_, row), (colour, mark) in zip(observed.iterrows(), _MARKS, strict=False)
    ]
    return Curves("", "change since year 1, %", (*arms_over_years(changes, names), *marks))


def sources_of(observed: pd.DataFrame) -> str:
    """The sources of the observations, with references."""
    sources = (f"{str(row['source']).partition(':')[0]} ({row['reference']})" for _, row in observed.iterrows())
    return "; ".join(dict.fromkeys(sources))


def _span(observed: pd.DataFrame) -> str:
    return listed(list(dict.fromkeys(observed["years"])))


def _signed(row: pd.Series[Any]) -> str:
    return signed(row["mean"], row["error"], "%")


def _end(row: pd.Series[Any], name: str) -> str:
    """One end of a range, or a note that it is withheld."""
    return "withheld" if pd.isna(row[name]) else signed(row[name], row["error"], "%")


def _exact(value: float) -> str:
    """A published number without rounding, with its sign.

    >>> _exact(-17.0), _exact(28.5), _exact(0.0)
    ('−17', '+28.5', '0')
    """
    return f"{value:+g}".replace("-", MINUS) if value else measured(0.0, 0.0, "%")
