"""The model's ODD description, generated from docstrings, the order of the week and the evidence.

Grimm V et al. 2020, The ODD protocol for describing agent-based and other simulation models: a second update,
J Artif Soc Soc Simul 23(2):7.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from types import ModuleType
from typing import Final

import simulator.rules
from simulator.agents import ledger, programmes, services, volunteers
from simulator.comparison import costs as economics
from simulator.comparison import paired_statistics as paired
from simulator.description.describe import numbers
from simulator.evidence import Evidence, Value
from simulator.foundations import measures
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import CONTEXTS, PROGRAMMES, SERVICES, SLOW_STEP, TASKS, TIE_SLOTS, WARM_UP_WEEKS
from simulator.model import place_model as model
from simulator.population import build as population
from simulator.population import columns, ties
from simulator.residents import resident as residents
from simulator.results import results

_STREAM: Final = re.compile(r"^([A-Z_]+): Final = \d+(?:  #.*)?$", re.MULTILINE)

_PURPOSE: Final = (
    "To estimate what happens to loneliness, health, emergency admissions and costs if a place takes staff out of "
    "transactional tasks and spends the released resource on relationships: for whom, when, with what certainty, and "
    "under what conditions it fails. The model is for comparing policies in one place, not for forecasting levels."
)

_INPUT_HEAD: Final = "| name | meaning | value (low to high) | unit | grade | source |"
_CONCEPTS: Final = (
    "**Emergence.** Loneliness, admissions and costs of a place emerge from residents, ties and services. "
    "**Adaptation, objectives, learning, prediction.** None: residents and services follow probabilistic rules and "
    "pursue no objectives. **Sensing.** Services observe requests and capacity, programmes observe who is eligible; "
    "residents sense only their own ties. **Interaction.** Along ties, and through capacity: use by one resident "
    "leaves less for others. **Collectives.** Households, neighbourhoods, cafés."
)
_METHODS: Final = {
    "Range": paired.range_of,
    "Stochastic and parameter uncertainty": paired.components_of_variance,
    "Monte Carlo error": paired.monte_carlo_error,
    "Rounding": paired.decimals_for,
}
_WARM_UP: Final = "they are not counted, no scenario affects them, and scenarios with the same start share them."


def model_page(evidence: Evidence) -> str:
    """The description of the model as Markdown."""
    sections = (
        ("# The model", _opening()),
        ("## 1 Purpose and patterns", f"{_PURPOSE}\n\n{_patterns()}"),
        ("## 2 Entities, state variables and scales", _entities()),
        ("## 3 Process overview and scheduling", _schedule()),
        ("## 4 Design concepts", _concepts()),
        ("## 5 Initialisation", _initialisation()),
        ("## 6 Input data", _inputs(evidence)),
        ("## 7 Submodels", "\n\n".join(_submodels())),
    )
    return "\n\n".join(f"{title}\n\n{body}" for title, body in sections) + "\n"


def _opening() -> str:
    return (
        "This page follows the ODD protocol. `offset describe model` writes it from the docstrings of the rules, the "
        "order of the week and the evidence files. Edit those, not this page."
    )


def _patterns() -> str:
    return (
        "Patterns that the model must reproduce to be credible: loneliness lowest at 65 to 74 although admissions are "
        "highest in old age; admissions by age and deprivation; bed days and readmissions; consultations per head. "
        "`offset describe baseline` prints them with their targets."
    )


def _entities() -> str:
    agents = [
        ("Place", model.PlaceModel),
        ("Resident", residents.Resident),
        ("Service", services.Service),
        ("Practice", services.Practice),
        ("Programme", programmes.Programme),
        ("Volunteer", volunteers.Volunteer),
    ]
    lines = [f"- **{name}**: {_first_sentence(kind)}" for name, kind in agents]
    state = [f"| `{one.name}` | {one.meaning} | {_listed(one.phases)} |" for one in columns.COLUMNS]
    return "\n".join(
        [
            *lines,
            "",
            f"Ties: at most {TIE_SLOTS} per resident, of the contexts {_listed(CONTEXTS)}. "
            f"Services: {_listed(SERVICES)}. Tasks: {_listed(TASKS)}. Programmes: {_listed(PROGRAMMES)}.",
            "",
            "One step is a week; a year has 52 weeks and a quarter 13. What changes slowly (ages, ties, trust, "
            f"support, unmet needs, mood and loneliness) is brought up to date every {SLOW_STEP} weeks from what "
            "happened in each of them, and counted then. A place is a practice's list of residents.",
            "",
            "| trait of a resident | meaning | changed in phases (apart from household events) |",
            "| --- | --- | --- |",
            *state,
        ]
    )


def _schedule() -> str:
    phases = [
        f"{number}. **{phase}**: {_first_sentence(getattr(model.PlaceModel, phase))}"
        for number, phase in enumerate(model.WEEK, start=1)
    ]
    note = "Each phase reads only results of earlier phases, so the order of residents has no effect."
    return "\n".join([*phases, "", note])


def _concepts() -> str:
    streams = tuple(stream.lower() for stream in _STREAM.findall(inspect.getsource(draws)))
    counted = [f"| `{one.name}` | {one.label} | {one.unit} |" for one in measures.COUNTED]
    return "\n\n".join(
        [
            _CONCEPTS,
            f"**Stochasticity.** {prose(draws)}",
            f"Streams: {_listed(streams)}.",
            f"**Replications.** {prose(results.parameter_draw_of)}",
            f"**Comparison.** {prose(paired)}",
            *(f"*{name}*. {prose(function)}" for name, function in _METHODS.items()),
            f"**Money.** {prose(economics)}",
            f"**Ledger.** {prose(ledger)}",
            f"**Observation.** {prose(measures)}",
            "\n".join(["| measure | label | unit |", "| --- | --- | --- |", *counted]),
        ]
    )


def _initialisation() -> str:
    return f"{prose(population)}\n\n{prose(ties)}\n\n{WARM_UP_WEEKS} weeks pass before the scenario begins: {_WARM_UP}"


def _inputs(evidence: Evidence) -> str:
    grades = Counter(value.grade for value in evidence.values())
    counted = ", ".join(f"{grades[grade]} {grade}" for grade in ("A", "B", "C", "assumption"))
    tables = []
    for topic in evidence.topics():
        rows = [
            f"| `{name}` | {value.label} | {numbers(value)} | {value.unit} | {value.grade} | {_source(value)} |"
            for name, value in evidence.topic(topic).items()
        ]
        tables.append("\n".join([f"### {topic}", "", _INPUT_HEAD, "| --- | --- | --- | --- | --- | --- |", *rows]))
    return "\n\n".join(
        [
            f"{len(evidence)} values, by grade: {counted}. Low and high are the 2.5th and 97.5th percentiles of each "
            "distribution. Places are files of published margins; a scenario may change any value and must give a "
            "reason.",
            *tables,
        ]
    )


def _submodels() -> Iterator[str]:
    for name in sorted(module.name for module in pkgutil.iter_modules(simulator.rules.__path__)):
        module = importlib.import_module(f"simulator.rules.{name}")
        rules = "\n\n".join(f"**`{rule}{signature}`** {text}" for rule, signature, text in rules_of(module))
        yield f"### {name}\n\n{prose(module)}\n\n{rules}"


def rules_of(module: ModuleType) -> list[tuple[str, str, str]]:
    """Name, arguments and docstring of every rule of a module, in the order of its source."""
    found = []
    for name, function in vars(module).items():
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
            arguments = ", ".join(inspect.signature(function).parameters)
            found.append((name, f"({arguments})", prose(function)))
    return found


def prose(thing: object) -> str:
    """A docstring without its examples, in Markdown."""
    text = inspect.getdoc(thing) or ""
    kept = [paragraph for paragraph in text.split("\n\n") if not paragraph.lstrip().startswith(">>>")]
    return "\n\n".join(kept).replace("``", "`")


def _source(value: Value) -> str:
    """The source, as a link if it has an address."""
    source = " ".join(value.source.split()).replace("|", "/")
    if value.reference is None:
        return source
    link = value.reference.removeprefix("doi:")
    return f"[{source}]({link if link.startswith('http') else f'https://doi.org/{link}'})"


def _first_sentence(thing: object) -> str:
    return prose(thing).split("\n\n")[0].replace("\n", " ")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
