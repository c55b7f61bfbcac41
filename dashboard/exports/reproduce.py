"""Commands that reproduce a comparison, given the same files and model version."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import Any

from dashboard.text.lens_names import lens_name, lens_settings_in
from simulator.comparison.comparability import seeds_in_words
from simulator.comparison.comparison import Comparison
from simulator.comparison.smallest_differences import Matters, matters_parts
from simulator.districts import place_names
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.lenses import ORDER, lens_names
from simulator.scenario.scenario import scenario_names


def commands(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """The commands for these comparisons; both shipped lenses of one scenario need only one command."""
    options = matters_options(comparisons[0].matters)
    records = [(one.scenario.record, one.baseline.record) for one in comparisons]
    lenses = {str(scenario.get("lens")) for scenario, _ in records}
    if (
        len(records) == len(ORDER)
        and lenses == set(ORDER)
        and all(lens_settings_in(one).key in ORDER for one, _ in records)
    ):
        return (f"{command(*records[0], lens='both')}{options}",)
    return tuple(dict.fromkeys(f"{command(*pair)}{options}" for pair in records))


def matters_options(matters: Matters) -> str:
    """The options of a command for smallest differences that a user set, with a space in front.

    >>> matters_options({"admissions": 2.0}), matters_options({})
    (' --matters admissions=2', '')
    """
    return "".join(f" --matters {part}" for part in matters_parts(matters))


def command(scenario: Any, baseline: Any, lens: str | None = None) -> str:
    """The command for two run records, or for the same through another ``lens``."""
    first, last = min(scenario["seeds"]), max(scenario["seeds"])
    parts = ["offset", "compare", _file(scenario["scenario"], scenario_names())]
    parts += [_file(baseline["scenario"], scenario_names())]
    parts += ["--place", _file(scenario["place"], place_names())]
    parts += ["--seeds", f"{last + 1}" if first == 0 else f"{first}-{last}"]
    if scenario["weeks"] % WEEKS_PER_YEAR == 0:
        parts += ["--years", str(scenario["weeks"] // WEEKS_PER_YEAR)]
    found = lens_settings_in(scenario)
    parts += (found if lens is None else found._replace(lens=lens)).options
    return " ".join(quote(part) for part in parts)


def needed(comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    """Requirements for the commands to give the same numbers: the model version, and the user's own files."""
    record = comparisons[0].scenario.record
    said = [f"The numbers are the same with model {record['model_version']} and the same libraries (run record)."]
    own: dict[str, str] = {}
    for one in comparisons:
        for arm in (one.scenario.record, one.baseline.record):
            if arm["scenario"] not in scenario_names():
                own[f"{arm['scenario']}.yaml"] = f"your own scenario, hash {arm['scenario_hash']}"
            if arm["place"] not in place_names():
                own[f"{arm['place']}.yaml"] = f"your own place, hash {arm['place_hash']}"
        lens = lens_name(one.scenario.record)
        if lens not in lens_names():
            own[lens] = "the folder of your own lens"
    seeds = record["seeds"]
    if len(seeds) != max(seeds) - min(seeds) + 1:
        said.append(f"Only seeds {seeds_in_words(seeds)} were run; simulator.run accepts any list of seeds.")
    return (*said, *(f"{name} is {what}." for name, what in own.items()))


def _file(name: str, shipped: Sequence[str]) -> str:
    """The argument of a command for a scenario or place: a shipped name, or the user's own file."""
    return name if name in shipped else f"{name}.yaml"
