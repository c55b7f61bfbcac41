"""Scenarios and places that users can choose, with their titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from dashboard.runs import JobState, Phase
from simulator import load
from simulator.districts import place_titles
from simulator.places import Place
from simulator.scenario.scenario import scenario_names


@lru_cache(maxsize=1)
def scenario_titles() -> dict[str, str]:
    """Titles of the shipped scenarios by name; the baseline first."""
    names = sorted(scenario_names(), key=lambda name: name != "baseline")
    return {name: load(name).title for name in names}


def own_titles(states: Iterable[JobState]) -> dict[str, str]:
    """Titles of users' own scenarios that have been run, by their names in links."""
    finished = [state for state in states if state.phase is Phase.FINISHED and len(state.names) == 2]
    titles = {state.names[1]: state.title.rpartition(" against ")[0] for state in finished if "-" in state.names[1]}
    counts = Counter(titles.values())
    return {
        name: f"{title} (version {name.rpartition('-')[2][:4]})" if counts[title] > 1 else title
        for name, title in titles.items()
    }


def scenario_name(name: str) -> str:
    """The title of a shipped scenario, or a user's own name in words, without the digits of its link.

    >>> scenario_name("baseline"), scenario_name("my_relational_offset-8f26a3ee")
    ('Services as they are', 'my relational offset')
    """
    return scenario_titles().get(name) or name.partition("-")[0].replace("_", " ")


def place_name(name: str) -> str:
    """The title of a shipped place, or a name in words.

    >>> place_name("frome"), place_name("my_town")
    ('Frome, Somerset', 'my town')
    """
    return place_titles().get(name) or name.replace("_", " ")


def scenario_choices() -> list[dict[str, Any]]:
    """Shipped scenarios as options."""
    return _options(scenario_titles())


def place_choices(own: Place) -> list[dict[str, Any]]:
    """The place of the worked example and the shipped places, as options."""
    return _options({own.name: own.title, **place_titles()})


def _options(titles: dict[str, str]) -> list[dict[str, Any]]:
    return [{"value": name, "label": title} for name, title in titles.items()]
