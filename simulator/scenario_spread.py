"""How a scenario's plan spreads over the places of a county: the part ``spread`` of a scenario file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from simulator.files import Misfit
from simulator.scenario_parts import OneOrMore, Part
from simulator.scenario_types import Given, Name, Reference, Text, Week

_PACE = ("places_per_wave", "weeks_between_waves")


class Spread(Part):
    """How places come by the plan: by directive in waves, or taught by those who practise it.

    What a place automates, buys, is given and promises begins in the week it takes the plan up, at the fidelity it has.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"mode": {"const": "rollout"}}, "required": ["mode"]},
            "then": {"required": list(_PACE)},
            "else": {"properties": dict.fromkeys(_PACE, False)},
        }
    )
    mode: Literal["rollout", "candles"] = Field(description="By directive and manual, or taught by those who do it")
    reason: Text = Field(description="Why it would spread this way")
    county: Annotated[Reference | SkipJsonSchema[None], Given] = Field(
        None, description="A shipped county or a county file, unless the run names one"
    )
    origin: Annotated[Name | SkipJsonSchema[None], Given] = Field(
        None, description="Place of the county that begins; the county's own unless given"
    )
    from_week: Week = Field(0, description="Week in which the origin begins and a directive is given, counted from 0")
    places_per_wave: Annotated[OneOrMore | SkipJsonSchema[None], Given] = Field(
        None, description="Roll-out: places that begin at once"
    )
    weeks_between_waves: Annotated[OneOrMore | SkipJsonSchema[None], Given] = Field(
        None, description="Roll-out: weeks from the directive to the first wave, and from wave to wave"
    )
    amounts_for: Annotated[OneOrMore | SkipJsonSchema[None], Given] = Field(
        None,
        description="Residents that the amounts of funding and commitments are for; elsewhere they are in proportion",
    )

    @model_validator(mode="after")
    def _has_its_pace(self) -> Self:
        for name in _PACE:
            given = getattr(self, name) is not None
            if self.mode == "rollout" and not given:
                raise Misfit(f"a roll-out has no pace: '{name}' is missing", f"Add '{name}: ...'", (name,))
            if self.mode == "candles" and given:
                right = "Remove it: how fast teams teach is evidence (spread.apprenticeship, spread.learners_at_once)"
                raise Misfit("candles are not lit in waves", right, (name,))
        return self
