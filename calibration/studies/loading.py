"""Study files: read, validated, and turned into specifications of runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from calibration.studies.analyses import Cohort, Contrast, Growth, Trend
from calibration.studies.delivery import DELIVERY, plan_of
from calibration.studies.study import PublishedStudy
from simulator.districts import load_place
from simulator.errors import PlaceError, PublishedStudyError, ScenarioError, UnknownNameError, did_you_mean
from simulator.evidence import load_evidence
from simulator.foundations.categories import WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.foundations.input_files import Document, InvalidValue, name_problems, read_as
from simulator.foundations.yaml_reader import Step
from simulator.lenses import AppliedLens
from simulator.places import Place
from simulator.programme_files import PATH, programme_values, shipped_programmes
from simulator.scenario.scenario import Scenario, load_scenario
from simulator.specification.spec import Spec, build_spec

FOLDER: Final = Path(__file__).parent
_SHOWN: Final = "calibration/studies"
_ENDINGS: Final = (".yaml", ".yml")


@dataclass(frozen=True)
class StudyPlan:
    """A study, the specification to run, its comparator (None where the analysis needs none), and its variants."""

    study: PublishedStudy
    spec: Spec
    without: Spec | None
    variants: tuple[StudyPlan, ...]

    def through(self, applied_lens: AppliedLens) -> StudyPlan:
        """The same through a lens; numbers that the study sets for its programme are unchanged."""
        given: Any = self.study.simulate.programme
        numbers = () if given is None else tuple(name for name in DELIVERY if getattr(given, name) is not None)
        kept = (
            applied_lens.without([f"{PATH}.{given.based_on}.{name}" for name in numbers]) if numbers else applied_lens
        )
        without = None if self.without is None else self.without.read_through(kept)
        variants = tuple(variant.through(applied_lens) for variant in self.variants)
        return replace(self, spec=self.spec.read_through(kept), without=without, variants=variants)


class _Fault(Exception):  # noqa: N818 (a finding about a file, turned into PublishedStudyError)
    """A problem in a study file."""

    def __init__(self, at: tuple[Step, ...], wrong: str, right: str) -> None:
        super().__init__(at, wrong, right)
        self.at, self.wrong, self.right = at, wrong, right


def study_names() -> tuple[str, ...]:
    """Names of the shipped studies."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load_study(name_or_path: str | Path) -> StudyPlan:
    """A shipped study by name, or a study file by path, ready to be simulated.

    Raises UnknownNameError for an unknown name, PublishedStudyError with every problem in a file.
    """
    given = str(name_or_path)
    if given.endswith(_ENDINGS):
        return _read(Path(given), None)
    if given not in study_names():
        raise UnknownNameError("study", given, study_names())
    return _read(FOLDER / f"{given}.yaml", f"{_SHOWN}/{given}.yaml")


def _read(path: Path, shown: str | None) -> StudyPlan:
    study, document = read_as(PublishedStudy, path, PublishedStudyError, shown)
    problems = name_problems(document, path, "name", study.name)
    known = {**load_evidence(), **programme_values(shipped_programmes())}
    for index, value in enumerate(study.informs):
        if value not in known:
            right = did_you_mean(value, known)
            problems.append(document.problem(("informs", index), f"there is no evidence value '{value}'", right))
    if problems:
        raise PublishedStudyError(problems)
    try:
        return _planned(study, document, path.parent)
    except _Fault as fault:
        raise PublishedStudyError([document.problem(fault.at, fault.wrong, fault.right)]) from None


def _planned(study: PublishedStudy, document: Document, folder: Path) -> StudyPlan:
    asked = study.simulate
    place = _place(study, folder)
    scenario = _scenario(study, folder)
    calendar = asked.calendar
    length = None if calendar is None else calendar.length
    starts = None if calendar is None else calendar.starts
    try:
        spec = build_spec(scenario, place, weeks=length, starts=starts)
    except ScenarioError as error:
        first = error.problems[0]
        raise _Fault(("simulate", "scenario"), f"it cannot be run: {first.wrong}", first.right) from None
    if asked.programme is not None:
        spec = _delivered(study, spec, document)
    _in_time(study, spec)
    return StudyPlan(study, spec, _without(study, spec), _variants(study, document, folder))


def _variants(study: PublishedStudy, document: Document, folder: Path) -> tuple[StudyPlan, ...]:
    plans = []
    for index, variant in enumerate(study.variants):
        try:
            plans.append(_planned(study.under(variant), document, folder))
        except _Fault as fault:
            raise _Fault(("variants", index, fault.at[-1]), fault.wrong, fault.right) from None
    return tuple(plans)


def _place(study: PublishedStudy, folder: Path) -> Place:
    given = study.simulate.place
    is_file = given.endswith(_ENDINGS)
    try:
        place = load_place(folder / given if is_file else given)
    except UnknownNameError as error:
        raise _Fault(("simulate", "place"), f"there is no place '{given}'", did_you_mean(given, error.known)) from None
    except PlaceError as error:
        first = error.problems[0]
        raise _Fault(("simulate", "place"), f"its file cannot be used: {first.wrong}", first.right) from None
    people = study.simulate.residents
    return place if people is None else Place(**{**place.model_dump(), "residents": people})


def _scenario(study: PublishedStudy, folder: Path) -> Scenario:
    """The named scenario, if it changes no evidence; or one built from the funding in the study file."""
    asked = study.simulate
    at: tuple[Step, ...] = ("simulate", "scenario")
    if asked.scenario is None:
        funding = [fund.model_dump(exclude_none=True) for fund in asked.funding]
        words = {"name": study.name, "title": study.title, "question": study.result}
        calendar = asked.calendar.model_dump(exclude_none=True) if asked.calendar is not None else {}
        try:
            return Scenario.model_validate({**words, "calendar": calendar, "funding": funding})
        except ValidationError as error:
            first = error.errors()[0].get("ctx", {}).get("error")
            if not isinstance(first, InvalidValue):
                raise
            raise _Fault(("simulate", *first.at), first.wrong, first.right) from None
    is_file = asked.scenario.endswith(_ENDINGS)
    try:
        scenario = load_scenario(folder / asked.scenario if is_file else asked.scenario)
    except UnknownNameError as error:
        right = did_you_mean(asked.scenario, error.known)
        raise _Fault(at, f"there is no scenario '{asked.scenario}'", right) from None
    except ScenarioError as error:
        first = error.problems[0]
        raise _Fault(at, f"its file cannot be used: {first.wrong}", first.right) from None
    if scenario.changes:
        paths = ", ".join(sorted(scenario.changes))
        raise _Fault(at, f"{asked.scenario} changes evidence: {paths}", "Name a scenario without changes of evidence")
    if scenario.programmes:
        right = "Describe under 'programme' how a shipped programme was delivered"
        raise _Fault(at, f"{asked.scenario} defines its own programmes, with their own effects", right)
    return scenario


def _delivered(study: PublishedStudy, spec: Spec, document: Document) -> Spec:
    given: Any = study.simulate.programme
    at: tuple[Step, ...] = ("simulate", "programme", "based_on")
    if given.based_on not in spec.scenario.named_programmes:
        raise _Fault(at, f"{given.based_on} has no funding", "Add it under 'funding'")
    try:
        plan = plan_of(given, f"As in the study: {study.source}", document.data["simulate"]["programme"].get("for"))
    except InvalidValue as fault:
        raise _Fault(at, fault.wrong, fault.right) from None
    return replace(spec, programmes=tuple(plan if one.name == plan.name else one for one in spec.programmes))


def _in_time(study: PublishedStudy, spec: Spec) -> None:
    """Check that the run is long enough for the analysis and funds the programme studied."""
    analysis, at = study.simulate.analysis, ("simulate", "analysis")
    years = spec.weeks // WEEKS_PER_YEAR
    last = {Growth: "to_year", Contrast: "year"}.get(type(analysis))
    if last is not None and getattr(analysis, last) > years:
        raise _Fault((*at, last), f"the run ends after {years} whole years", "Run more years, or give an earlier one")
    quarters = spec.weeks // WEEKS_PER_QUARTER
    if isinstance(analysis, Trend) and analysis.from_quarter >= quarters:
        wrong = f"a line needs two quarters, and the run has {quarters}"
        raise _Fault((*at, "from_quarter"), wrong, f"Give at most {quarters - 1}")
    if isinstance(analysis, Cohort) and analysis.programme not in spec.scenario.named_programmes:
        right = did_you_mean(analysis.programme, spec.scenario.named_programmes or {"no programme is funded"})
        raise _Fault((*at, "programme"), f"{analysis.programme} has no funding", right)
    if isinstance(analysis, Contrast) and analysis.without == "surge" and spec.scenario.volunteer_surge is None:
        raise _Fault((*at, "without"), f"{spec.scenario.name} has no volunteer surge", "Write 'policy'")


def _without(study: PublishedStudy, spec: Spec) -> Spec | None:
    analysis = study.simulate.analysis
    if not isinstance(analysis, Contrast):
        return None
    if analysis.without == "policy":
        other = load_scenario("baseline")
    else:
        left = spec.scenario.model_dump(exclude={"volunteer_surge", "extends"}, exclude_none=True)
        other = Scenario.model_validate({**left, "name": f"{spec.scenario.name}_without_surge"})
    bare = build_spec(other, spec.place, weeks=spec.weeks, starts=spec.starts)
    return bare if analysis.without == "policy" else replace(bare, programmes=spec.programmes)
