"""Words of the product that a reader sees: labels, caveats, units."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from simulator.comparison.comparability import seeds_in_words
from simulator.comparison.costs import ITEMS
from simulator.comparison.headline import financial_year, number_text, pounds_text
from simulator.comparison.outcomes import OUTCOMES, Outcome, Where, shown_in
from simulator.comparison.paired_statistics import decimals_for, rounded
from simulator.lenses import EVIDENCE

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
    "adult_social_care": "Adult social care",
    "automated": "Staff time automated",
    "rework": "Failed contacts and rework",
    "technology": "Technology",
    "released": "Released",
    "reinvested": "Reinvested",
    "saved": "Saved",
    "absorbed": "Absorbed",
    "programmes": "Programmes, other money",
    "volunteers": "Volunteers' time",
    "health_connectors": "Health connectors",
    "talking_cafes": "Talking cafés",
    "complex_care_hub": "Complex-care hub",
    "community_connectors": "Community connectors",
    "gp_continuity": "Continuity with one's own GP",
    "discharge_liaison": "Home from hospital",
    "volunteer_infrastructure": "Support for volunteering",
    "relational_skills_training": "Training in relational skills",
    "befriending": "Befriending",
    "trusted_adult": "A trusted adult at school",
    "more_gp_appointments": "More GP appointments",
    "home_care_hours": "More home care",
    "evidence": "Evidence as written",
    "trial-evidence": "On trial evidence",
    "as-claimed": "As claimed",
    "age_band": "Age",
    "deprivation": "Deprivation fifth",
    "year": "Year",
    "quarter": "Quarter",
    "lonely": "Often or always lonely",
    "lens_title": "Lens",
    "title": "Scenario",
    "service": "Service",
    "payer": "Payer",
    "kind": "Kind",
    "item": "Item",
    "True": "yes",
    "False": "no",
}
"""Names for a reader of everything that has a short name in the data."""

MINUS: Final = "−"
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
    "Of social care the model has what the council arranges for adults: requests, assessments, home care and care "
    "homes. Care that people pay for themselves, care given by families, care of children, schools, work and crime are "
    "outside it (the wider ledger only quotes what others claim of the last three), and so are gains in well-being: no "
    "value is put on feeling less lonely.",
    "Prices are national averages. What one admission fewer saves a hospital in the short run is far less, which is "
    "why money and capacity are kept apart.",
    "Residents, ties and neighbourhoods are simulated from published margins. Nobody in them is a real person.",
)
FITTED_CAVEAT: Final = (
    "The model was fitted to published figures of one town, its county and England, and is read through a lens: {}. "
    "That it can give those figures does not prove that this is how they came about."
)
"""Stands first instead of the word that nothing was calibrated, where something was."""
COMPOSITE_CAVEAT: Final = "This place is a composite: it resembles many places and is none."

MONEY_NOTE: Final = (
    "Negative is a saving. Money changes hands or stays in a budget within the time shown; capacity is beds, "
    "appointments and staff time used or freed. Volunteers' time is in neither."
)
LEDGER_NOTE: Final = (
    "Whole horizon, undiscounted, mean of the runs. Staff time automated, less rework and technology, is what is "
    "released; released is what is reinvested, saved and absorbed, to the penny, in every run. Saved below zero is a "
    "loss: time in which rework and technology cost more than was freed."
)
MARKS_NOTE: Final = (
    "Disc: clearly better; square: clearly worse; diamond: clearly different, neither better nor worse; ring: not "
    "clear, the range holds zero."
)
FEWER_OR_MORE: Final = "fewer (left) or more (right)"
SAVED_OR_SPENT: Final = "saved (left), spent (right)"
PARTS: Final = {"net_cash": "money", "net_capacity": "capacity"}
"""Parts of the net cost, with what each is called beside it."""
VERDICTS: Final = {
    "better": "Clearly better",
    "worse": "Clearly worse",
    "different": "Clearly different",
    "unclear": "Not clear",
}
METHOD: Final = (
    "Each replication runs the baseline and the scenario with the same luck and the same draw of every uncertain "
    "value, so that their difference is due to the policy. Neighbouring seeds share one draw.",
    "Lower and upper are the 10th and 90th percentile of the replications' differences, over luck and beliefs.",
    "The Monte Carlo error is the standard error of the mean difference. It shrinks as replications are added; the "
    "range does not. No number is printed past its first digit. Levels have larger errors than differences, so printed "
    "levels need not differ by exactly the printed difference.",
    "Luck is the share of the replications' variance that remains when beliefs are the same (one-way random-effects "
    "analysis of variance; Searle, Casella and McCulloch 1992).",
    "Costs are discounted to the first year. What is released and reinvested costs nothing anew; what is saved is "
    "money; what is absorbed is capacity.",
)

WITHHELD: Final = "withheld: the lens failed a check"
"""Instead of a range, where a lens failed a check that its ranges need."""
WITHHELD_NOTE: Final = "Cross: the range is withheld, since the lens failed a check."

CHANNELS: Final = {
    "loneliness": "Loneliness: ties that programmes make",
    "continuity": "Continuity: seeing one's own clinician",
    "care_planning": "Care planning",
    "discharge": "Discharge: help to leave hospital",
    "access": "Access and failure demand: automation, staff, needs found",
    "volunteers": "Volunteers: their own ties and support",
    "changed_evidence": "Evidence that the scenario changes",
    "interaction": "(of which beyond what each does alone)",
    "total": "The whole effect",
}
"""Channels of an effect (`simulator.experiments.attribution`)."""


def label(name: object) -> str:
    """The reader's name of something, or the name itself.

    >>> label("nhs"), label("65-74")
    ('NHS', '65-74')
    """
    return LABELS.get(str(name), ITEMS.get(str(name), str(name)))


def name_of(row: pd.Series[Any]) -> str:
    """The outcome of a row where there is little room; the row's own label if it is none."""
    return OUTCOMES[row["measure"]].short_label if row["measure"] in OUTCOMES else str(row["label"])


def less_or_more(outcome: Outcome) -> str:
    """Which way is which on an axis of differences."""
    return FEWER_OR_MORE if outcome.countable else "less (left) or more (right)"


def labels_in(where: Where) -> dict[str, str]:
    """Labels of the outcomes that are shown there, by name."""
    return {name: OUTCOMES[name].label for name in shown_in(where)}


def measured(value: float, error: float, unit: str) -> str:
    """A number with its unit, no finer than its Monte Carlo error; pounds with their sign in front.

    >>> measured(-1234.0, 10.0, "pounds a year"), measured(0.256, 0.01, "% of adults"), measured(math.nan, 1.0, "days")
    ('−£1,230', '0.26', 'too few')
    """
    if math.isnan(value):
        return "too few"
    if unit.startswith("pounds"):
        return pounds_text(value, error).replace("-", MINUS)
    return number_text(value, error).replace("-", MINUS)


def signed(value: float, error: float, unit: str) -> str:
    """A difference with its sign, as `measured`.

    >>> signed(12.3, 1.0, "days"), signed(-12.3, 1.0, "days"), signed(0.1, 1.0, "days")
    ('+12', '−12', '0')
    """
    said = measured(value, error, unit)
    positive = said[:1] not in (MINUS, "t") and any(digit in said for digit in "123456789")
    return f"+{said}" if positive else said


def error_text(error: float) -> str:
    """A Monte Carlo error to two significant digits; empty if it is not known.

    >>> error_text(2345.6), error_text(0.0456), error_text(math.nan)
    ('2,300', '0.046', '')
    """
    if math.isnan(error):
        return ""
    places = 1 + decimals_for(error, error)
    return f"{rounded(error, places):,.{max(0, places)}f}" if error else "0"


def difference_unit(unit: str) -> str:
    """The unit of a difference: that of percentages is the percentage point.

    >>> difference_unit("% of adults"), difference_unit("days a year")
    ('percentage points of adults', 'days a year')
    """
    return unit.replace("% ", "percentage points ", 1) if unit.startswith("% ") else unit


def provenance(scenario: Mapping[str, Any], baseline: Mapping[str, Any], pairs: int) -> str:
    """The line under every chart: what was run, on what, and what its bars are."""
    runs = [f"{arm['scenario']} {arm['scenario_hash']}" for arm in (scenario, baseline)]
    sentences = (
        f"Model {scenario['model_version']}",
        " against ".join(runs),
        f"{scenario['place_title']} {scenario['place_hash']}, {scenario['residents']:,} residents",
        f"{scenario['weeks']} weeks from {scenario['starts']}",
        *([f"Lens: {scenario['lens_title']}"] if "lens_title" in scenario else []),
        f"{pairs} paired replications, seeds {seeds_in_words(scenario['seeds'])}",
        "Ranges: middle 80 % of runs",
        f"Prices of {financial_year(scenario['price_year'])}, discounted",
        str(scenario["created"])[:10],
        "Simulated estimate, not an official statistic",
    )
    return ". ".join(sentences) + "."


def caveats(record: Mapping[str, Any]) -> tuple[str, ...]:
    """What a comparison in this place cannot tell, the most important first."""
    composite = (COMPOSITE_CAVEAT,) if record["composite"] else ()
    fitted = record.get("lens", EVIDENCE) != EVIDENCE
    first = (FITTED_CAVEAT.format(record["lens_title"]), *FIRST_CAVEATS[1:]) if fitted else FIRST_CAVEATS
    return (*first, *composite, *OTHER_CAVEATS)


def short_lens_title(record: Mapping[str, Any]) -> str:
    """The lens of a run record, without its dials.

    >>> short_lens_title({"lens_title": "As claimed, all of Frome's gap taken as caused by its programme"})
    'As claimed'
    """
    return str(record.get("lens_title", "Evidence as written")).partition(",")[0]
