"""Content of take-aways: findings, charts as plain numbers, caveats and provenance.

Several lenses are shown side by side in every chart and never averaged; with several scenarios, each chart shows one
outcome of all of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import pandas as pd

from dashboard.exhibits.board import Board, board
from dashboard.exhibits.causal_shares import causal_shares
from dashboard.exhibits.exhibit import Exhibit, Tiles, exhibits_in
from dashboard.exhibits.results import results
from dashboard.exhibits.tiles import tiles
from dashboard.exports.data import implied_strengths, tables
from dashboard.exports.reproduce import commands, needed
from dashboard.figures.chart import Chart
from dashboard.text import labels as words
from dashboard.text.labels import verdict_rule
from dashboard.text.lens_names import lens_name, lens_settings_in, lens_title
from dashboard.text.phrases import listed, sentence
from dashboard.topics.answer import answer_through
from dashboard.topics.harm import TOO_FEW, harm_heading, percent, size_in_words, warnings_of, worse_by
from dashboard.topics.signs import SIGNS
from dashboard.topics.through_lenses import is_withheld, line_through, sentences
from simulator.comparison.chance_of_harm import chances
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import shown_in
from simulator.comparison.verdict import FEWEST
from simulator.experiments.lens_comparisons import LensComparisons
from simulator.lenses import EVIDENCE

MANY_WORDS: Final = 2
"""Number of columns from which each sentence names its column."""


class Shown(NamedTuple):
    """The exhibits of a take-away."""

    tiles: Exhibit[Tiles]
    charts: tuple[Exhibit[Chart], ...]


@dataclass(frozen=True)
class Content:
    """The content of a take-away."""

    title: str
    question: str
    headlines: tuple[tuple[str, tuple[str, ...]], ...]  # sentences by column
    tiles: Exhibit[Tiles]
    charts: tuple[Exhibit[Chart], ...]
    lenses: tuple[str, ...]  # assumptions and failed checks of each lens
    caveats: tuple[str, ...]
    source: str  # provenance
    commands: tuple[str, ...]  # commands that reproduce the numbers
    needed: tuple[str, ...]  # requirements of the commands
    tables: Mapping[str, pd.DataFrame]  # unrounded, with scenario and lens as first columns
    records: Mapping[str, Mapping[str, Any]]  # run records, by scenario, lens and arm
    board: Board | None = None  # of one scenario

    @property
    def line(self) -> str:
        """Provenance and commands in one line."""
        return f"{self.source} Reproduce: {'; '.join(self.commands)}"


class ContentExtras(NamedTuple):
    """Tables by causal share and of implied effect sizes, by lens; notes on how it was run; another question."""

    causal: Mapping[str, pd.DataFrame] = MappingProxyType({})
    implied_strengths: Mapping[str, pd.DataFrame] = MappingProxyType({})
    notes: tuple[str, ...] = ()
    question: str = ""  # replaces the scenario's question


def content_of(
    found: LensComparisons, note: str | None = None, times: float = 1.0, outcome: str = next(iter(SIGNS))
) -> Content:
    """The content of take-aways of one scenario under one or more lenses; ``note`` is on how it was run.

    Slides for a board are of ``times`` the plan where sizes up to that ship, and draw ``outcome`` by size.
    """
    comparisons = [one.per("year") for one in found.comparisons]
    named = {lens_title(one.scenario.record): one for one in comparisons}
    record, source = comparisons[0].scenario.record, source_of(comparisons)
    made = content(
        comparisons,
        named,
        f"{record['scenario_title']} in {record['place_title']}",
        Shown(tiles(named, source), charts_of(named, found.causal, source)),
        ContentExtras(found.causal, found.implied_strengths, (note,) if note else ()),
    )
    answer = answer_through({lens_settings_in(one.scenario.record).key: one for one in found.comparisons})
    matters = comparisons[0].matters
    shown = board(answer, matters, min(max(times, 0.0), answer.largest), outcome)
    return replace(made, board=replace(shown, source=source))


def charts_of(
    named: Mapping[str, Comparison], causal: Mapping[str, pd.DataFrame], source: str
) -> tuple[Exhibit[Chart], ...]:
    """The charts of the pages of results, for comparisons by the name of the lens; ``source`` is the line below each.

    ``causal`` is `simulator.experiments.lens_comparisons.LensComparisons.causal`.
    """
    parts = (*results(named, source), *causal_shares(named, causal, source))
    return tuple(one for one in exhibits_in(parts) if isinstance(one.figure, Chart))


def content(
    comparisons: Sequence[Comparison],
    named: Mapping[str, Comparison],
    title: str,
    shown: Shown,
    more: ContentExtras = ContentExtras(),  # noqa: B008 - cannot be changed
) -> Content:
    """The content for these exhibits. ``named`` contains the comparisons described in words, by their names."""
    record = comparisons[0].scenario.record
    return Content(
        title=title,
        question=more.question or str(record["question"]),
        headlines=tuple((name, _headline(one)) for name, one in named.items()),
        tiles=shown.tiles,
        charts=shown.charts,
        lenses=tuple(dict.fromkeys(text for one in comparisons for text in _lens_text(one, more.implied_strengths))),
        caveats=(*more.notes, verdict_rule(comparisons[0].matters), *words.caveats(record)),
        source=source_of(comparisons),
        commands=commands(comparisons),
        needed=needed(comparisons),
        tables=tables(comparisons, more.causal, more.implied_strengths),
        records={
            f"{one.scenario.scenario} through {lens_name(one.scenario.record)}, {arm}": getattr(one, arm).record
            for one in comparisons
            for arm in ("scenario", "baseline")
        },
    )


def _headline(one: Comparison) -> tuple[str, ...]:
    """The comparison's findings, and whether it can make things worse; a warning comes first."""
    if is_withheld(one):
        return (*sentences(one), "Chances of harm are withheld too.")
    said = sentences(one)[: len(shown_in("sentences"))]  # prices are in the provenance
    if len(one.seeds) < FEWEST:
        return (*said, f"{TOO_FEW}.")
    rows, found = chances(one, "first chances"), warnings_of(one)
    shares = [f"{worse_by(row)} {percent(row)}, {size_in_words(row)}" for _, row in rows.iterrows()]
    heading = harm_heading(found, rows).removesuffix(", with these chances")
    harm = f"{heading}. The chances: {'; '.join(shares)}."
    groups = (sentence(f"probably {'; '.join(found.groups)}"),) if found.groups else ()
    return (harm, *groups, *said) if found.alarming else (*said, harm)


def _lens_text(one: Comparison, kept: Mapping[str, pd.DataFrame]) -> list[str]:
    """The basis of a lens, its implied effect sizes outside the range of studies, and the checks it failed."""
    record, name = one.scenario.record, lens_title(one.scenario.record)
    plain = lens_name(record) == EVIDENCE
    taken = "published values and their ranges, with nothing fitted" if plain else "a fitted lens"
    said = [f"{record.get('lens_title', words.label(EVIDENCE))}: {taken}."]
    for _, row in implied_strengths(one, kept).iterrows():
        times = (
            "an effect that studies do not support"
            if math.isnan(row["times"])
            else f"{row['times']:.3g} times the strength found in studies"
        )
        if row["outside"] or math.isnan(row["times"]):
            said.append(f"{name}: implied effect size for {row['label']}: {times}.")
    if record.get("lens_believed"):
        said.append(f"{name}: {record['lens_believed']}")
    if is_withheld(one):
        faults = "; ".join(record["lens_faults"])
        said.append(f"{name}: ranges are withheld, since this lens failed checks: {faults}.")
    return said


def source_of(comparisons: Sequence[Comparison]) -> str:
    """The provenance line for all lenses of the first scenario, and the other scenarios shown."""
    through: dict[str, Comparison] = {}
    for one in comparisons:
        through.setdefault(lens_title(one.scenario.record), one)
    shown = [f"{one.scenario.scenario} {one.scenario.record['scenario_hash']}" for one in comparisons]
    others = list(dict.fromkeys(one for one in shown if one != shown[0]))
    return f"{line_through(through)} Also shown: {listed(others)}." if others else line_through(through)
