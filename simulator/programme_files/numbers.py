"""Every number that a programme file may give: its unit, what it is, and where it may stand."""

from __future__ import annotations

from typing import Final, NamedTuple


class NumberKind(NamedTuple):
    """A number of a programme. ``takes_part`` says that it belongs to programmes that residents join."""

    unit: str  # a key of `simulator.foundations.units.UNITS`
    label: str
    takes_part: bool = True
    needed: bool = False


NUMBERS: Final = {
    "unit_cost": NumberKind("pounds per year", "Cost of one unit, with overheads", takes_part=False, needed=True),
    "lag": NumberKind("weeks", "Weeks from money to a working unit", takes_part=False, needed=True),
    "caseload": NumberKind("people", "People at a time per unit", needed=True),
    "offer_rate": NumberKind(
        "probability per week", "Weekly probability that an eligible resident is offered a free place", needed=True
    ),
    "engagement": NumberKind("probability", "Probability that an offer is taken up", needed=True),
    "duration": NumberKind("weeks", "Mean time in the programme", needed=True),
    "asked_again": NumberKind("weeks", "Weeks after declining or finishing until someone may be offered a place again"),
    "contacts_per_week": NumberKind("per week", "Contacts of a member with the worker, volunteer or group"),
    "contact_hours": NumberKind("hours", "Hours of one contact"),
    "tie_strength": NumberKind("strength", "Strength of the tie with the worker or volunteer at the first contact"),
    "introduction": NumberKind(
        "probability", "Probability that a new member is brought to the programme of `introduces`"
    ),
    "unmet_need_found": NumberKind("people", "Unmet needs found with each new member, which add use at first"),
    "acute_episodes": NumberKind("log ratio", "Change of the log rate of acute episodes while a member"),
    "overnight_admission": NumberKind("log ratio", "Change of the log chance of being kept overnight while a member"),
    "waiting": NumberKind("log ratio", "Change of the log chance of waiting to leave hospital while a member"),
    "readmission": NumberKind("log ratio", "Change of the log rate of readmission within 30 days while a member"),
    "continuity_gain": NumberKind("probability", "Added probability that a consultation is with the usual clinician"),
    "hours_per_unit": NumberKind("hours", "Clinical hours a week that a unit buys"),
    "minutes_per_member": NumberKind(
        "minutes", "Clinical minutes a member a week without which there is no continuity"
    ),
    "volunteers_per_unit": NumberKind("people", "Volunteers without whom a unit cannot work", takes_part=False),
    "volunteer_hours": NumberKind("hours", "Hours a week that each of them gives", takes_part=False),
    "volunteer_asks": NumberKind("people", "People asked to volunteer in a week, per unit", takes_part=False),
    "volunteers_supported": NumberKind("people", "Volunteers that a unit looks after", takes_part=False),
    "volunteer_leaving": NumberKind(
        "log ratio", "Change of the log rate at which volunteers leave who are looked after", takes_part=False
    ),
    "capacity": NumberKind(
        "per week", "Capacity of a service that a unit adds, of the kind the file names", takes_part=False
    ),
    "training_hours": NumberKind("hours", "Hours of training in relational skills a week, per unit", takes_part=False),
}
"""By name, which is the key in the file and the last part of the path ``programme.<name>.<number>``."""

CAPACITY_KINDS: Final = {
    "gp_practice": ("appointments",),
    "hospital": ("discharge_hours",),
    "adult_social_care": ("assessment_hours", "home_care_hours"),
}
"""What capacity of which service a programme may buy, each per week; `simulator.agents.programmes` says whose hours it
is.
"""
