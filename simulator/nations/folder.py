"""A nation's results folder, to which each finished place is added while the nation runs.

    places.csv      one row per place: real and simulated residents, the factor between them, whether it is left out
    outcomes.csv    one row per place and outcome: amounts a year, scaled up, and the rate per 1,000 residents
    failures.csv    one row per run that failed, or area that cannot be made into a place
    totals.csv      one row per outcome of the whole nation, with the kind of its interval
    spread.csv      one row per outcome: differences between places
    comparison/     the whole nation as `offset compare` writes it: results of both arms, their differences, the report
    record.json     the run record, with scale and the hash of each table

While it runs the folder is named ``<name>.unfinished``; an unfinished folder of a killed run is replaced by the next.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from simulator.nations.outcomes import OUTCOME_COLUMNS
from simulator.nations.question import NationQuestion
from simulator.nations.running import FAILURE_COLUMNS, PLACE_COLUMNS, NationRuns, PlaceResult
from simulator.results.folder import LAYOUT, RECORD, hash_of, refuse_foreign_folder, write_folder

_GROWING: Final = {"places": PLACE_COLUMNS, "outcomes": OUTCOME_COLUMNS, "failures": FAILURE_COLUMNS}


class NationFolder:
    """Writes a nation while it runs. Raises ResultsError if the folder holds something other than results."""

    def __init__(self, folder: Path, question: NationQuestion) -> None:
        self.folder, self.growing = folder, folder.with_name(f"{folder.name}.unfinished")
        for each in (self.folder, self.growing):
            refuse_foreign_folder(each)
        shutil.rmtree(self.growing, ignore_errors=True)
        self.growing.mkdir(parents=True)
        self._record({"finished": False, "nation": question.nation.name, "seeds": list(question.seeds)})
        for name, columns in _GROWING.items():
            self._append(name, pd.DataFrame(columns=list(columns)), header=True)

    def add(self, done: PlaceResult) -> None:
        """Add a place's results to the tables."""
        left_out = not len(done.outcomes)
        place = pd.DataFrame([{**done.about, "left_out": left_out}], columns=list(PLACE_COLUMNS))
        for name, table in (("outcomes", done.outcomes), ("failures", done.failures), ("places", place)):
            self._append(name, table)

    def finish(self, runs: NationRuns, write_comparison: Callable[[Path], object]) -> None:
        """Add the tables of the whole nation and its run record, and give the folder its final name."""

        def fill(new: Path) -> None:
            runs.totals().to_csv(new / "totals.csv", index=False, encoding="utf-8")
            runs.spread().to_csv(new / "spread.csv", index=False, encoding="utf-8")
            for name in _GROWING:
                shutil.copy(self.growing / f"{name}.csv", new / f"{name}.csv")
            write_comparison(new / "comparison")
            hashes = {path.name: hash_of(path) for path in sorted(new.glob("*.csv"))}
            content = {"finished": True, **runs.record(), "remarks": list(runs.sentences()), "files": hashes}
            self._record(content, new)

        write_folder(self.folder, fill)
        shutil.rmtree(self.growing)

    def _append(self, name: str, table: pd.DataFrame, *, header: bool = False) -> None:
        with (self.growing / f"{name}.csv").open("a", encoding="utf-8", newline="") as stream:
            table.to_csv(stream, index=False, header=header, lineterminator="\n")

    def _record(self, content: dict[str, Any], folder: Path | None = None) -> None:
        text = json.dumps({"layout": LAYOUT, **content}, indent=2, ensure_ascii=False)
        ((folder or self.growing) / RECORD).write_text(f"{text}\n", encoding="utf-8")
