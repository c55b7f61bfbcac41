"""Descriptions of the model, its evidence, programmes, a place or a scenario, as text and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from simulator.description.place import describe_place
from simulator.description.release import release_lines
from simulator.districts import load_place, named_district
from simulator.errors import UnknownNameError
from simulator.evidence import Evidence, Value, load_evidence
from simulator.places import Place
from simulator.programme_files import load_programme, programme_values, shipped_programmes
from simulator.scenario.parts import Spread
from simulator.scenario.scenario import Scenario, load_scenario
from simulator.specification.spec import build_spec, rates_from

SUBJECTS: Final = ("model", "evidence", "place", "scenario", "programmes", "workforce", "loneliness", "relational_work")
_PAYER: Final = {"nhs": "The NHS", "council": "The council", "voluntary": "The voluntary sector"}


def describe(what: str | Place | Scenario = "model", name: str | None = None) -> str | pd.DataFrame:
    """Describe the ``model`` (Markdown), ``evidence`` or ``programmes`` (a table), a place or a scenario.

    ``workforce`` is a place's staff by role and what their hours go to; ``loneliness`` simulates a baseline of a
    place beside published figures; ``relational_work`` is the chain from an hour with someone to a day in hospital,
    arrow by arrow. With a ``name``, the evidence of one topic, or every number of one programme. A place is
    described by the margins it specifies and those of a population built for it; a scenario by its question, its
    parts and what its automation should release. Raises UnknownNameError for an unknown name.
    """
    if isinstance(what, Place) or what == "place":
        return place_table(what if isinstance(what, Place) else load_place(name or "frome"))
    if isinstance(what, Scenario) or what == "scenario":
        return scenario_page(what if isinstance(what, Scenario) else load_scenario(name or "baseline"))
    if what == "workforce":
        from simulator.description.workforce import workforce_page

        return workforce_page(load_place(name or "frome"))
    if what == "loneliness":
        from simulator.description.loneliness import loneliness_table

        return loneliness_table(load_place(name or "frome"))
    if what == "relational_work":
        from simulator.description.relational_work import chain_table

        return chain_table(every_value())
    if what == "model":
        from simulator.description.odd_protocol import model_page

        return model_page(every_value())
    if what == "evidence":
        return evidence_table(name)
    if what == "programmes":
        return programmes_table(name)
    raise UnknownNameError("subject", what, SUBJECTS)


def evidence_table(topic: str | None = None) -> pd.DataFrame:
    """Every evidence value, or those of one topic: path, label, numbers, unit, grade, source, reference.

    The topic ``programme`` contains the numbers of the shipped programmes.
    """
    evidence = every_value()
    return _values_table(evidence if topic is None else evidence.topic(topic))


def every_value() -> Evidence:
    """The evidence, and the numbers of the shipped programmes."""
    return Evidence({**load_evidence(), **programme_values(shipped_programmes())})


def programmes_table(name: str | None = None) -> pd.DataFrame:
    """The shipped programmes (name, for whom, cost, grade), or every number of one, by its name or file."""
    if name is not None:
        return _values_table(load_programme(name).values)
    rows = [
        (
            plan.name,
            plan.title,
            plan.for_whom,
            f"£{plan.central('unit_cost'):,.0f} a year",
            plan.unit,
            plan.payer,
            plan.grade,
        )
        for plan in shipped_programmes()
    ]
    columns = ["name", "title", "for_whom", "cost", "of_one", "payer", "grade"]
    return pd.DataFrame(rows, columns=columns)


def numbers(value: Value) -> str:
    """The numbers of an evidence value in one line, with its range if it has one.

    >>> from simulator.evidence import load_evidence
    >>> numbers(load_evidence()["prices.discount_rate"])
    '0.035'
    """
    if isinstance(value.value, tuple):
        return ", ".join(f"{key}: {number:g}" for key, number in value.by_category().items())
    if value.low == value.high:
        return f"{value.value:g}"
    return f"{value.value:g} ({value.low:g} to {value.high:g})"


def _values_table(values: Mapping[str, Value]) -> pd.DataFrame:
    rows = [
        (value.path, value.label, numbers(value), value.unit, value.grade, value.source, value.reference or "")
        for value in values.values()
    ]
    return pd.DataFrame(rows, columns=["path", "label", "numbers", "unit", "grade", "source", "reference"])


def place_table(place: Place, seed: int = 0) -> pd.DataFrame:
    """The margins of a place as specified, and as reached by a population built with central evidence."""
    from simulator.population.build import build_population

    return describe_place(place, build_population(place, rates_from(load_evidence()), seed))


def scenario_page(scenario: Scenario) -> str:
    """A scenario in Markdown: its question, and a sentence on each part."""
    calendar = f"{scenario.weeks} weeks from {scenario.starts}{'' if scenario.calendar else ' (default calendar)'}"
    parts = list(_parts(scenario)) or ["Automates nothing, buys nothing and changes no evidence."]
    lines = [f"- {part}" for part in (*parts, f"Runs {calendar}.")]
    if scenario.automate and scenario.place_reference is not None:
        lines += ["", *release_lines(build_spec(scenario, named_district(scenario.place_reference)))]
    return "\n".join([f"# {scenario.title}", "", " ".join(scenario.question.split()), "", *lines, ""])


def pounds(a_year: float) -> str:
    """An amount per year.

    >>> pounds(45600.0)
    '£45,600 a year'
    """
    return f"£{a_year:,.0f} a year"


def percent(share: float) -> str:
    """A share as a percentage.

    >>> percent(0.85), percent(0.125)
    ('85 %', '12.5 %')
    """
    return f"{100.0 * share:g} %"


def _spread(part: Spread) -> str:
    county = f" over {part.county}" if part.county else ""
    reason = part.reason.strip()
    if part.mode == "candles":
        return f"Spreads{county} from week {part.from_week} by teams that teach the next: {reason}"
    pace = f"{part.places_per_wave} places every {part.weeks_between_waves} weeks"
    return f"Is rolled out{county} from week {part.from_week}, {pace}: {reason}"


def _parts(scenario: Scenario) -> Iterator[str]:
    for task in scenario.automate:
        ramp = f" over {task.ramp_weeks} weeks" if task.ramp_weeks else " at once"
        yield f"Automates {percent(task.share)} of {task.path}, from week {task.from_week}{ramp}."
    if scenario.automate:
        yield f"Reinvests {percent(scenario.reinvest.share)} of the redeployable resource and saves the rest."
    for programme, share in scenario.reinvest.programmes.items():
        yield f"Spends {percent(share)} of the reinvested amount on {programme}."
    for fund in scenario.funding:
        amount = fund.amount
        until = f" for {fund.weeks} weeks" if fund.weeks else ""
        kind = fund.kind.replace("_", " ")
        yield f"{_PAYER[fund.payer]} pays {amount} of {kind} for {fund.programme}, from week {fund.from_week}{until}."
    for posts in scenario.commitments:
        yield f"Promises {posts.units:g} units of {posts.programme} from week {posts.from_week}."
    if scenario.spread is not None:
        yield _spread(scenario.spread)
    for path, change in scenario.changes.items():
        yield f"Changes {path} to {change.value}: {change.reason}"
