"""A comparison on disk: the results of both scenarios, their differences as CSV, and the report.

record.json       kind of the folder, and the note on how it was run
scenario/         results of the scenario (Parquet and run record)
baseline/         results of the baseline
comparison.csv    every outcome per year, with lower and upper ends
causal.csv        the headline with none, half and all of each observed association causal, given enough runs
implied_strengths.csv  implied effect sizes, by lens
variants.csv      on request, the difference under each structural variant, with regrets
variants_outcomes.csv  the headline under each variant
through/<lens>/   the same files for each further lens
wider.parquet     the wider ledger, which is in no other figure
wider_claims.parquet  national claims and simulated amounts
report.html       the report
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from dashboard.exhibits.lenses import causal_part, names_of
from dashboard.exhibits.static_html import static_html
from dashboard.report.report import write_report, write_whole
from simulator.comparison.comparison import Comparison, compare
from simulator.comparison.wider_ledger import claims, wider_ledger
from simulator.experiments.lens_comparisons import LensComparisons, Variants
from simulator.results.folder import LAYOUT, RECORD, read_record, write_folder
from simulator.results.results import read_results

ARMS: Final = ("scenario", "baseline")
THROUGH: Final = "through"
CAUSAL: Final = "causal.csv"
CAUSAL_MISSING: Final = "causal_missing"
"""Entry of the record while the tables at other causal shares are left out or not yet made."""
IMPLIED_STRENGTHS: Final = "implied_strengths.csv"
MATTERS: Final = "matters"
"""Entry of the record: smallest differences that the user set."""
VARIANTS: Final = {"regrets": "variants.csv", "outcomes": "variants_outcomes.csv"}


def write_comparison(
    comparison: Comparison, folder: str | Path, note: str | None = None, found: LensComparisons | None = None
) -> Path:
    """Write a comparison into a folder, completely or not at all; return the folder.

    ``found`` is the comparison through all lenses and at other causal shares. Raises ResultsError for a foreign folder.
    """
    target, every = Path(folder), found or LensComparisons((comparison,), {})

    def fill(new: Path) -> None:
        for other in every.comparisons[1:]:
            name = names_of((other,))[0]
            alone = LensComparisons((other,), {lens: table for lens, table in every.causal.items() if lens == name})
            alone = alone._replace(implied_strengths=every.implied_strengths, causal_missing=every.causal_missing)
            write_comparison(other, new / THROUGH / name, note, alone)
        if every.causal:
            (new / CAUSAL).write_text(_causal_csv(every.causal), encoding="utf-8", newline="\n")
        if every.implied_strengths:
            implied_strengths = [table.assign(lens=lens) for lens, table in every.implied_strengths.items()]
            pd.concat(implied_strengths, ignore_index=True).to_csv(
                new / IMPLIED_STRENGTHS, index=False, encoding="utf-8"
            )
        for name, table in (every.variants._asdict() if every.variants else {}).items():
            table.to_csv(new / VARIANTS[name], index=False, encoding="utf-8")
        for name in ARMS:
            (new / name).mkdir()
            getattr(comparison, name).fill(new / name)
        record = {"layout": LAYOUT, "comparison": comparison.headline(), "note": note}
        record.update({MATTERS: dict(comparison.matters)} if comparison.matters else {})
        record.update({CAUSAL_MISSING: True} if every.causal_missing else {})
        (new / RECORD).write_text(_as_text(record), encoding="utf-8")
        comparison.per("year").summary().to_csv(new / "comparison.csv", index=False, encoding="utf-8")
        wider_ledger(comparison, rounded=False).to_parquet(new / "wider.parquet", index=False)
        claims(comparison).to_parquet(new / "wider_claims.parquet", index=False)
        write_report(comparison, new / "report.html", note, every)

    write_folder(target, fill)
    return target


def add_causal(folder: Path, found: LensComparisons) -> None:
    """Add the tables at other causal shares to a folder that `write_comparison` wrote while they were missing.

    Each file is replaced completely or not at all; in the reports, the tables take the place of the sentence that they
    are missing.
    """
    missing = found._replace(causal={}, causal_missing=True)
    names = names_of(found.comparisons)
    folders = {folder: names, **{folder / THROUGH / name: (name,) for name in names[1:]}}
    for each, lenses in folders.items():
        path = each / "report.html"
        text = path.read_text(encoding="utf-8")
        for name, one in zip(names, found.comparisons, strict=True):
            if name in lenses:
                before, after = (static_html(causal_part(each, one)) for each in (missing, found))
                text = text.replace(before, after)
        write_whole(path, text)
        causal = {name: found.causal[name] for name in lenses if name in found.causal}
        write_whole(each / CAUSAL, _causal_csv(causal))
        record = read_record(each)
        record.pop(CAUSAL_MISSING, None)
        write_whole(each / RECORD, _as_text(record))


def read_comparison(folder: str | Path) -> tuple[Comparison, str | None]:
    """A comparison written by `write_comparison`, and the note on how it was run.

    Raises ResultsError if the folder contains none; failed runs are left out, as they were when it was written.
    """
    source = Path(folder)
    record = read_record(source)
    scenario, baseline = (read_results(source / name) for name in ARMS)
    return compare(scenario, baseline, incomplete=True, matters=record.get(MATTERS, {})), record.get("note")


def read_lens_comparisons(folder: str | Path) -> tuple[LensComparisons, str | None]:
    """A comparison through every lens it was written for, and the note on its runs. Raises as `read_comparison`."""
    source = Path(folder)
    first, note = read_comparison(source)
    others = [read_comparison(path)[0] for path in sorted((source / THROUGH).glob("*")) if path.is_dir()]
    causal: dict[str, pd.DataFrame] = {}
    if (source / CAUSAL).is_file():
        table = pd.read_csv(source / CAUSAL)
        causal = {str(lens): rows.reset_index(drop=True) for lens, rows in table.groupby("lens", sort=False)}
    variants = None
    if (source / VARIANTS["regrets"]).is_file():
        variants = Variants(**{name: pd.read_csv(source / file) for name, file in VARIANTS.items()})
    implied_strengths: dict[str, pd.DataFrame] = {}
    if (source / IMPLIED_STRENGTHS).is_file():
        table = pd.read_csv(source / IMPLIED_STRENGTHS)
        implied_strengths = {str(lens): rows.drop(columns="lens") for lens, rows in table.groupby("lens", sort=False)}
    missing = CAUSAL_MISSING in read_record(source)
    return LensComparisons((first, *others), causal, variants, implied_strengths, missing), note


def _causal_csv(causal: Mapping[str, pd.DataFrame]) -> str:
    return pd.concat(causal.values(), ignore_index=True).to_csv(index=False, lineterminator="\n")


def _as_text(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"
