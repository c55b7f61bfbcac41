"""Labels, caveats, notes and number formats of the user interface."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from simulator.comparison.comparability import seeds_in_words
from simulator.comparison.costs import ITEMS
from simulator.comparison.discrepancy import discrepancy, discrepancy_in_words
from simulator.comparison.headline import financial_year, number_text, pounds_text
from simulator.comparison.outcomes import OUTCOMES, Outcome, Where, shown_in
from simulator.comparison.paired_statistics import decimals_for, rounded
from simulator.comparison.smallest_differences import Matters, matters_in_words
from simulator.comparison.verdict import HIGH
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
    "gp_continuity": "Continuity with the usual GP",
    "discharge_liaison": "Home from hospital",
    "volunteer_infrastructure": "Support for volunteering",
    "relational_skills_training": "Training in relational skills",
    "befriending": "Befriending",
    "trusted_adult": "A trusted adult at school",
    "group_course": "A course on one's ties",
    "more_gp_appointments": "More GP appointments",
    "home_care_hours": "More home care",
    "household_visitors": "Household visitors",
    "aftercare": "Aftercare by the practice",
    "ai_case_finding": "Case finding by software",
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
"""Labels of short names in the data."""

MINUS: Final = "−"
FIFTHS: Final = ("1, most deprived", "2", "3", "4", "5, least deprived")

FIRST_CAVEATS: Final = (
    "The model has not been calibrated for these runs: its parameters come from published evidence, but they have not "
    "been fitted to local figures. Differences are more reliable than levels.",
    "The links from loneliness to illness come from observational studies, not trials. How much of each is causal is "
    "an assumption, drawn afresh for every pair of runs, and accounts for much of the range shown.",
    f"Ranges are {discrepancy().ratio:g} times as wide as those of the runs, for what the model leaves out. That is an "
    f"estimate from {discrepancy().studies} published studies ({discrepancy().low:g} to {discrepancy().high:g} if one "
    "more or one fewer is allowed to miss); what a plan does that none of them tried may be further off.",
)
"""First items of the section on limitations."""
OTHER_CAVEATS: Final = (
    "Capacity is not money. A bed that is not needed is used by someone else; staff time that is absorbed improves a "
    "service but does not reduce spending.",
    "Social care in the model is what the council arranges for adults: requests, assessments, home care and care "
    "homes. Care that people pay for themselves, care by families, children's social care, schools, work and crime are "
    "not modelled (the wider ledger only quotes published claims about the last three). Nor are gains in health: "
    "no value is put on longer or healthier life. Less loneliness is valued beside the costs, and is in none of them.",
    "Prices are national averages. In the short run a hospital saves far less by one admission fewer, which is why "
    "money and capacity are shown separately.",
    "Residents, ties and neighbourhoods are simulated from published margins. None of the residents is a real person.",
)
FITTED_CAVEAT: Final = (
    "The model was fitted to published figures for one town, its county and England. The lens is: {}. "
    "A good fit does not prove that the model's mechanisms produced those figures."
)
"""Replaces the first caveat where the lens was fitted."""
COMPOSITE_CAVEAT: Final = "This place is a composite of several areas: it resembles many places and is not a real one."

MONEY_NOTE: Final = (
    "A negative difference is a saving. Money is what is spent or stays in a budget within the time shown; capacity "
    "is beds, appointments and staff time used or freed. Neither includes volunteers' time."
)
LEDGER_NOTE: Final = (
    "Whole horizon, undiscounted, mean of the runs. Staff time automated, less rework and technology, equals what is "
    "released; that equals the amounts reinvested, saved and absorbed, to the penny, in every run. A negative amount "
    "saved is a loss: rework and technology cost more than automation freed."
)
MARKS_NOTE: Final = (
    "Disc: better; square: worse; diamond: different, where neither is good; triangle: too small to matter; ring: "
    "cannot tell yet."
)
FEWER_OR_MORE: Final = "fewer (left) or more (right)"
SAVED_OR_SPENT: Final = "saved (left), spent (right)"
PARTS: Final = {"net_cash": "money", "net_capacity": "capacity"}
"""Parts of the net cost, with their labels next to it."""
METHOD: Final = (
    "Each replication runs the baseline and the scenario with common random numbers and the same draw of every "
    "uncertain parameter, so that their difference is due to the policy. Two neighbouring seeds share one draw.",
    f"{discrepancy_in_words()} They reflect parameter and stochastic uncertainty as well.",
    "The Monte Carlo error is the standard error of the mean difference. It shrinks as replications are added; the "
    "range does not. Numbers are rounded to the first digit of their error. Levels have larger errors than "
    "differences, so the levels shown need not differ by exactly the difference shown.",
    "The stochastic share is the part of the variance between pairs that remains when parameters are held the same "
    "(one-way random-effects analysis of variance; Searle, Casella and McCulloch 1992).",
    "Costs are discounted to the first year. Reinvesting released time has no further cost; the amount saved is "
    "money; the amount absorbed is capacity.",
)

CAUSAL_MISSING: Final = (
    "The table with none and half of each association treated as causal was not made. The same command makes it, "
    "without --no-causal and left to run to its end."
)
WITHHELD: Final = "withheld: the lens failed a check"
"""Shown instead of a range where the lens failed a check that ranges depend on."""
WITHHELD_NOTE: Final = "Cross: the range is withheld, since the lens failed a check."

CHANNELS: Final = {
    "new_ties": "New ties, made in programmes",
    "old_ties": "Old ties, brought back",
    "outlook": "How people see their ties",
    "continuity": "Continuity: seeing the usual clinician",
    "care_planning": "Care planning",
    "discharge": "Discharge: help to leave hospital",
    "access": "Access and failure demand: automation, staff, needs found",
    "volunteers": "Volunteers: their own ties and support",
    "help": "Help in illness: neighbours and friends organised to help",
    "changed_evidence": "Evidence that the scenario changes",
    "interaction": "(of which beyond what each does alone)",
    "total": "The whole effect",
}
"""Channels of an effect (`simulator.experiments.attribution`)."""


def label(name: object) -> str:
    """The label of a short name, or the name itself.

    >>> label("nhs"), label("65-74")
    ('NHS', '65-74')
    """
    return LABELS.get(str(name), ITEMS.get(str(name), str(name)))


def name_of(row: pd.Series[Any]) -> str:
    """The short label of a row's outcome, or the row's own label if its measure is not an outcome."""
    return OUTCOMES[row["measure"]].short_label if row["measure"] in OUTCOMES else str(row["label"])


def less_or_more(outcome: Outcome) -> str:
    """The meaning of left and right on an axis of differences."""
    return FEWER_OR_MORE if outcome.countable else "less (left) or more (right)"


def labels_in(where: Where) -> dict[str, str]:
    """Labels of the outcomes shown in a place of the interface, by name."""
    return {name: OUTCOMES[name].label for name in shown_in(where)}


def measured(value: float, error: float, unit: str) -> str:
    """A number rounded to its Monte Carlo error; pounds with the pound sign.

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
    """The unit of a difference: percentage points for percentages.

    >>> difference_unit("% of adults"), difference_unit("days a year")
    ('percentage points of adults', 'days a year')
    """
    return unit.replace("% ", "percentage points ", 1) if unit.startswith("% ") else unit


def provenance(scenario: Mapping[str, Any], baseline: Mapping[str, Any], pairs: int) -> str:
    """The line under every chart: model, scenarios, place, lens, seeds, ranges and prices."""
    runs = [f"{arm['scenario']} {arm['scenario_hash']}" for arm in (scenario, baseline)]
    sentences = (
        f"Model {scenario['model_version']}",
        " against ".join(runs),
        f"{scenario['place_title']} {scenario['place_hash']}, {scenario['residents']:,} residents",
        f"{scenario['weeks']} weeks from {scenario['starts']}",
        *([f"Lens: {scenario['lens_title']}"] if "lens_title" in scenario else []),
        f"{pairs} paired replications, seeds {seeds_in_words(scenario['seeds'])}",
        f"Ranges: 80 %, {discrepancy().ratio:g} times as wide as those of the runs",
        f"Prices of {financial_year(scenario['price_year'])}, discounted",
        *([str(scenario["created"])[:10]] if "created" in scenario else []),
        "Simulated estimate, not an official statistic",
    )
    return ". ".join(sentences) + "."


def verdict_rule(matters: Matters) -> str:
    """How verdicts are given, and the smallest differences that they were given by."""
    return (
        f"Better and worse: a chance of at least {100 * HIGH:.0f} % of a difference that matters; too small to matter: "
        f"that chance of a smaller one; otherwise the verdict is that one cannot tell yet. {matters_in_words(matters)}"
    )


def caveats(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Limitations of a comparison, the most important first."""
    composite = (COMPOSITE_CAVEAT,) if record["composite"] else ()
    fitted = record.get("lens", EVIDENCE) != EVIDENCE
    first = (FITTED_CAVEAT.format(record["lens_title"]), *FIRST_CAVEATS[1:]) if fitted else FIRST_CAVEATS
    return (*first, *composite, *OTHER_CAVEATS)


def short_lens_title(record: Mapping[str, Any]) -> str:
    """The lens of a run record, without its settings.

    >>> short_lens_title({"lens_title": "As claimed, all of Frome's gap taken as caused by its programme"})
    'As claimed'
    """
    return str(record.get("lens_title", "Evidence as written")).partition(",")[0]
