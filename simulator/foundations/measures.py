"""Counted measures: name, unit, label and which direction is better.

A count is an integer per quarter, age band, deprivation fifth and loneliness, so sums never depend on the order of
residents; quantities with a fraction are counted in millionths.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

MILLIONTHS: Final = 1_000_000


class Measure(NamedTuple):
    """A counted measure. ``good`` says whether less, more or neither is better."""

    name: str
    unit: str
    label: str
    good: Literal["less", "more", "neither"]


COUNTED: Final = (
    Measure("resident_weeks", "weeks", "Person-weeks", "neither"),
    Measure("adult_weeks", "weeks", "Person-weeks, aged 16 and over", "neither"),
    Measure("lonely_weeks", "weeks", "Weeks often or always lonely", "less"),
    Measure("persistent_lonely_weeks", "weeks", "Weeks often or always lonely for two years or more", "less"),
    Measure("support_millionths", "millionths", "Support, summed over adult weeks", "more"),
    Measure("loneliness_score_millionths", "millionths", "Loneliness score, summed over adult weeks", "less"),
    Measure("high_score_weeks", "weeks", "Weeks with a loneliness score above 1", "less"),
    Measure("very_high_score_weeks", "weeks", "Weeks with a loneliness score above 2", "less"),
    Measure("continuity_millionths", "millionths", "Continuity, summed over adult weeks", "more"),
    Measure("episodes", "episodes", "Acute episodes", "less"),
    Measure("consultations", "contacts", "Consultations with the GP practice", "neither"),
    Measure("requests_turned_away", "requests", "Routine requests to the practice turned away", "less"),
    Measure("ae_attendances", "attendances", "A&E attendances", "less"),
    Measure("zero_night_admissions", "admissions", "Emergency admissions without a night", "less"),
    Measure("overnight_admissions", "admissions", "Emergency admissions overnight", "less"),
    Measure("bed_days", "days", "Bed days of emergency admissions", "less"),
    Measure("waiting_days", "days", "Bed days waiting to leave", "less"),
    Measure("readmissions", "admissions", "Emergency readmissions within 30 days", "less"),
    Measure("human_contacts", "contacts", "Contacts answered by staff", "neither"),
    Measure("automated_contacts", "contacts", "Contacts answered automatically", "neither"),
    Measure("failed_contacts", "contacts", "Automated contacts that failed", "less"),
    Measure("returned_contacts", "contacts", "Failed contacts that came back to staff", "less"),
    Measure("unmet_needs", "needs", "Needs left unmet", "less"),
    Measure("deaths", "deaths", "Deaths", "less"),
    Measure("care_plan_weeks", "weeks", "Weeks with a care plan", "neither"),
    Measure("volunteer_weeks", "weeks", "Weeks volunteered", "neither"),
    Measure("friends_made", "ties", "Ties begun in a programme", "more"),
    Measure("automated_consultations", "contacts", "Consultations answered automatically and not returned", "neither"),
    Measure("conversations", "conversations", "Conversations with trained residents", "neither"),
    Measure("missed_appointments", "appointments", "Booked appointments missed", "less"),
    Measure("care_requests", "requests", "Requests for adult social care", "neither"),
    Measure("assessments", "assessments", "Assessments of social care needs", "neither"),
    Measure("care_waiting_weeks", "weeks", "Weeks waiting for a social care assessment", "less"),
    Measure("home_care_weeks", "weeks", "Weeks with home care", "neither"),
    Measure("care_home_weeks", "weeks", "Weeks in a care home", "less"),
    Measure("home_care_hours_millionths", "millionths", "Hours of home care given, summed", "neither"),
    Measure("practice_attempts", "attempts", "Attempts to reach the practice for an appointment", "neither"),
    Measure("practice_attempts_failed", "attempts", "Attempts to reach the practice that failed", "less"),
    Measure("routine_requests", "requests", "Routine requests to the practice that got through", "neither"),
    Measure("late_consultations", "contacts", "Consultations more than two weeks after the request", "less"),
    Measure("gp_waiting_weeks", "weeks", "Weeks waiting for an appointment at the practice", "less"),
    Measure("gp_requests_given_up", "requests", "Requests to the practice given up", "less"),
    Measure("care_advice", "requests", "Requests for social care answered with advice at once", "neither"),
    Measure("care_long_waiting_weeks", "weeks", "Weeks waiting for an assessment beyond six months", "less"),
    Measure("care_withdrawals", "requests", "Requests taken back while waiting for an assessment", "less"),
    Measure("carers_waiting_weeks", "weeks", "Weeks sharing a home with someone who waits for an assessment", "less"),
    Measure("home_care_missed_millionths", "millionths", "Hours of home care not given, summed", "less"),
    Measure("waiting_for_home_care_days", "days", "Bed days waiting to leave: no home care free", "less"),
    Measure("waiting_for_assessment_days", "days", "Bed days waiting to leave: not yet assessed", "less"),
    Measure("nobody_at_home_days", "days", "Bed days waiting to leave: nobody at home", "less"),
    Measure("waiting_otherwise_days", "days", "Bed days waiting to leave: other causes", "less"),
    # Counted once, at the end of a quarter (`simulator.events.census`).
    Measure("children_present", "people", "Children of 5 to 15 at the end of the quarter", "neither"),
    Measure("children_trusting", "people", "Of these, with a trusted adult through a programme", "more"),
    Measure("friendships_below", "ties", "Local friends of adults in the lower income half", "neither"),
    Measure("friendships_across", "ties", "Of these, in the upper income half", "more"),
    Measure("adults_present", "people", "Adults at the end of the quarter", "neither"),
    Measure("trust_millionths", "millionths", "Trust in services, summed over these adults", "more"),
)
NAMES: Final = tuple(measure.name for measure in COUNTED)
INDEX: Final = {name: position for position, name in enumerate(NAMES)}


def columns_of(names: Iterable[str]) -> tuple[int, ...]:
    """Positions of measures in an array of counts."""
    return tuple(INDEX[name] for name in names)


GROUPS: Final = ("age_band", "deprivation", "lonely")
"""The categories of a cell, in the order of its number: (age_band * 5 + deprivation) * 2 + lonely."""
