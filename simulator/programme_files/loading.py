"""Loading of programmes by name or from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from simulator.errors import ProgrammeError, UnknownNameError
from simulator.evidence import Evidence, Value
from simulator.foundations.categories import DEPRIVATION, DIGITAL_CAPABILITY, PROGRAMMES, SEXES, WEEKS_PER_YEAR
from simulator.foundations.input_files import Document, name_problems, read_as, read_yaml
from simulator.programme_files.numbers import NUMBERS
from simulator.programme_files.parts import ALL_AGES, MONTHS_PER_QUARTER, Alternative, Entry
from simulator.programme_files.plan import ANY, PATH, EligibilityRule, ProgrammePlan
from simulator.programme_files.schema import ProgrammeFile

SHIPPED_FOLDER: Final = Path(__file__).parent
_SHIPPED_NAME: Final = "simulator/programme_files"


def load_programme(name_or_path: str | Path) -> ProgrammePlan:
    """A shipped programme by name, or a programme file by path.

    Raises UnknownNameError for an unknown name and ProgrammeError listing every problem in a file.
    """
    given = str(name_or_path)
    if given.endswith((".yaml", ".yml")):
        return read_programme(Path(given))
    if given not in PROGRAMMES:
        raise UnknownNameError("programme", given, PROGRAMMES)
    return _shipped(given)


@lru_cache(maxsize=len(PROGRAMMES))
def _shipped(name: str) -> ProgrammePlan:
    return _read(SHIPPED_FOLDER / f"{name}.yaml", f"{_SHIPPED_NAME}/{name}.yaml")


def read_programme(path: Path) -> ProgrammePlan:
    """Your own programme from a file. Raises ProgrammeError, also if a shipped programme has the same name."""
    plan = _read(path, None)
    inside = path.resolve().parent == SHIPPED_FOLDER.resolve()
    if plan.name in PROGRAMMES and not inside:
        document = read_yaml(path, ProgrammeError)
        wrong = f"'{plan.name}' is the name of a shipped programme"
        right = "Choose another name, and give the file the same name"
        raise ProgrammeError([document.problem(("name",), wrong, right)])
    return plan


def _read(path: Path, shown: str | None) -> ProgrammePlan:
    read, document = read_as(ProgrammeFile, path, ProgrammeError, shown)
    problems = name_problems(document, path, "name", read.name)
    if problems:
        raise ProgrammeError(problems)
    return _plan(read, document)


def _plan(read: Any, document: Document) -> ProgrammePlan:
    values = {}
    for number in NUMBERS:
        entry = getattr(read, number)
        if entry is not None:
            value = _value(read, number, entry, document)
            values[value.path] = value
    return ProgrammePlan(
        name=read.name,
        title=read.title,
        description=" ".join(read.description.split()),
        unit=read.unit,
        payer=read.payer,
        grade=read.grade,
        randomise=read.randomise,
        channel=read.channel,
        ties=read.ties,
        introduces=read.introduces,
        care_plan=read.care_plan,
        adds=None if read.adds is None else (read.adds.service, read.adds.kind),
        trains=read.trains,
        eligible=tuple(_eligibility_rule(alternative) for alternative in read.eligible),
        values=Evidence(values),
        document=document,
    )


def _value(read: Any, number: str, entry: Entry, document: Document) -> Value:
    own = entry.source is not None
    note = entry.note if entry.note or own else read.note
    return Value(
        path=f"{PATH}.{read.name}.{number}",
        label=f"{read.title}: {NUMBERS[number].label[0].lower()}{NUMBERS[number].label[1:]}",
        unit=NUMBERS[number].unit,
        by=None,
        value=entry.value,
        low=entry.value if entry.low is None else entry.low,
        high=entry.value if entry.high is None else entry.high,
        distribution=entry.distribution,
        grade=entry.grade or read.grade,
        source=" ".join((entry.source or read.source).split()),
        reference=entry.reference if own or entry.reference else read.reference,
        note=" ".join(note.split()) if note else None,
        file=document.file,
        line=document.line((number,)),
    )


def _eligibility_rule(one: Alternative) -> EligibilityRule:
    ages = one.age or ALL_AGES
    return EligibilityRule(
        youngest=ages.youngest * WEEKS_PER_YEAR,
        older_than_all=(ages.oldest + 1) * WEEKS_PER_YEAR if "oldest" in ages.model_fields_set else _NO_AGE,
        conditions=one.conditions.at_least if one.conditions else 0,
        admissions=one.admissions.at_least if one.admissions else 0,
        quarters=one.admissions.months // MONTHS_PER_QUARTER if one.admissions else 0,
        discharged=ANY if one.discharged_weeks is None else one.discharged_weeks,
        lonely=_flag(one.lonely),
        unmet=_flag(one.unmet_connection),
        alone=_flag(one.lives_alone),
        deprivation=_bits(one.deprivation, DEPRIVATION),
        digital=_bits(one.digital_capability, DIGITAL_CAPABILITY),
        sex=_bits(SEXES if one.sex is None else (one.sex,), SEXES),
        top_share=1.0 if one.top_share_by_risk is None else one.top_share_by_risk,
    )


_NO_AGE: Final = 1000 * WEEKS_PER_YEAR
"""An age that no one reaches."""


def _flag(wanted: bool | None) -> int:
    return ANY if wanted is None else int(wanted)


def _bits(wanted: Iterable[str], known: tuple[str, ...]) -> int:
    return sum(1 << known.index(word) for word in set(wanted))


def as_delivered(plan: ProgrammePlan, given: Mapping[str, Any]) -> ProgrammePlan:
    """The programme with some fields of its file replaced, such as its eligibility or the amount delivered.

    Raises pydantic's ValidationError if the fields are inconsistent.
    """
    document = replace(plan.document, data={**plan.document.data, **given})
    return _plan(ProgrammeFile.model_validate(document.data), document)


def programme_names() -> tuple[str, ...]:
    """Names of the shipped programmes."""
    return PROGRAMMES


def shipped_programmes() -> tuple[ProgrammePlan, ...]:
    """Every shipped programme, in the order of `PROGRAMMES`."""
    return tuple(_shipped(name) for name in PROGRAMMES)
