"""Work of ``offset compare``: runs for each lens, and output."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dashboard.command_line.engine import Engine
from dashboard.command_line.lens import at_causal_shares, show_causal, show_lenses, show_lenses_used
from dashboard.command_line.output import (
    comparison_content,
    contrast_rows,
    note,
    say,
    show_comparison,
    show_json,
    table_text,
)
from dashboard.command_line.until import run_to_precision
from dashboard.command_line.work import run_with_progress

if TYPE_CHECKING:
    from simulator.api import ComparableSpecs
    from simulator.comparison.comparison import Comparison
    from simulator.experiments.lens_comparisons import LensComparisons
    from simulator.lenses import AppliedLens
    from simulator.results.results import Results


class ComparisonRequest(NamedTuple):
    """Number of runs, and options, of a comparison."""

    seeds: Sequence[int]
    until: tuple[float, int | None] | None  # error to reach, and maximum number of replications
    workers: int | None
    incomplete: bool
    quiet: bool
    causal: float | None  # one causal share, instead of a table of several


def compare_through(
    applied_lenses: Sequence[AppliedLens],
    comparable: ComparableSpecs,
    asked: ComparisonRequest,
    *,
    engine: Engine,
    out: Path | None,
) -> tuple[LensComparisons, list[Results]]:
    """A comparison for each lens, its headline at other causal shares, and all runs."""
    from simulator.comparison.comparison import compare
    from simulator.experiments.lens_comparisons import LensComparisons

    pairs = [tuple(spec.read_through(applied_lens) for spec in comparable.specs) for applied_lens in applied_lenses]
    if asked.until is None:
        specs = [spec for pair in pairs for spec in pair]
        arms = run_with_progress(specs, asked.seeds, asked.workers, quiet=asked.quiet, out=out, engine=engine)
    else:
        ask: dict[str, Any] = {"quiet": asked.quiet, "incomplete": asked.incomplete, "engine": engine, "out": out}
        arms = [arm for pair in pairs for arm in run_to_precision(pair, asked.until, asked.workers, **ask)]
    found = [
        compare(after, before, incomplete=asked.incomplete) for before, after in zip(arms[::2], arms[1::2], strict=True)
    ]
    causal = {}
    if asked.causal is None:
        for pair, one in zip(pairs, found, strict=True):
            table = at_causal_shares(pair, one, asked.workers, quiet=asked.quiet, engine=engine)
            if table is not None:
                causal[str(one.scenario.record["lens"])] = table
    return LensComparisons(tuple(found), causal), arms


def show_found(
    found: LensComparisons, groups: tuple[str, ...], remark: str | None, *, wider: bool, as_json: bool, quiet: bool
) -> None:
    """Print one comparison, or several side by side; or all results as JSON."""
    first = found.comparisons[0]
    if as_json:
        show_json(_content(found, groups, remark, wider=wider))
        return
    if len(found.comparisons) == 1:
        show_comparison(first, groups)
        say(f"\nLens: {first.scenario.record['lens_title']}.")
    else:
        show_lenses(found.comparisons)
        for one in found.comparisons if groups else ():
            rows = contrast_rows(one.by(*groups, rounded=False), ("label", *groups))
            title = f"By group: {one.scenario.record['lens_title']}"
            say(f"\n{table_text(title, _group_heads(groups), rows, range(1 + len(groups)))}")
    show_lenses_used(found)
    for one in found.comparisons:
        show_causal(found.causal.get(str(one.scenario.record["lens"])), str(one.scenario.record["lens_title"]))
    if wider:
        for one in found.comparisons:
            show_wider(one)
    elif not quiet:
        say(f"\n{POINTER}")
    note(remark, quiet=quiet)


def compare_variants(
    comparable: ComparableSpecs, asked: ComparisonRequest, *, engine: Engine, out: Path | None
) -> tuple[LensComparisons, list[Results]]:
    """The comparison under each structural variant; for variants that are lenses, also at other causal shares."""
    from simulator.experiments.lens_comparisons import LensComparisons, Variants, default_lenses
    from simulator.experiments.structural_variants import outcomes, regrets, variants
    from simulator.lenses import apply_lens

    chosen = variants(comparable.specs[0].place)
    found, arms = compare_through(
        tuple(chosen.values()), comparable, asked._replace(causal=1.0), engine=engine, out=out
    )
    named = dict(zip(chosen, found.comparisons, strict=True))
    shown, causal = [], {}
    for lens in default_lenses():
        applied_lens = apply_lens(lens)
        one = next(one for one in found.comparisons if one.scenario.record["lens_title"] == applied_lens.said)
        pair = tuple(spec.read_through(applied_lens) for spec in comparable.specs)
        table = at_causal_shares(pair, one, asked.workers, quiet=asked.quiet, engine=engine)
        shown.append(one)
        causal.update({} if table is None else {lens: table})
    return LensComparisons(tuple(shown), causal, Variants(regrets(named), outcomes(named))), arms


def show_variants(found: LensComparisons, *, as_json: bool) -> None:
    """Print the comparison under each structural variant, with regrets; or as JSON, with the outcomes of each."""
    from dashboard.text.labels import MINUS
    from dashboard.topics.lens_tables import VARIANT_HEADS, VARIANTS_NOTE, variant_cells
    from simulator.experiments.structural_variants import minimax_regret_finding

    assert found.variants is not None
    table = found.variants.regrets
    if as_json:
        show_json({"variants": table, "outcomes": found.variants.outcomes, "finding": minimax_regret_finding(table)})
        return
    record = found.comparisons[0].scenario.record
    title = f"{record['scenario_title']}, {record['place_title']}: a year, {table['runs'].max()} pairs of runs each"
    rows = [[cell.replace(MINUS, "-") for cell in variant_cells(row)] for row in table.to_dict("records")]
    say(table_text(title, VARIANT_HEADS, rows))
    say(f"\n{minimax_regret_finding(table)} {VARIANTS_NOTE}")


def _group_heads(groups: Sequence[str]) -> list[str]:
    from dashboard.command_line.output import HEADS
    from dashboard.text.labels import label

    return ["Outcome", *(label(group) for group in groups), *HEADS]


def _content(found: LensComparisons, groups: tuple[str, ...], remark: str | None, *, wider: bool) -> dict[str, Any]:
    whole = {}
    for one in found.comparisons:
        content = comparison_content(one, groups, remark)
        whole[str(one.scenario.record["lens"])] = {**content, **(wider_content(one) if wider else {})}
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
    from dashboard.text.labels import MINUS, measured
    from dashboard.topics.wider_ledger import HEADING, change_text, implied_text
    from simulator.comparison.wider_ledger import SIMULATED, claims, claims_error, wider_ledger

    lines = []
    for _, row in wider_ledger(comparison, rounded=False).iterrows():
        own = row["part"] == SIMULATED
        said = f"{row['label']}: {change_text(row)}" if own else implied_text(row)
        title = [row["title"], row["grade"]] if own else ["", ""]
        lines.append([*title, "in the model" if own else "implied effect", said.replace(MINUS, "-")])
    say(f"\n{table_text(HEADING, ['Line', 'Grade', '', 'Change'], lines, range(4))}\n")
    error = claims_error(comparison)
    rows = [
        [
            str(row["label"]),
            str(row["kind"]),
            *(
                ""
                if pounds != pounds
                else measured(pounds, error * pounds / row["place"], "pounds").replace(MINUS, "-")
                for pounds in (row["place"], row["england"], row["uk"])
            ),
        ]
        for _, row in claims(comparison).iterrows()
    ]
    heads = ["Pounds a year", "Kind", "A place of this size", "England", "UK"]
    say(table_text("National claims, scaled by population, and simulated amounts", heads, rows, (0, 1)))
