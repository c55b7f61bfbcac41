"""``python -m benchmarks``: a table of medians from one session. Compare ratios; seconds depend on the machine."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Final

from benchmarks.dashboard_rows import dashboard_rows
from benchmarks.main_job import main_job_rows
from benchmarks.product_rows import product_rows
from benchmarks.reference_rows import reference_rows, yardstick
from benchmarks.scaling_rows import long_rows, scaling_rows
from benchmarks.table import Row, as_markdown, machine

PARTS: Final = ("reference", "product", "scaling", "dashboard")


def main() -> None:
    """Run the requested measurements and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="only this part of the table")
    parser.add_argument("--repeats", type=int, default=3, help="timed runs of each row, at least 3 (default 3)")
    parser.add_argument("--short", action="store_true", help="without the rows at full size, which take minutes each")
    asked = parser.parse_args()
    if asked.repeats < 3:
        parser.error("a median needs at least three runs: give --repeats 3 or more")
    rows = [yardstick(asked.repeats)]
    for row in _rows(asked):
        rows.append(row)
        print(f"  {row.what}", file=sys.stderr)
    print(f"{machine()}\n\n{as_markdown(rows, rows[0].median)}")


def _rows(asked: argparse.Namespace) -> Iterator[Row]:
    if asked.only in (None, "reference"):
        yield from reference_rows(asked.repeats)
    if asked.only in (None, "product"):
        yield from product_rows(asked.repeats)
        if not asked.short:
            yield from main_job_rows()
    if asked.only in (None, "scaling"):
        yield from scaling_rows(asked.repeats)
        if not asked.short:
            yield from long_rows()
    if asked.only in (None, "dashboard"):
        yield from dashboard_rows(asked.repeats)


if __name__ == "__main__":
    main()
