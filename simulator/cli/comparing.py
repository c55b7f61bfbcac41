"""What ``offset compare`` does once it knows what is asked: run through each lens, and show what was found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from simulator.cli.engine import Engine
from simulator.cli.lens import at_causal_shares, show_causal, show_lenses, show_readings
from simulator.cli.output import comparison_content, contrast_rows, note, say, show_comparison, show_json, table_text
from simulator.cli.until import run_enough
from simulator.cli.wider import POINTER, show_wider, wider_content
from simulator.cli.work import leave_if_runs_failed, run_with_progress

if TYPE_CHECKING:
    from simulator.api import Alike
    from simulator.lenses import Reading
    from simulator.readings import Readings
    from simulator.results import Results


class Asked(NamedTuple):
    """How much to run, and what to put up with."""

    seeds: Sequence[int]
    until: tuple[float, int | None] | None  # error to reach, and replications at most
    workers: int | None
    incomplete: bool
    quiet: bool
    causal: float | None  # a causal share that was asked for, instead of a table of several


def compare_through(
    readings: Sequence[Reading], alike: Alike, asked: Asked, *, engine: Engine, out: Path | None
) -> tuple[Readings, list[Results]]:
    """A comparison through each reading, its headline at other causal shares, and every run that was made."""
    from simulator.comparison import compare
    from simulator.readings import Readings

    pairs = [tuple(spec.read_through(reading) for spec in alike.specs) for reading in readings]
    if asked.until is None:
        specs = [spec for pair in pairs for spec in pair]
        arms = run_with_progress(specs, asked.seeds, asked.workers, quiet=asked.quiet, out=out, engine=engine)
    else:
        ask: dict[str, Any] = {"quiet": asked.quiet, "incomplete": asked.incomplete, "engine": engine, "out": out}
        arms = [arm for pair in pairs for arm in run_enough(pair, asked.until, asked.workers, **ask)]
    found = [
        compare(after, before, incomplete=asked.incomplete) for before, after in zip(arms[::2], arms[1::2], strict=True)
    ]
    causal = {}
    if asked.causal is None:
        for pair, one in zip(pairs, found, strict=True):
            table = at_causal_shares(pair, one, asked.workers, quiet=asked.quiet, engine=engine)
            if table is not None:
                causal[str(one.scenario.record["lens"])] = table
    return Readings(tuple(found), causal), arms


def show_found(
    found: Readings, groups: tuple[str, ...], remark: str | None, *, wider: bool, as_json: bool, quiet: bool
) -> None:
    """Print what was found: one comparison as ever, several beside each other; or all of it as JSON."""
    first = found.comparisons[0]
    if as_json:
        show_json(_content(found, groups, remark, wider=wider))
        return
    if len(found.comparisons) == 1:
        show_comparison(first, groups)
        say(f"\nLens: {first.scenario.record['reading']}.")
    else:
        show_lenses(found.comparisons)
        for one in found.comparisons if groups else ():
            rows = contrast_rows(one.by(*groups, rounded=False), ("label", *groups))
            title = f"By group: {one.scenario.record['reading']}"
            say(f"\n{table_text(title, _group_heads(groups), rows, range(1 + len(groups)))}")
    show_readings(found.comparisons)
    for one in found.comparisons:
        show_causal(found.causal.get(str(one.scenario.record["lens"])), str(one.scenario.record["reading"]))
    if wider:
        for one in found.comparisons:
            show_wider(one)
    elif not quiet:
        say(f"\n{POINTER}")
    note(remark, quiet=quiet)


def show_variants(alike: Alike, asked: Asked, *, engine: Engine, out: Path | None, as_json: bool) -> None:
    """Run and print the comparison under each structural variant, with regrets; into ``out`` as ``variants.csv``."""
    from simulator.variants import regrets, safest, variants

    chosen = variants()
    found, arms = compare_through(tuple(chosen.values()), alike, asked._replace(causal=1.0), engine=engine, out=None)
    table = regrets(dict(zip(chosen, found.comparisons, strict=True)))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        table.to_csv(out / "variants.csv", index=False, encoding="utf-8")
    if as_json:
        show_json({"variants": table, "finding": safest(table)})
    else:
        record = found.comparisons[0].scenario.record
        title = f"{record['scenario_title']}, {record['place_title']}: a year, {table['runs'].max()} pairs of runs each"
        heads = [
            "Variant",
            "Admissions",
            "Middle 80 % of runs",
            "Net cost",
            "Regret of doing it",
            "Regret of leaving it",
        ]
        say(table_text(title, heads, [_variant_cells(row) for row in table.to_dict("records")]))
        say(f"\n{safest(table)} Variants are not weighed against each other, and not averaged.")
    leave_if_runs_failed(arms)


def _variant_cells(row: dict[Any, Any]) -> list[str]:
    interval = f"{row['admissions_low']:+.1f} to {row['admissions_high']:+.1f}"
    pounds = [f"£{row[name]:,.0f}".replace("£-", "-£") for name in ("cost", "do", "leave")]
    return [row["variant"], f"{row['admissions']:+.1f}", "withheld" if row["withheld"] else interval, *pounds]


def _group_heads(groups: Sequence[str]) -> list[str]:
    from dashboard.words import label
    from simulator.cli.output import HEADS

    return ["Outcome", *(label(group) for group in groups), *HEADS]


def _content(found: Readings, groups: tuple[str, ...], remark: str | None, *, wider: bool) -> dict[str, Any]:
    whole = {}
    for one in found.comparisons:
        content = comparison_content(one, groups, remark)
        whole[str(one.scenario.record["lens"])] = {**content, **(wider_content(one) if wider else {})}
    name = str(found.comparisons[0].scenario.record["lens"])
    causal = dict(found.causal)
    if len(whole) == 1:
        return {**whole[name], "causal": causal.get(name, [])}
    return {"lenses": whole, "side_by_side": found.side_by_side(), "causal": causal}
