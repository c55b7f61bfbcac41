"""``offset sensitivity``: parameters that a decision depends on, and the value of better evidence on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from dashboard.command_line.engine import Engine, executor_of
from dashboard.command_line.lens import Frome, Lens, applied_lenses_for
from dashboard.command_line.options import Baseline, Cluster, Json, Place, Quiet, Scenario, Store, Workers, Years
from dashboard.command_line.output import note, say, show_json, table_text, warn
from dashboard.command_line.saving import keep, refuse_unwritable
from dashboard.command_line.work import RUNS_FAILED, progress_bar

if TYPE_CHECKING:
    from calibration.sensitivity import Sensitivity
    from simulator.api import ComparableSpecs
    from simulator.lenses import AppliedLens
    from simulator.scenario.scenario import Scenario as Scenarios

EXAMPLE: Final = "Example: offset sensitivity relational_offset baseline --lens trial-evidence --out sensitivity"
_MOVES: Final = ("Parameter", "From", "To", "Unit", "Change", "Middle 80 %", "Share of variance", "95 %")


class SensitivityRequest(NamedTuple):
    """Number of runs, and the executor."""

    pairs: int
    checks: int
    engine: Engine
    workers: int | None
    quiet: bool


def sensitivity(
    scenario: Scenario,
    baseline: Baseline = "baseline",
    pairs: Annotated[int, typer.Option(help="Pairs of runs, 60 or more, most with separate parameter draws.")] = 200,
    checks: Annotated[int, typer.Option(min=0, help="Parameters whose effect is also checked with the simulator.")] = 3,
    lens: Lens = None,
    frome: Frome = None,
    years: Years = None,
    place: Place = None,
    workers: Workers = None,
    cluster: Cluster = None,
    store: Store = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for every frame and the record; several lenses have one folder each.")
    ] = None,
    shown: Annotated[
        Path | None, typer.Option("--dashboard", help="Folder of a dashboard that will show it on page Why.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Find which parameters drive net cost and admissions, where a plan loses money, and what better evidence is worth.

    Emulators are fitted to pairs of runs with drawn parameters and analysed by Sobol, Morris, EVPPI and a tree. Effects
    of the most important parameters are then checked with the simulator.
    """
    from calibration.sensitivity.pairs import seeds_for
    from simulator.api import load, specify_comparable

    seeds_for(pairs)
    applied_lenses = applied_lenses_for(lens, frome, None)
    both = [load(baseline), load(scenario)]
    comparable = specify_comparable(both, place=place, years=years)
    folders = (
        {
            applied_lens.lens: out if len(applied_lenses) == 1 else out / applied_lens.lens
            for applied_lens in applied_lenses
        }
        if out
        else {}
    )
    for folder in folders.values():
        refuse_unwritable(folder)
    asked = SensitivityRequest(pairs, checks, Engine(cluster, store), workers, quiet)
    found = {applied_lens.lens: _asked(comparable, applied_lens, asked) for applied_lens in applied_lenses}
    folders = {name: keep(found[name].write, folder) for name, folder in folders.items()}
    if shown is not None:
        _keep(found, both, shown)
    if as_json:
        content = {name: _content(one) for name, one in found.items()}
        show_json(next(iter(content.values())) if len(content) == 1 else {"lenses": content})
    else:
        for one in found.values():
            _show(one)
        note(comparable.note, quiet=quiet)
        note(f"Written to {' and '.join(map(str, folders.values()))}." if folders else None, quiet=quiet)
        note(f"The dashboard of {shown} shows it on page Why." if shown else None, quiet=quiet)
    lost = sum(pairs - len(one.pairs) for one in found.values())
    if lost:
        warn(f"{lost} pairs of runs failed and are left out.")
        raise typer.Exit(RUNS_FAILED)


def _asked(comparable: ComparableSpecs, applied_lens: AppliedLens, asked: SensitivityRequest) -> Sensitivity:
    from calibration.sensitivity import RunSettings
    from calibration.sensitivity import sensitivity as ask

    before, after = (spec.read_through(applied_lens) for spec in comparable.specs)
    quiet, workers = asked.quiet, asked.workers
    with progress_bar(quiet) as progress, executor_of(asked.engine, workers, quiet=quiet) as executor:
        return ask(
            before, after, pairs=asked.pairs, checks=asked.checks, how=RunSettings(executor or workers, progress)
        )


def _keep(found: Mapping[str, Sensitivity], both: Sequence[Scenarios], folder: Path) -> None:
    """Store the analysis of each lens for a dashboard of this folder."""
    from dashboard.runs.library import Library
    from dashboard.runs.question import link_name
    from dashboard.text.lens_names import lens_settings_in

    base, scenario = (link_name(one) for one in both)
    for one in found.values():
        Library(folder).keep_sensitivity(one, scenario, base, lens_settings_in(one.record).key)


def _content(found: Sensitivity) -> dict[str, Any]:
    return {"findings": list(found.findings()), **found.frames, "record": dict(found.record)}


def _show(found: Sensitivity) -> None:
    """Print the findings, effects on each outcome, the value of knowing parameters, and the checks."""
    from calibration.sensitivity.findings import COLUMNS, amount, in_words, percent

    record = found.record
    title = f"{record['scenario_title']} against {record['baseline']['scenario_title']}, {record['place_title']}"
    say(f"{title}. Lens: {record['lens_title']}.\n")
    say("\n".join(found.findings()))
    for column in COLUMNS:
        rows = found.moves[found.moves["column"] == column]
        if len(rows):
            cells = [_move(row, column) for row in rows.to_dict("records")]
            say(f"\n{table_text(f'Effects of parameters on {in_words(column)}, a year', _MOVES, cells, (0, 3))}")
    if len(found.value):
        worth = [
            [row["label"], *(amount(row[name], "net_cost").lstrip("+") for name in _POUNDS), percent(row["share"])]
            for row in found.value.to_dict("records")
        ]
        heads = ["Parameter", "Pounds a year", "95 % from", "to", "Share of knowing all"]
        say(f"\n{table_text('Value to this place of knowing a parameter before deciding', heads, worth)}")
    if len(found.check):
        cells = [_check(row) for row in found.check.to_dict("records")]
        heads = ["Outcome", "Parameter", "Emulated", "error", "Simulated", "error", "", "Pairs at each end"]
        say(f"\n{table_text('Effects checked with the simulator', heads, cells, (0, 1, 6))}")
    say("")


_POUNDS: Final = ("pounds", "pounds_low", "pounds_high")


def _move(row: dict[Any, Any], column: str) -> list[str]:
    from calibration.sensitivity.findings import amount, percent

    low, high = (amount(row[name], column) for name in ("swing_low", "swing_high"))
    return [
        row["label"],
        f"{row['value_low']:.3g}",
        f"{row['value_high']:.3g}",
        row["unit"],
        amount(row["swing"], column),
        f"{low} to {high}",
        percent(row["total"]),
        f"{percent(max(0.0, row['total_low']))} to {percent(row['total_high'])}",
    ]


def _check(row: dict[Any, Any]) -> list[str]:
    from calibration.sensitivity.findings import amount, in_words

    column = str(row["column"])
    numbers = [amount(row[name], column) for name in ("emulated", "simulated")]
    errors = [amount(row[name], column).lstrip("+") for name in ("emulated_error", "simulated_error")]
    return [
        in_words(column),
        row["path"],
        numbers[0],
        errors[0],
        numbers[1],
        errors[1],
        row["verdict"],
        str(row["pairs"]),
    ]
