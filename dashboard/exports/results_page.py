"""The page of results of the shipped scenarios, ``scenarios/RESULTS.md``, written from the ready results."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill
from typing import Any, Final

import pandas as pd

from dashboard.exports.reproduce import command
from dashboard.text.labels import MONEY_NOTE, difference_unit, measured, name_of
from dashboard.text.phrases import difference_text, listed, range_text
from simulator.bundle import BASE, Bundle, ReadyResult
from simulator.comparison.comparability import seeds_in_words
from simulator.comparison.headline import financial_year
from simulator.comparison.outcomes import OUTCOMES
from simulator.districts import load_place
from simulator.lenses import lens_names
from simulator.scenario.scenario import load_scenario

SPENDING: Final = ("released", "spent")
OUTCOMES_SHOWN: Final = (
    "often_always_lonely",
    "emergency_admissions",
    "ae_attendances",
    "turned_away",
    "net_cash",
    "net_capacity",
)
_HEAD: Final = """
`offset bundle` writes this page and the tables that ship with the simulator ([Ready results](../docs/bundle.md)).
Do not edit it.

Every scenario is compared with [{base_title}]({base}.yaml) in {place}, or in the place or on the calendar of its own,
in {pairs} paired runs (seeds {seeds}) of model {version}. A cell has the mean difference, the level of the baseline
after *of*, and in brackets the 80 % range. All amounts are a year, in prices of {prices}; what is released
and spent is not discounted, the rest is. {money}

The tables have the same for every outcome, by year, age, deprivation and payer, and for {places}. Scenarios that spread
over a county are in [Spread](../docs/spread.md).
"""
_WIDTH: Final = 120


def results_page(bundle: Bundle) -> str:
    """The page in Markdown: a table for each lens, with a row for each scenario in the base's place, or in its own."""
    place = str(load_scenario(BASE).place_reference)
    shown = {lens: list(_shown(bundle, place, lens)) for lens in lens_names()}
    shown = {lens: found for lens, found in shown.items() if found}
    first = next(iter(shown.values()))[0]
    head = _HEAD.strip().format(
        base=BASE,
        base_title=first.base_record["scenario_title"].lower(),
        place=_title(place),
        pairs=len(first.record["seeds"]),
        seeds=seeds_in_words(first.record["seeds"]),
        version=bundle.record["model_version"],
        prices=financial_year(int(first.record["price_year"])),
        money=MONEY_NOTE,
        places=listed([_title(where) for where in dict.fromkeys(where for _, where, _ in bundle.keys)]),
    )
    wrapped = [fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False) for text in head.split("\n\n")]
    paragraphs = ["# Results of the shipped scenarios", *wrapped, *(_section(found, place) for found in shown.values())]
    return "\n\n".join(paragraphs) + "\n"


def _title(place: str) -> str:
    """A place's title without the county or the kind.

    >>> _title("frome"), _title("rural_district")
    ('Frome', 'Rural district')
    """
    return load_place(place).title.partition(",")[0].partition(" (")[0]


def _shown(bundle: Bundle, place: str, lens: str) -> Iterator[ReadyResult]:
    """The result of each scenario through a lens, in the place if there is one, or else in its own."""
    places: dict[str, list[str]] = {}
    for scenario, where, through in bundle.keys:
        if through == lens:
            places.setdefault(scenario, []).append(where)
    for scenario, found in sorted(places.items()):
        yield bundle.of(scenario, place if place in found else found[0], lens)


def _section(found: list[ReadyResult], place: str) -> str:
    rows = [_rows(one) for one in found]
    heads = [_head(row) for _, row in rows[0].iterrows()]
    record, base = found[0].record, found[0].base_record
    lines = [
        f"## {record['lens_title']}",
        "",
        *([f"Ranges are withheld: {'; '.join(record['lens_faults'])}.", ""] if record["lens_faults"] else []),
        _line(["Scenario", *heads]),
        _line(["---"] * (1 + len(heads))),
        *(
            _line([_named(one, place), *(_cell(row) for _, row in table.iterrows())])
            for one, table in zip(found, rows, strict=True)
        ),
        "",
        f"The first row again: `{command(record, base)}`.",
    ]
    return "\n".join(lines)


def _rows(one: ReadyResult) -> pd.DataFrame:
    spending = one.tables["spending"].set_index("measure", drop=False).loc[list(SPENDING)]
    outcomes = one.tables["summary"].set_index("measure", drop=False).loc[list(OUTCOMES_SHOWN)]
    return pd.concat([spending, outcomes]).assign(withheld=bool(one.record["lens_faults"]))


def _named(one: ReadyResult, place: str) -> str:
    record = one.record
    where = "" if record["place"] == place else f", {_title(record['place'])}"
    return f"[{record['scenario_title']}]({record['scenario']}.yaml){where}"


def _head(row: pd.Series[Any]) -> str:
    """The name of an outcome, with the unit of a share; events are a year, and pounds have their sign."""
    unit = difference_unit(str(row["unit"]))
    return f"{name_of(row)}, {unit}" if unit.startswith("percentage points") else name_of(row)


def _cell(row: pd.Series[Any]) -> str:
    if row["equal_in"] == row["runs"]:
        return difference_text(row)
    counted = row["measure"] in OUTCOMES and OUTCOMES[row["measure"]].source == "counts"
    level = f" of {measured(row['baseline'], row['baseline_error'], row['unit'])}" if counted else ""
    return f"{difference_text(row)}{level} ({range_text(row)})"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
