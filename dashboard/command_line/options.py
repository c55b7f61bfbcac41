"""Options and arguments shared by commands, and the words they accept."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

_SEEDS: Final = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")
_SCHEDULER: Final = re.compile(r"(tcp|tls|ucx|ws|wss)://[^\s/]+:\d+")
_PERCENTAGE: Final = re.compile(r"(\d+(?:\.\d+)?) ?%")


class Basis(StrEnum):
    """Basis on which amounts are shown."""

    TOTAL = "total"
    YEAR = "year"
    PER_1000 = "1,000"


class Group(StrEnum):
    """Groups by which a comparison can be split."""

    AGE_BAND = "age_band"
    DEPRIVATION = "deprivation"
    YEAR = "year"
    QUARTER = "quarter"
    LONELY = "lonely"


class Subject(StrEnum):
    """Subjects of ``offset describe``."""

    PLACE = "place"
    BASELINE = "baseline"
    MODEL = "model"
    EVIDENCE = "evidence"
    SCENARIO = "scenario"
    PROGRAMMES = "programmes"
    ACCESS = "access"
    WORKFORCE = "workforce"
    LONELINESS = "loneliness"
    RELATIONAL_WORK = "relational_work"


class Kind(StrEnum):
    """Kinds of files."""

    SCENARIO = "scenario"
    PLACE = "place"
    COUNTY = "county"
    EVIDENCE = "evidence"
    TARGETS = "targets"
    PROGRAMME = "programme"
    LENS = "lens"
    PRIORS = "priors"
    STUDY = "study"


class Design(StrEnum):
    """Designs of a simulated study."""

    BEFORE_AFTER = "before-after"
    MATCHED = "matched"
    DID = "did"
    TRIAL = "trial"


def parse_seeds(text: str) -> str:
    """Check a number of seeds (30) or a range of seeds (100-129); raises BadParameter."""
    match = _SEEDS.fullmatch(text.strip())
    if match is None or not len(seeds_of(text.strip())):
        raise typer.BadParameter("write a number of replications, such as 30, or a range of seeds, such as 100-129")
    return text.strip()


def seeds_of(text: str) -> range:
    """The seeds of a number or a range.

    >>> seeds_of("3"), seeds_of("5-7")
    (range(0, 3), range(5, 8))
    """
    first, dash, last = text.partition("-")
    return range(int(first), int(last) + 1) if dash else range(int(first))


def parse_share(text: str) -> float:
    """A percentage (0.5% or 0.5 %) as a share; raises BadParameter.

    >>> parse_share("0.5 %")
    0.005
    """
    return _inside(text, "write a percentage of the baseline's emergency admissions, such as 0.5%")


def parse_chance(text: str) -> float:
    """A percentage between 0 and 100 as a share; raises BadParameter.

    >>> parse_chance("80%"), parse_chance("80 %")
    (0.8, 0.8)
    """
    return _inside(text, "write a percentage above 0 and below 100, such as 80%")


def _inside(text: str, right: str) -> float:
    """A percentage between 0 and 100 as a share; raises BadParameter with what would be right."""
    match = _PERCENTAGE.fullmatch(text.strip())
    share = float(match[1]) / 100.0 if match else 0.0
    if not 0.0 < share < 1.0:
        raise typer.BadParameter(right)
    return share


def parse_scale(text: str) -> float:
    """A share above 0 and up to 1, as a number or a percentage; raises BadParameter.

    >>> parse_scale("0.05"), parse_scale("5 %")
    (0.05, 0.05)
    """
    match = _PERCENTAGE.fullmatch(text.strip())
    try:
        share = float(match[1]) / 100.0 if match else float(text)
    except ValueError:
        share = 0.0
    if not 0.0 < share <= 1.0:
        raise typer.BadParameter("write a share above 0 and up to 1, such as 0.05 or 5%")
    return share


def parse_cluster(text: str) -> str:
    """Check the address of a scheduler, or ``local``; raises BadParameter."""
    if text != "local" and not _SCHEDULER.fullmatch(text):
        raise typer.BadParameter("write local, or the address of a scheduler such as tcp://host:8786")
    return text


def checked_by(read: Callable[[str], object], texts: list[str] | None) -> list[str] | None:
    """The texts of an option that may be given several times, each one read as a check; raises BadParameter."""
    from simulator.errors import UnknownNameError

    for text in texts or ():
        try:
            read(text)
        except (ValueError, UnknownNameError) as error:
            raise typer.BadParameter(str(error)) from None
    return texts


def parse_matters(parts: list[str] | None) -> list[str] | None:
    """Check smallest differences such as admissions=2; raises BadParameter."""
    from simulator.comparison.smallest_differences import read_matters

    return checked_by(lambda part: read_matters([part]), parts)


Scenario = Annotated[str, typer.Argument(help="Name of a shipped scenario, or a scenario file.")]
Baseline = Annotated[str, typer.Argument(help="Scenario to compare with.")]
Seeds = Annotated[
    str,
    typer.Option(callback=parse_seeds, metavar="N|A-B", help="Number of replications (30), or seeds (100-129)."),
]
SeedsEach = Annotated[
    str | None,
    typer.Option(
        callback=lambda text: text if text is None else parse_seeds(text),
        metavar="N|A-B",
        show_default=False,
        help="Number of replications, or a range of seeds (100-129). Default: 30, or 16 for each of several lenses.",
    ),
]
Years = Annotated[int | None, typer.Option(min=1, max=100, help="Years to run, instead of the scenario's.")]
Place = Annotated[
    str | None, typer.Option(help="A shipped place, a place file, or table.csv:Area; without it, the scenario's place.")
]
Workers = Annotated[int | None, typer.Option(min=1, help="Number of processes; without it, one per core.")]
Threads = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Threads of each run, with the same results; without it, large places use the cores that are left.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print no progress bar and no remarks.")]
Per = Annotated[Basis, typer.Option("--per", help="Amounts in total, a year, or per 1,000 residents a year.")]
Matters = Annotated[
    list[str] | None,
    typer.Option(
        "--matters",
        metavar="NAME=NUMBER",
        callback=parse_matters,
        help="Smallest difference that matters: admissions=1 (%), loneliness=0.5 (points), cost=0.5 (%) and others.",
    ),
]
Store = Annotated[
    str | None,
    typer.Option(
        metavar="FOLDER",
        help="Store each finished run in this folder, and run only those not yet in it.",
    ),
]
Until = Annotated[
    float | None,
    typer.Option(
        parser=parse_share,
        metavar="PERCENT",
        help="Run until the Monte Carlo error of the difference in emergency admissions is below this (0.5%).",
    ),
]
AtMost = Annotated[int | None, typer.Option(min=4, help="Largest number of replications for --until (1000).")]
Cluster = Annotated[
    str | None,
    typer.Option(
        parser=parse_cluster,
        metavar="local|ADDRESS",
        help="Run on a Dask cluster: on this computer (local), or at the address of a scheduler (tcp://host:8786).",
    ),
]
ShippedTables = Annotated[
    Path | None, typer.Option(help="Folder to write to; without it, the tables that ship with the simulator.")
]
