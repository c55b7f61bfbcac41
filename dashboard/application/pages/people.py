"""People: the town week by week with and without a plan, and the story of one resident."""

from __future__ import annotations

import json
from typing import Any, Final

from dash import Dash, dcc, html
from dash.development.base_component import Component

from dashboard.application.pages import who
from dashboard.application.parts import options
from dashboard.exhibits.components import spoken, table, unbroken
from dashboard.runs.view import View
from dashboard.text.lens_names import key_title, lens_class, shown_lenses
from dashboard.topics import people
from simulator.bundle.people import PEOPLE, Followed, followed
from simulator.bundle.plan import BASE
from simulator.bundle.reading import load_bundle
from simulator.errors import ResultsError, UnknownNameError
from simulator.following.stories import stories

PATH: Final = "/people"
TITLE: Final = "People"
_CHOSEN: Final = (
    "A community of adults who know each other, chosen around people whom the plan reaches, in the first pair of runs. "
    "Both pictures have the same people and the same random numbers, so what differs is due to the plan. One pair is "
    "an illustration, not an estimate of what the plan achieves."
)


def layout(view: View) -> Component:
    """The town and one resident's story; links to what has been followed if the view's plan has not been."""
    try:
        found = followed(view.scenario, view.place, view.lens)
    except UnknownNameError:
        return _elsewhere(view)
    except ResultsError as error:
        return html.Div([html.H1(TITLE), html.P(str(error))])
    if view.base != BASE or view.pinned:
        return _elsewhere(view)
    record, base, pair = found
    followed_for = {one.why: one for one in stories(pair)}
    words = {why: said for why, said in people.WHY.items() if why in followed_for}
    one = followed_for[options.chosen(view, "story", words)]
    scene = people.scene(pair, one.person)
    marks = people.marks(scene)
    compared = f"{record['scenario_title']} compared with {base['scenario_title']}, {record['place_title']}."
    return html.Div(
        [
            html.H1(TITLE),
            html.P(compared, className="compared"),
            html.H2("The town, week by week"),
            html.Div(className="town-controls", **_data("town", _packed(scene))),
            html.Div([_picture(said) for said in (people.WITHOUT, people.WITH)], className="pair"),
            html.Ul([_key(mark, said) for mark, said in marks.items()], className="key-list town-key"),
            html.P([_CHOSEN, " ", dcc.Link("What it achieves on average", href=f"/{view.query()}"), "."]),
            html.Details([html.Summary("Table of the numbers"), table(people.counts_table(pair))]),
            html.H2("What differs over the years"),
            *_readings(view),
            html.H2("One resident's story"),
            options.select(view, "story", "Whose", words),
            *(html.P(said) for said in people.story(pair, one)),
            *_strips(),
            html.Div(table(people.story_table(pair, one)), className="texts wrapping story"),
            html.P(people.among(pair)),
            html.P(
                [
                    "Who gains by age and deprivation, over all runs: ",
                    dcc.Link(who.TITLE, href=f"{who.PATH}{view.query()}"),
                ]
            ),
            html.P(_source(found), className="provenance"),
        ]
    )


def register(app: Dash) -> None:
    """Choices are stored in the address, and the picture is drawn by `assets/people.js`."""


def _data(name: str, value: str) -> Any:
    """A property by which `assets/people.js` finds what it draws."""
    return {f"data-{name}": value}


def _packed(scene: dict[str, Any]) -> str:
    return json.dumps(scene, ensure_ascii=False, separators=(",", ":"))


def _picture(said: str) -> Component:
    """The canvas of one run, which its count and the table put in words."""
    canvas = html.Canvas(role="img", **spoken(f"{said}: residents and their ties; the table below has the numbers"))
    return html.Div([html.H3(said), html.Div(canvas), html.P(className="town-count")], **_data("arm", said))


def _key(mark: str, said: str) -> Component:
    return html.Li([html.Canvas(width=20, height=16, **_data("mark", mark)), said])


def _strips() -> list[Component]:
    """What happens to the resident as two strips, one below the other so that the weeks stand below each other."""
    found = []
    for number, said in enumerate((people.WITHOUT, people.WITH)):
        strip = html.Canvas(
            role="img", **_data("strip", str(number)), **spoken(f"{said}: the weeks of the table below")
        )
        found.append(html.Div([html.H3(said), html.Div(strip)], className="strip"))
    note = "Black: lonely. Green bar: takes part in a programme. Other marks as in the picture of the town."
    return [*found, html.P(note, className="statistic")]


def _readings(view: View) -> list[Component]:
    """What differs, through each lens; those followed through another lens are another community."""
    said: list[Component] = []
    for lens in dict.fromkeys((view.lens, *shown_lenses())):
        try:
            pair = followed(view.scenario, view.place, lens).pair
        except (UnknownNameError, ResultsError):
            continue
        title = key_title(lens)
        words = f"{people.finding(pair, others=lens != view.lens)} {people.reach(pair)} {people.price(lens)}"
        said.append(html.P([html.Strong(f"{title}. "), *unbroken(words)], className=f"followed {lens_class(title)}"))
    return said


def _source(found: Followed) -> str:
    record, base = found.record, found.base_record
    return (
        f"Model {record['model_version']}. {record['scenario']} {record['scenario_hash']} against {base['scenario']} "
        f"{base['scenario_hash']}. {record['place_title']} {record['place_hash']}, {record['residents']:,} residents, "
        f"of whom {len(found.pair.residents)} are followed. {record['weeks']} weeks from {record['starts']}. Lens: "
        f"{record['lens_title']}. One pair of runs, seed {record['seeds'][0]}. Simulated: nobody here is a real person."
    )


def _elsewhere(view: View) -> Component:
    """Links to the plans, places and lenses that have been followed."""
    links = []
    for scenario, place, lens in load_bundle(PEOPLE).keys:
        there = view.changed(scenarios=(scenario,), base=BASE, place=place, lens=lens, model=None, options={})
        record = followed(scenario, place, lens).record
        said = f"{record['scenario_title']}, {record['place_title']}, {record['lens_title']}"
        links.append(html.Li(dcc.Link(said, href=f"{PATH}{there.query()}")))
    asked = (
        "Residents have not been followed under this plan, in this place and through this lens. They have been under:"
    )
    return html.Div([html.H1(TITLE), html.P(asked), html.Ul(links)])
