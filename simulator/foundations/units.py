"""Units and the values that each allows. The unit of a rate names its period."""

from __future__ import annotations

import math
from typing import Annotated, Final, NamedTuple

from pydantic import Field


class Unit(NamedTuple):
    """A unit: its name, the closed range of its values, and a description used in messages."""

    name: str
    low: float
    high: float
    meaning: str

    def refuses(self, value: float) -> str | None:
        """Reason why ``value`` cannot have this unit, or None if it can.

        >>> UNITS["probability"].refuses(1.2)
        '1.2 is not a probability'
        >>> UNITS["probability"].refuses(0.2) is None
        True
        """
        if math.isfinite(value) and self.low <= value <= self.high:
            return None
        return f"{value:g} is not {self.meaning}"


def _unit(name: str, low: float, high: float, meaning: str) -> tuple[str, Unit]:
    return name, Unit(name, low, high, meaning)


_INFINITY = math.inf
UNITS: Final[dict[str, Unit]] = dict(
    [
        _unit("probability", 0.0, 1.0, "a probability"),
        _unit("probability per week", 0.0, 1.0, "a probability"),
        _unit("share", 0.0, 1.0, "a share between 0 and 1"),
        _unit("strength", 0.0, 1.0, "a tie strength between 0 and 1"),
        _unit("per week", 0.0, _INFINITY, "a rate of 0 or more per week"),
        _unit("per year", 0.0, _INFINITY, "a rate of 0 or more per year"),
        _unit("per person per year", 0.0, _INFINITY, "a rate of 0 or more per person per year"),
        _unit("per 1,000 people per year", 0.0, _INFINITY, "a rate of 0 or more per 1,000 people per year"),
        _unit("per 1,000 people per week", 0.0, _INFINITY, "a rate of 0 or more per 1,000 people per week"),
        _unit("per 10,000 people", 0.0, _INFINITY, "a number of 0 or more per 10,000 people"),
        _unit("change per year", -0.99, _INFINITY, "a yearly change above -99 %"),
        _unit("ratio", 0.0, _INFINITY, "a ratio of 0 or more"),
        _unit("log ratio", -_INFINITY, _INFINITY, "a finite number"),
        _unit("score", -_INFINITY, _INFINITY, "a finite number"),
        _unit("standard deviation", 0.0, _INFINITY, "a standard deviation of 0 or more"),
        _unit("points of life satisfaction", 0.0, 10.0, "0 to 10 points of life satisfaction"),
        _unit("minutes", 0.0, _INFINITY, "0 minutes or more"),
        _unit("hours", 0.0, _INFINITY, "0 hours or more"),
        _unit("days", 0.0, _INFINITY, "0 days or more"),
        _unit("weeks", 0.0, _INFINITY, "0 weeks or more"),
        _unit("people", 0.0, _INFINITY, "0 people or more"),
        _unit("teams", 0.0, _INFINITY, "0 teams or more"),
        _unit("years", 0.0, _INFINITY, "0 years or more"),
        _unit("pounds", 0.0, _INFINITY, "0 pounds or more"),
        _unit("pounds per hour", 0.0, _INFINITY, "0 pounds or more an hour"),
        _unit("pounds per year", 0.0, _INFINITY, "0 pounds or more a year"),
        _unit("calendar year", 1900.0, 2200.0, "a calendar year"),
    ]
)

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Pounds = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Weeks = Annotated[int, Field(ge=0)]
