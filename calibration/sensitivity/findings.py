"""Results of a sensitivity analysis, as tidy frames and as sentences for a board."""

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
    """Parameters that drive the difference a scenario makes, and the value of better evidence on them.

    Amounts are per year, for the place. ``moves``: one row per outcome and detectable parameter (`MOVES`): value_low
    and value_high are the ends of its central 80 %, ``swing`` the change of the difference from one end to the other
    (mean, and middle 80 % over the other parameters), ``first`` and ``total`` Sobol indices with 95 % intervals,
    ``morris`` the mean absolute elementary effect with its 95 % interval. ``value``: the value of knowing a parameter
    before deciding, in pounds, with 95 % interval (`VALUES`). ``boxes``: where the plan costs more or brings more
    admissions (`BOXES`): share of draws, density and caught as in `calibration.sensitivity.discovery.discover`; run and
    run_density are the number of pairs run there and the share of them with that result. ``chances``: how often that
    happens, in the pairs run and in the emulated draws (`CHANCES`). ``check``: emulated and simulated one-way changes
    (`calibration.sensitivity.one_way.CHECK`). ``emulators``: see
    `calibration.sensitivity.emulators.DifferenceEmulators`. ``pairs``: every pair run: seed, draw, differences, values
    of the emulated parameters.
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
        """The findings in sentences."""
        return tuple(findings(self))

    @classmethod
    def read(cls, folder: str | Path) -> Sensitivity:
        """Read a folder that `write` wrote. Raises ResultsError if it holds no such results."""
        names = tuple(field.name for field in fields(cls) if field.name != "record")
        tables, record = read_tables(Path(folder), names)
        return cls(**tables, record=record)

    def write(self, folder: str | Path) -> Path:
        """Write every frame (Parquet) and the run record, with the findings, into a folder, all or nothing; return it.

        Raises ResultsError if the folder contains something other than results.
        """
        write_tables(Path(folder), self.frames, {**self.record, "findings": list(self.findings())})
        return Path(folder)


_BOXES: Final = 2
"""Boxes reported per outcome; the frame contains all."""
_FEWEST_IN_BOX: Final = 5
"""Smallest number of pairs in a box for which their share is reported."""


def findings(found: Sensitivity) -> Iterator[str]:
    """By outcome: stochastic share, main drivers and where the plan does worse; then the value of better evidence."""
    faults = found.record.get("lens_faults", ())
    if faults:
        yield f"Shares and ranges should not be relied on: this lens failed {len(faults)} of its checks."
    for column in COLUMNS:
        yield from _moves(found, column)
        yield from _where(found, column)
    yield from _worth(found)
    yield from _check(found)


def _moves(found: Sensitivity, column: str) -> Iterator[str]:
    row = _row(found.emulators, column)
    rows = found.moves[found.moves["column"] == column]
    share = row["stochastic_share"]
    stochastic = "" if pd.isna(share) else f" ({percent(share)} of the variance is stochastic)"
    limits = (
        f"With {row['pairs']:.0f} pairs of runs{stochastic}, a parameter must explain at least "
        f"{percent(row['detectable_share'])} of the variance to be detected."
    )
    if not len(rows):
        yield f"No single parameter has a detectable effect on {in_words(column)}. {limits} Run more pairs."
        return
    first = rows.iloc[0]
    swing = amount(float(first["swing"]), column)
    yield (
        f"{_number_text(len(rows))} a detectable effect on {in_words(column)}. {limits} The strongest is "
        f"'{first['label']}': going from {first['value_low']:.3g} to {first['value_high']:.3g} ({first['unit']}) "
        f"changes the difference by {swing} a year."
    )


def _where(found: Sensitivity, column: str) -> Iterator[str]:
    chance = _row(found.chances, column)
    often = f"It {_happens(column)} in {_share(chance['of_pairs'])} of the pairs"
    if pd.isna(chance["of_draws"]):
        yield f"{often}."
        return
    yield f"{often}, and on average over chance in {_share(chance['of_draws'])} of the parameter draws."
    rows = found.boxes[found.boxes["column"] == column]
    for _, box in rows[rows["box"] <= _BOXES].groupby("box"):
        first = box.iloc[0]
        bounds = " and ".join(bound_text(row) for _, row in box.iterrows())
        run = ""
        if first["run"] >= _FEWEST_IN_BOX:
            run = f" ({percent(first['run_density'])} of {first['run']} pairs run there)"
        yield (
            f"Where {bounds}, it {_happens(column)} in {percent(first['density'])} of parameter draws{run}. These are "
            f"{percent(first['share'])} of all draws, and contain {percent(first['caught'])} of those with this result."
        )


def _worth(found: Sensitivity) -> Iterator[str]:
    worth = found.value[found.value["pounds_low"] > 0.0]
    if not len(found.value):
        return
    if not len(worth):
        yield "Better evidence on any one of these parameters would not change the decision."
        return
    first = worth.iloc[0]
    yield (
        f"Knowing '{first['label']}' before deciding would be worth most: {_pounds(first)} a year for this place, "
        f"{percent(first['share'])} of the value of knowing all parameters that affect the cost."
    )


def _check(found: Sensitivity) -> Iterator[str]:
    if not len(found.check):
        return
    counts = {one: int((found.check["verdict"] == one).sum()) for one in (CONFIRMED, INCONCLUSIVE, CONTRADICTED)}
    verdicts = [f"{number} {'was' if number == 1 else 'were'} {one}" for one, number in counts.items()]
    changes = "One-way changes checked" if len(found.check) != 1 else "One-way change checked"
    yield f"{changes} with the simulator: {len(found.check)}. Of these, {', '.join(verdicts)}."
    off = found.check[found.check["verdict"] == CONTRADICTED]
    if len(off):
        effects = "; ".join(f"{row['path']} on {in_words(str(row['column']))}" for _, row in off.iterrows())
        yield f"The estimated effects of these should not be relied on: {effects}."


def in_words(column: str) -> str:
    """A column within a sentence.

    >>> in_words("net_cost"), in_words("emergency_admissions")
    ('the net cost', 'emergency admissions')
    """
    return f"the {OUTCOMES[column].noun}" if column == MONEY else OUTCOMES[column].noun


def _happens(column: str) -> str:
    return "costs more than it saves" if column == MONEY else f"brings {OUTCOMES[column].change(better=False)}"


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
    text = pounds_text(abs(value), error) if column == MONEY else number_text(abs(value), error)
    return f"{sign}{text}"


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
    return "One parameter has" if number == 1 else f"{number} parameters have"
