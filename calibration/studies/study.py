"""The format of a study file: the published result, the setting, what was delivered, and how it is simulated."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from scipy.special import ndtri

from calibration.studies.analyses import MEASURES, Analysis, Quarter, Trend, units_of
from calibration.studies.delivery import DeliveredProgramme
from simulator.foundations.input_files import InvalidValue
from simulator.scenario.parts import Calendar, Funding, ScenarioPart
from simulator.scenario.types import Name, NotNull, Reference, Text

Unit = Literal["%", "points", "admissions a person-year", "odds ratio", "SD"]
"""Units of estimates: per cent of the expected value, percentage points, rates, odds ratios, standard deviations."""
RATIOS: Final = frozenset({"odds ratio"})
"""Units with symmetric errors on the log scale."""
_HALF_OF_95: Final = float(ndtri(0.975))
"""Half the width of a 95 % interval in standard errors."""
_NEVER: Final = {
    "changes": "a study cannot change the model's evidence",
    "evidence": "a study cannot change the model's evidence",
    "lens": "a study cannot choose a lens",
}


class _WithoutEvidence(ScenarioPart):
    """A part of a study file that refuses changes of the model's evidence."""

    @model_validator(mode="before")
    @classmethod
    def _no_evidence(cls, data: Any) -> Any:
        for name, wrong in _NEVER.items():
            if isinstance(data, dict) and name in data:
                raise InvalidValue(wrong, "Remove it: a study names a programme or scenario and a population", (name,))
        return data


class PublishedResult(ScenarioPart):
    """The published result. Without an interval, its sampling error is estimated from the number of people."""

    value: float = Field(allow_inf_nan=False, description="The estimate; 0 % or a ratio of 1 for a null result")
    low: Annotated[float | SkipJsonSchema[None], NotNull] = Field(None, description="Lower end of the 95 % interval")
    high: Annotated[float | SkipJsonSchema[None], NotNull] = Field(None, description="Upper end of the 95 % interval")
    people: Annotated[int | SkipJsonSchema[None], NotNull] = Field(
        None, ge=1, description="Number of people studied; required if there is no interval"
    )
    unit: Unit = Field(description="Unit of the numbers")
    no_effect: Annotated[float | SkipJsonSchema[None], NotNull] = Field(
        None, description="The estimate expected if nothing had an effect; omit if the study estimates no effect"
    )

    @model_validator(mode="after")
    def _interval(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise InvalidValue("only one end of the interval is given", "Give both low and high, or neither")
        if self.low is None and self.people is None:
            raise InvalidValue("neither an interval nor a number of people is given", "Add low and high, or people")
        if self.low is not None and self.high is not None and not self.low < self.value < self.high:
            wrong = f"{self.value:g} lies outside {self.low:g} to {self.high:g}"
            raise InvalidValue(wrong, "Give low < value < high", ("value",))
        for name in ("value", "low", "no_effect") if self.unit in RATIOS else ():
            given = getattr(self, name)
            if given is not None and given <= 0.0:
                raise InvalidValue(f"an {self.unit} must be above 0", "Give a ratio such as 0.88", (name,))
        return self

    @property
    def error(self) -> float:
        """Standard error on the working scale (log scale for a ratio); NaN without an interval."""
        if self.low is None or self.high is None:
            return math.nan
        return (self.on_scale(self.high) - self.on_scale(self.low)) / (2.0 * _HALF_OF_95)

    def on_scale(self, value: float) -> float:
        """Convert a value of this unit to the working scale."""
        return math.log(value) if self.unit in RATIOS else value

    def off_scale(self, value: float) -> float:
        """Convert a value of the working scale to this unit."""
        return math.exp(value) if self.unit in RATIOS else value


class SimulationSetup(_WithoutEvidence):
    """Where and when the study is simulated, what is funded, and how it is analysed."""

    place: Reference = Field(description="A shipped place or a place file that resembles the setting of the study")
    residents: Annotated[int | SkipJsonSchema[None], NotNull] = Field(
        None, ge=1000, le=1_000_000, description="Number of residents, instead of the place's own"
    )
    calendar: Annotated[Calendar | SkipJsonSchema[None], NotNull] = Field(
        None, description="Start and length; by default those of the scenario"
    )
    scenario: Annotated[Reference | SkipJsonSchema[None], NotNull] = Field(
        None, description="A shipped scenario or a scenario file, instead of 'funding'"
    )
    funding: tuple[Funding, ...] = Field((), description="What was funded, as in a scenario file")
    programme: Annotated[DeliveredProgramme | SkipJsonSchema[None], NotNull] = Field(
        None, description="How a shipped programme was delivered in the study: eligibility and amount"
    )
    analysis: Analysis = Field(description="How the simulated study is analysed")

    @model_validator(mode="after")
    def _one_policy(self) -> Self:
        if self.scenario is not None and self.funding:
            raise InvalidValue("both a scenario and funding are given", "Give only one of them", ("funding",))
        if self.scenario is None and self.calendar is None:
            raise InvalidValue("'calendar' is missing", "Add 'calendar: {starts: 2013-04-01, years: 3}'")
        return self


class StudyVariant(_WithoutEvidence):
    """A structural variant: the study with another scenario, or over another part of its period."""

    title: Text = Field(description="What is different, after 'with'")
    scenario: Annotated[Reference | SkipJsonSchema[None], NotNull] = Field(
        None, description="A shipped scenario or a scenario file, instead of the study's own"
    )
    from_quarter: Annotated[Quarter | SkipJsonSchema[None], NotNull] = Field(
        None, description="Quarter of the run in which the line begins, instead of the study's own"
    )

    @model_validator(mode="after")
    def _differs(self) -> Self:
        if self.scenario is None and self.from_quarter is None:
            raise InvalidValue("the variant differs in nothing", "Add 'scenario' or 'from_quarter'")
        return self


class PublishedStudy(_WithoutEvidence):
    """One published study, and how it is simulated."""

    model_config = ConfigDict(title="Published study, for the relational offset simulator")
    renamed_fields: ClassVar = {"who": "population", "found": "result", "differs": "differences"}

    name: Name = Field(description="Short name, the same as that of the file")
    title: Text = Field(description="Title for readers")
    population: Text = Field(description="Population: who, where, how many")
    design: Text = Field(description="Design, comparator and length of follow-up")
    outcome: Text = Field(description="Outcome measured")
    result: Text = Field(description="Result, in a sentence")
    published: PublishedResult
    source: Annotated[str, Field(min_length=10)] = Field(description="Authors, year, journal or publisher")
    reference: Annotated[str, Field(pattern=r"^(doi:10\.|https?://)\S+$")] = Field(description="doi:... or https://...")
    checked: Literal["page", "secondary", "unchecked"] = Field(
        description="page: numbers read on the publisher's page or abstract; secondary: as reported by others"
    )
    informs: tuple[str, ...] = Field(
        (), description="Evidence values that rest on this study; agreement is then not an independent test"
    )
    fitted_to: bool = Field(
        False, description="Strengths of ways of working may be fitted to this result; otherwise it is held out"
    )
    differences: tuple[Text, ...] = Field(min_length=1, description="How the simulation differs from the study")
    simulate: SimulationSetup
    variants: tuple[StudyVariant, ...] = Field(
        (), description="For a trend: other structures, whose predictions are shown beside the study's own"
    )

    @model_validator(mode="after")
    def _unit_fits(self) -> Self:
        kind, unit = self.simulate.analysis.kind, self.published.unit
        possible = units_of(self.simulate.analysis)
        if unit not in possible:
            fits = ", ".join(f"'{fitting}'" for fitting in possible)
            raise InvalidValue(f"a {kind} has no estimate in '{unit}'", f"Use {fits}", ("published", "unit"))
        measure = MEASURES.get(getattr(self.simulate.analysis, "measure", ""))
        if unit == "points" and measure is not None and not measure.unit.startswith("%"):
            wrong = f"percentage points apply to shares, but '{measure.name}' is in {measure.unit}"
            raise InvalidValue(wrong, "Use '%', relative to the place without the policy", ("published", "unit"))
        return self

    @model_validator(mode="after")
    def _only_trends_vary(self) -> Self:
        if self.variants and not isinstance(self.simulate.analysis, Trend):
            wrong = f"a {self.simulate.analysis.kind} has no variants"
            raise InvalidValue(wrong, "Remove them, or write a second study file", ("variants",))
        return self

    def under(self, variant: StudyVariant) -> PublishedStudy:
        """The study as ``variant`` describes it."""
        changes: dict[str, Any] = {}
        if variant.scenario is not None:
            changes |= {"scenario": variant.scenario, "funding": (), "programme": None}
        if variant.from_quarter is not None:
            start = {"from_quarter": variant.from_quarter}
            changes["analysis"] = self.simulate.analysis.model_copy(update=start)
        simulate = self.simulate.model_copy(update=changes)
        return self.model_copy(update={"variants": (), "simulate": simulate})
