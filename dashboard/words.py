"""Words of the product that a reader sees: labels, caveats, units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from simulator.headline import financial_year, number_words, pounds_words
from simulator.likeness import seeds_in_words

LABELS: Final[Mapping[str, str]] = {
    "nhs": "NHS",
    "council": "Council",
    "voluntary": "Voluntary sector",
    "cashable": "Money",
    "capacity": "Capacity",
    "volunteer_time": "Volunteers' time",
    "gp_practice": "GP practice",
    "hospital": "Hospital",
    "council_contact_centre": "Council contact centre",
    "community_hub": "Community hub",
    "automated": "Staff time automated",
    "rework": "Failed contacts and rework",
    "technology": "Technology",
    "released": "Released",
    "reinvested": "Reinvested",
    "banked": "Banked",
    "absorbed": "Absorbed",
    "health_connectors": "Health connectors",
    "talking_cafes": "Talking cafés",
    "complex_care_hub": "Complex-care hub",
    "age_band": "Age",
    "deprivation": "Deprivation fifth",
    "year": "Year",
}
"""Names for a reader of everything that has a short name in the data."""

FIFTHS: Final = ("1, most deprived", "2", "3", "4", "5, least deprived")

FIRST_CAVEATS: Final = (
    "The model is not yet calibrated: its evidence is published, its fit to the place is not. Read differences, not "
    "levels.",
    "Links from loneliness to illness come from studies that watched people, not from trials. How much of each is "
    "cause is an assumption, drawn anew for each pair of runs; it carries much of the range shown.",
    "The range covers what is uncertain inside the model. It cannot cover what the model leaves out.",
)
"""What leads the section on limits."""
OTHER_CAVEATS: Final = (
    "Capacity is not money. A bed that is not needed is used by someone else; staff time that is absorbed improves a "
    "service but pays no bill.",
    "Social care, schools, work and crime are outside the model, and so are gains in well-being: no value is put on "
    "feeling less lonely.",
    "Prices are national averages. What one admission fewer saves a hospital in the short run is far less, which is "
    "why money and capacity are kept apart.",
    "Residents, ties and neighbourhoods are simulated from published margins. Nobody in them is a real person.",
)
COMPOSITE_CAVEAT: Final = "This place is a composite: it resembles many places and is none."

MONEY_NOTE: Final = (
    "Negative is a saving. Money changes hands or stays in a budget within the time shown; capacity is beds, "
    "appointments and staff time used or freed. Volunteers' time is in neither."
)
LEDGER_NOTE: Final = (
    "Whole horizon, undiscounted, mean of the runs. Staff time automated, less rework and technology, is what is "
    "released; released is what is reinvested, banked and absorbed, to the penny, in every run."
)
FOREST_NOTE: Final = (
    "Mean of the paired differences in per cent of the baseline, with the middle 80 % of runs. A range that leaves out "
    "zero is called clear."
)


def label(name: object) -> str:
    """The reader's name of something, or the name itself.

    >>> label("nhs"), label("65-74")
    ('NHS', '65-74')
    """
    return LABELS.get(str(name), str(name))


def measured(value: float, error: float, unit: str) -> str:
    """A number with its unit, no finer than its Monte Carlo error; pounds with their sign in front.

    >>> measured(-1234.0, 10.0, "pounds a year"), measured(0.256, 0.01, "% of adults"), measured(math.nan, 1.0, "days")
    ('-£1,230', '0.26', 'too few')
    """
    if math.isnan(value):
        return "too few"
    if unit.startswith("pounds"):
        return pounds_words(value, error)
    return number_words(value, error)


def signed(value: float, error: float, unit: str) -> str:
    """A difference with its sign, as `measured`.

    >>> signed(12.3, 1.0, "days"), signed(-12.3, 1.0, "days"), signed(0.1, 1.0, "days")
    ('+12', '-12', '0')
    """
    said = measured(value, error, unit)
    positive = said[:1] not in ("-", "t") and any(digit in said for digit in "123456789")
    return f"+{said}" if positive else said


def provenance(scenario: Mapping[str, Any], baseline: Mapping[str, Any], pairs: int) -> str:
    """The line under every chart: what was run, on what, and what its bars are."""
    against = f"{scenario['scenario']} {scenario['scenario_hash']} against {baseline['scenario']} {baseline['scenario_hash']}"
    return (
        f"Model {scenario['model_version']}. {against}. {scenario['place_title']} {scenario['place_hash']}, "
        f"{scenario['residents']:,} residents, {scenario['weeks']} weeks from {scenario['starts']}. {pairs} paired "
        f"replications, seeds {seeds_in_words(scenario['seeds'])}. Ranges: middle 80 % of runs. Prices of "
        f"{financial_year(scenario['price_year'])}, discounted. {scenario['created'][:10]}. Simulated estimate, not an "
        "official statistic."
    )


def caveats(record: Mapping[str, Any]) -> tuple[str, ...]:
    """What a comparison in this place cannot tell, the most important first."""
    composite = (COMPOSITE_CAVEAT,) if record["composite"] else ()
    return (*FIRST_CAVEATS, *composite, *OTHER_CAVEATS)
