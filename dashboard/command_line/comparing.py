"""Work of ``offset compare``: runs for each lens, and output."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dashboard.command_line.engine import Engine, open_executor
from dashboard.command_line.first_screen import show_first_screen
from dashboard.command_line.lens import show_causal, show_lenses, show_lenses_used, warn_of_faults
from dashboard.command_line.output import (
    comparison_content,
    contrast_rows,
    note,
    plain,
    say,
    show_comparison,
    show_json,
    table_text,
    warn,
    wrapped,
)
from dashboard.command_line.ready_sizes import ready_sizes
from dashboard.command_line.saving import keep, refuse_unwritable
from dashboard.command_line.until import run_to_precision
from dashboard.command_line.work import progress_bar

if TYPE_CHECKING:
    import pandas as pd

    from simulator.api import ComparableSpecs
    from simulator.comparison.comparison import Comparison
    from simulator.experiments.lens_comparisons import LensComparisons
    from simulator.lenses import AppliedLens
    from simulator.results.results import Results


CAUSAL_BEGINS: Final = (
    "The comparison above is complete. Now it is repeated with none and half of each association treated as causal; "
    "Ctrl-C ends this and loses nothing above."
)


class ComparisonRequest(NamedTuple):
    """Number of runs, and options, of a comparison."""

    seeds: Sequence[int]
    until: tuple[float, int | None] | None  # error to reach, and maximum number of replications
    workers: int | None
    incomplete: bool
    quiet: bool
    one_share: bool  # a single causal share was asked for, so that no table of several is due
    no_causal: bool  # leave that table out, although it is due


class Answer(NamedTuple):
    """A comparison for each lens, and the tables at other causal shares by lens, whose runs may still go on."""

    found: LensComparisons
    arms: list[Results]
    waiting: bool  # whether such runs are under way
    causal: Callable[[], dict[str, pd.DataFrame]]  # waits for those runs


@contextmanager
def compare_through(
    applied_lenses: Sequence[AppliedLens],
    comparable: ComparableSpecs,
    asked: ComparisonRequest,
    *,
    engine: Engine,
    out: Path | None,
    repeated: Sequence[AppliedLens] | None = None,
) -> Iterator[Answer]:
    """The comparison through each lens; runs at other causal shares go on until the block is left.

    They wait in the queue behind those of the comparison, for each lens in ``repeated`` (default: all). An ``out``
    folder that may not be replaced is refused before anything runs.
    """
    from simulator.comparison.comparison import compare
    from simulator.experiments.lens_comparisons import LensComparisons, at_causal_shares, causal_seeds, causal_table
    from simulator.running.ensemble import GroupRuns, RunGroup, begin_groups

    refuse_unwritable(out)
    pairs = [tuple(spec.read_through(applied_lens) for spec in comparable.specs) for applied_lens in applied_lenses]
    due = {one.said for one in (applied_lenses if repeated is None else repeated) if not asked.one_share}
    due_pairs = [position for position, applied_lens in enumerate(applied_lenses) if applied_lens.said in due]

    def begin(seeds_of_pairs: Sequence[Sequence[int]]) -> dict[int, GroupRuns]:
        seeds = {position: causal_seeds(seeds_of_pairs[position]) for position in due_pairs if not asked.no_causal}
        return {
            position: begin_groups(executor, at_causal_shares(pairs[position]), some)
            for position, some in seeds.items()
            if some
        }

    tasks = len(pairs) * len(asked.seeds) if asked.until is None else None
    with open_executor(engine, asked.workers, quiet=asked.quiet, tasks=tasks) as executor:
        if asked.until is None:
            runs = begin_groups(executor, [RunGroup(pair) for pair in pairs], asked.seeds)
            waiting = begin([asked.seeds] * len(pairs))
            if out is not None:
                importlib.import_module("dashboard.report.folder")  # while runs are made, since it takes long
            with progress_bar(asked.quiet, f"{len(asked.seeds)} pairs") as progress:
                arms = runs.results(progress)
        else:
            how = {"quiet": asked.quiet, "incomplete": asked.incomplete}
            arms = [run_to_precision(pair, asked.until, executor, **how) for pair in pairs]
            waiting = begin([before.seeds for before, _ in arms])
        found = tuple(compare(after, before, incomplete=asked.incomplete) for before, after in arms)

        def causal() -> dict[str, pd.DataFrame]:
            tables = {}
            for position, others in waiting.items():
                with progress_bar(asked.quiet, "Other causal shares") as progress:
                    table = causal_table(found[position], others.results(progress))
                tables[str(found[position].scenario.record["lens"])] = table
            return tables

        missing = any(causal_seeds(found[position].seeds) for position in due_pairs)
        answer = LensComparisons(found, {}, causal_missing=missing)
        yield Answer(answer, [arm for pair in arms for arm in pair], bool(waiting), causal)


class Shown(NamedTuple):
    """What is printed of a comparison."""

    groups: tuple[str, ...]
    remark: str | None
    every: bool  # all tables; otherwise one screen
    wider: bool
    as_json: bool
    quiet: bool


def give_answer(answer: Answer, shown: Shown, out: Path | None) -> bool:
    """Write and print a comparison, then the tables at other causal shares once their runs are done.

    False if an interrupt ended the wait for them: what was written and printed before is complete without them.
    """
    found, finished = answer.found, True
    if out is not None:
        from dashboard.report.folder import add_causal, write_comparison

        out = keep(lambda folder: write_comparison(found.comparisons[0], folder, shown.remark, found), out)
    if not shown.as_json:
        _show(found, shown)
        note(f"Written to {out}; open {out / 'report.html'} in a browser." if out else None, quiet=shown.quiet)
    try:
        if answer.waiting:
            note(CAUSAL_BEGINS, quiet=shown.quiet or shown.as_json)
        causal = answer.causal()
        if causal:
            found = found._replace(causal=causal, causal_missing=False)
        if causal and out is not None:
            add_causal(out, found)
        for one in found.comparisons if shown.every and not shown.as_json and found.variants is None else ():
            show_causal(causal.get(str(one.scenario.record["lens"])), str(one.scenario.record["lens_title"]))
    except KeyboardInterrupt:
        from dashboard.text.labels import CAUSAL_MISSING

        warn(f"The comparison itself is complete. {CAUSAL_MISSING}")
        finished = False
    if shown.as_json:
        show_json(_content(found, shown))
    return finished


def _show(found: LensComparisons, shown: Shown) -> None:
    if found.variants is not None:
        show_variants(found)
        return
    show_found(found, shown)
    note(shown.remark, quiet=shown.quiet)


def show_found(found: LensComparisons, shown: Shown) -> None:
    """Print one comparison, or several side by side: one screen, or all tables."""
    from dashboard.topics.wider import claims_sentence
    from simulator.comparison.wellbeing import wellbeing_finding

    groups = shown.groups
    if not shown.every:
        show_first_screen(found)
        if not shown.quiet:
            sizes = ready_sizes(found.comparisons)
            say("\n" + "\n".join([*sizes, *([""] if sizes else []), wrapped(claims_sentence(found.comparisons[0]))]))
        for one in found.comparisons:
            warn_of_faults(one.scenario.record)
    elif len(found.comparisons) == 1:
        show_comparison(found.comparisons[0])
        say(f"\nLens: {found.comparisons[0].scenario.record['lens_title']}.")
    else:
        show_lenses(found.comparisons)
    for one in found.comparisons if groups else ():
        rows = contrast_rows(one.by(*groups, rounded=False), ("label", *groups))
        lens = f": {one.scenario.record['lens_title']}" if len(found.comparisons) > 1 else ""
        say(f"\n{table_text(f'By group{lens}', _group_heads(groups), rows, range(1 + len(groups)))}")
    if shown.every:
        for one in found.comparisons:
            say(f"\n{one.scenario.record['lens_title']}: {wellbeing_finding(one)}")
        show_lenses_used(found)
    if shown.wider:
        for one in found.comparisons:
            show_wider(one)
    elif shown.every and not shown.quiet:
        say(f"\n{POINTER}")


@contextmanager
def compare_variants(
    comparable: ComparableSpecs, asked: ComparisonRequest, *, engine: Engine, out: Path | None
) -> Iterator[Answer]:
    """The comparison under each structural variant; for variants that are lenses, also at other causal shares."""
    from simulator.experiments.lens_comparisons import Variants, default_lenses
    from simulator.experiments.structural_variants import outcomes, regrets, variants
    from simulator.lenses import apply_lens

    chosen = variants(comparable.specs[0].place)
    lenses = [apply_lens(lens) for lens in default_lenses()]
    through = compare_through(tuple(chosen.values()), comparable, asked, engine=engine, out=out, repeated=lenses)
    with through as answer:
        named = dict(zip(chosen, answer.found.comparisons, strict=True))
        by_title = {one.scenario.record["lens_title"]: one for one in reversed(answer.found.comparisons)}
        found = answer.found._replace(
            comparisons=tuple(by_title[lens.said] for lens in lenses),
            variants=Variants(regrets(named), outcomes(named)),
        )
        yield answer._replace(found=found)


def show_variants(found: LensComparisons) -> None:
    """Print the comparison under each structural variant, with regrets."""
    from dashboard.exhibits.lenses import VARIANT_HEADS, VARIANTS_NOTE, variant_cells
    from simulator.experiments.structural_variants import minimax_regret_finding

    assert found.variants is not None
    table = found.variants.regrets
    record = found.comparisons[0].scenario.record
    title = f"{record['scenario_title']}, {record['place_title']}: a year, {table['runs'].max()} pairs of runs each"
    rows = [[plain(cell) for cell in variant_cells(row)] for row in table.to_dict("records")]
    say(table_text(title, VARIANT_HEADS, rows))
    say(f"\n{minimax_regret_finding(table)} {VARIANTS_NOTE}")


def _group_heads(groups: Sequence[str]) -> list[str]:
    from dashboard.command_line.output import HEADS
    from dashboard.text.labels import label

    return ["Outcome", *(label(group) for group in groups), *HEADS]


def _content(found: LensComparisons, shown: Shown) -> dict[str, Any]:
    """All results for JSON: of one comparison, of several side by side, or of the structural variants."""
    from simulator.experiments.structural_variants import minimax_regret_finding

    if found.variants is not None:
        table, outcomes = found.variants
        return {"variants": table, "outcomes": outcomes, "finding": minimax_regret_finding(table)}
    whole = {}
    for one in found.comparisons:
        content = comparison_content(one, shown.groups, shown.remark)
        whole[str(one.scenario.record["lens"])] = {**content, **(wider_content(one) if shown.wider else {})}
    name = str(found.comparisons[0].scenario.record["lens"])
    causal = dict(found.causal)
    if len(whole) == 1:
        return {**whole[name], "causal": causal.get(name, [])}
    return {"lenses": whole, "side_by_side": found.side_by_side(), "causal": causal}


# The wider ledger on the command line: printed on request only, after everything else.


POINTER: Final = (
    "The wider ledger (schools, earnings, trust, crime, national claims) is in no figure above; --wider prints it."
)


def wider_content(comparison: Comparison) -> dict[str, Any]:
    """The wider ledger for JSON, under a separate key."""
    from simulator.comparison.wider_ledger import associations, claims, wider_ledger

    parts = {"lines": wider_ledger, "claims": claims, "rests_on": associations}
    return {"wider_ledger_in_no_total": {name: table(comparison) for name, table in parts.items()}}


def show_wider(comparison: Comparison) -> None:
    """Print the lines of the wider ledger, and the national claims next to the simulated amounts."""
    from dashboard.topics.through_lenses import as_shown
    from dashboard.topics.wider import HEADING, amount_text, change_text, implied_text
    from simulator.comparison.wider_ledger import SIMULATED, claims, claims_error, wider_ledger

    lines = []
    for _, row in wider_ledger(comparison, rounded=False).iterrows():
        own = row["part"] == SIMULATED
        said = f"{row['label']}: {change_text(row)}" if own else implied_text(row)
        title = [row["title"], row["grade"]] if own else ["", ""]
        lines.append([*title, "in the model" if own else "implied effect", plain(said)])
    say(f"\n{table_text(HEADING, ['Line', 'Grade', '', 'Change'], lines, range(4))}\n")
    error = claims_error(comparison)
    rows = [
        [
            str(row["label"]),
            str(row["kind"]),
            *(plain(amount_text(row[area], row, error)) for area in ("place", "england", "uk")),
        ]
        for _, row in as_shown(comparison, claims(comparison)).iterrows()
    ]
    heads = ["Amount", "Kind", "A place of this size", "England", "UK"]
    say(table_text("National claims, scaled by population, and simulated amounts, a year", heads, rows, (0, 1)))
