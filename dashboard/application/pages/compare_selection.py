"""Selection of comparisons for page Compare: up to four scenarios with one base, for each lens."""

from __future__ import annotations

from dashboard.application.parts.app_state import comparison_in
from dashboard.application.parts.head import other_lenses
from dashboard.runs.choices import scenario_titles
from dashboard.runs.library import NotFinishedError
from dashboard.runs.view import View
from dashboard.topics.several_scenarios import Named, over_shared_seeds
from simulator.comparison.comparison import Comparison
from simulator.errors import IncomparableRunsError


def comparisons_of(view: View) -> tuple[dict[str, Comparison], dict[str, str]]:
    """Comparisons by title, and reasons why others cannot be shown with them."""
    shown: dict[str, Comparison] = {}
    refusals: dict[str, str] = {}
    for name in view.scenarios:
        try:
            found = comparison_in(view, name)
        except IncomparableRunsError as error:
            refusals[scenario_titles().get(name, name)] = str(error)
            continue
        title = str(found.scenario.record["scenario_title"])
        unlike = _why_incomparable(found, next(iter(shown.values()), None))
        if unlike:
            refusals[title] = unlike
        else:
            shown[title] = found
    return shown, refusals


def _why_incomparable(found: Comparison, first: Comparison | None) -> str | None:
    """The reason why a comparison cannot be shown with the first, or None."""
    if first is None:
        return None
    mine, other = found.scenario.record, first.scenario.record
    fields = [("weeks", "weeks"), ("starts", "first day")]
    if not set(found.seeds) & set(first.seeds):
        fields.append(("seeds", "seeds"))
    for field, words in fields:
        if mine[field] != other[field]:
            return (
                f"{mine['scenario_title']} ran with {words} {mine[field]}, {other['scenario_title']} with "
                f"{other[field]}, so a difference between them could be due to more than the policy. "
                "Show it by itself, or run both with the same settings."
            )
    return None


def beside(view: View, shown: Named) -> dict[str, Named]:
    """The scenarios shown for the main lens, and for each other lens with comparable runs of any of them."""
    names = {str(one.scenario.record["scenario_title"]): name for name in view.scenarios for one in _found(view, name)}
    several: dict[str, Named] = {view.lens: shown}
    for lens in other_lenses(view):
        found = {title: one for title in shown for one in _found(view.changed(lens=lens), names[title])}
        if found:
            several[lens] = over_shared_seeds(found)
    return several


def _found(view: View, name: str) -> list[Comparison]:
    """The comparison of a scenario, if it has been run and its runs can be compared."""
    try:
        return [comparison_in(view, name)]
    except (NotFinishedError, IncomparableRunsError):
        return []
