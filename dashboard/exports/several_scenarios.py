"""Take-aways of several scenarios: one chart per outcome, one category per scenario, one colour per lens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dashboard.exhibits.scenarios import outcome_of_scenarios
from dashboard.exhibits.tiles import tiles
from dashboard.exports.content import Content, ContentExtras, Shown, content, source_of
from dashboard.text.lens_names import lens_title
from dashboard.text.phrases import listed
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import shown_in

ByLens = Mapping[str, Mapping[str, Comparison]]
"""Comparisons by lens title, then by scenario title."""


def content_of_several(found: Mapping[str, Sequence[Comparison]]) -> Content:
    """The content of take-aways of several scenarios; ``found`` contains comparisons of scenarios by lens.

    Sentences use the first lens; a scenario may lack others. Raises ValueError if there is no comparison.
    """
    by_lens = {_lens(mine): _by_title(mine) for mine in found.values() if mine}
    if not by_lens:
        raise ValueError("a take-away needs at least one comparison")
    comparisons = [one for named in by_lens.values() for one in named.values()]
    named, source = next(iter(by_lens.values())), source_of(comparisons)
    charts = tuple(outcome_of_scenarios(by_lens, measure, source) for measure in shown_in("several scenarios"))
    first = tiles(named, source, by="title")
    shown = Shown(replace(first, title=charts[0].title), charts)
    title = f"{listed(list(named))} in {comparisons[0].scenario.record['place_title']}"
    return content(comparisons, named, title, shown, ContentExtras(question=_question(by_lens)))


def _lens(comparisons: Sequence[Comparison]) -> str:
    return lens_title(comparisons[0].scenario.record)


def _by_title(comparisons: Sequence[Comparison]) -> dict[str, Comparison]:
    return {str(one.scenario.record["scenario_title"]): one.per("year") for one in comparisons}


def _question(by_lens: ByLens) -> str:
    lenses = list(by_lens)
    base = next(iter(by_lens[lenses[0]].values())).baseline.record["scenario_title"]
    in_words = f" Numbers in sentences are for the lens {lenses[0]}." if len(lenses) > 1 else ""
    return f"Each is compared with '{base}', through {listed(lenses)}.{in_words}"
