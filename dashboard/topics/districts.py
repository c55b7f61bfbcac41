"""Districts of England: what each tile of the map and each row of its table says of one outcome through one lens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.figures.style import LINE, NAVY, ORANGE, TURQUOISE
from dashboard.text.labels import difference_unit, measured, signed
from dashboard.text.phrases import difference_text, listed, lowered, range_text
from dashboard.topics.signs import SIGNS
from dashboard.topics.through_lenses import as_withheld
from simulator.bundle.districts import PER, DistrictsPlan, estimates, load_district_results
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.smallest_differences import Matters
from simulator.comparison.verdict import VERDICTS
from simulator.districts import hexagons, map_source
from simulator.lenses import apply_lens

RANKS: Final = ("#E7ECF0", "#B8C6D2", "#89A1B4", "#4E7292", "#12436D")
"""Colours of the fifths of districts, from the least to the greatest gain, or from the lowest to the highest number."""
_PER_HEAD: Final = " per 1,000 residents"
_FIFTHS: Final = ("Fifth with the least gain: ", "", "", "", "Fifth with the most: ")
BLANK: Final = "#FFFFFF"
_VERDICT_COLOURS: Final = {"better": TURQUOISE, "worse": ORANGE, "different": NAVY, "small": LINE}
COLOURED_BY: Final = {"rank": "Rank: fifths of the districts", "verdict": "Verdict"}


def district_rows(measure: str, lens: str, matters: Matters, place: str = "") -> pd.DataFrame:
    """Rows of `simulator.bundle.districts.estimates` of one outcome, with ``withheld`` as in `through_lenses`.

    With a ``place``, only its row, none if it is no district.
    Raises ResultsError if there are no results of this model, UnknownNameError for another lens.
    """
    rows = estimates(load_district_results(), lens, matters, [measure], place)
    if rows.empty:
        return rows
    return as_withheld(rows.assign(withheld=bool(apply_lens(lens).faults)))


def whole_district_rows(place: str, lenses: Sequence[str], matters: Matters) -> pd.DataFrame:
    """The outcomes of the first screen in one district, through each lens, a year in the whole district.

    With the columns that `dashboard.topics.signs` reads; none for a place that is no district.
    Raises as `district_rows`.
    """
    results, found = load_district_results(), []
    draws = DistrictsPlan.of_record(results.record).draws
    for lens in lenses:
        rows = estimates(results, lens, matters, list(SIGNS), place)
        if rows.empty:
            return rows
        mine = as_withheld(rows.assign(withheld=bool(apply_lens(lens).faults)))
        mine = mine.assign(lens=lens, runs=draws, stochastic_share=np.nan)
        amounts = ["baseline", "difference", "low", "high", "monte_carlo_error", "matters"]
        per_head = mine["unit"].str.contains(_PER_HEAD, regex=False)
        mine[amounts] = mine[amounts].mul((mine["residents"] / PER).where(per_head, 1.0), axis=0)
        mine["unit"] = mine["unit"].str.replace(_PER_HEAD, "", regex=False)
        found.append(mine)
    return pd.concat(found, ignore_index=True)


def tiles(rows: pd.DataFrame, coloured_by: str) -> list[dict[str, Any]]:
    """The tile of each district: name, title, column, row, colour and what is said of it."""
    colours = colours_of(rows, coloured_by)
    return [
        {
            "name": row["place"],
            "title": row["title"],
            "q": hexagons()[row["place"]].q,
            "r": hexagons()[row["place"]].r,
            "colour": colour,
            "words": words_of(row),
        }
        for colour, (_, row) in zip(colours, rows.iterrows(), strict=True)
    ]


def colours_of(rows: pd.DataFrame, coloured_by: str) -> list[str]:
    """The colour of each tile: by verdict none where one cannot tell yet, by rank that of its fifth."""
    if coloured_by == "verdict":
        return [_VERDICT_COLOURS.get(str(verdict), BLANK) for verdict in rows["verdict"]]
    return [RANKS[fifth] for fifth in _fifths(rows)]


def _fifths(rows: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The fifth of each district among all, 0 to 4: least gain first, whatever is good about the outcome."""
    gain = rows["difference"] * (-1.0 if rows["good"].iloc[0] == "less" else 1.0)
    place = gain.rank(method="first").to_numpy() - 1.0
    return np.floor(len(RANKS) * place / len(rows)).astype(np.int64)


def key_of(rows: pd.DataFrame, coloured_by: str) -> dict[str, str]:
    """The meaning of each colour, in words, by colour."""
    if coloured_by == "verdict":
        kinds = ("different",) if rows["good"].iloc[0] == "neither" else ("better", "worse")
        known = {_VERDICT_COLOURS[kind]: VERDICTS[kind] for kind in (*kinds, "small")}
        return {**known, BLANK: VERDICTS["unsure"]}
    fifths, found, unit = _fifths(rows), {}, str(rows["unit"].iloc[0])
    apart = float(np.ptp(rows["difference"])) / (2.0 * len(RANKS))  # bounds of fifths are distinct, however uncertain
    for fifth, colour in enumerate(RANKS):
        mine = rows.loc[fifths == fifth, "difference"]
        if len(mine):
            said = " to ".join(dict.fromkeys(signed(end, apart, unit) for end in (mine.max(), mine.min())))
            found[colour] = f"{_FIFTHS[fifth]}{said}"
    return found


def rank_note(rows: pd.DataFrame) -> str:
    """How far ranks can be trusted: the share of districts whose range holds the mean of all."""
    mean = rows["difference"].mean()
    inside = 100.0 * float(((rows["low"] <= mean) & (mean <= rows["high"])).mean())
    return f"Shades rank the districts; in {inside:.0f} % of them the range includes the mean of all."


def words_of(row: pd.Series[Any]) -> str:
    """The difference in a district with its range and verdict, in one line."""
    verdict = VERDICTS.get(row["verdict"], "")
    whole = "" if np.isnan(row["a_year"]) else f"; about {whole_district(row)} a year in the whole district"
    said = f"{difference_text(row)} {difference_unit(row['unit'])} ({range_text(row)}){whole}."
    return f"{said} {verdict}." if verdict else said


def whole_district(row: pd.Series[Any]) -> str:
    """The difference in the whole district a year."""
    return signed(row["a_year"], row["monte_carlo_error"] * row["residents"] / 1000.0, row["unit"])


def districts_finding(rows: pd.DataFrame) -> str:
    """In how many districts there is which verdict, and between which sizes they lie."""
    counts = rows["verdict"].map(VERDICTS).value_counts()
    verdicts = [f"{lowered(str(verdict))} in {count}" for verdict, count in counts.items()]
    ends = rows.loc[[rows["difference"].idxmin(), rows["difference"].idxmax()]]
    sizes = " to ".join(dict.fromkeys(difference_text(row) for _, row in ends.iterrows()))
    first = rows.iloc[0]
    counted = f"{listed(verdicts)} of {len(rows)} districts" if verdicts else "verdicts are withheld"
    return f"{OUTCOMES[str(first['measure'])].short_label}: {counted}; {sizes} {difference_unit(str(first['unit']))}"


def districts_note(rows: pd.DataFrame, plan: DistrictsPlan) -> str:
    """How the numbers were made, and how much of them is a district's own."""
    return (
        f"Mean of {plan.draws} pairs of runs with {plan.residents:,} residents in each district, one for each "
        "parameter draw. Districts of so few residents differ mostly by chance, so what is shown is mostly what those "
        "of the same deprivation and age show together; a district's own runs count for "
        f"{100.0 * rows['own'].mean():.0f} % of its number. "
        "Ranges (80 %) are what parameters, chance and the model discrepancy allow for the mean of many runs."
    )


def districts_table(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The table: numbers to sort by, and the same as text."""
    return [
        {
            "title": row["title"],
            "residents": int(row["residents"]),
            "difference": float(row["difference"]),
            "difference_text": difference_text(row),
            "range": range_text(row),
            "a_year": None if np.isnan(row["a_year"]) else float(row["a_year"]),
            "a_year_text": "" if np.isnan(row["a_year"]) else whole_district(row),
            "level": measured(row["baseline"], row["monte_carlo_error"], row["unit"]),
            "verdict": VERDICTS.get(row["verdict"], ""),
        }
        for _, row in rows.iterrows()
    ]


def districts_source(record: Mapping[str, Any]) -> str:
    """The line under the map: model, command, and the source of the map and its licence."""
    drawn = map_source()
    return (
        f"Model {record['model_version']}, {record['command']}. Small areas by Fay and Herriot 1979. Map: "
        f"{drawn.source.strip()}. Simulated estimate, not an official statistic."
    )
