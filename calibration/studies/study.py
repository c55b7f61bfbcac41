"""What a study file may say: what was published, where it was, what was done, and how the same is simulated."""

from __future__ import annotations

import math
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from scipy.special import ndtri

from calibration.studies.analyses import MEASURES, UNITS_OF, Analysis
from calibration.studies.delivery import DeliveredProgramme
from simulator.foundations.input_files import InvalidValue
from simulator.scenario.parts import Calendar, Funding, ScenarioPart
from simulator.scenario.types import Name, NotNull, Reference, Text

Unit = Literal["%", "points", "admissions a person-year", "odds ratio"]
"""What estimates are in: per cent of what is expected, percentage points, rates, and odds over odds."""
RATIOS: Final = frozenset({"odds ratio"})
"""Units whose errors are symmetric on the logarithm."""
_HALF_OF_95: Final = float(ndtri(0.975))
"""Half the width of a 95 % interval in standard errors."""
_NEVER: Final = {
    "changes": "a study cannot change the model's evidence",
    "evidence": "a study cannot change the model's evidence",
    "lens": "a study cannot choose a lens",
}


class _WithoutEvidence(ScenarioPart):
    """A part that says so if it is asked to change what the model believes."""

    @model_validator(mode="before")
    @classmethod
    def _no_evidence(cls, data: Any) -> Any:
        for name, wrong in _NEVER.items():
            if isinstance(data, dict) and name in data:
                raise InvalidValue(wrong, "Remove it: a study names a programme or scenario and a population", (name,))
        return data


class PublishedResult(ScenarioPart):
    """What the study printed. Without an interval, its size says how far chance could have carried it."""

    value: float = Field(allow_inf_nan=False, description="The estimate; 0 % or a ratio of 1 for a null finding")
    low: Annotated[float | SkipJsonSchema[None], NotNull] = Field(None, description="Lower end of the 95 % interval")
    high: Annotated[float | SkipJsonSchema[None], NotNull] = Field(None, description="Upper end of the 95 % interval")
    people: Annotated[int | SkipJsonSchema[None], NotNull] = Field(
        None, ge=1, description="People studied; must be given if there is no interval"
    )
    unit: Unit = Field(description="Unit of the numbers")
    no_effect: Annotated[float | SkipJsonSchema[None], NotNull] = Field(
        None, description="What the estimate would be had nothing worked; not given if that is not the question"
    )

    @model_validator(mode="after")
    def _interval(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise InvalidValue("half an interval is given", "Give both low and high, or neither")
        if self.low is None and self.people is None:
            raise InvalidValue(
                "neither an interval nor a number of people is given", "Add low and high, or 'people: ...'"
            )
        if self.low is not None and self.high is not None and not self.low < self.value < self.high:
            wrong = f"{self.value:g} lies outside {self.low:g} to {self.high:g}"
            raise InvalidValue(wrong, "Give low < value < high", ("value",))
        for name in ("value", "low", "no_effect") if self.unit in RATIOS else ():
            given = getattr(self, name)
            if given is not None and given <= 0.0:
                raise InvalidValue(f"an {self.unit} is more than 0", "Write a ratio such as 0.88", (name,))
        return self

    @property
    def error(self) -> float:
        """Standard error on the working scale: of the logarithm for a ratio; NaN without an interval."""
        if self.low is None or self.high is None:
            return math.nan
        return (self.on_scale(self.high) - self.on_scale(self.low)) / (2.0 * _HALF_OF_95)

    def on_scale(self, value: float) -> float:
        """A value of this unit on the working scale."""
        return math.log(value) if self.unit in RATIOS else value

    def off_scale(self, value: float) -> float:
        """A value of the working scale in this unit."""
        return math.exp(value) if self.unit in RATIOS else value


class SimulationSetup(_WithoutEvidence):
    """Where and when the study is made again, what is paid for there, and how it is analysed."""

    place: Reference = Field(description="A shipped place or a place file, like that of the study")
    residents: Annotated[int | SkipJsonSchema[None], NotNull] = Field(
        None, ge=1000, le=1_000_000, description="People on the list, instead of the place's own number"
    )
    calendar: Annotated[Calendar | SkipJsonSchema[None], NotNull] = Field(
        None, description="When it begins and how long it runs; the scenario's own unless given"
    )
    scenario: Annotated[Reference | SkipJsonSchema[None], NotNull] = Field(
        None, description="A shipped scenario or a scenario file; instead of 'funding'"
    )
    funding: tuple[Funding, ...] = Field((), description="What was paid for, as in a scenario file")
    programme: Annotated[DeliveredProgramme | SkipJsonSchema[None], NotNull] = Field(
        None, description="How a shipped programme was delivered in the study: to whom, and how much of it"
    )
    analysis: Analysis = Field(description="How the simulated study is analysed")

    @model_validator(mode="after")
    def _one_policy(self) -> Self:
        if self.scenario is not None and self.funding:
            raise InvalidValue("both a scenario and funding are given", "Give one of them", ("funding",))
        if self.scenario is None and self.calendar is None:
            raise InvalidValue("'calendar' is missing", "Add 'calendar: {starts: 2013-04-01, years: 3}'")
        return self


class PublishedStudy(_WithoutEvidence):
    """One published study, and how it is simulated."""

    name: Name = Field(description="Short name, that of the file")
    title: Text = Field(description="What was studied, for a reader")
    population: Text = Field(description="Who was studied, where, how many")
    design: Text = Field(description="How: the design, the comparator, how long people were followed")
    outcome: Text = Field(description="What was measured")
    result: Text = Field(description="What was found, in a sentence")
    published: PublishedResult
    source: Annotated[str, Field(min_length=10)] = Field(description="Who published it, when, where")
    reference: Annotated[str, Field(pattern=r"^(doi:10\.|https?://)\S+$")] = Field(description="doi:... or https://...")
    checked: Literal["page", "secondary", "unchecked"] = Field(
        description="page: the numbers were read on the publisher's page or abstract; secondary: in another's words"
    )
    informs: tuple[str, ...] = Field(
        (), description="Evidence values whose source is this very study: agreement is then no independent test"
    )
    differences: tuple[Text, ...] = Field(min_length=1, description="How the simulation differs from the study")
    simulate: SimulationSetup

    @model_validator(mode="after")
    def _unit_fits(self) -> Self:
        kind, unit = self.simulate.analysis.kind, self.published.unit
        if unit not in UNITS_OF[kind]:
            fits = ", ".join(f"'{fitting}'" for fitting in UNITS_OF[kind])
            raise InvalidValue(f"a {kind} gives no estimate in '{unit}'", f"Use {fits}", ("published", "unit"))
        measure = MEASURES.get(getattr(self.simulate.analysis, "measure", ""))
        if unit == "points" and measure is not None and not measure.unit.startswith("%"):
            wrong = f"points are of a share, and '{measure.name}' is in {measure.unit}"
            raise InvalidValue(wrong, "Use '%', of what there is without the policy", ("published", "unit"))
        return self


def studies_schema() -> dict[str, Any]:
    """JSON Schema of a study file, for editors; shipped as ``calibration/studies/schema.json``."""
    schema = PublishedStudy.model_json_schema()
    title = "Published study, for the relational offset simulator"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}
