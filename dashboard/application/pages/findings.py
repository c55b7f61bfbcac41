"""The sections of page Answer below the answer: findings, chances of harm, main outcomes and limitations, by lens."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.application.parts import matters
from dashboard.application.parts.head import lens_notes
from dashboard.exhibits.answer import limitations, opening
from dashboard.exhibits.components import Part, components
from dashboard.exhibits.paired_forest import paired_forest
from dashboard.exhibits.tiles import tiles
from dashboard.runs.view import View
from dashboard.topics.through_lenses import Through, by_title, line_through


def sections(view: View, found: Through) -> list[Component]:
    """The sections below the answer, of one scenario against its base, for all lenses shown."""
    named, source = by_title(found), line_through(found)
    parts: list[Part] = [*opening(named), html.H2("What changes")]
    parts += [tiles(named, source), paired_forest(named, source)]
    record = found[view.lens].scenario.record
    return [*lens_notes(view, found), *components(parts), matters.settings(view), limitations(record)]
