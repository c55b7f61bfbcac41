"""Outcomes: how each is computed, what it is called, and where it is shown.

An *amount* (admissions, pounds) can be shown in total, per year, or per 1,000 residents a year; a *ratio* (percentage
often or always lonely) is the same on every basis. `simulator.comparison.arms` computes them from counts
(`simulator.foundations.measures`) and from costs (`simulator.comparison.costs`).

A new outcome of measures that are already counted needs one entry here: every page, table and chart asks `shown_in`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, cast, get_args

from simulator.errors import UnknownNameError
from simulator.foundations.measures import COUNTED, INDEX, MILLIONTHS

Basis = Literal["total", "year", "1,000"]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
Good = Literal["less", "more", "neither"]
Source = Literal["counts", "care", "costs", "wellbeing"]
"""Quantities added up: counted measures; cost of care and wellbeing in money, by group; costs by kind, by year."""
Where = Literal[
    "tiles",  # tiles of a report, page Summary and take-aways; strips of page Compare
    "sentences",  # the finding in sentences
    "agreement",  # page Summary: whether lenses agree
    "first screen",  # what a comparison prints by default
    "command line",  # the table that a comparison prints with --all
    "compare",  # the table of page Compare
    "outcomes",  # the forest plot of paired differences, in every medium
    "access",  # the forest plot of access to services, in the report and take-aways
    "chances",  # probabilities of being worse
    "first chances",  # the probabilities that are shown first
    "warnings",  # outcomes that are probably worse
    "warnings by group",
    "groups",  # charts by age and deprivation
    "by group",  # the table of a comparison by group
    "several scenarios",  # take-aways of several scenarios, a chart each
    "lenses",  # results through every lens, and at every causal share
    "certainty",  # page Certainty
    "apart",  # page Money: money, capacity and wellbeing
    "worth",  # page Money: effects that the net cost is compared with
    "hour",  # page Follow the hour
    "attribution",  # outcomes split by channel
    "sensitivity",  # outcomes of sensitivity analysis
    "county",
    "nation",
]
Measures = Where | Sequence[str]
"""Outcomes by name, or all that are shown somewhere."""


class Outcome(NamedTuple):
    """An outcome of a run: an amount, or with ``per`` a ratio of two sums of counts times ``scale``."""

    name: str
    unit: str
    label: str
    good: Good
    sum_of: tuple[str, ...]  # counted measures, or kinds of costs
    per: tuple[str, ...] = ()
    scale: float = 1.0
    source: Source = "counts"
    short: str = ""  # label for narrow spaces; by default the label
    noun: str = ""  # noun used in sentences, after "more" or "less"
    worse: str = ""  # phrase for a worse value, if not the noun after "more" or "less"
    matters: str = ""  # its smallest difference that matters, if not the usual one (`smallest_difference`)
    beside: tuple[str, ...] = ()  # outcomes shown in the same table by group
    shown: tuple[Where, ...] = ()
    later: Mapping[Where, int] = MappingProxyType({})  # rank, if different from the order of the entries

    def unit_on(self, basis: Basis) -> str:
        """The unit on a basis, in words.

        >>> OUTCOMES["bed_days"].unit_on("1,000"), OUTCOMES["often_always_lonely"].unit_on("year")
        ('days per 1,000 residents a year', '% of adults')
        """
        return self.unit if self.per else unit_on(self.unit, basis)

    @property
    def short_label(self) -> str:
        """The label for narrow spaces."""
        return self.short or self.label

    @property
    def smallest_difference(self) -> str:
        """The entry of `simulator.comparison.smallest_differences` by which it is judged.

        >>> [OUTCOMES[name].smallest_difference for name in ("bed_days", "consultations", "turned_away", "net_cost")]
        ['admissions', 'events', 'share', 'cost']
        """
        if self.matters:
            return self.matters
        if self.source != "counts":
            return "cost"
        return "share" if self.unit.startswith(("%", "of 100")) else "events"

    @property
    def countable(self) -> bool:
        """Whether it takes "fewer", as admissions do, rather than "less", as money and loneliness do."""
        return self.source == "counts" and not self.per

    def change(self, *, better: bool) -> str:
        """Phrase for a better or worse difference within a sentence.

        >>> OUTCOMES["bed_days"].change(better=True), OUTCOMES["net_cost"].change(better=False)
        ('fewer bed days', 'a higher net cost')
        """
        if self.worse and not better:
            return self.worse
        more = better == (self.good == "more")
        return f"{'more' if more else 'fewer' if self.countable else 'less'} {self.noun}"

    @property
    def amount(self) -> Outcome:
        """The amount itself, or the numerator of a ratio.

        >>> OUTCOMES["often_always_lonely"].amount[:3]
        ('often_always_lonely_weeks', 'weeks', 'Weeks often or always lonely')
        """
        if not self.per:
            return self
        measure = COUNTED[INDEX[self.sum_of[0]]]
        return Outcome(f"{self.name}_{measure.unit}", measure.unit, measure.label, self.good, self.sum_of)


def unit_on(unit: str, basis: Basis) -> str:
    """The unit of an amount on a basis, in words.

    >>> unit_on("admissions", "year"), unit_on("admissions", "total")
    ('admissions a year', 'admissions')
    """
    return {"total": unit, "year": f"{unit} a year", "1,000": f"{unit} per 1,000 residents a year"}[basis]


def _measure(name: str) -> tuple[str, str, str, Good, tuple[str]]:
    """The first fields of an outcome that is a single counted measure."""
    return *COUNTED[INDEX[name]], (name,)


_ADMISSIONS: Final = ("zero_night_admissions", "overnight_admissions")
# fmt: off
_ALL: Final = (
    Outcome(
        "emergency_admissions", "admissions", "Emergency admissions", "less", _ADMISSIONS,
        noun="emergency admissions", matters="admissions", beside=("care_cost",), later={"hour": 2, "sensitivity": 1},
        shown=("tiles", "sentences", "agreement", "first screen", "command line", "compare", "outcomes", "chances",
               "first chances", "warnings", "warnings by group", "groups", "by group", "several scenarios", "lenses",
               "certainty", "worth", "hour", "attribution", "sensitivity", "county", "nation"),
    ),
    Outcome(
        *_measure("zero_night_admissions"), matters="admissions", short="Admissions without a night",
        shown=("command line", "outcomes", "attribution"),
    ),
    Outcome(
        *_measure("overnight_admissions"), matters="admissions", short="Admissions overnight",
        shown=("command line", "outcomes", "attribution"),
    ),
    Outcome(
        *_measure("bed_days"), matters="admissions", short="Bed days", noun="bed days",
        shown=("tiles", "first screen", "command line", "compare", "outcomes", "chances", "by group",
               "several scenarios", "lenses", "certainty", "attribution", "nation"),
    ),
    Outcome("bed_days_per_admission", "days", "Bed days per emergency admission", "less", ("bed_days",), _ADMISSIONS),
    Outcome(*_measure("waiting_days"), matters="admissions", shown=("outcomes",)),
    Outcome(*_measure("waiting_for_home_care_days")),
    Outcome(*_measure("waiting_for_assessment_days")),
    Outcome(*_measure("nobody_at_home_days")),
    Outcome(*_measure("waiting_otherwise_days")),
    Outcome(
        "waiting_share_of_bed_days", "% of bed days", "Bed days of people fit to leave", "less",
        ("waiting_days",), ("bed_days",), 100.0,
    ),
    Outcome(
        "readmission_rate", "% of admissions", "Emergency readmission within 30 days", "less",
        ("readmissions",), _ADMISSIONS, 100.0,
        short="Readmission within 30 days", shown=("command line", "outcomes"),
    ),
    Outcome(
        *_measure("ae_attendances"), matters="admissions", noun="A&E attendances", later={"several scenarios": 2},
        shown=("command line", "compare", "outcomes", "chances", "by group", "several scenarios",
               "certainty", "attribution", "nation"),
    ),
    Outcome(*_measure("episodes")),
    Outcome(
        "with_care_plan", "% of residents", "Residents with a care plan", "neither",
        ("care_plan_weeks",), ("resident_weeks",), 100.0,
    ),
    Outcome(
        *_measure("consultations"), short="GP consultations",
        shown=("command line", "compare", "access", "by group", "attribution", "nation"),
    ),
    Outcome(*_measure("requests_turned_away"), short="GP requests turned away", shown=("access",)),
    Outcome(
        "turned_away", "% of requests", "Requests to the GP practice turned away", "less",
        ("requests_turned_away",), ("routine_requests",), 100.0, shown=("command line", "access"),
    ),
    Outcome(
        "waited_over_two_weeks", "% of consultations", "Consultations more than two weeks after the request", "less",
        ("late_consultations",), ("consultations",), 100.0, short="Waited over two weeks for the GP",
        shown=("command line", "access"),
    ),
    Outcome(
        "attempts_failed", "% of attempts", "Attempts to reach the GP practice that failed", "less",
        ("practice_attempts_failed",), ("practice_attempts",), 100.0, shown=("access",),
    ),
    Outcome(
        "gp_waiting_list", "weeks of consultations", "Waiting list of the GP practice", "less",
        ("gp_waiting_weeks",), ("consultations",),
    ),
    Outcome(*_measure("gp_requests_given_up"), short="GP requests given up", shown=("access",)),
    Outcome(
        "often_always_lonely", "% of adults", "Often or always lonely", "less",
        ("lonely_weeks",), ("adult_weeks",), 100.0,
        noun="loneliness", matters="loneliness", beside=("unmet_needs",), later={"tiles": 1, "apart": 1, "hour": 1},
        shown=("tiles", "sentences", "agreement", "first screen", "command line", "compare", "outcomes", "chances",
               "first chances",
               "warnings", "warnings by group", "groups", "by group", "several scenarios", "lenses", "certainty",
               "apart", "worth", "hour", "attribution", "county", "nation"),
    ),
    Outcome(
        "persistently_lonely", "% of adults", "Often or always lonely for two years or more", "less",
        ("persistent_lonely_weeks",), ("adult_weeks",), 100.0,
        short="Lonely for two years or more", matters="loneliness", shown=("command line", "outcomes"),
    ),
    Outcome(
        "loneliness_score", "SD", "Loneliness score", "less",
        ("loneliness_score_millionths",), ("adult_weeks",), 1.0 / MILLIONTHS, matters="loneliness_score",
        shown=("command line", "compare"),
    ),
    Outcome(
        "high_loneliness_score", "% of adults", "Loneliness score above 1", "less",
        ("high_score_weeks",), ("adult_weeks",), 100.0,
    ),
    Outcome(
        "very_high_loneliness_score", "% of adults", "Loneliness score above 2", "less",
        ("very_high_score_weeks",), ("adult_weeks",), 100.0,
    ),
    Outcome(
        "support", "of 100", "Support from ties", "more",
        ("support_millionths",), ("adult_weeks",), 100.0 / MILLIONTHS,
    ),
    Outcome(
        "continuity", "% with usual GP", "Consultations with the usual GP", "more",
        ("continuity_millionths",), ("adult_weeks",), 100.0 / MILLIONTHS,
    ),
    Outcome(*_measure("human_contacts"), shown=("access",), later={"access": 2}),
    Outcome(*_measure("automated_contacts"), shown=("hour",)),
    Outcome(*_measure("failed_contacts"), shown=("compare", "access", "hour"), later={"access": 1}),
    Outcome(*_measure("returned_contacts"), shown=("hour",)),
    Outcome(
        *_measure("unmet_needs"), noun="needs left unmet", later={"several scenarios": 1},
        shown=("command line", "compare", "access", "chances", "warnings", "warnings by group", "by group",
               "several scenarios", "certainty", "hour", "attribution", "nation"),
    ),
    Outcome(*_measure("missed_appointments")),
    Outcome(*_measure("assessments")),
    Outcome(*_measure("care_waiting_weeks")),
    Outcome(
        "waiting_for_assessment", "per 1,000 residents", "People waiting for a first social care assessment", "less",
        ("care_waiting_weeks",), ("resident_weeks",), 1000.0, short="Waiting for an assessment", shown=("access",),
    ),
    Outcome(
        "waiting_over_six_months", "% of those who wait", "Waiting for an assessment for over six months", "less",
        ("care_long_waiting_weeks",), ("care_waiting_weeks",), 100.0,
    ),
    Outcome(*_measure("carers_waiting_weeks")),
    Outcome(
        "home_care_not_given", "% of hours arranged", "Home care not given for want of carers", "less",
        ("home_care_missed_millionths",), ("home_care_missed_millionths", "home_care_hours_millionths"), 100.0,
        short="Home care not given", shown=("access",),
    ),
    Outcome(*_measure("home_care_weeks")),
    Outcome(*_measure("care_home_weeks")),
    Outcome(*_measure("friends_made")),
    Outcome(
        *_measure("deaths"), noun="deaths", matters="deaths", later={"several scenarios": 2},
        shown=("compare", "outcomes", "chances", "warnings", "several scenarios"),
    ),
    Outcome(
        "children_with_trusted_adult", "% of children aged 5 to 15",
        "Children with a trusted adult through a programme", "more",
        ("children_trusting",), ("children_present",), 100.0,
    ),
    Outcome(
        "friends_across_income", "% of friends of the lower income half", "Friends in the upper income half", "more",
        ("friendships_across",), ("friendships_below",), 100.0,
    ),
    Outcome(
        "trust", "of 100", "Trust in services", "more",
        ("trust_millionths",), ("adults_present",), 100.0 / MILLIONTHS,
    ),
    # Discounted pounds of the price year (`simulator.comparison.costs`).
    Outcome(
        "care_cost", "pounds", "Cost of care: admissions, A&E, GP", "less", (), source="care",
        shown=("command line", "by group", "county", "nation"),
    ),
    Outcome(
        "net_cost", "pounds", "Net cost, money and capacity together", "less", ("cashable", "capacity"), source="costs",
        noun="net cost", worse="a higher net cost",
        shown=("tiles", "command line", "compare", "chances", "first chances", "warnings", "several scenarios",
               "lenses", "certainty", "sensitivity", "county", "nation"),
        later={"command line": 1, "compare": 1, "chances": 1, "lenses": 1, "nation": 1},
    ),
    Outcome(
        "net_cash", "pounds", "Net cost in money", "less", ("cashable",), source="costs",
        noun="money spent",
        shown=("sentences", "agreement", "first screen", "command line", "compare", "chances", "first chances",
               "warnings", "several scenarios", "lenses", "certainty", "apart", "nation"),
    ),
    Outcome(
        "net_capacity", "pounds", "Net use of beds, appointments and staff time", "less", ("capacity",), source="costs",
        shown=("sentences", "command line", "compare", "apart"),
    ),
    Outcome(  # beside the net costs, and in none of them
        "wellbeing_lost", "pounds", "Wellbeing lost to loneliness, in money", "less", ("lonely_weeks",),
        source="wellbeing", noun="wellbeing lost", shown=("command line", "compare", "apart"),
    ),
)
# fmt: on
OUTCOMES: Final = {outcome.name: outcome for outcome in _ALL}
"""Outcomes by name, in the order they are shown."""


def outcome(name: str) -> Outcome:
    """The outcome with this name; raises UnknownNameError with a suggestion."""
    if name not in OUTCOMES:
        raise UnknownNameError("outcome", name, OUTCOMES)
    return OUTCOMES[name]


def outcomes_of_counts() -> dict[str, Outcome]:
    """The outcomes computed from counts alone, by name."""
    return {name: found for name, found in OUTCOMES.items() if found.source == "counts"}


def shown_in(where: Where) -> tuple[str, ...]:
    """Names of the outcomes shown in this place, in order; raises UnknownNameError."""
    if where not in get_args(Where):
        raise UnknownNameError("list of outcomes", where, get_args(Where))
    found = [one for one in OUTCOMES.values() if where in one.shown]
    return tuple(one.name for one in sorted(found, key=lambda one: one.later.get(where, 0)))


def names_of(measures: Measures) -> tuple[str, ...]:
    """These names, or the names of the outcomes shown in this place."""
    return shown_in(cast(Where, measures)) if isinstance(measures, str) else tuple(measures)


def split_by_channel() -> dict[str, Outcome]:
    """The amounts that attribution splits by channel, by name: sums of counts, all whole numbers."""
    return {one.name: one for one in (OUTCOMES[name].amount for name in shown_in("attribution"))}
