"""Lenses on the command line: options ``--lens``, ``--frome`` and ``--causal``, and output by lens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from dashboard.command_line.output import HEADS, say, table_text, warn

if TYPE_CHECKING:
    import pandas as pd

    from simulator.comparison.comparison import Comparison
    from simulator.experiments.lens_comparisons import LensComparisons
    from simulator.lenses import AppliedLens

BOTH: Final = "both"


class FromeWord(StrEnum):
    """A word in place of Frome's share."""

    ELICITED = "elicited"


def parse_frome(text: str) -> str:
    """Check a share from 0 to 1, or ``elicited``; raises BadParameter.

    >>> parse_frome("0.50"), parse_frome("elicited")
    ('0.5', 'elicited')
    """
    if text == FromeWord.ELICITED:
        return text
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0.0 <= share <= 1.0:
        raise typer.BadParameter("write a share from 0 to 1, such as 0.5, or the word elicited")
    return f"{share:g}"


Lens = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FOLDER|both",
        help="Lens: as-claimed, trial-evidence, both, evidence (as written), or your own folder.",
    ),
]
Frome = Annotated[
    str | None,
    typer.Option(
        parser=parse_frome,
        metavar="SHARE|elicited",
        help="Share of Frome's gap attributed to its programme, 0 to 1 (lens as-claimed only; usually 1).",
    ),
]
Causal = Annotated[
    float | None,
    typer.Option(min=0.0, max=1.0, help="Share of each observed association treated as causal, instead of all."),
]
NoCausal = Annotated[
    bool, typer.Option("--no-causal", help="Leave out the runs with none and half of each association causal.")
]
OneLens = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FOLDER",
        help="Lens: as-claimed, trial-evidence, or your own folder; without it, the evidence as written.",
    ),
]
Variants = Annotated[
    bool,
    typer.Option("--variants", help="Use each structural variant; print the regret of adopting and of not adopting."),
]


def applied_lenses_for(lens: str | None, frome: str | None, causal: float | None) -> tuple[AppliedLens, ...]:
    """The lenses of the options. Raises UnknownNameError, LensError, and BadParameter for --frome without effect."""
    from simulator.lenses import ELICITED, apply_lens

    share: float | str | None = frome if frome in (None, ELICITED) else float(str(frome))
    found = tuple(apply_lens(name, share, 1.0 if causal is None else causal) for name in _named(lens))
    if frome is not None and all(applied_lens.frome is None for applied_lens in found):
        raise typer.BadParameter("--frome applies to a lens that was fitted to Frome: add --lens as-claimed")
    return found


def implied_strengths_for(lens: str | None) -> dict[str, pd.DataFrame]:
    """Implied effect sizes of the lenses that the option names, by lens."""
    from simulator.lenses import EVIDENCE, implied_strengths, load_lens

    found = [load_lens(name) for name in _named(lens) if name != EVIDENCE]
    return {one.name: implied_strengths(one) for one in found}


def _named(lens: str | None) -> tuple[str, ...]:
    """Names or folders of the lenses that the option names."""
    from simulator.experiments.lens_comparisons import default_lenses
    from simulator.lenses import ORDER

    return default_lenses() if lens is None else ORDER if lens == BOTH else (lens,)


def one_lens(lens: str | None) -> str:
    """The lens of a command that takes one only, by default the evidence; raises BadParameter for both."""
    from simulator.lenses import EVIDENCE, ORDER

    if lens == BOTH:
        raise typer.BadParameter(f"this command takes one lens: --lens {' or --lens '.join(ORDER)}; compare shows both")
    return EVIDENCE if lens is None else lens


def one_applied_lens(lens: str | None, frome: str | None, causal: float | None) -> AppliedLens:
    """The lens of the options of a command that takes one only. Raises as `one_lens` and `applied_lenses_for`."""
    return applied_lenses_for(one_lens(lens), frome, causal)[0]


def show_lens_used(record: Mapping[str, Any]) -> None:
    """Print the lens of the runs, and warn of its failed checks."""
    say(" ".join(filter(None, (f"\nLens: {record['lens_title']}.", record.get("lens_believed")))))
    warn_of_faults(record)


def warn_of_faults(record: Mapping[str, Any]) -> None:
    """Warn of a lens that was fitted to another model, and of its failed checks."""
    from calibration.lens.warnings import another_model

    fitted_to, version = (str(record.get(name, "")) for name in ("lens_fitted_to", "model_version"))
    for said in another_model(str(record["lens"]), fitted_to, version):
        warn(f"Lens {record['lens']}: {said}")
    for fault in record["lens_faults"]:
        warn(f"Lens {record['lens']}, intervals withheld: {fault}")


def refuse_lens_settings(variants: bool, *settings: object) -> None:
    """Raise BadParameter if --variants, which sets all lens settings itself, is combined with one of them."""
    if variants and any(setting is not None for setting in settings):
        raise typer.BadParameter("--variants sets --lens, --frome and --causal itself: leave those options out")


def show_lenses(comparisons: Sequence[Comparison]) -> None:
    """Print the findings of each lens, and their outcomes side by side."""
    from simulator.experiments.lens_comparisons import side_by_side

    for found in comparisons:
        say(f"{found.scenario.record['lens_title']}: {found.headline()}\n")
    first = comparisons[0]
    title = f"{first.scenario.record['scenario_title']} against {first.baseline.record['scenario_title']}, "
    title += f"{first.scenario.record['place_title']}, through each lens"
    rows = side_by_side(comparisons, "command line")
    say(table_text(title, ["Outcome", "Lens", *HEADS], _lens_rows(rows, "lens_title"), (0, 1)))


def _lens_rows(rows: pd.DataFrame, named: str) -> list[list[str]]:
    from dashboard.command_line.output import contrast_rows

    cells = contrast_rows(rows, ("label", named))
    for cell, withheld in zip(cells, rows["withheld"], strict=True):
        if withheld:
            cell[2 + HEADS.index("80 % range")] = "withheld"
    return cells


def show_lenses_used(found: LensComparisons) -> None:
    """Print the failed checks and the implied effect sizes of each lens."""
    for one in found.comparisons:
        record = one.scenario.record
        warn_of_faults(record)
        table = found.strengths(one)
        if table is not None and len(table):
            say(f"\n{implied_strengths_text(table, record['lens_title'])}")


def implied_strengths_text(table: pd.DataFrame, applied_lens: str) -> str:
    """Fitted strengths next to trial strengths, as a table."""
    rows = [
        [
            row["label"],
            "none"
            if math.isnan(row["evidence"])
            else f"{row['evidence']:.3g} ({row['evidence_low']:.3g} to {row['evidence_high']:.3g})",
            f"{row['fitted']:.3g} ({row['fitted_low']:.3g} to {row['fitted_high']:.3g})",
            "no multiple" if math.isnan(row["times"]) else f"{row['times']:.3g}",
            "outside" if row["outside"] else "",
            "informed" if row["informed"] else "prior-driven",
            row["unit"],
        ]
        for _, row in table.iterrows()
    ]
    heads = ["Mechanism", "Studies", "Fitted", "Times", "Range of studies", "", "Unit"]
    return table_text(f"Implied effect sizes: {applied_lens}", heads, rows, (0, 4, 5, 6))


def show_causal(table: pd.DataFrame | None, applied_lens: str) -> None:
    """Print the headline at each causal share."""
    if table is None:
        return
    shown = table.assign(share=[f"{share:g}" for share in table["causal"]])
    title = f"{applied_lens}: with none, half and all of each association treated as causal"
    title += f" ({int(table['runs'].max())} pairs of runs each)"
    say(f"\n{table_text(title, ['Outcome', 'Causal share', *HEADS], _lens_rows(shown, 'share'), (0, 1))}")
