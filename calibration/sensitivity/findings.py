"""What was found of a decision and its beliefs, as tidy frames."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import pandas as pd

from calibration.sensitivity.one_way import CONFIRMED, CONTRADICTED, INCONCLUSIVE
from calibration.sensitivity.pairs import COLUMNS, MONEY
from simulator.comparison.headline import number_text, pounds_text
from simulator.comparison.outcomes import OUTCOMES
from simulator.results.folder import read_tables, write_tables

__all__ = ["COLUMNS", "MOVES", "VALUES", "Sensitivity"]

MOVES: Final = (
    "column", "path", "label", "unit", "value_low", "value_high", "swing", "swing_low", "swing_high",
    "first", "first_low", "first_high", "total", "total_low", "total_high", "morris", "morris_low", "morris_high",
)  # fmt: skip
VALUES: Final = ("path", "label", "pounds", "pounds_low", "pounds_high", "share")
BOXES: Final = (
    "column", "box", "path", "label", "unit", "above", "up_to", "share", "density", "caught", "run", "run_density",
)  # fmt: skip
CHANCES: Final = ("column", "happens", "of_pairs", "of_draws")


@dataclass(frozen=True)
class Sensitivity:
    """Which beliefs move the difference that a scenario makes, and what it would be worth to know them.

    Amounts are a year, for the place. ``moves``: one row an outcome and belief that can be told to move it (`MOVES`):
    value_low and value_high are the ends of its central 80 %, ``swing`` what going from the one to the other
    changes with all else as believed (low and high: the middle 80 % over all else), ``first`` and ``total`` Sobol
    indices with 95 % intervals, ``morris`` Morris' mean modulus of an elementary effect with its 95 % interval.
    ``value``: what knowing a belief before deciding is worth, in pounds, with 95 % interval (`VALUES`).
    ``boxes``: where beliefs make it dearer, or bring more admissions (`BOXES`): share of beliefs, density and caught as
    in `calibration.fitting.discover`; run and run_density are the pairs simulated there and the part of them that did.
    ``chances``: how often that happens at all, of the pairs run and of the draws as emulated (`CHANCES`).
    ``check``: emulated beside simulated anew (`calibration.sensitivity.one_way.CHECK`). ``emulators``: see
    `calibration.sensitivity.emulators.Standing`. ``pairs``: every pair run: seed, draw, differences, beliefs told
    apart.
    """

    moves: pd.DataFrame
    value: pd.DataFrame
    boxes: pd.DataFrame
    chances: pd.DataFrame
    check: pd.DataFrame
    emulators: pd.DataFrame
    pairs: pd.DataFrame
    record: Mapping[str, Any]

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """Every frame by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "record"}

    def findings(self) -> tuple[str, ...]:
        """What was found, in sentences."""
        from calibration.sensitivity.findings import findings

        return tuple(findings(self))

    @classmethod
    def read(cls, folder: str | Path) -> Sensitivity:
        """What `write` wrote. Raises ResultsError if the folder holds none."""
        names = tuple(field.name for field in fields(cls) if field.name != "record")
        tables, record = read_tables(Path(folder), names)
        return cls(**tables, record=record)

    def write(self, folder: str | Path) -> Path:
        """Write every frame (Parquet) and the run record into a folder, all or nothing; return the folder.

        The record then holds the findings too, so that who shows them needs nothing that made them.

        Raises ResultsError if the folder holds something other than results.
        """
        write_tables(Path(folder), self.frames, {**self.record, "findings": list(self.findings())})
        return Path(folder)


# What was found of a decision and its beliefs, in sentences that a board can read.


_BOXES: Final = 2
"""Boxes that are told; the frame holds all."""
_FEWEST_IN_BOX: Final = 5
"""Pairs in a box below which the part of them is no check."""


def findings(found: Sensitivity) -> Iterator[str]:
    """For each outcome: how much is luck, what moves it, where it goes wrong; then what knowing would be worth."""
    faults = found.record.get("lens_faults", ())
    if faults:
        yield f"Do not read shares and ranges: this lens failed {len(faults)} of its checks."
    for column in COLUMNS:
        yield from _moves(found, column)
        yield from _where(found, column)
    yield from _worth(found)
    yield from _check(found)


def _moves(found: Sensitivity, column: str) -> Iterator[str]:
    row = _row(found.emulators, column)
    rows = found.moves[found.moves["column"] == column]
    stochastic = (
        "" if pd.isna(row["stochastic_share"]) else f", of whose variance luck is {percent(row['stochastic_share'])}"
    )
    many = f"{row['pairs']:.0f} pairs of runs{stochastic}"
    seen = f"a belief that brings less than {percent(row['detectable_share'])} of the variance cannot be told from luck"
    if not len(rows):
        yield f"No belief can be told to move {in_words(column)}: with {many}, {seen}. Run more pairs."
        return
    first = rows.iloc[0]
    swing = amount(float(first["swing"]), column)
    yield (
        f"{_number_text(len(rows))} can be told to move {in_words(column)}, from {many}; {seen}. Most does "
        f"'{first['label']}': from {first['value_low']:.3g} to {first['value_high']:.3g} ({first['unit']}) "
        f"it changes the difference by {swing} a year."
    )


def _where(found: Sensitivity, column: str) -> Iterator[str]:
    chance = _row(found.chances, column)
    often = f"In {_share(chance['of_pairs'])} of the pairs {_happens(column)}"
    if pd.isna(chance["of_draws"]):
        yield f"{often}."
        return
    yield f"{often}; luck aside, under {_share(chance['of_draws'])} of the beliefs."
    rows = found.boxes[found.boxes["column"] == column]
    for _, box in rows[rows["box"] <= _BOXES].groupby("box"):
        first = box.iloc[0]
        told = " and ".join(bound_text(row) for _, row in box.iterrows())
        run = ""
        if first["run"] >= _FEWEST_IN_BOX:
            run = f" ({percent(first['run_density'])} of {first['run']} pairs run there)"
        yield (
            f"Where {told}, {_happens(column)} under {percent(first['density'])} of beliefs{run}. That is "
            f"{percent(first['caught'])} of all beliefs under which it does, on {percent(first['share'])} of all."
        )


def _worth(found: Sensitivity) -> Iterator[str]:
    worth = found.value[found.value["pounds_low"] > 0.0]
    if not len(found.value):
        return
    if not len(worth):
        yield "Knowing any one of these beliefs better would not change the decision."
        return
    first = worth.iloc[0]
    yield (
        f"Most would be gained by knowing '{first['label']}' before deciding: {_pounds(first)} a year for this place, "
        f"{percent(first['share'])} of what knowing all that moves the cost would be worth."
    )


def _check(found: Sensitivity) -> Iterator[str]:
    if not len(found.check):
        return
    counts = {said: int((found.check["verdict"] == said).sum()) for said in (CONFIRMED, INCONCLUSIVE, CONTRADICTED)}
    yield (
        f"Of {len(found.check)} moves that were simulated anew, {counts[CONFIRMED]} are confirmed, "
        f"{counts[INCONCLUSIVE]} are inconclusive and {counts[CONTRADICTED]} are not so."
    )
    off = found.check[found.check["verdict"] == CONTRADICTED]
    if len(off):
        said = "; ".join(f"{row['path']} on {in_words(str(row['column']))}" for _, row in off.iterrows())
        yield f"Do not trust what is said of {said}."


def in_words(column: str) -> str:
    """A column within a sentence.

    >>> in_words("net_cost"), in_words("emergency_admissions")
    ('the net cost', 'emergency admissions')
    """
    return f"the {OUTCOMES[column].noun}" if column == MONEY else OUTCOMES[column].noun


def _happens(column: str) -> str:
    return "it costs more than it saves" if column == MONEY else f"it brings {OUTCOMES[column].change(better=False)}"


def percent(share: float) -> str:
    """A share in whole per cent.

    >>> percent(0.256)
    '26 %'
    """
    return f"{100.0 * share:.0f} %"


def amount(value: float, column: str) -> str:
    """A difference of a column with its sign, to two significant digits.

    >>> amount(-12345.0, "net_cost"), amount(3.21, "emergency_admissions")
    ('-£12,000', '+3.2')
    """
    error = abs(value) / 10.0
    sign = "-" if value < 0.0 else "+"
    said = pounds_text(abs(value), error) if column == MONEY else number_text(abs(value), error)
    return f"{sign}{said}"


def bound_text(row: pd.Series[Any]) -> str:
    """One side of a box.

    >>> bound_text(pd.Series({"label": "Share", "above": 0.25, "up_to": float("inf"), "unit": "share"}))
    "'Share' is above 0.25 (share)"
    """
    low, high = float(row["above"]), float(row["up_to"])
    if high == float("inf"):
        return f"'{row['label']}' is above {low:.3g} ({row['unit']})"
    if low == -float("inf"):
        return f"'{row['label']}' is {high:.3g} or less ({row['unit']})"
    return f"'{row['label']}' is between {low:.3g} and {high:.3g} ({row['unit']})"


def _pounds(row: pd.Series[Any]) -> str:
    error = float(row["pounds_high"] - row["pounds"])
    return f"{pounds_text(float(row['pounds']), error)} ({pounds_text(float(row['pounds_low']), error)} to " + (
        f"{pounds_text(float(row['pounds_high']), error)})"
    )


def _row(table: pd.DataFrame, column: str) -> dict[Hashable, Any]:
    return table[table["column"] == column].to_dict("records")[0]


def _share(share: float) -> str:
    """A share in words where it is all or none.

    >>> _share(0.0), _share(0.996), _share(1.0)
    ('none', '99 %', 'all')
    """
    if share in (0.0, 1.0):
        return "all" if share else "none"
    return percent(min(max(share, 0.01), 0.99))


def _number_text(number: int) -> str:
    return "One belief" if number == 1 else f"{number} beliefs"
