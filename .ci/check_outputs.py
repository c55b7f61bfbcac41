"""Check what the main job left behind: tables with rows, run records that fit, a report that needs no network."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

import pandas as pd

from dashboard.text.labels import CAUSAL_MISSING

_FETCHED = re.compile(r"<(?:script|img|iframe|link|source)\b[^>]*\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.I)


def check(folder: Path) -> list[str]:
    """Say what was found; exits through AssertionError if something is missing."""
    found = []
    records = sorted(folder.rglob("record.json"))
    assert records, f"no run record in {folder}"
    for path in records:
        for name, expected in json.loads(path.read_text(encoding="utf-8")).get("files", {}).items():
            table = path.parent / name
            assert expected in hashlib.sha256(table.read_bytes()).hexdigest(), f"{table} is not what its record says"
    cells = sorted(folder.rglob("cells.parquet"))
    assert len(cells) == 4, f"results of two scenarios through two lenses were expected, {len(cells)} found"
    for path in cells:
        table = pd.read_parquet(path)
        assert table["seed"].nunique() == 16, f"{path} does not hold 16 replications"
        found.append(f"{path}: {len(table):,} rows")
    shares = pd.read_csv(folder / "causal.csv")
    assert shares.groupby("lens")["causal"].nunique().tolist() == [3, 3], "three causal shares of two lenses expected"
    reports = sorted(folder.rglob("*.html"))
    assert reports, f"no report in {folder}"
    for path in reports:
        page = path.read_text(encoding="utf-8")
        assert "</html>" in page, f"{path} is cut short"
        assert not _FETCHED.search(page), f"{path} fetches something from elsewhere"
        assert CAUSAL_MISSING not in page, f"{path} lacks the comparison at other causal shares"
        found.append(f"{path}: {len(page) / 1e6:.1f} MB, fetches nothing")
    return found


if __name__ == "__main__":
    print("\n".join(check(Path(sys.argv[1]))))
