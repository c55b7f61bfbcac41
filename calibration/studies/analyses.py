"""The kinds of analysis of a study file, each a pydantic model; cohorts are studied by `simulator.evaluation`."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from simulator.comparison.ages import Ages, band_shares
from simulator.comparison.outcomes import Outcome, outcomes_of_counts
from simulator.errors import did_you_mean
from simulator.evaluation.controls_elsewhere import DESIGNS_ELSEWHERE
from simulator.foundations.categories import WEEKS_PER_YEAR
from simulator.foundations.input_files import InvalidValue
from simulator.scenario.parts import ScenarioPart
from simulator.scenario.types import Name, NotNull

VOLUNTEERS: Final = Outcome(
    "volunteers", "% of adults", "Adults who volunteer", "more", ("volunteer_weeks",), ("adult_weeks",), 100.0
)
REQUESTS: Final = Outcome(
    "routine_requests",
    "requests a resident",
    "Routine requests to the practice",
    "neither",
    ("routine_requests",),
    ("resident_weeks",),
    float(WEEKS_PER_YEAR),
)
MEASURES: Final = {**outcomes_of_counts(), VOLUNTEERS.name: VOLUNTEERS, REQUESTS.name: REQUESTS}
"""Outcomes that analyses of a whole place can use."""
UNITS_OF: Final = {
    "trend": ("%",),
    "growth": ("%",),
    "contrast": ("%", "points"),
    "cohort": ("%", "admissions a person-year"),
    "tenure": ("odds ratio",),
}
"""Units of the estimate of each kind of analysis, save loneliness."""
LONELINESS: Final = "loneliness"
STANDARD_DEVIATIONS: Final = "SD"
"""The unit of loneliness: standard deviations of the people studied at entry; a minus means less lonely."""
Year = Annotated[int, Field(ge=1, le=100, strict=True)]
Quarter = Annotated[int, Field(ge=1, strict=True)]


class _OfAPlace(ScenarioPart):
    """An analysis of the counts of a whole place."""

    measure: str = Field(
        "emergency_admissions", description="An outcome, by its name in simulator/comparison/outcomes.py"
    )
    ages: Annotated[Ages | SkipJsonSchema[None], NotNull] = Field(
        None, description="Years of age, such as 65+; all ages by default"
    )

    @field_validator("measure")
    @classmethod
    def _known(cls, measure: str) -> str:
        if measure not in MEASURES:
            raise InvalidValue(f"there is no outcome '{measure}'", did_you_mean(measure, MEASURES))
        return measure

    @field_validator("ages")
    @classmethod
    def _readable(cls, ages: str | None) -> str | None:
        band_shares(ages)
        return ages


class Trend(_OfAPlace):
    """Change along a straight line through quarterly counts, from its first quarter to its last, in % of the first."""

    kind: Literal["trend"]
    from_quarter: Quarter = Field(1, description="Quarter of the run in which the line begins, counted from 1")


class Growth(_OfAPlace):
    """Change in the rate per resident between two years, in % of the first."""

    kind: Literal["growth"]
    from_year: Year = Field(1, description="Year of the run, counted from 1")
    to_year: Year = Field(description="Year of the run, counted from 1")

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.to_year <= self.from_year:
            raise InvalidValue("to_year is not after from_year", "Give a later to_year", ("to_year",))
        return self


class Contrast(_OfAPlace):
    """One year of the place, compared with the same year of the same place without the policy."""

    kind: Literal["contrast"]
    year: Year = Field(description="Year of the run, counted from 1")
    without: Literal["policy", "surge"] = Field(
        "policy", description="policy: no programme is funded; surge: the scenario without its volunteer surge"
    )


class Cohort(ScenarioPart):
    """A study of persons, by one of the designs of `offset evaluate`."""

    kind: Literal["cohort"]
    programme: Name = Field(description="The programme studied")
    design: Literal["before-after", "matched", "did", "trial"] = Field(description="See docs/evaluation.md")
    effect_on: Literal["members", "participants", "offered", "takers"] = Field(
        "members",
        description="For a trial: people randomised after they took up an offer; people offered the programme at "
        "random; or of these, people who take part",
    )
    outcome: Literal["emergency_admissions", "loneliness"] = Field(
        "emergency_admissions", description="Outcome; loneliness is a standardised mean difference of surveyed scores"
    )
    weeks_after: Annotated[
        Annotated[int, Field(ge=1, le=WEEKS_PER_YEAR, strict=True)] | SkipJsonSchema[None], NotNull
    ] = Field(None, description="For loneliness: weeks after joining or randomisation at which it was measured")
    follow_up_weeks: Annotated[int, Field(ge=1, le=WEEKS_PER_YEAR, strict=True)] = Field(
        WEEKS_PER_YEAR, description="Weeks of follow-up after joining"
    )
    controls: Literal["here", "elsewhere"] = Field(
        "here", description="Where matched controls live: in the same place, or in a similar one without the programme"
    )

    @model_validator(mode="after")
    def _of_this_design(self) -> Self:
        if self.controls == "elsewhere" and self.design not in DESIGNS_ELSEWHERE:
            right = f"Remove it, or write 'design: {DESIGNS_ELSEWHERE[0]}'"
            raise InvalidValue(f"a {self.design} study cannot have controls elsewhere", right, ("controls",))
        if (self.design == "trial") == (self.effect_on == "members"):
            right = (
                "'participants', 'offered' or 'takers'" if self.design == "trial" else "'members', or omit the field"
            )
            wrong = f"a {self.design} study cannot estimate the effect on '{self.effect_on}'"
            raise InvalidValue(wrong, f"Write {right}", ("effect_on",))
        return self

    @model_validator(mode="after")
    def _of_this_outcome(self) -> Self:
        of_loneliness = self.outcome == LONELINESS
        if of_loneliness and self.weeks_after is None:
            right = "Add 'weeks_after: 26', the weeks from joining to the survey"
            raise InvalidValue("loneliness is measured at a time that is not given", right)
        if not of_loneliness and self.weeks_after is not None:
            right = "Add 'outcome: loneliness', or use 'follow_up_weeks'"
            raise InvalidValue("weeks_after has no effect on emergency admissions", right, ("weeks_after",))
        if of_loneliness and "follow_up_weeks" in self.model_fields_set:
            right = "Remove it: 'weeks_after' is the time of the survey"
            raise InvalidValue("follow_up_weeks has no effect on loneliness", right, ("follow_up_weeks",))
        if of_loneliness and self.controls == "elsewhere":
            raise InvalidValue("loneliness is not surveyed elsewhere", "Write 'controls: here'", ("controls",))
        return self


class Tenure(ScenarioPart):
    """Odds of an emergency admission in the last year, by time with the same usual GP (an association)."""

    kind: Literal["tenure"]
    newer_than_weeks: int = Field(
        ge=1, strict=True, description="Reference group: fewer weeks with the usual GP than this"
    )
    older_from_weeks: int = Field(ge=1, strict=True, description="Comparison group: weeks with the usual GP, at least")
    older_to_weeks: int = Field(ge=1, strict=True, description="Comparison group: weeks with the usual GP, at most")

    @model_validator(mode="after")
    def _order(self) -> Self:
        if not self.newer_than_weeks <= self.older_from_weeks <= self.older_to_weeks:
            wrong = f"{self.newer_than_weeks}, {self.older_from_weeks} and {self.older_to_weeks} weeks overlap"
            raise InvalidValue(wrong, "Give them in ascending order", ("newer_than_weeks",))
        return self


def units_of(analysis: Trend | Growth | Contrast | Cohort | Tenure) -> tuple[str, ...]:
    """Units that the estimate of this analysis can have."""
    if isinstance(analysis, Cohort) and analysis.outcome == LONELINESS:
        return (STANDARD_DEVIATIONS,)
    return UNITS_OF[analysis.kind]


Analysis = Annotated[Trend | Growth | Contrast | Cohort | Tenure, Field(discriminator="kind")]
