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


UNITS: Final[dict[str, Unit]] = dict(
    [
        _unit("probability", 0.0, 1.0, "a probability"),
        _unit("probability per week", 0.0, 1.0, "a probability"),
        _unit("share", 0.0, 1.0, "a share between 0 and 1"),
        _unit("strength", 0.0, 1.0, "a tie strength between 0 and 1"),
        _unit("per week", 0.0, 1e4, "a rate of 0 to 10,000 per week"),
        _unit("per year", 0.0, 1e6, "a rate of 0 to 1,000,000 per year"),
        _unit("per person per year", 0.0, 1e4, "a rate of 0 to 10,000 per person per year"),
        _unit("per 1,000 people per year", 0.0, 1e6, "a rate of 0 to 1,000,000 per 1,000 people per year"),
        _unit("per 1,000 people per week", 0.0, 1e6, "a rate of 0 to 1,000,000 per 1,000 people per week"),
        _unit("per 10,000 people", 0.0, 1e6, "a number of 0 to 1,000,000 per 10,000 people"),
        _unit("change per year", -0.99, 10.0, "a yearly change from -99 % to 1,000 %"),
        _unit("ratio", 0.0, 1e9, "a ratio of 0 to a billion"),
        _unit("log ratio", -100.0, 100.0, "a number from -100 to 100"),
        _unit("score", -1e6, 1e6, "a number from -1,000,000 to 1,000,000"),
        _unit("standard deviation", 0.0, 1e6, "a standard deviation of 0 to 1,000,000"),
        _unit("points of life satisfaction", 0.0, 10.0, "0 to 10 points of life satisfaction"),
        _unit("minutes", 0.0, 10_080.0, "0 to 10,080 minutes"),
        _unit("hours", 0.0, 1e9, "0 to 1,000,000,000 hours"),
        _unit("days", 0.0, 36_500.0, "0 to 36,500 days"),
        _unit("weeks", 0.0, 5_200.0, "0 to 5,200 weeks"),
        _unit("people", 0.0, 1e8, "0 to 100,000,000 people"),
        _unit("teams", 0.0, 1e6, "0 to 1,000,000 teams"),
        _unit("years", 0.0, 1e3, "0 to 1,000 years"),
        _unit("pounds", 0.0, 1e9, "0 to 1,000,000,000 pounds"),
        _unit("pounds per hour", 0.0, 1e4, "0 to 10,000 pounds an hour"),
        _unit("pounds per year", 0.0, 1e12, "0 to 1,000 billion pounds a year"),
        _unit("calendar year", 1900.0, 2200.0, "a calendar year"),
    ]
)
"""Every range is finite, as are products of some values: minutes are up to a week, weeks up to a century."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Pounds = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Weeks = Annotated[int, Field(ge=0)]
