"""A scenario: a policy question as frozen data, read from a file with everything it extends, and checked."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from simulator.errors import Problem, ScenarioError
from simulator.foundations.input_files import problems_from_pydantic
from simulator.foundations.yaml_reader import Step
from simulator.scenario.checks import ScenarioParts, faults_together
from simulator.scenario.files import (
    SUFFIXES,
    Link,
    ResolvedDocument,
    find_scenario,
    read_chain,
    resolve,
)
from simulator.scenario.files import (
    scenario_names as scenario_names,
)
from simulator.scenario.parts import (
    DEFAULT_CALENDAR,
    LONGEST_CALENDAR,
    AutomationEntry,
    Calendar,
    Commitment,
    EvidenceChange,
    Funding,
    Reinvestment,
    ScenarioPart,
    Spread,
    StaffingEntry,
    VolunteerSurge,
)
from simulator.scenario.types import FrozenMapping, Name, NotNull, ProgrammeFileName, Reference, Text

Entry = TypeVar("Entry", bound=ScenarioPart)


class Scenario(ScenarioPart):
    """A policy question: what is automated, what that buys, who else pays, and which evidence differs."""

    model_config = ConfigDict(title="Scenario of the relational offset simulator")

    name: Name = Field(description="Short name, for tables and file names")
    title: Text = Field(description="Name for readers")
    question: Text = Field(description="The question this scenario answers, in a sentence or two")
    extends: Annotated[Reference | SkipJsonSchema[None], NotNull] = Field(
        None, description="Scenario to start from: a file in the same folder, or a shipped one"
    )
    calendar: Annotated[Calendar | SkipJsonSchema[None], NotNull] = Field(
        None, description="First day and length; by default 2026-04-01 and 5 years"
    )
    place: Annotated[Reference | SkipJsonSchema[None], NotNull] = Field(
        None, description="A shipped place or a place file, unless the run names one"
    )
    automate: tuple[AutomationEntry, ...] = Field((), description="Tasks automated, with share and pace")
    reinvest: Reinvestment = Field(
        default_factory=lambda: Reinvestment.model_validate({"share": 0.0}),
        description="Programmes bought with the released resource; it is saved if not given",
    )
    programmes: tuple[ProgrammeFileName, ...] = Field(
        (), description="Files of your own programmes, in the same folder"
    )
    funding: tuple[Funding, ...] = Field((), description="Money that was not released in this place")
    commitments: tuple[Commitment, ...] = Field((), description="Posts that the released resource pays for first")
    volunteer_surge: Annotated[VolunteerSurge | SkipJsonSchema[None], NotNull] = Field(
        None, description="A limited time in which many more adults are willing to volunteer"
    )
    spread: Annotated[Spread | SkipJsonSchema[None], NotNull] = Field(
        None, description="How the plan spreads over the places of a county; it begins everywhere at once if not given"
    )
    staffing: tuple[StaffingEntry, ...] = Field((), description="Staff hours added, cut or spent on training")
    changes: Annotated[Mapping[str, EvidenceChange], AfterValidator(FrozenMapping), PlainSerializer(dict)] = Field(
        default_factory=lambda: FrozenMapping({}), description="Evidence values that differ, by path, and why"
    )

    _document: ResolvedDocument = PrivateAttr(default_factory=lambda: ResolvedDocument("scenario", {}, {}))
    _place_folder: Path | None = PrivateAttr(None)
    _spread_folder: Path | None = PrivateAttr(None)
    _programme_folder: Path | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _parts_agree(self, info: ValidationInfo) -> Self:
        pieces = ScenarioParts(
            tuple(enumerate(self.automate)),
            tuple(enumerate(self.funding)),
            tuple(enumerate(self.commitments)),
            self.weeks,
            self.volunteer_surge,
            self.spread,
            tuple(enumerate(self.staffing)),
            tuple(self.reinvest.programmes),
            tuple(enumerate(self.programmes)),
            info.context,
        )
        for fault in faults_together(pieces):
            raise fault
        return self

    @property
    def starts(self) -> datetime.date:
        """First day."""
        return (self.calendar or DEFAULT_CALENDAR).starts

    @property
    def weeks(self) -> int:
        """Length in weeks."""
        return (self.calendar or DEFAULT_CALENDAR).length

    @cached_property
    def hash(self) -> str:
        """Eight hexadecimal digits of the resolved content."""
        content = json.dumps(self.model_dump(mode="json", exclude={"extends"}), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:8]

    @property
    def place_reference(self) -> str | Path | None:
        """The place for `simulator.places.load_place`; a file is in the folder of the scenario that names it."""
        if self.place is None or self._place_folder is None:
            return self.place
        is_file = Path(self.place).suffix in SUFFIXES or ".csv:" in self.place
        return self._place_folder / self.place if is_file else self.place

    @property
    def county_reference(self) -> str | Path | None:
        """The county for `simulator.counties.load_county`; a file is in the folder of the scenario that names it."""
        county = None if self.spread is None else self.spread.county
        if county is None or self._spread_folder is None or Path(county).suffix not in SUFFIXES:
            return county
        return self._spread_folder / county

    @property
    def programme_folder(self) -> Path:
        """The folder of the scenario that names the programme files, or the working folder."""
        return self._programme_folder or Path()

    @property
    def programme_files(self) -> tuple[Path, ...]:
        """The scenario's own programme files, in the folder of the scenario that names them."""
        return tuple(self.programme_folder / file for file in self.programmes)

    @property
    def named_programmes(self) -> frozenset[str]:
        """Names of the programmes that the scenario pays for."""
        paid = {fund.programme for fund in self.funding} | {posts.programme for posts in self.commitments}
        return frozenset(paid | set(self.reinvest.programmes))

    def problem(self, path: tuple[Step, ...], wrong: str, right: str) -> Problem:
        """A problem at ``path`` of the file that this scenario was read from."""
        return self._document.problem(path, wrong, right)

    def error(self, problems: Iterable[Problem]) -> ScenarioError:
        """The error that lists these problems, in file order."""
        return ScenarioError(self._document.in_order(problems))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario with everything it extends.

    Takes the name of a shipped scenario, or the path of a file. Raises UnknownNameError for an unknown name, and
    ScenarioError with every problem, each with file and line.
    """
    return _read(read_chain(find_scenario(name_or_path)))


def scenario_from_text(text: str, path: Path) -> Scenario:
    """The scenario that a file at ``path`` with this ``text`` would be; writes nothing. Raises ScenarioError."""
    return _read(read_chain(path, text))


def _read(chain: Sequence[Link]) -> Scenario:
    document = resolve(chain)
    folder = _folder_of(("programmes",), document, chain)
    try:
        scenario = Scenario.model_validate(document.data, context=folder)
    except ValidationError as error:
        problems = problems_from_pydantic(error, document, Scenario)
        faults = faults_together(_readable(document.data, folder))
        problems += [document.problem(fault.at, fault.wrong, fault.right) for fault in faults]
        raise ScenarioError(document.in_order(problems)) from None
    scenario._document = document
    scenario._place_folder = _folder_of(("place",), document, chain)
    scenario._spread_folder = _folder_of(("spread",), document, chain)
    scenario._programme_folder = folder
    return scenario


def _folder_of(path: tuple[Step, ...], document: ResolvedDocument, chain: Sequence[Link]) -> Path:
    """The folder of the file that wrote the part at ``path``, or of the scenario's own."""
    origin = document.origin(path) or chain[0].document
    return next(link.path.parent for link in chain if link.document is origin)


def _readable(data: dict[str, Any], folder: Path) -> ScenarioParts:
    """The parts that can be read separately, so that one invalid part hides no problem between the others."""
    calendar = _read_part(Calendar, data.get("calendar", {})) or LONGEST_CALENDAR
    return ScenarioParts(
        tuple(_read_list(AutomationEntry, data.get("automate"))),
        tuple(_read_list(Funding, data.get("funding"))),
        tuple(_read_list(Commitment, data.get("commitments"))),
        calendar.length,
        _read_part(VolunteerSurge, data.get("volunteer_surge")),
        _read_part(Spread, data["spread"]) if "spread" in data else None,
        tuple(_read_list(StaffingEntry, data.get("staffing"))),
        tuple(name for name in _names_in(data.get("reinvest"), "programmes") if isinstance(name, str)),
        [(index, file) for index, file in enumerate(_entries(data.get("programmes"))) if isinstance(file, str)],
        folder,
    )


def _entries(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _names_in(part: object, field: str) -> Iterable[object]:
    inside = part.get(field) if isinstance(part, dict) else None
    return inside if isinstance(inside, dict) else ()


def _read_list(kind: type[Entry], entries: object) -> Iterator[tuple[int, Entry]]:
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        part = _read_part(kind, entry)
        if part is not None:
            yield index, part


def _read_part(kind: type[Entry], entry: object) -> Entry | None:
    try:
        return kind.model_validate(entry)
    except ValidationError:
        return None
