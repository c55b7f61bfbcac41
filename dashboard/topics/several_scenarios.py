"""Several scenarios compared with the same base: rows for figures and tables, and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.text.findings import largest, with_size
from dashboard.text.labels import difference_unit, measured, name_of, signed
from dashboard.text.phrases import listed
from dashboard.topics.through_lenses import agreement, as_shown, is_withheld, rows_by_name, within
from simulator.comparison.comparison import Comparison, compare
from simulator.comparison.outcomes import Measures
from simulator.comparison.verdict import KINDS, VERDICTS
from simulator.experiments.lens_comparisons import some_seeds

Named = Mapping[str, Comparison]
"""Comparisons with the same base, by scenario title."""


def over_seeds(comparison: Comparison, seeds: Sequence[int]) -> Comparison:
    """The same comparison over some of its pairs."""
    if tuple(seeds) == comparison.seeds:
        return comparison
    arms = (some_seeds(arm, seeds) for arm in (comparison.scenario, comparison.baseline))
    return compare(*arms, incomplete=True, matters=comparison.matters).per(comparison.basis)


def over_shared_seeds(named: Named) -> Named:
    """Comparisons over the pairs they all have, so that scenarios share random numbers too."""
    shared = [seed for seed in next(iter(named.values())).seeds if all(seed in one.seeds for one in named.values())]
    return {title: over_seeds(one, shared) for title, one in named.items()}


def years_of(named: Named, measure: str) -> pd.DataFrame:
    """Differences year by year in each comparison, unrounded: title, year and the columns of a comparison."""
    rows = [
        as_shown(found, found.by("year", measures=(measure,), rounded=False)).assign(title=title)
        for title, found in named.items()
    ]
    return pd.concat(rows, ignore_index=True)


def strip_finding(rows: pd.DataFrame) -> str:
    """The verdict on each scenario by one measure; with the largest difference if none matters.

    >>> row = {"title": "A", "verdict": "better", "measure": "bed_days", "withheld": False}
    >>> strip_finding(pd.DataFrame([row, {**row, "title": "B", "verdict": "small"}]))
    'Bed days: better with A; too small to matter with B'
    """
    if rows["withheld"].any():
        return f"{name_of(rows.iloc[0])}: ranges withheld"
    kinds: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for _, row in rows.iterrows():
        kinds[row["verdict"]].append(str(row["title"]))
    said = [f"{VERDICTS[kind].lower()} with {listed(kinds[kind])}" for kind in KINDS if kinds[kind]]
    if not any(kinds[kind] for kind in ("better", "worse", "different")):
        most = largest(rows)
        said.append(f"the largest difference is {with_size(most)} with {most['title']}")
    return f"{name_of(rows.iloc[0])}: {'; '.join(said)}"


def rows_of_lenses(several: Mapping[str, Named], measure: str) -> pd.DataFrame:
    """The row of a measure for each lens and scenario, with ``lens_title`` and ``title`` as first columns."""
    found = [
        rows_by_name(named, lambda one: one.summary((measure,), rounded=False), "title").assign(lens_title=lens)
        for lens, named in several.items()
    ]
    return pd.concat(found, ignore_index=True)


def strip_finding_by_lens(rows: pd.DataFrame) -> str:
    """`strip_finding` of all lenses in one sentence, stated once if they agree; a single scenario is not named.

    >>> row = {"lens_title": "As claimed", "measure": "bed_days", "low": -3.0, "high": 1.0, "verdict": "unsure"}
    >>> row |= {"difference": -2.0, "monte_carlo_error": 0.1, "withheld": False, "unit": "days a year"}
    >>> rows = [{**row, "title": title} for title in "AB"]
    >>> found = pd.DataFrame([*rows, *({**one, "lens_title": "On trial evidence"} for one in rows)])
    >>> strip_finding_by_lens(found).partition("difference is ")[2]
    '−2.0 days a year (−3.0 to +1.0) with A, with either lens'
    """
    if rows["lens_title"].nunique() == 1:
        return strip_finding(rows)
    if rows["title"].nunique() == 1:
        return agreement(rows, name_of(rows.iloc[0]))
    name = name_of(rows.iloc[0])
    found = {
        str(lens_title): strip_finding(mine).removeprefix(f"{name}: ")
        for lens_title, mine in rows.groupby("lens_title", sort=False)
    }
    if len(found) > 1 and len(set(found.values())) == 1:
        return f"{name}: {next(iter(found.values()))}, with either lens"
    return f"{name}: {'; '.join(f'{within(lens_title)}, {said}' for lens_title, said in found.items())}"


def table_rows(several: Mapping[str, Named], measures: Measures) -> list[dict[str, Any]]:
    """`grid_rows` for each lens, ordered by outcome, with the lens as ``lens_title``."""
    found = []
    for lens, named in several.items():
        for row in grid_rows(named, measures):
            found.append({**row, "lens_title": lens})
    order: dict[str, int] = {}
    for row in found:
        order.setdefault(row["outcome"], len(order))
    return sorted(found, key=lambda row: order[row["outcome"]])


def grid_rows(named: Named, measures: Measures) -> list[dict[str, Any]]:
    """One row per outcome and scenario for a sortable table, with values both as numbers and as text."""
    found = []
    for title, comparison in named.items():
        for _, row in comparison.summary(measures, rounded=False).iterrows():
            error, unit = row["monte_carlo_error"], str(row["unit"])
            ends = {name: signed(row[name], error, unit) for name in ("low", "high")}
            texts = {**ends, "fewer": f"{row['fewer_in']} of {row['runs']}"}
            texts = dict.fromkeys(texts, "withheld") if is_withheld(comparison) else texts
            shown = {"difference": signed(row["difference"], error, unit), **texts}
            found.append(
                {
                    "outcome": name_of(row),
                    "scenario": title,
                    "base": measured(row["baseline"], row["baseline_error"], unit),
                    **shown,
                    "unit": difference_unit(unit),
                }
            )
    order = {str(row["outcome"]): position for position, row in enumerate(found)}
    return sorted(found, key=lambda row: order[str(row["outcome"])])
