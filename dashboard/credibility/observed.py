"""What was observed in Frome and its county, beside what a run says of a place of the same study.

The figures are those of the calibration targets that say how a measure of one year stood on that of the first. They say
nothing of any other place, and of no scenario but Frome's own: words here say so wherever they are shown.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import pandas as pd

from calibration import load_target_file
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
"""Stands for the years of what was reckoned by a straight line through all quarters: in the table, not in the chart."""
_WHERE: Final = {"frome": "Frome", "county": "the county"}


@lru_cache(maxsize=4)
def _observed(measure: str) -> pd.DataFrame:
    """Every target that is a change [%], with `COLUMNS`; ``year`` is the later one from 1, or 0 along a line."""
    file = load_target_file()
    rows = []
    for target in file.targets.values():
        if target.run is None or target.measure != measure:
            continue
        run, (first, last) = file.runs[target.run], target.years or (1, 0)
        if target.statistic == "growth" and first == 1:
            years = " on ".join(financial_year(run.starts.year + year - 1) for year in (last, first))
        elif target.statistic == "trend":
            last, years = 0, ALONG_A_LINE
        else:
            continue
        row = (target.run, _WHERE.get(target.run, target.run), run.place, target.label, run.scenario)
        told = (target.value, target.low, target.high, " ".join(target.source.split()), target.reference, target.grade)
        rows.append((*row, run.starts.isoformat(), last, years, *told))
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found[found["run"].isin(found.loc[found["year"] > 0, "run"])]


def observed_beside(comparison: Comparison, measure: str) -> pd.DataFrame:
    """What was observed of a measure [% change on the first year], one row a place of the study, with `COLUMNS`.

    No rows unless the comparison is of one of these places: a study of Frome is no point on another town's chart. A
    year that the runs do not cover to its end has no row either.
    """
    rows = _observed(measure)
    if str(comparison.scenario.record["place"]) not in set(rows["place"]):
        return rows.iloc[:0]
    whole_years = comparison.scenario.weeks // WEEKS_PER_YEAR
    return rows[(rows["year"] > 0) & (rows["year"] <= whole_years)].reset_index(drop=True)


STATISTIC: Final = (
    "Emergency admissions of each whole year in per cent of the first: mean of the runs, with the middle 80 % of runs "
    "as a band. Single marks: observed; bars: the range that calibration counts as reproduced."
)


def observed_finding(changes: pd.DataFrame, observed: pd.DataFrame, names: dict[str, str]) -> str:
    """Simulated change up to the year that was observed, then what was observed, in one sentence."""
    year = int(observed["year"].max())
    then = changes[changes["year"] == year]
    simulated = [f"{_signed(row)} % with {names[str(row['arm'])]}" for _, row in then.iterrows()]
    seen = [f"{_exact(row['value'])} % in {row['where']}" for _, row in observed.iterrows()]
    return f"Year {year} on year 1, simulated: {listed(simulated)}; observed {_span(observed)}: {listed(seen)}"


def observed_notes(comparison: Comparison, observed: pd.DataFrame) -> str:
    """What may and may not be read from observed beside simulated."""
    record = comparison.scenario.record
    starts = str(observed["starts"].iloc[0])
    calendar = (
        "The runs are on the same calendar."
        if str(record["starts"]) == starts
        else f"It is another calendar: these runs begin on {record['starts']}, what was observed began on {starts}."
    )
    programme = (
        "The scenario is what is published of Frome's programme."
        if str(record["scenario"]) in set(observed["scenario"]) - {BASELINE}
        else "In Frome its own programme was going on then, not the scenario shown here."
    )
    return (
        f"{calendar} {programme} The marks are before and after, without a control group. The county's growth of its "
        "own, beyond what its people and England's recording bring, is in none of these runs: observed and simulated "
        "need not agree, and the gap between the two places is not by itself the effect of a programme. How near a "
        "fitted model comes is on page Calibration."
    )


def changes_cells(changes: pd.DataFrame, names: dict[str, str]) -> Cells:
    """Simulated changes as a table."""
    body = [
        [names[str(row["arm"])], str(row["year"]), _signed(row), *(_end(row, name) for name in ("low", "high"))]
        for _, row in changes.iterrows()
    ]
    heads = ["Scenario", "Year", "Change", "Lower", "Upper"]
    return Cells("Simulated change on the first year, %: mean and middle 80 % of runs", heads, body, 2)


def observed_cells(measure: str) -> Cells:
    """All that was observed of a measure as a table, with its sources: from year to year, and along a line."""
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
    return Cells("Observed change, % (along a line, or of one year on another)", heads, body, 1)


def in_words(changes: pd.DataFrame, observed: pd.DataFrame, names: dict[str, str]) -> str:
    """Every number of the chart, for those who do not see it."""
    said = [
        f"year {row['year']}, {names[str(row['arm'])]}: {_signed(row)} % ({_end(row, 'low')} to {_end(row, 'high')})"
        for _, row in changes.iterrows()
    ]
    ranges = [tuple(_exact(row[name]) for name in ("value", "low", "high")) for _, row in observed.iterrows()]
    seen = [
        f"observed in {where}, year {year}: {value} % ({low} to {high})"
        for where, year, (value, low, high) in zip(observed["where"], observed["year"], ranges, strict=True)
    ]
    return "; ".join((*said, *seen))


def sources_of(observed: pd.DataFrame) -> str:
    """Who published what was observed, and where."""
    told = (f"{str(row['source']).partition(':')[0]} ({row['reference']})" for _, row in observed.iterrows())
    return "; ".join(dict.fromkeys(told))


def _span(observed: pd.DataFrame) -> str:
    return listed(list(dict.fromkeys(observed["years"])))


def _signed(row: pd.Series[Any]) -> str:
    return signed(row["mean"], row["error"], "%")


def _end(row: pd.Series[Any], name: str) -> str:
    """One end of a range; that it is withheld where there is none."""
    return "withheld" if pd.isna(row[name]) else signed(row[name], row["error"], "%")


def _exact(value: float) -> str:
    """A published number, as it was published.

    >>> _exact(-17.0), _exact(28.5), _exact(0.0)
    ('−17', '+28.5', '0')
    """
    return f"{value:+g}".replace("-", MINUS) if value else measured(0.0, 0.0, "%")
