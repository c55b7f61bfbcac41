"""The kinds of analysis that a study file may ask for, each a pydantic model; `simulator.evaluation` makes cohorts."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from calibration.targets.targets import Ages, band_shares
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
MEASURES: Final = {**outcomes_of_counts(), VOLUNTEERS.name: VOLUNTEERS}
"""What the analyses of a whole place can be of."""
UNITS_OF: Final = {
    "trend": ("%",),
    "growth": ("%",),
    "contrast": ("%", "points"),
    "cohort": ("%", "admissions a person-year"),
    "tenure": ("odds ratio",),
}
"""Units in which each kind of analysis can state its estimate."""
Year = Annotated[int, Field(ge=1, le=100, strict=True)]


class _OfAPlace(ScenarioPart):
    """An analysis of counts of a whole place."""

    measure: str = Field(
        "emergency_admissions", description="An outcome, by its name in simulator/comparison/outcomes.py"
    )
    ages: Annotated[Ages | SkipJsonSchema[None], NotNull] = Field(
        None, description="Years of age, such as 65+; everyone if not given"
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
    """Change of the straight line through the quarters' counts, from the first to the last, in % of the first."""

    kind: Literal["trend"]


class Growth(_OfAPlace):
    """Change of the rate per resident from one year to another, in % of the first."""

    kind: Literal["growth"]
    from_year: Year = Field(1, description="Year of the run, counted from 1")
    to_year: Year = Field(description="Year of the run, counted from 1")

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.to_year <= self.from_year:
            raise InvalidValue("it ends before it begins", "Give to_year after from_year", ("to_year",))
        return self


class Contrast(_OfAPlace):
    """One year of the place against the same year of a place that is alike, but without the policy."""

    kind: Literal["contrast"]
    year: Year = Field(description="Year of the run, counted from 1")
    without: Literal["policy", "surge"] = Field(
        "policy", description="policy: nothing is paid for; surge: the scenario without its volunteer surge"
    )


class Cohort(ScenarioPart):
    """Persons, as `offset evaluate` studies them: by one of its designs."""

    kind: Literal["cohort"]
    programme: Name = Field(description="The programme that is studied")
    design: Literal["before-after", "matched", "did", "trial"] = Field(description="See docs/evaluation.md")
    effect_on: Literal["members", "offered", "takers"] = Field(
        "members", description="For a trial: those offered the programme, or those who take part if offered"
    )
    follow_up_weeks: Annotated[int, Field(ge=1, le=WEEKS_PER_YEAR, strict=True)] = Field(
        WEEKS_PER_YEAR, description="Weeks after joining that are counted"
    )

    controls: Literal["here", "elsewhere"] = Field(
        "here", description="Where matched controls live: in the place itself, or in one like it without the programme"
    )

    @model_validator(mode="after")
    def _of_this_design(self) -> Self:
        if self.controls == "elsewhere" and self.design not in DESIGNS_ELSEWHERE:
            right = f"Remove it, or write 'design: {DESIGNS_ELSEWHERE[0]}'"
            raise InvalidValue(f"a {self.design} study has no controls elsewhere", right, ("controls",))
        if (self.design == "trial") == (self.effect_on == "members"):
            right = "'offered' or 'takers'" if self.design == "trial" else "'members', or leave it out"
            wrong = f"a {self.design} study has no effect on '{self.effect_on}'"
            raise InvalidValue(wrong, f"Write {right}", ("effect_on",))
        return self


class Tenure(ScenarioPart):
    """Odds of an emergency admission in the last year, by time on the practice's list, as a register shows them."""

    kind: Literal["tenure"]
    newer_than_weeks: int = Field(ge=1, strict=True, description="The reference: on the list for fewer weeks than this")
    older_from_weeks: int = Field(ge=1, strict=True, description="Compared: on the list for this long or longer")
    older_to_weeks: int = Field(ge=1, strict=True, description="And for no longer than this")

    @model_validator(mode="after")
    def _order(self) -> Self:
        if not self.newer_than_weeks <= self.older_from_weeks <= self.older_to_weeks:
            wrong = f"{self.newer_than_weeks}, {self.older_from_weeks} and {self.older_to_weeks} weeks overlap"
            raise InvalidValue(wrong, "Order them newer, older from, older to", ("newer_than_weeks",))
        return self


Analysis = Annotated[Trend | Growth | Contrast | Cohort | Tenure, Field(discriminator="kind")]
