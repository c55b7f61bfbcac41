"""Answers on disk: the results of every scenario of a question, complete or absent.

answers/<key>/record.json   the question
answers/<key>/0/            results of the base (Parquet and run record)
answers/<key>/1/            results of the first scenario compared with it, and so on
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from dashboard.runs.question import Question
from simulator.api import compare
from simulator.comparison.comparison import Comparison
from simulator.results.folder import LAYOUT, RECORD, read_record, write_folder
from simulator.results.results import Results, read_results


class Answer(NamedTuple):
    """The results of a question's scenarios, base first, and a sentence on how they were run."""

    arms: tuple[Results, ...]
    note: str | None

    def comparison(self, number: int = 1) -> Comparison:
        """The comparison of a scenario, by its number in the question, with the base, number 0."""
        return compare(self.arms[number], self.arms[0])


def write_answer(folder: Path, question: Question, arms: Sequence[Results], note: str | None) -> None:
    """Write the answer into a separate folder, completely or not at all."""

    def fill(new: Path) -> None:
        for number, results in enumerate(arms):
            (new / str(number)).mkdir()
            results.fill(new / str(number))
        record = {"layout": LAYOUT, "question": question.as_text(), "arms": len(arms), "note": note}
        (new / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")

    write_folder(folder, fill)


def read_answer(folder: Path) -> Answer:
    """The answer in a folder. Raises ResultsError if there is none, or if it is damaged."""
    record = read_record(folder)
    return Answer(tuple(read_results(folder / str(number)) for number in range(record["arms"])), record["note"])
