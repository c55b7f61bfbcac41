"""Staff that a scenario adds to a service or takes from it: relief and cuts, and time to train."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from simulator.categories import ROLES, SERVICES
from simulator.errors import did_you_mean
from simulator.files import Misfit, show
from simulator.scenario_parts import OneOrMore, Part
from simulator.scenario_types import MOST, Given, Positive, Service, Text, Week

ROLES_OF: Final = {
    service: tuple(role.split(".")[1] for role in ROLES if role.split(".")[0] == service) for service in SERVICES
}
Hours = Annotated[float, Field(ge=-MOST, le=MOST, strict=True)]


class StaffingEntry(Part):
    """Hours a week of one role of one service, more or fewer, or hours of its training, for a time."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["hours_per_week"]}, {"required": ["training_hours_per_week"]}],
            "allOf": [
                {
                    "if": {"properties": {"service": {"const": service}}, "required": ["service"]},
                    "then": {"properties": {"role": {"enum": list(roles)}}},
                }
                for service, roles in ROLES_OF.items()
            ],
        }
    )
    service: Service = Field(description="The service whose staff change")
    role: str = Field(description="A role of this service")
    hours_per_week: Annotated[Hours | SkipJsonSchema[None], Given] = Field(
        None, description="Hours of staff a week more than there are, or fewer if below 0"
    )
    training_hours_per_week: Annotated[Positive | SkipJsonSchema[None], Given] = Field(
        None, description="Or: paid hours a week, of all staff of the role together, of training in relational skill"
    )
    from_week: Week = Field(0, description="First week, counted from 0")
    weeks: Annotated[OneOrMore | SkipJsonSchema[None], Given] = Field(
        None, description="For how many weeks; to the end if not given"
    )
    reason: Text = Field(description="Why: what is cut or who pays for relief")

    @field_validator("role")
    @classmethod
    def _role_of_service(cls, role: str, info: ValidationInfo) -> str:
        service = info.data.get("service")
        if service is None or role in ROLES_OF[service]:
            return role
        owners = [name for name, known in ROLES_OF.items() if role in known]
        right = f"It is a role of {owners[0]}" if owners else did_you_mean(role, ROLES_OF[service])
        raise Misfit(f"{service} has no role {show(role)}", right)

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if self.hours_per_week is None and self.training_hours_per_week is None:
            raise Misfit("no hours are given", "Add 'hours_per_week: ...' or 'training_hours_per_week: ...'")
        if self.hours_per_week is not None and self.training_hours_per_week is not None:
            right = "Write two entries, one of hours and one of training"
            raise Misfit("hours and training are given in one entry", right, ("training_hours_per_week",))
        if self.hours_per_week == 0.0:
            raise Misfit(
                "0 hours change nothing", "Write hours above or below 0, or remove the entry", ("hours_per_week",)
            )
        return self

    @property
    def path(self) -> str:
        """Service and role, as evidence tables name it."""
        return f"{self.service}.{self.role}"
