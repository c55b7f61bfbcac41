"""Every number that a programme file may set: unit, label and where it is allowed."""

from __future__ import annotations

from typing import Final, NamedTuple


class NumberKind(NamedTuple):
    """A number of a programme. ``takes_part`` marks numbers only of programmes that residents join."""

    unit: str  # a key of `simulator.foundations.units.UNITS`
    label: str
    takes_part: bool = True
    needed: bool = False


NUMBERS: Final = {
    "unit_cost": NumberKind("pounds per year", "Cost of one unit, with overheads", takes_part=False, needed=True),
    "lag": NumberKind("weeks", "Weeks from funding to a unit in operation", takes_part=False, needed=True),
    "caseload": NumberKind("people", "Members per unit at one time", needed=True),
    "offer_rate": NumberKind(
        "probability per week", "Weekly probability that an eligible resident is offered a free place", needed=True
    ),
    "engagement": NumberKind("probability", "Probability that an offer is taken up", needed=True),
    "duration": NumberKind("weeks", "Mean time in the programme", needed=True),
    "asked_again": NumberKind("weeks", "Weeks after declining or finishing until someone may be offered a place again"),
    "contacts_per_week": NumberKind("per week", "Contacts of a member with the worker, volunteer or group"),
    "contact_hours": NumberKind("hours", "Hours per contact"),
    "tie_strength": NumberKind("strength", "Strength of the tie with the worker or volunteer at the first contact"),
    "old_ties": NumberKind("people", "Old ties with kin, friends or neighbours brought back per new member"),
    "sessions": NumberKind("per week", "Sessions on how members see their ties, which each attends when there"),
    "introduction": NumberKind(
        "probability", "Probability that a new member is introduced to the programme under `introduces`"
    ),
    "unmet_need_found": NumberKind("people", "Unmet needs found per new member, which at first increase use"),
    "acute_episodes": NumberKind("log ratio", "Change in the log rate of acute episodes while a member"),
    "overnight_admission": NumberKind("log ratio", "Change in the log probability of overnight admission as a member"),
    "waiting": NumberKind("log ratio", "Change in the log probability of delayed discharge while a member"),
    "readmission": NumberKind(
        "log ratio", "Change in the log rate of admissions in the months after a discharge while a member"
    ),
    "continuity_gain": NumberKind("probability", "Added probability that a consultation is with the usual clinician"),
    "hours_per_unit": NumberKind("hours", "Clinical hours per week that a unit buys"),
    "minutes_per_member": NumberKind("minutes", "Clinical minutes per member per week needed for continuity"),
    "volunteers_per_unit": NumberKind("people", "Volunteers that a unit needs", takes_part=False),
    "volunteer_hours": NumberKind("hours", "Hours per week given by each volunteer", takes_part=False),
    "conversations": NumberKind(
        "per year", "Conversations a year in which a volunteer points someone to what there is", takes_part=False
    ),
    "volunteer_asks": NumberKind("people", "People asked to volunteer per week, per unit", takes_part=False),
    "volunteers_supported": NumberKind("people", "Volunteers supported by a unit", takes_part=False),
    "volunteer_leaving": NumberKind(
        "log ratio", "Change in the log rate at which supported volunteers leave", takes_part=False
    ),
    "capacity": NumberKind("per week", "Capacity that a unit adds to a service", takes_part=False),
    "training_hours": NumberKind(
        "hours", "Hours of training in relational skills per week, per unit", takes_part=False
    ),
    "help_in_illness": NumberKind(
        "share", "Help of neighbours and friends in illness that is organised for a member, of all that could be"
    ),
}
"""Numbers by name: the key in the file and the last part of the path ``programme.<name>.<number>``."""

CAPACITY_KINDS: Final = {
    "gp_practice": ("appointments",),
    "hospital": ("discharge_hours",),
    "adult_social_care": ("assessment_hours", "home_care_hours"),
}
"""Kinds of capacity per week that a programme may buy, by service."""
