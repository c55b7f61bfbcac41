"""Every number that a programme file may give: its unit, what it is, and where it may stand."""

from __future__ import annotations

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """A number of a programme. ``takes_part`` says that it belongs to programmes that residents join."""

    unit: str  # a key of `simulator.foundations.units.UNITS`
    label: str
    takes_part: bool = True
    needed: bool = False


NUMBERS: Final = {
    "unit_cost": Kind("pounds per year", "Cost of one unit, with overheads", takes_part=False, needed=True),
    "lag": Kind("weeks", "Weeks from money to a working unit", takes_part=False, needed=True),
    "caseload": Kind("people", "People at a time per unit", needed=True),
    "offer_rate": Kind(
        "probability per week", "Weekly probability that an eligible resident is offered a free place", needed=True
    ),
    "engagement": Kind("probability", "Probability that an offer is taken up", needed=True),
    "duration": Kind("weeks", "Mean time in the programme", needed=True),
    "asked_again": Kind("weeks", "Weeks after declining or finishing until someone may be offered a place again"),
    "contacts_per_week": Kind("per week", "Contacts of a member with the worker, volunteer or group"),
    "contact_hours": Kind("hours", "Hours of one contact"),
    "tie_strength": Kind("strength", "Strength of the tie with the worker or volunteer at the first contact"),
    "introduction": Kind("probability", "Probability that a new member is brought to the programme of `introduces`"),
    "unmet_need_found": Kind("people", "Unmet needs found with each new member, which add use at first"),
    "acute_episodes": Kind("log ratio", "Change of the log rate of acute episodes while a member"),
    "overnight_admission": Kind("log ratio", "Change of the log chance of being kept overnight while a member"),
    "waiting": Kind("log ratio", "Change of the log chance of waiting to leave hospital while a member"),
    "readmission": Kind("log ratio", "Change of the log rate of readmission within 30 days while a member"),
    "continuity_gain": Kind("probability", "Added probability that a consultation is with the usual clinician"),
    "hours_per_unit": Kind("hours", "Clinical hours a week that a unit buys"),
    "minutes_per_member": Kind("minutes", "Clinical minutes a member a week without which there is no continuity"),
    "volunteers_per_unit": Kind("people", "Volunteers without whom a unit cannot work", takes_part=False),
    "volunteer_hours": Kind("hours", "Hours a week that each of them gives", takes_part=False),
    "volunteer_asks": Kind("people", "People asked to volunteer in a week, per unit", takes_part=False),
    "volunteers_supported": Kind("people", "Volunteers that a unit looks after", takes_part=False),
    "volunteer_leaving": Kind(
        "log ratio", "Change of the log rate at which volunteers leave who are looked after", takes_part=False
    ),
    "capacity": Kind(
        "per week", "Capacity of a service that a unit adds, of the kind the file names", takes_part=False
    ),
    "training_hours": Kind("hours", "Hours of training in relational skills a week, per unit", takes_part=False),
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
