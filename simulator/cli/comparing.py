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
from simulator.cli.work import run_with_progress

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
    show_readings(found)
    for one in found.comparisons:
        show_causal(found.causal.get(str(one.scenario.record["lens"])), str(one.scenario.record["reading"]))
    if wider:
        for one in found.comparisons:
            show_wider(one)
    elif not quiet:
        say(f"\n{POINTER}")
    note(remark, quiet=quiet)


def compare_variants(alike: Alike, asked: Asked, *, engine: Engine, out: Path | None) -> tuple[Readings, list[Results]]:
    """The comparison under each structural variant; through the lenses among them also at other causal shares."""
    from simulator.lenses import reading_of
    from simulator.readings import Readings, Variants, default_lenses
    from simulator.variants import outcomes, regrets, variants

    chosen = variants()
    found, arms = compare_through(tuple(chosen.values()), alike, asked._replace(causal=1.0), engine=engine, out=out)
    named = dict(zip(chosen, found.comparisons, strict=True))
    shown, causal = [], {}
    for lens in default_lenses():
        reading = reading_of(lens)
        one = next(one for one in found.comparisons if one.scenario.record["reading"] == reading.said)
        pair = tuple(spec.read_through(reading) for spec in alike.specs)
        table = at_causal_shares(pair, one, asked.workers, quiet=asked.quiet, engine=engine)
        shown.append(one)
        causal.update({} if table is None else {lens: table})
    return Readings(tuple(shown), causal, Variants(regrets(named), outcomes(named))), arms


def show_variants(found: Readings, *, as_json: bool) -> None:
    """Print the comparison under each structural variant, with regrets; or as JSON, with the outcomes of each."""
    from dashboard.readings import VARIANT_HEADS, VARIANTS_NOTE, variant_cells
    from dashboard.words import MINUS
    from simulator.variants import safest

    assert found.variants is not None
    table = found.variants.regrets
    if as_json:
        show_json({"variants": table, "outcomes": found.variants.outcomes, "finding": safest(table)})
        return
    record = found.comparisons[0].scenario.record
    title = f"{record['scenario_title']}, {record['place_title']}: a year, {table['runs'].max()} pairs of runs each"
    rows = [[cell.replace(MINUS, "-") for cell in variant_cells(row)] for row in table.to_dict("records")]
    say(table_text(title, VARIANT_HEADS, rows))
    say(f"\n{safest(table)} {VARIANTS_NOTE}")


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
