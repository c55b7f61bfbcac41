"""Charts of one scenario, one colour per lens: outcomes, years, money, groups, probabilities of harm, causal shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from dashboard.exhibits.exhibit import Exhibit
from dashboard.exhibits.paired_forest import AXIS, in_percent, paired_forest
from dashboard.exhibits.years import years
from dashboard.figures.chart import NO_LEVEL, Chart, chart_of
from dashboard.text import findings
from dashboard.text import labels as words
from dashboard.text.lens_names import lens_name
from dashboard.text.phrases import capital, difference_text, listed, sentence
from dashboard.topics.groups import GROUPS, axis_of, group_rows, statistic_of
from dashboard.topics.harm import CHANCES_STATISTIC, chances_finding, percent, size_in_words, worse_words
from dashboard.topics.services import none_matters, service_text, services_finding
from dashboard.topics.through_lenses import as_shown, finding_by_lens, is_withheld, range_note, rows_by_name
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.comparison import Comparison
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.headline import matters_text
from simulator.comparison.outcomes import shown_in

Named = Mapping[str, Comparison]
"""Comparisons by the name of the lens."""
MONEY: Final = {"cashable": "Money", "capacity": "Beds, appointments and staff time (capacity, not money)"}
_CAUSAL: Final = {0.0: "None of it causal", 0.5: "Half of it causal", 1.0: "All of it causal"}


def charts_of(named: Named, causal: Mapping[str, pd.DataFrame], source: str) -> tuple[Exhibit[Chart], ...]:
    """All charts of one scenario through one or more lenses.

    ``causal`` is `simulator.experiments.lens_comparisons.LensComparisons.causal`, ``source`` the line below each chart.
    """
    lenses = {name: lens_name(one.scenario.record) for name, one in named.items()}
    split = {name: causal[lens] for name, lens in lenses.items() if lens in causal}
    return (
        paired_forest(named, source),
        paired_forest(named, source, "access"),
        years(named, source),
        *_money(named, source),
        *(_groups(named, group, measure, source) for measure in shown_in("groups") for group in GROUPS),
        *_chances({name: one for name, one in named.items() if not is_withheld(one)}, source),
        *(_causal(name, as_shown(named[name], table), source) for name, table in split.items()),
    )


def _money(named: Named, source: str) -> list[Exhibit[Chart]]:
    services = rows_by_name(named, lambda one: by_service(one, rounded=False))
    names = [_service_text(row["service"], row["payer"]) for _, row in services.iterrows()]
    services = services.assign(name=names, scale=1e-3)
    charts = []
    for kind, meaning in MONEY.items():
        rows = services[services["kind"] == kind]
        moved = rows[rows["equal_in"] < rows["runs"]]["name"]
        if moved.empty:
            continue
        charts.append(
            Exhibit(
                f"costs_{kind}",
                finding_by_lens(rows, services_finding if len(named) == 1 else _who_saves),
                f"{meaning}: difference in cost by service and payer. {range_note(rows)}",
                chart_of(
                    rows[rows["name"].isin(moved)], f"£ thousand a year, {words.SAVED_OR_SPENT}", missing="nothing"
                ),
                source,
            )
        )
    return charts


def _who_saves(rows: pd.DataFrame) -> str:
    """The services that save and pay enough to matter; the chart shows the amounts."""
    names: dict[str, list[str]] = {"better": [], "worse": []}
    for _, row in rows.iterrows():
        names.get(row["verdict"], []).append(service_text(row["service"]))
    said = {"better": "saved in {}", "worse": "paid in {}"}
    found = [said[kind].format(listed(list(dict.fromkeys(who)))) for kind, who in names.items() if who]
    return sentence("; ".join(found)).rstrip(".") if found else none_matters(rows)


def _service_text(service: str, payer: str) -> str:
    """A service with its payer, unless its name begins with the payer."""
    name, who = words.label(service), words.label(payer)
    return name if name.startswith(who) else f"{name} ({who})"


def _groups(named: Named, group: str, measure: str, source: str) -> Exhibit[Chart]:
    rows = rows_by_name(named, lambda one: group_rows(one, group, measure))
    rows = rows[rows["measure"] == measure]
    fifths = group == "deprivation"
    names = [f"Fifth {words.FIFTHS[int(name) - 1]}" if fifths else str(name) for name in rows[group]]
    return Exhibit(
        f"{measure}_{group}",
        finding_by_lens(rows, lambda table: findings.groups_finding(table, group, measure)),
        f"{statistic_of(measure, group)} {range_note(rows)}",
        chart_of(rows.assign(name=names), axis_of(measure)),
        source,
    )


def _chances(named: Named, source: str) -> list[Exhibit[Chart]]:
    """Shares of pairs in which outcomes were worse."""
    if not named:
        return []
    rows = rows_by_name(named, chances)
    shares = rows.assign(
        name=[capital(worse_words(name)) for name in rows["measure"]],
        difference=rows["chance"],
        scale=100.0,
        words=[
            f"{percent(row)} chance of at least {matters_text(row)}; {size_in_words(row)}" for _, row in rows.iterrows()
        ],
    )
    chart = Exhibit(
        "chances",
        finding_by_lens(rows, chances_finding),
        f"{CHANCES_STATISTIC} Thin line: 95 % interval, which more runs would narrow.",
        chart_of(shares, "chance in %"),
        source,
    )
    return [chart]


def _causal(name: str, table: pd.DataFrame, source: str) -> Exhibit[Chart]:
    rows = table.assign(lens_title=[_CAUSAL.get(share, f"{share:g} of it causal") for share in table["causal"]])
    admissions = table[table["measure"] == "emergency_admissions"].sort_values("causal")
    none, every = (difference_text(admissions.iloc[end]) for end in (0, -1))
    said = f"emergency admissions a year: {none} if no observed association is causal, {every} if all are"
    if none == every:
        said = "emergency admissions hardly depend on the causal share of observed associations"
    return Exhibit(
        f"causal_{table['lens'].iloc[0]}".replace("-", "_"),
        f"{name}: {said}",
        "Associations from observational studies, with none, half or all of each treated as causal; "
        f"{int(table['runs'].max())} pairs of runs each. {range_note(table.assign(lens_title=name))}",
        chart_of(in_percent(rows), AXIS, missing=NO_LEVEL),
        source,
    )
