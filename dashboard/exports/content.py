"""What every take-away says: findings, charts as plain numbers, caveats, where it all comes from.

A *reading* is one comparison under one lens, by name; where there are several, they stand side by side in every chart
and are never averaged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard import findings, words
from dashboard.saying import difference_words, range_words
from dashboard.services import services_finding
from dashboard.who import GROUPS, group_rows
from simulator.chances import chances
from simulator.comparison import Comparison
from simulator.who_pays import by_service

Readings = Mapping[str, Comparison]

OUTCOMES: Final = (
    "emergency_admissions",
    "overnight_admissions",
    "bed_days",
    "readmission_rate",
    "ae_attendances",
    "often_always_lonely",
)
ACCESS: Final = ("consultations", "consultations_refused", "unmet_needs", "failed_contacts", "human_contacts")
"""What two charts show, since they differ in scale; tables have every outcome."""
TILES: Final = ("emergency_admissions", "bed_days", "net_cost", "often_always_lonely")
RANGE: Final = "Middle 80 % of runs, over beliefs and luck."
DEFAULT_LENS: Final = "evidence"
_STEPS: Final = 6.0
_BY: Final = {"age_band": "by age", "deprivation": "by deprivation"}


@dataclass(frozen=True)
class Series:
    """Numbers of one reading, one for each category of the chart; NaN where there is none."""

    name: str
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """A chart as numbers: differences from the baseline with their 80 % ranges, a category a bar."""

    name: str
    title: str  # the finding
    statistic: str  # what the bars are
    axis: str  # unit of the values
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    missing: str = "too few to show"  # what stands where there is no number

    def scale(self) -> tuple[float, float, float]:
        """Ends and step of an axis of round numbers that holds zero and every value with its range."""
        return round_scale([end for one in self.series for ends in (one.values, one.low, one.high) for end in ends])

    def alternative(self) -> str:
        """The chart in words, for those who do not see it."""
        said = [
            f"{one.name}, {category}: {value:,.3g} ({low:,.3g} to {high:,.3g})"
            for one in self.series
            for category, value, low, high in zip(self.categories, one.values, one.low, one.high, strict=True)
            if not np.isnan(value)
        ]
        return f"{self.title}. {self.statistic} {self.axis}. {'; '.join(said)}."


@dataclass(frozen=True)
class Tile:
    """One outcome under one reading: difference, range, verdict, in words."""

    reading: str
    label: str
    number: str
    unit: str
    range: str
    verdict: str


@dataclass(frozen=True)
class Content:
    """Everything that a take-away shows."""

    title: str
    question: str
    headlines: tuple[tuple[str, tuple[str, ...]], ...]  # by reading, its sentences
    tiles: tuple[Tile, ...]
    charts: tuple[Chart, ...]
    caveats: tuple[str, ...]
    provenance: tuple[str, ...]  # a line a reading
    commands: tuple[str, ...]  # what gives these numbers again
    tables: Mapping[str, pd.DataFrame]  # unrounded, a column `lens` in front
    records: Mapping[str, Mapping[str, Any]]  # run records, by reading and arm


def content_of(readings: Readings) -> Content:
    """The content of take-aways of one scenario under one or more lenses. Raises ValueError for no reading."""
    if not readings:
        raise ValueError("a take-away needs at least one comparison")
    yearly = {name: comparison.per("year") for name, comparison in readings.items()}
    first = next(iter(yearly.values()))
    record = first.scenario.record
    return Content(
        title=f"{record['scenario_title']} in {record['place_title']}",
        question=record["question"],
        headlines=tuple((words.label(name), one.findings()) for name, one in yearly.items()),
        tiles=tuple(tile for name, one in yearly.items() for tile in _tiles(name, one)),
        charts=(
            _outcomes(yearly, OUTCOMES, "outcomes"),
            _outcomes(yearly, ACCESS, "access"),
            _years(yearly),
            *_money(yearly),
            *(_groups(readings, group) for group in GROUPS),
        ),
        caveats=words.caveats(record),
        provenance=tuple(_provenance(name, one, many=len(readings) > 1) for name, one in yearly.items()),
        commands=tuple(dict.fromkeys(command(one) for one in yearly.values())),
        tables=tables(yearly),
        records={
            f"{name}_{arm}": getattr(one, arm).record
            for name, one in yearly.items()
            for arm in ("scenario", "baseline")
        },
    )


def round_scale(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Ends and step of an axis of round numbers that holds all ``numbers`` and zero.

    >>> round_scale([-3.2, 7.9, float("nan")]), round_scale([])
    ((-4.0, 8.0, 2.0), (0.0, 1.0, 1.0))
    """
    there = [*(number for number in numbers if not math.isnan(number)), 0.0]
    low, high = min(there), max(there)
    if low == high:
        return 0.0, 1.0, 1.0
    rough = (high - low) / _STEPS
    size = 10.0 ** math.floor(math.log10(rough))
    step = size * next(factor for factor in (1.0, 2.0, 5.0, 10.0) if factor * size >= rough)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def lens_of(comparison: Comparison) -> str:
    """The lens that a comparison was run under, as its record says."""
    return str(comparison.scenario.record.get("lens", DEFAULT_LENS))


def command(comparison: Comparison) -> str:
    """The command that runs a comparison again: same files, same version, same numbers."""
    scenario, baseline = comparison.scenario.record, comparison.baseline.record
    seeds = [int(seed) for seed in scenario["seeds"]]
    parts = ["offset", "compare", scenario["scenario"], baseline["scenario"], "--place", scenario["place"]]
    parts += ["--seeds", str(len(seeds)) if seeds == list(range(len(seeds))) else ",".join(map(str, seeds))]
    if scenario.get("lens", DEFAULT_LENS) != DEFAULT_LENS:
        parts += ["--lens", scenario["lens"]]
    return " ".join(quote(str(part)) for part in parts)


def tables(yearly: Readings) -> dict[str, pd.DataFrame]:
    """Tidy tables, a row a number with its lower and upper end, a column ``lens`` in front; unrounded."""
    made: dict[str, Callable[[Comparison], pd.DataFrame]] = {
        "outcomes": lambda one: one.summary(rounded=False),
        "by_year": lambda one: one.by("year", rounded=False),
        "by_age": lambda one: _without_few(one, "age_band"),
        "by_deprivation": lambda one: _without_few(one, "deprivation"),
        "costs": lambda one: one.costs("item", "payer", "kind", rounded=False),
        "costs_by_service": lambda one: by_service(one, rounded=False),
        "ledger": lambda one: one.ledger(),
        "chances": lambda one: chances(one).rename(columns={"low": "chance_low", "high": "chance_high"}),
    }
    return {
        name: pd.concat([make(one).assign(lens=lens) for lens, one in yearly.items()], ignore_index=True).pipe(
            _in_front
        )
        for name, make in made.items()
    }


def _without_few(comparison: Comparison, group: str) -> pd.DataFrame:
    """Rows by group, per 1,000, those of few people emptied."""
    rows = [group_rows(comparison, group, measure) for measure in ("emergency_admissions", "often_always_lonely")]
    return pd.concat(rows, ignore_index=True)


def _in_front(table: pd.DataFrame) -> pd.DataFrame:
    return table[["lens", *(name for name in table.columns if name != "lens")]]


def _tiles(name: str, yearly: Comparison) -> list[Tile]:
    return [
        Tile(
            reading=words.label(name),
            label=str(row["label"]),
            number=difference_words(row),
            unit=words.difference_unit(row["unit"]),
            range=range_words(row),
            verdict=words.VERDICTS[findings.clearness(row)],
        )
        for _, row in yearly.summary(TILES, rounded=False).iterrows()
    ]


def _outcomes(yearly: Readings, measures: Sequence[str], chart: str) -> Chart:
    rows = {name: one.summary(measures, rounded=False) for name, one in yearly.items()}
    labels = [words.SHORT.get(row["measure"], row["label"]) for _, row in next(iter(rows.values())).iterrows()]
    return Chart(
        chart,
        _titled(rows, findings.outcomes_finding),
        f"Mean of the paired differences in per cent of the baseline. {RANGE}",
        f"%, {words.FEWER_OR_MORE}",
        tuple(labels),
        tuple(
            _series(name, table, 100.0 / table["baseline"].abs().replace(0.0, np.nan)) for name, table in rows.items()
        ),
        missing="none in the baseline",
    )


def _years(yearly: Readings) -> Chart:
    rows = {name: one.by("year", measures=("emergency_admissions",), rounded=False) for name, one in yearly.items()}
    years = tuple(f"Year {year}" for year in next(iter(rows.values()))["year"])
    return Chart(
        "years",
        _titled(rows, findings.years_finding),
        f"Difference in emergency admissions in each year. {RANGE}",
        "admissions, fewer (below) or more (above)",
        years,
        tuple(_series(name, table) for name, table in rows.items()),
    )


def _money(yearly: Readings) -> list[Chart]:
    charts = []
    services = {name: by_service(one, rounded=False) for name, one in yearly.items()}
    title = _titled(services, services_finding)
    for kind, meaning in (("cashable", "Money"), ("capacity", "Capacity (beds, appointments, staff time)")):
        rows = {name: table[table["kind"] == kind] for name, table in services.items()}
        keys = list(
            dict.fromkeys(
                (row["service"], row["payer"])
                for table in rows.values()
                for _, row in table[table["equal_in"] < table["runs"]].iterrows()
            )
        )
        if not keys:
            continue
        index = pd.MultiIndex.from_tuples(keys, names=["service", "payer"])
        charts.append(
            Chart(
                f"costs_{kind}",
                title if kind == "cashable" else "What is freed or taken up in beds, appointments and staff time",
                f"{meaning}: difference in cost by service and payer, a year. {RANGE}",
                f"£ thousand a year, {words.SAVED_OR_SPENT}",
                tuple(f"{words.label(service)} ({words.label(payer)})" for service, payer in keys),
                tuple(
                    _series(name, table.set_index(["service", "payer"]).reindex(index), 1e-3)
                    for name, table in rows.items()
                ),
            )
        )
    return charts


def _groups(readings: Readings, group: str) -> Chart:
    measure = "emergency_admissions"
    rows = {
        name: table[table["measure"] == measure]
        for name, table in ((name, group_rows(one, group, measure)) for name, one in readings.items())
    }
    names = next(iter(rows.values()))[group]
    if group == "deprivation":
        labels = tuple(f"Fifth {words.FIFTHS[int(name) - 1]}" for name in names)
    else:
        labels = tuple(str(name) for name in names)
    return Chart(
        f"admissions_{group}",
        _titled(rows, lambda table: findings.groups_finding(table, group)),
        f"Difference in emergency admissions {_BY[group]}, a year per 1,000 residents of the group. {RANGE}",
        "per 1,000 a year, fewer (left) or more (right)",
        labels,
        tuple(_series(name, table) for name, table in rows.items()),
    )


def _titled(rows: Mapping[str, pd.DataFrame], find: Callable[[pd.DataFrame], str]) -> str:
    """The finding, once if all readings agree, else by reading."""
    found = {name: find(table) for name, table in rows.items()}
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    return "; ".join(f"{words.label(name)}: {said[0].lower()}{said[1:]}" for name, said in found.items())


def _series(name: str, rows: pd.DataFrame, scale: Any = 1.0) -> Series:
    columns = [(rows[column] * scale).astype(float) for column in ("difference", "low", "high")]
    return Series(words.label(name), *(tuple(column) for column in columns))


def _provenance(name: str, yearly: Comparison, *, many: bool) -> str:
    line = words.provenance(yearly.scenario.record, yearly.baseline.record, len(yearly.seeds))
    return f"{words.label(name)}: {line}" if many else line


DICTIONARY: Final = {
    "lens": "Which reading of the evidence the runs took their parameters from",
    "measure": "Short name of an outcome",
    "label": "Its name",
    "unit": "Unit of baseline, scenario, difference, low and high",
    "good": "Whether less or more of it is better, or neither",
    "baseline": "Mean of the baseline's runs",
    "scenario": "Mean of the scenario's runs",
    "difference": "Mean of the paired differences, scenario less baseline",
    "low": "10th percentile of the pairs' differences, over beliefs and luck",
    "high": "90th percentile of the pairs' differences",
    "percent": "Difference in per cent of the baseline's mean",
    "monte_carlo_error": "Standard error of the mean difference; more runs make it smaller, not the range",
    "luck_share": "Share of the pairs' variance that is luck rather than belief",
    "fewer_in": "Pairs in which the scenario had less",
    "equal_in": "Pairs in which both had the same",
    "runs": "Pairs that count",
    "baseline_error": "Monte Carlo error of the baseline's mean",
    "scenario_error": "Monte Carlo error of the scenario's mean",
    "year": "Year of the scenario, from 1",
    "age_band": "Age in years; emptied where fewer than ten events would show",
    "deprivation": "Fifth of deprivation, 1 the most deprived",
    "item": "What money is spent on",
    "payer": "Who pays",
    "kind": "Money that changes hands (cashable), capacity, or volunteers' time",
    "service": "Service",
    "account": "Account of the offset ledger; released = reinvested + banked + absorbed",
    "pounds": "Pounds a run over the whole horizon, undiscounted",
    "chance": "Share of pairs in which the scenario was worse",
    "chance_low": "Lower end of the 95 % interval of that share, which more runs would narrow",
    "chance_high": "Upper end of it",
    "worse_in": "Pairs in which the scenario was worse",
    "better_in": "Pairs in which it was better",
}
"""What each column of the tables is."""
