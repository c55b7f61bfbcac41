"""A comparison on disk: the results of both scenarios, their differences as CSV, and the report.

record.json       what the folder is, and the note on how it was run
scenario/         results of the scenario (Parquet and run record)
baseline/         results of the baseline
comparison.csv    every outcome a year, with lower and upper ends
wider.parquet     the wider ledger, which is in no other figure
wider_claims.parquet  national claims beside what was simulated
report.html       the report
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from dashboard.report import write_report
from simulator.comparison import Comparison, compare
from simulator.results import read_results
from simulator.results_folder import LAYOUT, RECORD, read_record, write_folder
from simulator.wider import claims, wider_ledger

ARMS: Final = ("scenario", "baseline")


def write_comparison(comparison: Comparison, folder: str | Path, note: str | None = None) -> Path:
    """Write a comparison into a folder, all or nothing; return the folder. Raises ResultsError for a foreign folder."""
    target = Path(folder)

    def fill(new: Path) -> None:
        for name in ARMS:
            (new / name).mkdir()
            getattr(comparison, name).fill(new / name)
        record = {"layout": LAYOUT, "comparison": comparison.headline(), "note": note}
        (new / RECORD).write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        comparison.per("year").summary().to_csv(new / "comparison.csv", index=False, encoding="utf-8")
        wider_ledger(comparison, rounded=False).to_parquet(new / "wider.parquet", index=False)
        claims(comparison).to_parquet(new / "wider_claims.parquet", index=False)
        write_report(comparison, new / "report.html", note)

    write_folder(target, fill)
    return target


def read_comparison(folder: str | Path) -> tuple[Comparison, str | None]:
    """A comparison written by `write_comparison`, and the note on how it was run.

    Raises ResultsError if the folder holds none; failed runs are left out, as they were when it was written.
    """
    source = Path(folder)
    note = read_record(source).get("note")
    scenario, baseline = (read_results(source / name) for name in ARMS)
    return compare(scenario, baseline, incomplete=True), note
