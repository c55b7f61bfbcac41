"""Every parameter of the model by name: one NamedTuple a topic, one field an evidence value.

A field has the name of its evidence value (``simulator/evidence/<topic>.yaml``), held by a test. Scalars are floats;
tables are read-only float64 arrays in the order of their category (`simulator.foundations.categories.LISTS`). The
comment gives unit, and category for a table. What is derived from evidence (weekly hazards, lookup tables) is in
`simulator.specification.lookup_tables`.
"""

from __future__ import annotations

from typing import Final, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

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


Table = NDArray[np.float64]


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


class Contacts(NamedTuple):
    """Routine contacts with services, and what automating them does."""

    contacts_per_year: Table  # per person per year, by task (council and hub tasks: per adult)
    practice_age_ratio: Table  # ratio, by age_band
    practice_conditions_ratio: Table  # ratio, by conditions (0 conditions = 1)
    minutes_per_contact: Table  # minutes of staff time, by task
    hourly_cost: Table  # pounds per hour, by task
    automation_ceiling: Table  # share of contacts that could technically be automated, by task
    failure_probability: Table  # probability that an automated contact fails, by digital_capability
    failure_ratio: Table  # ratio on that probability, by task
    not_through_probability: Table  # probability that a contact with staff does not get through, by task
    return_share: float  # share of failed contacts that come back to staff; the rest become unmet need
    unmet_need_weight: Table  # ratio: unmet needs that a failed and forsaken contact leaves, by task
    rework_minutes: Table  # minutes beyond a usual contact when a failed one comes back, by task
    technology_cost_per_contact: Table  # pounds per automated contact, by task
    technology_cost_per_year: Table  # pounds per year per 1,000 people, by task, once any of it is automated
    missed_probability: Table  # probability that what was booked is missed, by task (0: nothing is booked)
    missed_automated_ratio: float  # ratio on that probability for a booking made automatically
    missed_need: float  # ratio: unmet needs that a missed appointment leaves
    relational_content: Table  # share, by task: how far a human contact feeds trust
    trust_gain: float  # share of the missing trust gained by one fully relational contact
    trust_half_life: float  # weeks
    trust_support: float  # ratio: support weight of trust
    realisation_rate: float  # share of automated minutes that can in fact be used for something else
    redeployable_share: Table  # share of released money that can leave the task, by task; the rest is absorbed
    backlog_share: float  # share of what is redeployable that a service keeps to work off its backlog
    failure_half_life: float  # weeks of automation in which half of the failures that can be learnt from are gone
    failure_learnable: float  # share of failures that go with learning; 0: failure never falls


class Paperwork(NamedTuple):
    """Tasks without a resident, each by paperwork; what of them can be automated, and what that does."""

    volume: Table  # ratio: pieces for each unit of what brings them (`categories.PAPERWORK_DRIVER`)
    minutes: Table  # minutes of staff time for a piece
    hourly_cost: Table  # pounds per hour
    automation_ceiling: Table  # share of pieces that could technically be automated
    realisation_rate: Table  # share of automated minutes that can in fact be used for something else
    failure_probability: Table  # probability that an automated piece must be done again by staff
    rework_minutes: Table  # minutes beyond a usual piece to find and put right one that failed
    technology_cost_per_piece: Table  # pounds per automated piece
    technology_cost_per_year: Table  # pounds per year per 1,000 people, once any of a task is automated
    redeployable_share: Table  # share of released money that can leave the task


class Digital(NamedTuple):
    """Digital capability."""

    offline_share: Table  # share offline, by age_band
    low_capability_share: Table  # share online with very low capability, by age_band


class ProgrammeRates(NamedTuple):
    """What holds for every programme; what one programme is and does is in its file (`simulator.programme_files`)."""

    asked_again: float  # weeks after declining or finishing until someone may be offered a place again
    table_size: float  # people at one table of a group
    channel_weight: Table  # ratio, by contact_channel: what an hour of contact counts for a tie
    risk_per_admission: float  # ratio: predicted risk added per admission of the last year


class Spread(NamedTuple):
    """How a practice passes from place to place."""

    kept_by_manual: float  # share of fidelity that survives a hand-over by directive and manual
    kept_by_teaching: float  # share that survives when a practised team teaches the next
    local_learning: float  # per year: rate at which a place makes good what its practice lacks
    learners_at_once: float  # teams that a practised team can teach at one time
    apprenticeship: float  # weeks in which a team learns before it begins
    practice_before_teaching: float  # weeks a team works for itself before it teaches


class Staffing(NamedTuple):
    """Staff by role: coming, leaving, overload, skill; and what a short service does to those who use it."""

    leaver_rate: Table  # per year, by role: staff who leave, as things are
    weeks_to_fill: Table  # weeks, by role: mean time for which a post that someone left is vacant
    usual_utilisation: Table  # share, by role: work that comes in a usual week, of the hours there are for it
    hourly_cost: Table  # pounds per hour, by role: an hour more or less of staff
    whole_time_hours: float  # hours a week of a whole-time post
    overload_turnover_ratio: float  # ratio: leaving under extreme overload, relative to usual
    overload_half: float  # ratio: overload, as a share of capacity, at which half of its effect is reached
    overload_absence: float  # share of hours lost to further absence under extreme overload
    load_memory: float  # weeks over which load is felt
    induction_weeks: float  # weeks, mean time in post until a newcomer works as others do
    newcomer_output: float  # share of usual output that a newcomer brings until then, net of others' help
    weeks_to_be_known: float  # weeks, mean time in post until a newcomer can be someone's usual doctor
    backlog_chasing: float  # share: further work in a week that work left over brings, by asking again
    backlog_lapse: float  # share of work left over that lapses in a week
    waiting_half: float  # weeks of work waiting at which half of those who would have got through do not
    usual_skill: Table  # share, by service: relational skill that usual training keeps up
    skill_weight: float  # ratio: change of the relational value of a contact from no skill to all of it
    skill_half_life: float  # weeks in which half of what training added is lost again
    training_half: float  # hours of training a head that close half of the gap to full skill
    discharge_hours: float  # hours of a discharge coordinator for each overnight emergency admission
    discharge_wait_effect: float  # log ratio on waiting to leave hospital, per relative rise of coordinators' load
    home_care_wait_effect: float  # log ratio on waiting to leave hospital, per relative rise of home carers' load
    absorbed_time_used: float  # share of freed time that stays with a service and does its work; 0: it is idle
    published_staff: Table  # whole-time staff per 10,000 people, by role, which hours of tasks are held against


class SocialCare(NamedTuple):
    """Requests for adult social care, assessment, home care and care homes arranged by the council."""

    request_rate: Table  # per 1,000 people per year, by age_band: those who share a home, not just out of hospital
    request_conditions_ratio: Table  # ratio, by conditions (0 conditions = 1)
    request_alone_ratio: float  # ratio for someone who lives alone
    request_discharge_ratio: float  # ratio in the four weeks after an emergency admission
    assessment_weeks: float  # weeks, mean time from request to assessment when there are assessors enough
    assessment_hours: float  # hours of an assessor for each assessment
    home_care_share: Table  # share of the assessed who get home care, by age_band
    care_home_share: Table  # share of the assessed who go into a care home, by age_band
    home_care_prevalence: Table  # share with home care at the start, by age_band
    care_home_prevalence: Table  # share in a care home at the start, by age_band
    home_care_hours: float  # hours a week for each client
    home_care_weeks: float  # weeks, mean time until home care is no longer needed, death and care homes aside
    care_home_weeks: float  # weeks, mean stay in a care home, death aside
    care_home_move_rate: float  # per year, from home care into a care home
    short_care_move_ratio: float  # ratio on that move where none of the home care is given
    short_care_need: float  # ratio: unmet needs a week that home care leaves when none of it is given


class Volunteers(NamedTuple):
    """Who can be won as a volunteer, what hours they have, what strain does, and when they stop."""

    willing_share: float  # share of adults who can be won, in `willing_year`
    willing_year: float  # calendar year
    pool_decline: float  # change per year in that share
    willing_age_ratio: Table  # ratio, by age_band
    willing_deprivation_ratio: Table  # ratio, by deprivation
    says_yes: float  # probability that a willing adult says yes to a first ask by a programme
    asked_by_tie_ratio: float  # ratio: weight of being asked by someone known
    tie_ask_share: float  # share of asks that volunteers make of people they know
    ask_fatigue: float  # ratio: how far each remembered ask divides the weight of the next
    ask_half_life: float  # weeks
    asks_per_vacancy: float  # people asked per week for each volunteer who is missing
    hours_per_week: float  # hours a volunteer has, mean
    hours_spread: float  # standard deviation of their logarithm
    strain_weeks: float  # weeks over which strain follows overload
    strain_leaving_effect: float  # log ratio on leaving at full strain
    strain_quality_effect: float  # log ratio on the worth of an hour at full strain
    leaving_rate: float  # per year, without strain
    unwilling_leaving_rate: float  # per year, on top, once willingness has ended
    rest_weeks: float  # weeks for which someone who has stopped is not asked


class Wider(NamedTuple):
    """What the wider ledger rests on (`simulator.comparison.wider_ledger`): in no headline, no cost and no total."""

    causal_share: float  # share of each published association taken as cause; 0 empties the ledger
    trusted_adult_strength: float  # strength from which a child's tie counts as a trusted adult
    suspension_rate: float  # per person per year, for each pupil
    suspension_fall: float  # share: fall claimed where pupils have a trusted adult
    adversity_share: float  # share with four or more adverse experiences in childhood
    no_adult_share: float  # share of these without an adult to trust
    low_wellbeing_share: float  # share of low mental well-being without adversity, with a trusted adult
    wellbeing_odds_with_adult: float  # ratio, four or more adverse experiences with a trusted adult
    wellbeing_odds_without_adult: float  # ratio, four or more adverse experiences without one
    earnings_gap: float  # pounds per year, best against least connected tenth of authorities
    connectedness_gap: float  # share: friends across the income median, between the same tenths
    output_gain: float  # pounds per year, UK, for `trust_gap`
    trust_gap: float  # share of people who trust others
    trust_carried_over: float  # share of a rise in trust in services that becomes trust between people
    claimed_gross_saving: float  # pounds per year, UK
    claimed_net_saving: float  # pounds per year, UK
    uk_population: float  # people
    england_population: float  # people


class Rates(NamedTuple):
    """All topics. ``rates.loneliness.onset_rate`` is the value of `onset_rate` in `evidence/loneliness.yaml`."""

    demography: Demography
    ties: TieRates
    loneliness: Loneliness
    illness: Illness
    care: Care
    contacts: Contacts
    paperwork: Paperwork
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
