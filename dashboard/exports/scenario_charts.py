"""Charts of one scenario, a colour a lens: outcomes, years, money, groups, chances, and causal shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.exports.chart_data import NO_LEVEL, Chart, Series
from dashboard.exports.column import Column
from dashboard.text import findings
from dashboard.text import labels as words
from dashboard.text.phrases import capital, difference_words, listed, sentence
from dashboard.topics.groups import GROUPS, axis_of, group_rows, statistic_of
from dashboard.topics.harm import chances_finding, worse_words
from dashboard.topics.services import service_words, services_finding
from dashboard.topics.through_lenses import told
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.outcomes import Where, shown_in

RANGE: Final = "Thin line: middle 80 % of runs."
MONEY: Final = {"cashable": "Money", "capacity": "Beds, appointments and staff time (capacity, not money)"}
_CAUSAL: Final = {0.0: "None of it causal", 0.5: "Half of it causal", 1.0: "All of it causal"}


def charts_of(columns: Sequence[Column], causal: Mapping[str, pd.DataFrame]) -> tuple[Chart, ...]:
    """Every chart of one scenario under one or more lenses; ``causal`` as of
    `simulator.experiments.lens_comparisons.Readings`.
    """
    return (
        _outcomes(columns, "outcomes", "outcomes in brief"),
        _outcomes(columns, "access", "access"),
        _years(columns),
        *_money(columns),
        *(_groups(columns, group, measure) for measure in shown_in("groups") for group in GROUPS),
        *_chances([one for one in columns if not one.without_ranges]),
        *(_causal(column, causal[column.lens]) for column in columns if column.lens in causal),
    )


def titled(rows: Mapping[str, pd.DataFrame], find: Callable[[pd.DataFrame], str]) -> str:
    """The finding through each lens, as `dashboard.topics.through_lenses.told`; rows are by name of the lens."""
    return told(pd.concat([table.assign(reading=name) for name, table in rows.items()]), find)


def range_words(columns: Sequence[Column]) -> str:
    """What the thin line is, and for which columns there is none."""
    without = dict.fromkeys(one.name for one in columns if one.without_ranges)
    return f"{RANGE} Ranges are withheld for {listed(list(without))}, which failed checks." if without else RANGE


def series_of(name: str, rows: pd.DataFrame, scale: Any = 1.0) -> Series:
    """Differences of rows with their ranges, times a ``scale`` for all or for each row."""
    columns = [(rows[column] * scale).astype(float) for column in ("difference", "low", "high")]
    return Series(name, *(tuple(column) for column in columns))


def short_labels(rows: pd.DataFrame) -> tuple[str, ...]:
    """Short names of the outcomes of rows."""
    return tuple(words.name_of(row) for _, row in rows.iterrows())


def in_percent(rows: pd.DataFrame) -> Any:
    """What turns a difference into per cent of the baseline; NaN where the baseline has none."""
    return 100.0 / rows["baseline"].abs().replace(0.0, np.nan)


def _outcomes(columns: Sequence[Column], name: str, where: Where) -> Chart:
    rows = {one.name: one.withheld(one.comparison.summary(where, rounded=False)) for one in columns}
    return Chart(
        name,
        titled(rows, findings.outcomes_finding),
        f"Mean of the paired differences in per cent of the baseline. {range_words(columns)}",
        f"% of the baseline, {words.FEWER_OR_MORE}",
        short_labels(next(iter(rows.values()))),
        tuple(series_of(title, table, in_percent(table)) for title, table in rows.items()),
        missing=NO_LEVEL,
    )


def _years(columns: Sequence[Column]) -> Chart:
    measures = ("emergency_admissions",)
    rows = {one.name: one.withheld(one.comparison.by("year", measures=measures, rounded=False)) for one in columns}
    return Chart(
        "years",
        titled(rows, findings.years_finding),
        f"Difference in emergency admissions in each year. {range_words(columns)}",
        "admissions a year, fewer (below) or more (above)",
        tuple(f"Year {year}" for year in next(iter(rows.values()))["year"]),
        tuple(series_of(title, table) for title, table in rows.items()),
        across=True,
    )


def _money(columns: Sequence[Column]) -> list[Chart]:
    services = {one.name: one.withheld(by_service(one.comparison, rounded=False)) for one in columns}
    charts = []
    for kind, meaning in MONEY.items():
        rows = {title: table[table["kind"] == kind] for title, table in services.items()}
        moved = [table[table["equal_in"] < table["runs"]] for table in rows.values()]
        keys = list(dict.fromkeys((row["service"], row["payer"]) for table in moved for _, row in table.iterrows()))
        if not keys:
            continue
        index = pd.MultiIndex.from_tuples(keys, names=["service", "payer"])
        charts.append(
            Chart(
                f"costs_{kind}",
                titled(rows, services_finding if len(rows) == 1 else _who_saves),
                f"{meaning}: difference in cost by service and who pays. {range_words(columns)}",
                f"£ thousand a year, {words.SAVED_OR_SPENT}",
                tuple(_service_words(service, payer) for service, payer in keys),
                tuple(
                    series_of(title, table.set_index(["service", "payer"]).reindex(index), 1e-3)
                    for title, table in rows.items()
                ),
                missing="nothing",
            )
        )
    return charts


def _who_saves(rows: pd.DataFrame) -> str:
    """Which services clearly save and which clearly pay, without the amounts, which the chart shows."""
    names: dict[str, list[str]] = {"better": [], "worse": []}
    for _, row in rows.iterrows():
        names.get(findings.clearness(row), []).append(service_words(row["service"]))
    said = {"better": "saved in {}", "worse": "paid in {}"}
    found = [said[kind].format(listed(list(dict.fromkeys(who)))) for kind, who in names.items() if who]
    return sentence("; ".join(found)).rstrip(".") if found else "No service clearly saves and none clearly pays"


def _service_words(service: str, payer: str) -> str:
    """A service and who pays, the payer only where the name does not say it."""
    name, who = words.label(service), words.label(payer)
    return name if name.startswith(who) else f"{name} ({who})"


def _groups(columns: Sequence[Column], group: str, measure: str) -> Chart:
    found = {one.name: one.withheld(group_rows(one.comparison, group, measure)) for one in columns}
    rows = {title: table[table["measure"] == measure] for title, table in found.items()}
    names = [str(name) for name in next(iter(rows.values()))[group]]
    labels = [f"Fifth {words.FIFTHS[int(name) - 1]}" for name in names] if group == "deprivation" else names
    return Chart(
        f"{measure}_{group}",
        titled(rows, lambda table: findings.groups_finding(table, group, measure)),
        f"{statistic_of(measure, group)} {range_words(columns)}",
        axis_of(measure),
        tuple(labels),
        tuple(series_of(title, table) for title, table in rows.items()),
    )


def _chances(columns: Sequence[Column]) -> list[Chart]:
    """Shares of pairs in which it was worse."""
    rows = {one.name: one.withheld(chances(one.comparison)) for one in columns}
    if not rows:
        return []
    shares = {
        name: table.assign(difference=table["chance"] * 100.0, low=table["low"] * 100.0, high=table["high"] * 100.0)
        for name, table in rows.items()
    }
    chart = Chart(
        "chances",
        titled(rows, chances_finding),
        "Share of paired runs in which it was worse than its baseline; above 50 %, worse is likelier than not. Thin "
        "line: 95 % interval of that share, which more runs would narrow.",
        "% of paired runs",
        tuple(capital(worse_words(name)) for name in next(iter(rows.values()))["measure"]),
        tuple(series_of(name, table) for name, table in shares.items()),
    )
    return [chart]


def _causal(column: Column, table: pd.DataFrame) -> Chart:
    shares = sorted(float(share) for share in table["causal"].unique())
    rows = {share: column.withheld(table[table["causal"] == share]) for share in shares}
    none, every = (_admissions_words(rows[share]) for share in (shares[0], shares[-1]))
    said = f"emergency admissions a year: {none} if no observed link is causal, {every} if all are"
    if none == every:
        said = "emergency admissions hardly change with how much of what was observed is causal"
    return Chart(
        f"causal_{column.lens}".replace("-", "_"),
        f"{column.name}: {said}",
        "Relative risks that were observed in people whom nobody had assigned, with none, half and all of each taken "
        f"as causal; {int(table['runs'].max())} pairs of runs each. {range_words((column,))}",
        f"% of the baseline, {words.FEWER_OR_MORE}",
        short_labels(rows[shares[0]]),
        tuple(
            series_of(_CAUSAL.get(share, f"{share:g} of it causal"), found, in_percent(found))
            for share, found in rows.items()
        ),
        missing=NO_LEVEL,
    )


def _admissions_words(rows: pd.DataFrame) -> str:
    return next(difference_words(row) for _, row in rows.iterrows() if row["measure"] == "emergency_admissions")
