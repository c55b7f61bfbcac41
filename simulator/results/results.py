"""Results of runs: one `RunFrames` per run, combined into tidy `Results` over seeds (`simulator.results.tidy_tables`).

    cells       one row per seed, quarter, age band, deprivation fifth and loneliness; one column per counted measure
    ledger      one row per seed, quarter, service and account of the offset ledger, in pence
    programmes  one row per seed, quarter, programme, source of money and payer
    volunteers  one row per seed, quarter and programme with volunteers
    services    one row per seed, quarter, service and role: hours, work, backlog, turnover, skill
    parameters  one row per seed and evidence value: the parameter values drawn for that run
    failures    one row per seed that did not finish, with its cause

Quarters and years of these tables count from 1; quarters of `RunFrames` count from 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.evidence import Evidence
from simulator.evidence.parameters import TOPICS, Rates
from simulator.foundations.categories import AGE_BANDS, DEPRIVATION, LISTS, WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.foundations.measures import NAMES
from simulator.results.folder import fill_tables, read_tables, write_tables

SEEDS_PER_DRAW: Final = 2
CELLS: Final = len(AGE_BANDS) * len(DEPRIVATION) * 2
QUARTERS_PER_YEAR: Final = WEEKS_PER_YEAR // WEEKS_PER_QUARTER
LEDGER_ACCOUNTS: Final = ("automated", "rework", "technology", "released", "reinvested", "saved", "absorbed")
"""released = automated - rework - technology = reinvested + saved + absorbed."""
SOURCES: Final = ("released", "pump_priming", "new_money")
"""Sources of a programme's money."""


class ServiceRow(NamedTuple):
    """One quarter of one role of a service. Hours are means per week, except ``done_by_added``."""

    quarter: int
    service: str
    role: str
    hours: float  # staff hours available, including those added or cut by the scenario
    work_hours: float  # work arriving, including backlog and repeat requests
    backlog_hours: float  # backlog at the end
    utilisation: float  # work per available hour
    turnover: float  # share of staff who leave, per year
    vacancies: float  # share of posts vacant at the end
    skill: float  # relational skill of the service at the end, 0 to 1
    known: float  # chance at the end of being seen by a familiar member of staff, relative to usual
    pence: int  # paid for hours that the scenario added; negative for a cut
    done_by_added: float  # hours of work in the quarter done by added staff; negative: left undone because of a cut


LEDGER_COLUMNS: Final = ("quarter", "service", "account", "pence")
PROGRAMME_COLUMNS: Final = (
    "quarter",
    "programme",
    "source",
    "payer",
    "pence",
    "units",
    "clients",
    "member_weeks",
    "offers",
    "engagements",
)
"""The columns after ``pence`` describe the programme in the quarter and are the same in each of its rows."""
SERVICE_COLUMNS: Final = ServiceRow._fields
VOLUNTEER_COLUMNS: Final = (
    "quarter",
    "programme",
    "volunteers",  # people, at the end of the quarter
    "weeks",  # weeks volunteered
    "hours",  # given
    "care_hours",  # effective hours after the effect of strain
    "strain_millionths",  # mean over weeks volunteered
    "asked",  # people
    "said_yes",  # people
    "left",  # people who stopped, without those who died or moved away
    "willing",  # adults willing to volunteer at the end of the quarter, including volunteers
)
_NO_VOLUNTEERS: Final = pd.DataFrame(columns=list(VOLUNTEER_COLUMNS))


class RunFrames(NamedTuple):
    """Output of one run, small enough to send between processes cheaply. Quarters count from 0."""

    cells: NDArray[np.int64]  # (quarters, CELLS, len(measures.NAMES)); cell = (age_band * 5 + deprivation) * 2 + lonely
    ledger: pd.DataFrame  # LEDGER_COLUMNS; account in LEDGER_ACCOUNTS, pence whole
    programmes: pd.DataFrame  # PROGRAMME_COLUMNS; source in SOURCES, units [workers or cafés], clients [people]
    parameters: dict[str, float]  # see `parameter_values`
    services: pd.DataFrame  # SERVICE_COLUMNS
    volunteers: pd.DataFrame = _NO_VOLUNTEERS  # VOLUNTEER_COLUMNS


class Failure(NamedTuple):
    """A run that did not finish: the class and the message of its error."""

    error: str
    message: str


@dataclass(frozen=True)
class Results:
    """All runs of one scenario in one place, as tidy tables. ``record`` is the run record."""

    cells: pd.DataFrame
    ledger: pd.DataFrame
    programmes: pd.DataFrame
    volunteers: pd.DataFrame
    services: pd.DataFrame
    parameters: pd.DataFrame
    failures: pd.DataFrame
    record: Mapping[str, Any]

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return str(self.record["scenario"])

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds requested, in that order."""
        return tuple(self.record["seeds"])

    @property
    def finished(self) -> tuple[int, ...]:
        """Seeds whose run finished, in the order requested."""
        failed = set(self.failures["seed"])
        return tuple(seed for seed in self.seeds if seed not in failed)

    def counts(self, seeds: Sequence[int]) -> NDArray[np.int64]:
        """Counts of these seeds, shape (seeds, quarters, 9 age bands, 5 deprivation fifths, 2 lonely, measures)."""
        position = {seed: row for row, seed in enumerate(seeds)}
        chosen = self.cells["seed"].isin(list(position))
        cells = self.cells if chosen.all() else self.cells[chosen]
        quarters = -(-self.weeks // WEEKS_PER_QUARTER)
        counts = np.zeros((len(position), quarters, len(AGE_BANDS), len(DEPRIVATION), 2, len(NAMES)), np.int64)
        where = (
            cells["seed"].map(position).to_numpy(),
            cells["quarter"].to_numpy() - 1,
            cells["age_band"].cat.codes.to_numpy(),
            cells["deprivation"].cat.codes.to_numpy(),
            cells["lonely"].to_numpy().astype(np.intp),
        )
        counts[where] = cells[list(NAMES)].to_numpy()
        return counts

    @property
    def weeks(self) -> int:
        """Length of each run, in weeks."""
        return int(self.record["weeks"])

    @property
    def years(self) -> int:
        """Number of years begun; the last may be short."""
        return -(-self.weeks // WEEKS_PER_YEAR)

    def write(self, folder: str | Path) -> Path:
        """Write the tables and the run record into a folder, all or nothing; return the folder.

        Raises ResultsError if the folder holds something other than results.
        """
        target = Path(folder)
        write_tables(target, self._tables(), self.record)
        return target

    def fill(self, folder: Path) -> None:
        """Write the tables and the run record into an existing folder that is part of a larger write."""
        fill_tables(folder, self._tables(), self.record)

    def _tables(self) -> dict[str, pd.DataFrame]:
        return {name: getattr(self, name) for name in TABLES}


TABLES: Final = tuple(field.name for field in fields(Results) if field.name != "record")


def read_results(folder: str | Path) -> Results:
    """Results written by `Results.write`.

    Raises ResultsError if the folder holds no results, or if a file in it has changed since it was written.
    """
    tables, record = read_tables(Path(folder), TABLES)
    return Results(**tables, record=record)


def parameter_draw_of(seed: int) -> int:
    """The number of the parameter draw that a seed shares with its neighbour.

    A replication is a seed. Its random numbers are addressed by the seed, its parameter draw by half of it: two
    neighbouring seeds share one draw, the same in both arms of a comparison, so that stochastic and parameter
    uncertainty can be separated by one-way random-effects analysis of variance (Searle SR, Casella G and McCulloch CE
    1992, Variance Components, chapter 3).

    >>> [parameter_draw_of(seed) for seed in (0, 1, 2, 3)]
    [0, 0, 1, 1]
    """
    return seed // SEEDS_PER_DRAW


def parameter_values(rates: Rates, evidence: Evidence) -> dict[str, float]:
    """Every number of ``rates`` by its path: ``prices.bed_day``, and for a table ``care.overnight_days.75-84``."""
    values = {}
    for topic, kind in TOPICS.items():
        for name in kind._fields:
            path, value = f"{topic}.{name}", getattr(getattr(rates, topic), name)
            by = evidence[path].by
            if by is None:
                values[path] = float(value)
            else:
                values.update({f"{path}.{key}": float(x) for key, x in zip(LISTS[by], value, strict=True)})
    return values
