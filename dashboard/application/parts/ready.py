"""The results that ship, for a view: those of its plan, and of every plan in its place."""

from __future__ import annotations

from dashboard.runs.choices import scenario_titles
from dashboard.runs.view import BASELINE, View
from dashboard.text.lens_names import settings_of_key, shown_lenses
from dashboard.topics.answer import Answer, ready_answer
from dashboard.topics.district_answer import district_answer
from dashboard.topics.through_lenses import caution, lens_of


def ready_for(view: View, scenario: str | None = None) -> Answer | None:
    """The answer that ships for a scenario, by default the view's; None if there is none for its place and lenses.

    In a district, it is estimated from those of all districts (`dashboard.topics.district_answer`).
    """
    lenses = tuple(sorted(shown_lenses(), key=caution))
    usual = settings_of_key(view.lens).key == lens_of(view.lens) and view.lens in lenses
    if view.pinned or not usual:
        return None
    asked = scenario or view.scenario, view.place, view.base, lenses
    return ready_answer(*asked) or district_answer(*asked, view.matters)


def ready_plans(view: View) -> dict[str, Answer]:
    """The answers that ship for every plan in the view's place, by title."""
    found = {title: ready_for(view, name) for name, title in scenario_titles().items() if name != BASELINE}
    return {title: answer for title, answer in found.items() if answer}
