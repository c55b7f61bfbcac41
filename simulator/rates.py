"""Every parameter of the model by name: one NamedTuple a topic, one field an evidence value.

A field has the name of its evidence value (``simulator/evidence/<topic>.yaml``), held by a test. Scalars are floats;
tables are read-only float64 arrays in the order of their category (`simulator.categories.LISTS`). The comment gives
unit, and category for a table. What is derived from evidence (weekly hazards, lookup tables) is in `simulator.tables`.
"""

from __future__ import annotations

from typing import Final, NamedTuple, get_type_hints

from simulator.rates_of_services import (
    Contacts,
    Digital,
    ProgrammeRates,
    SocialCare,
    Spread,
    Staffing,
    Table,
    Volunteers,
    Wider,
)

__all__ = [
    "TOPICS",
    "Contacts",
    "Digital",
    "ProgrammeRates",
    "Rates",
    "SocialCare",
    "Spread",
    "Staffing",
    "Table",
    "Volunteers",
    "Wider",
]


class Demography(NamedTuple):
    """Births, deaths, moves and households."""

    death_rate: Table  # per year, by age_band
    death_deprivation_ratio: Table  # ratio, by deprivation (population mean about 1)
    death_conditions_ratio: Table  # ratio, by conditions (0 conditions = 1)
    household_move_rate: float  # per year: households that leave the list; one of the same shape moves in
    leave_home_rate: float  # per year: aged 18 to 29 living with someone 18 or more years older
    separation_rate: float  # per year, of couples sharing a household
    moving_in_rate: float  # per year, of adults living alone: moves in with a friend who also lives alone
    adult_age: float  # years: youngest age at which someone is part of a couple or lives alone
    leave_home_youngest: float  # years
    leave_home_oldest: float  # years
    parent_gap: float  # years: least difference in age to a housemate for leaving home to mean leaving parents
    partner_gap: float  # years: largest difference in age at which two housemates count as a couple
    mother_youngest: float  # years
    mother_oldest: float  # years
    retirement_age: float  # years
    retirement_contact_ratio: float  # ratio: contact with each friend after retirement, relative to before


class TieRates(NamedTuple):
    """How ties are kept, grow and fade."""

    contact_probability: Table  # probability per week, by context: mean over ties of the context
    hours_per_contact: Table  # hours, by context
    half_life: Table  # weeks without contact in which strength halves, by context
    support_weight: Table  # ratio, by context: support given per unit of strength
    mean_ties: Table  # people, by context: ties a resident is born into the simulation with (household: derived, 0)
    ties_age_ratio: Table  # ratio, by age_band: friends relative to the mean
    hours_to_casual: float  # hours together to a casual friend
    hours_to_friend: float  # hours
    hours_to_close: float  # hours
    close_strength: float  # strength that stands for a close friend
    forgotten_strength: float  # strength below which a tie is dropped
    support_half: float  # ratio: weighted strength at which support is half its maximum
    friend_making_rate: float  # per person per year: new acquaintances outside programmes, begun
    elsewhere_share: float  # share of usual kin and friend ties that a newcomer keeps, with people outside the place
    moved_contact_ratio: float  # ratio: contact with kin and friends who have moved away, relative to before
    same_neighbourhood_share: float  # share of friend and kin ties within the neighbourhood
    same_age_share: float  # share of friend ties within the age band or a neighbouring one
    cross_income_share: float  # share of friends of below-median people who are above the median


class Loneliness(NamedTuple):
    """Becoming and ceasing to be often or always lonely, and what loneliness does to health."""

    onset_rate: float  # per week, when need equals support
    recovery_rate: float  # per week, when need equals support and loneliness is new
    steepness: float  # log ratio per unit of need minus support
    illness_effect: float  # log ratio on onset per long-term condition
    hardening_weeks: float  # weeks lonely after which recovery has halved
    need: Table  # score, by age_band
    need_spread: float  # standard deviation of personal need
    initial_prevalence: Table  # share often/always lonely at the start, by age_band (0 under 16)
    admission_relative_risk: float  # ratio: emergency episode, lonely against not
    consultation_relative_risk: float  # ratio
    death_relative_risk: float  # ratio
    causal_discount: float  # share of each observational log relative risk that is causal


class Illness(NamedTuple):
    """Long-term conditions, frailty, transient risk and acute episodes."""

    emergency_admission_rate: Table  # per 1,000 people per year, by age_band, first admissions
    admission_deprivation_ratio: Table  # ratio, by deprivation
    prevalence_one: Table  # share with exactly one long-term condition, by age_band
    prevalence_two: Table  # share with exactly two, by age_band
    prevalence_three: Table  # share with three or more, by age_band
    conditions_deprivation_ratio: Table  # ratio on onset and prevalence, by deprivation
    condition_onset_rate: Table  # per year, by age_band: one condition more
    conditions_ratio: Table  # ratio on acute episodes, by conditions (0 conditions = 1)
    frailty_spread: float  # standard deviation of log frailty
    transient_spread: float  # standard deviation of log transient risk
    transient_weeks: float  # weeks: mean time until transient risk is drawn anew
    continuity_effect: float  # log ratio on episodes per unit of continuity (usual provider share); negative protects
    unmet_need_effect: float  # log ratio on episodes per unmet need
    unmet_need_half_life: float  # weeks
    local_demand_growth: float  # change per year in acute episodes, of this place alone


class Care(NamedTuple):
    """GP, A&E, admission, stay, discharge."""

    gp_appointments: float  # per 1,000 people per week
    urgent_share: float  # share of appointments kept for urgent requests
    asks_gp_first: float  # share of acute episodes that ask the practice first
    ae_after_gp: float  # probability that an episode seen by the practice still goes to A&E
    ae_without_gp: float  # probability that an episode not seen by the practice goes to A&E
    overnight_probability: Table  # probability that an A&E episode is admitted overnight, by age_band
    zero_night_probability: (
        Table  # probability that an A&E episode not kept overnight is recorded as zero-night admission
    )
    zero_night_growth: float  # change per year in that probability (recording, not illness)
    local_recording_growth: float  # change per year in it on top of that, of this place alone
    support_admission_effect: (
        float  # log ratio on overnight admission per unit of support above the mean; negative protects
    )
    overnight_days: Table  # days, mean medically needed stay of an overnight admission, by age_band
    wait_probability: Table  # probability of waiting to leave when medically fit, by age_band
    wait_days: float  # days, mean wait
    wait_alone_ratio: float  # ratio on waiting for someone who lives alone
    readmission_probability: float  # probability of a further acute admission within 30 days caused by the first
    support_readmission_effect: float  # log ratio per unit of support above the mean; negative protects
    mean_continuity: float  # share of consultations with the usual GP
    continuity_memory: float  # share: weight of the newest consultation in a resident's continuity
    minor_attendance_rate: Table  # per person per year, A&E attendances that are no acute episode, by deprivation


class Prices(NamedTuple):
    """Unit costs in the price year."""

    zero_night_admission: float  # pounds
    overnight_admission: float  # pounds, first days of an overnight stay
    included_days: float  # days: mean stay over which the overnight admission price averages
    bed_day: float  # pounds, each day of the mean stay beyond it, waiting days too
    ae_attendance: float  # pounds
    gp_consultation: float  # pounds
    cashable_share_admission: float  # share of a saved admission that leaves as money within the horizon
    cashable_share_contact: float  # share of a saved A&E attendance or consultation that leaves as money
    home_care_hour: float  # pounds, to the council
    care_home_week: float  # pounds, to the council, before what residents pay themselves
    assessment: float  # pounds, an assessment of social care needs
    cashable_share_social_care: float  # share of saved or added social care that is money within the horizon
    volunteer_hour: float  # pounds, replacement value, voluntary sector, never cash
    discount_rate: float  # change per year
    price_year: float  # calendar year


class Rates(NamedTuple):
    """All topics. ``rates.loneliness.onset_rate`` is the value of `onset_rate` in `evidence/loneliness.yaml`."""

    demography: Demography
    ties: TieRates
    loneliness: Loneliness
    illness: Illness
    care: Care
    contacts: Contacts
    digital: Digital
    programmes: ProgrammeRates
    prices: Prices
    volunteers: Volunteers
    wider: Wider
    spread: Spread
    staffing: Staffing
    social_care: SocialCare


TOPICS: Final = dict(get_type_hints(Rates).items())
"""Topic name -> its NamedTuple class."""
