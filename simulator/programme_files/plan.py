"""A programme in memory: immutable description, eligibility, and numbers as evidence values."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from simulator.evidence import Evidence, Value
from simulator.foundations.categories import (
    DEPRIVATION,
    DIGITAL_CAPABILITY,
    OLDEST_AGE,
    PROGRAMMES,
    SEXES,
    WEEKS_PER_QUARTER,
    WEEKS_PER_YEAR,
)
from simulator.foundations.input_files import Document

PATH: Final = "programme"
"""First part of the path of every number of a programme: ``programme.health_connectors.caseload``."""
ANY: Final = -1
"""Value of a condition that an alternative does not set."""


class EligibilityRule(NamedTuple):
    """One alternative for eligibility, as numbers that rules compare; see `simulator.rules.eligibility`."""

    youngest: int  # age in weeks
    older_than_all: int  # age limit in weeks, exclusive
    conditions: int  # minimum
    admissions: int  # minimum
    quarters: int  # number of quarters for admissions, including the current one
    discharged: int  # maximum weeks since discharge, or ANY
    lonely: int  # 1, 0 or ANY
    unmet: int  # 1, 0 or ANY
    alone: int  # 1, 0 or ANY
    deprivation: int  # bits of the fifths
    digital: int  # bits of the levels
    sex: int  # bits of the sexes
    top_share: float  # share of the list by predicted risk; 1 = everyone

    @property
    def words(self) -> str:
        """This alternative in words, such as ``aged 16 and over, lonely``."""
        return ", ".join(_words(self)) or "everyone"


def _words(one: EligibilityRule) -> Iterator[str]:
    youngest, oldest = one.youngest // WEEKS_PER_YEAR, one.older_than_all // WEEKS_PER_YEAR - 1
    if oldest < OLDEST_AGE:
        yield f"aged {youngest} to {oldest}"
    elif youngest > 0:
        yield f"aged {youngest} and over"
    if one.conditions > 0:
        yield f"{one.conditions} or more conditions"
    if one.admissions > 0:
        yield f"{one.admissions} or more admissions in {one.quarters * WEEKS_PER_QUARTER * 12 // WEEKS_PER_YEAR} months"
    if one.discharged >= 0:
        yield f"in hospital or discharged at most {one.discharged} weeks ago"
    flags = ((one.lonely, "lonely"), (one.unmet, "lonelier than the average adult"), (one.alone, "lives alone"))
    yield from (word if flag == 1 else f"not: {word}" for flag, word in flags if flag != ANY)
    for bits, names, word in (
        (one.deprivation, DEPRIVATION, "deprivation fifth"),
        (one.digital, DIGITAL_CAPABILITY, "digital capability"),
        (one.sex, SEXES, "sex"),
    ):
        if bits != (1 << len(names)) - 1:
            yield f"{word} {' or '.join(name for position, name in enumerate(names) if bits >> position & 1)}"
    if one.top_share < 1.0:
        yield f"top {100.0 * one.top_share:g} % by predicted risk"


@dataclass(frozen=True, eq=False)
class ProgrammePlan:
    """One programme as described in its file. Plans with the same hash are equal and give the same results."""

    name: str
    title: str
    description: str
    unit: str
    payer: str | None
    grade: str
    randomise: float  # share of the eligible in the offer arm
    channel: str  # one of `categories.CONTACT_CHANNELS`
    ties: str  # one of `categories.TIE_KINDS`
    introduces: str | None
    care_plan: bool
    adds: tuple[str, str] | None  # service and kind of capacity
    trains: str | None
    eligible: tuple[EligibilityRule, ...]
    values: Evidence = field(repr=False)  # by path
    document: Document = field(repr=False)

    @property
    def registered(self) -> int | None:
        """Position among the shipped programmes, or None for your own."""
        return PROGRAMMES.index(self.name) if self.name in PROGRAMMES else None

    @property
    def for_whom(self) -> str:
        """Eligibility in words."""
        return " or ".join(f"({wanted.words})" for wanted in self.eligible) or "no one: it supports a service"

    @property
    def takes_members(self) -> bool:
        """Whether residents take part in it."""
        return bool(self.eligible)

    @cached_property
    def hash(self) -> str:
        """Eight hexadecimal digits of a hash of everything that determines its effects."""
        words = (self.name, self.randomise, self.channel, self.ties, self.introduces, self.care_plan, self.adds)
        key = (*words, self.trains, self.eligible, self.values.hash)
        return hashlib.sha256(repr(key).encode()).hexdigest()[:8]

    def path(self, number: str) -> str:
        """Path of a number."""
        return f"{PATH}.{self.name}.{number}"

    def central(self, number: str) -> float:
        """The central value of a number, 0 if the file does not set it."""
        path = self.path(number)
        return _single(self.values[path].value) if path in self.values else 0.0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ProgrammePlan) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)


Numbers = Mapping[str, float]
"""The numbers of a programme in one run, by name; those that its file does not set are absent."""


def programme_values(plans: Iterable[ProgrammePlan]) -> dict[str, Value]:
    """Every number of these programmes by path."""
    return {path: value for plan in plans for path, value in plan.values.items()}


def numbers_of(plan: ProgrammePlan, drawn: Mapping[str, float]) -> dict[str, float]:
    """The numbers of ``plan`` by name, from ``drawn`` numbers by path."""
    start = len(plan.path(""))
    return {path[start:]: drawn[path] for path in plan.values}


def _single(number: float | tuple[float, ...]) -> float:
    return math.nan if isinstance(number, tuple) else number
