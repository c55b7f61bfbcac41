"""The wider ledger: published claims on schools, work, growth, crime and the state next to what the model changed.

It is separate: nothing here enters a headline, a cost or a total, its lines are never added up, and no line is graded
better than C. Each line multiplies a change in the model by a published association whose causal share is unknown.
``wider.causal_share`` is the assumed share; 0 sets every line to 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.comparison.arms import grouped, outcome_label, values
from simulator.comparison.comparison import Comparison
from simulator.comparison.comparison_row import COLUMNS, OutcomeLabel
from simulator.comparison.costs import pounds_by_seed
from simulator.comparison.outcomes import Good
from simulator.comparison.paired_statistics import (
    INTERVAL,
    Floats,
    monte_carlo_error,
    percentile,
)
from simulator.evidence import load_evidence
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.foundations.measures import INDEX

LEDGER_COLUMNS: Final = ("line", "title", "part", "grade", *COLUMNS)
CLAIM_COLUMNS: Final = ("name", "label", "kind", "unit", "uk", "england", "place", "low", "high", "grade", "source")
CLAIMS: Final = (
    "claimed_gross_saving",
    "claimed_net_saving",
    "claimed_digital_saving",
    "claimed_app_hours",
    "claimed_automatable_share",
)
SIMULATED, IMPLIED = "simulated", "implied"
"""Values of ``part``: the change in the model, and the change that the association implies."""


def wider_ledger(comparison: Comparison, *, rounded: bool = True) -> pd.DataFrame:
    """Two rows per line with `LEDGER_COLUMNS`: the change in the model, and the change that the association implies.

    ``grade`` is that of the leading association, never better than C. The second row of a line without a published
    effect size is NaN. The rows are never added up.
    """
    wider = wider_values(comparison)
    rows = []
    for line in LINES:
        words = outcome_label(line.outcome, comparison.basis)
        baseline, scenario = (values(arm, line.outcome, (), comparison.basis) for arm in comparison.arms)
        implied_label = OutcomeLabel(line.name, line.implied, line.unit, line.good)
        if line.effect is None:
            implied = np.full(len(baseline), np.nan)
        else:
            # Without any people concerned there is no change.
            change = np.nan_to_num(scenario - baseline) / 100.0
            implied = line.effect(change, _people(comparison, line), wider)
        front = {"line": line.name, "title": line.title, "grade": grade(line)}
        rows += [
            {**front, "part": SIMULATED, **comparison.row(words, baseline, scenario, rounded)},
            {**front, "part": IMPLIED, **comparison.row(implied_label, implied * 0.0, implied, rounded)},
        ]
    return pd.DataFrame(rows, columns=list(LEDGER_COLUMNS))


def wider_values(comparison: Comparison) -> dict[str, Floats]:
    """Evidence values of the topic by name, as drawn in each run of the scenario, shape (pairs,)."""
    table = comparison.scenario.parameters
    table = table[table["path"].str.startswith(f"{TOPIC}.")]
    wide = table.pivot(index="seed", columns="path", values="value").loc[list(comparison.seeds)]
    return {str(path).removeprefix(f"{TOPIC}."): wide[path].to_numpy(np.float64) for path in wide.columns}


def _people(comparison: Comparison, line: LedgerLine) -> Floats:
    """People concerned in the baseline: children of 5 to 15, mean over quarters, or all residents. Shape (pairs,)."""
    counts = grouped(comparison.arms[0].counts, ("quarter",))
    if line.outcome == "children_with_trusted_adult":
        return np.asarray(counts[..., INDEX["children_present"]].mean(axis=1), np.float64)
    weeks = counts[..., INDEX["resident_weeks"]].sum(axis=1)
    return np.asarray(weeks / comparison.arms[0].weeks, np.float64)


def associations(comparison: Comparison) -> pd.DataFrame:
    """The evidence behind each line: name, label, mean of the values drawn, their range, unit, grade and source."""
    evidence, wider = load_evidence(), wider_values(comparison)
    rows = []
    for line in LINES:
        for name in (*line.association, "causal_share") if line.association else ():
            entry = evidence[f"{TOPIC}.{name}"]
            low, high = (percentile(wider[name], share) for share in INTERVAL)
            rows.append(
                (
                    line.name,
                    name,
                    entry.label,
                    float(wider[name].mean()),
                    low,
                    high,
                    entry.unit,
                    entry.grade,
                    entry.source,
                )
            )
    columns = ("line", "name", "label", "value", "low", "high", "unit", "grade", "source")
    return pd.DataFrame(rows, columns=list(columns))


def claims(comparison: Comparison) -> pd.DataFrame:
    """National claims next to simulated amounts, a year, with `CLAIM_COLUMNS`; claims are never results.

    ``kind`` is claimed or simulated; ``unit`` pounds per year, hours or share. An amount is divided by population, one
    in hours from England's and one in pounds from that of the UK; a share is not divided and has only ``uk``. The
    amount simulated in the place (mean of the runs, undiscounted, with the middle 80 % of runs) is scaled to England by
    population as if every place resembled this one; it has no ``uk``.
    """
    wider, evidence = wider_values(comparison), load_evidence()
    uk, england = float(wider["uk_population"].mean()), float(wider["england_population"].mean())
    residents = int(comparison.scenario.record["residents"])
    rows: list[dict[str, Any]] = []
    for name in CLAIMS:
        entry, amount = evidence[f"{TOPIC}.{name}"], float(wider[name].mean())
        if entry.unit == "share":
            areas = {"uk": amount, "england": math.nan, "place": math.nan}
        elif entry.unit == "hours":
            areas = {"uk": math.nan, "england": amount, "place": amount * residents / england}
        else:
            areas = {"uk": amount, "england": amount * england / uk, "place": amount * residents / uk}
        words = {"name": name, "label": entry.label, "kind": "claimed", "unit": entry.unit}
        rows.append({**words, "grade": entry.grade, "source": entry.source, **areas, "low": math.nan, "high": math.nan})
    for account, label in (("automated", "Staff time automated"), ("released", "Released after rework and technology")):
        each = _account(comparison, account)
        low, high = (percentile(each, share) for share in INTERVAL)
        mean = float(each.mean())
        found = {"place": mean, "england": mean * england / residents, "uk": math.nan, "low": low, "high": high}
        words = {"name": account, "label": label, "kind": "simulated", "unit": "pounds per year"}
        rows.append({**words, "grade": "", "source": "this run", **found})
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS))


def claims_error(comparison: Comparison) -> float:
    """Monte Carlo error of the released amount, pounds a year, for rounding."""
    return monte_carlo_error(_account(comparison, "released"), comparison.draws)


def _account(comparison: Comparison, account: str) -> Floats:
    """Pounds a year of an account of the scenario's offset ledger, all services, shape (pairs,)."""
    ledger = comparison.scenario.ledger
    years = comparison.scenario.weeks / WEEKS_PER_YEAR
    return pounds_by_seed(ledger[ledger["account"] == account], comparison.seeds) / years


# The lines of the wider ledger: a change in the model, a published association, and the implied change. Each formula
# takes the paired change of an outcome as a share, the people it concerns, and ``wider``: evidence values of the topic
# by name; all of shape (pairs,). Each is multiplied by ``causal_share``.


TOPIC: Final = "wider"
ParameterValues = Mapping[str, Floats]


class LedgerLine(NamedTuple):
    """A line of the ledger: an outcome of the model, and the claimed consequence."""

    name: str
    title: str
    outcome: str  # of `simulator.comparison.outcomes`
    implied: str  # label of the claimed consequence
    unit: str
    good: Good
    association: tuple[str, ...]  # evidence values of the topic, the leading one first
    effect: Callable[[Floats, Floats, ParameterValues], Floats] | None  # None if no study gives an effect size
    why: str  # why it is not in the headline
    source: str = ""  # if no evidence value names it


def suspensions(change: Floats, children: Floats, wider: ParameterValues) -> Floats:
    """Suspensions a year. ``change`` is the difference in the share of children with a trusted adult.

    change x children x suspensions per child x fall x causal share, all shape (pairs,).

    >>> wider = {"suspension_rate": 0.1, "suspension_fall": 0.5, "causal_share": 0.4}
    >>> round(suspensions(0.1, 1000.0, wider), 6)
    -2.0
    """
    return -change * children * wider["suspension_rate"] * wider["suspension_fall"] * wider["causal_share"]


def low_wellbeing(change: Floats, children: Floats, wider: ParameterValues) -> Floats:
    """Today's children who would have low mental well-being as adults.

    A trusted adult helps children with four or more adverse experiences who had no such adult: change x children x
    share with such experiences x share of these without an adult x difference in risk x causal share. Risks follow from
    the odds ratios of Bellis and others 2017, applied to the prevalence without adversity.

    >>> wider = {"low_wellbeing_share": 0.1, "wellbeing_odds_with_adult": 1.0, "wellbeing_odds_without_adult": 9.0,
    ...           "adversity_share": 0.1, "no_adult_share": 0.5, "causal_share": 1.0}
    >>> round(low_wellbeing(0.5, 1000.0, wider), 6)
    -10.0
    """
    risk = [
        _risk(wider["low_wellbeing_share"], wider[name])
        for name in ("wellbeing_odds_with_adult", "wellbeing_odds_without_adult")
    ]
    helped = change * children * wider["adversity_share"] * wider["no_adult_share"]
    return helped * (risk[0] - risk[1]) * wider["causal_share"]


def _risk(share: Floats, odds_ratio: Floats) -> Floats:
    """Probability at an odds ratio against a group in which the probability is ``share``."""
    odds = share / (1.0 - share) * odds_ratio
    return odds / (1.0 + odds)


def earnings(change: Floats, _: Floats, wider: ParameterValues) -> Floats:
    """Additional adult earnings of a child of the lower income half, pounds a year per child.

    ``change`` is the difference in the share of friends across the income median; linear in the gap between the best
    and least connected tenths of local authorities (Harris and others 2025), times the causal share.

    >>> float(earnings(0.011, 0.0, {"connectedness_gap": 0.22, "earnings_gap": 5000.0, "causal_share": 0.4}))
    100.0
    """
    return change / wider["connectedness_gap"] * wider["earnings_gap"] * wider["causal_share"]


def output(change: Floats, residents: Floats, wider: ParameterValues) -> Floats:
    """Pounds a year of output in the place. ``change`` is the difference in trust in services, as a share.

    change x share of it that becomes trust between people / 30 points x gain of the UK x the place's share of its
    population x causal share (Haldane and Halpern 2025: 35 to 65 %, which is 30 percentage points).

    >>> wider = {"trust_carried_over": 0.5, "trust_gap": 0.3, "output_gain": 60e9, "uk_population": 60e6,
    ...           "causal_share": 0.1}
    >>> round(output(0.006, 30000.0, wider), 6)
    30000.0
    """
    points = change * wider["trust_carried_over"] / wider["trust_gap"]
    return points * wider["output_gain"] * residents / wider["uk_population"] * wider["causal_share"]


LINES: Final = (
    LedgerLine(
        "suspensions",
        "Suspensions from school",
        "children_with_trusted_adult",
        "Suspensions from school",
        "suspensions a year",
        "less",
        ("suspension_fall", "suspension_rate"),
        suspensions,
        "It rests on a claim about one school, for which no page with the figure was found.",
    ),
    LedgerLine(
        "low_wellbeing",
        "Mental well-being after childhood adversity",
        "children_with_trusted_adult",
        "Adults with low mental well-being, decades later",
        "people",
        "less",
        (
            "wellbeing_odds_without_adult",
            "wellbeing_odds_with_adult",
            "adversity_share",
            "no_adult_share",
            "low_wellbeing_share",
        ),
        low_wellbeing,
        "It rests on one survey of adults about their childhood; having had a trusted adult was not randomised.",
    ),
    LedgerLine(
        "earnings",
        "Earnings and friends across the income median",
        "friends_across_income",
        "Earnings as an adult, for each child of the lower income half",
        "pounds a year",
        "more",
        ("earnings_gap", "connectedness_gap"),
        earnings,
        "It compares the best and least connected areas, which differ in more than friendships.",
    ),
    LedgerLine(
        "output",
        "Growth and trust",
        "trust",
        "Output of the place",
        "pounds a year",
        "more",
        ("output_gain", "trust_gap", "trust_carried_over"),
        output,
        "It rests on a correlation between countries and assumes 30 percentage points more trust (not 30 per cent); "
        "the model covers trust in services only.",
    ),
    LedgerLine(
        "crime",
        "Crime and social capital",
        "friends_across_income",
        "Crime",
        "no size published",
        "less",
        (),
        None,
        "The review finds an association but gives no effect size, so nothing can be calculated.",
        "Demos and others 2025, Social capital 2025: the case for strengthening social bonds to prevent crime",
    ),
)


def grade(line: LedgerLine) -> str:
    """C, or assumption if the leading association is one; a review without an effect size is C."""
    if not line.association:
        return "C"
    found = load_evidence()[f"{TOPIC}.{line.association[0]}"].grade
    return found if found == "assumption" else "C"
