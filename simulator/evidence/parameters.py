"""Every parameter of the model by name: one NamedTuple per topic, with one field per evidence value.

A field has the name of its evidence value in ``simulator/evidence/<topic>.yaml``, which a test checks. Scalars are
floats; tables are read-only float64 arrays in the order of their category (`simulator.foundations.categories.LISTS`).
Comments give the unit and a table's category. Quantities derived from evidence (weekly hazards, lookup tables) are
in `simulator.specification.lookup_tables`.
"""

from __future__ import annotations

from typing import Final, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]


class Demography(NamedTuple):
    """Births, deaths, moves and households."""

    death_rate: Table  # per year, by age_band
    death_deprivation_ratio: Table  # ratio, by deprivation (population mean about 1)
    death_conditions_ratio: Table  # ratio, by conditions (0 conditions = 1)
    household_move_rate: float  # per year: households that leave the list; one with the same ages moves in
    leave_home_rate: float  # per year, of people aged 18 to 29 living with someone 18 or more years older
    separation_rate: float  # per year, of couples sharing a household
    moving_in_rate: float  # per year, of adults living alone: moves in with a friend who also lives alone
    adult_age: float  # years: youngest age at which someone is part of a couple or lives alone
    leave_home_youngest: float  # years
    leave_home_oldest: float  # years
    parent_gap: float  # years: smallest age difference from a housemate who counts as a parent
    partner_gap: float  # years: largest difference in age at which two housemates count as a couple
    mother_youngest: float  # years
    mother_oldest: float  # years
    retirement_age: float  # years
    retirement_contact_ratio: float  # ratio: contact with each friend after retirement, relative to before


class TieRates(NamedTuple):
    """Growth, fading and formation of ties."""

    contact_probability: Table  # probability per week, by context: mean over ties of the context
    hours_per_contact: Table  # hours, by context
    half_life: Table  # weeks without contact in which strength halves, by context
    support_weight: Table  # ratio, by context: support given per unit of strength
    mean_ties: Table  # people, by context: initial ties of a resident (household: derived, 0)
    ties_age_ratio: Table  # ratio, by age_band: friends relative to the mean
    hours_to_casual: float  # hours together to a casual friend
    hours_to_friend: float  # hours
    hours_to_close: float  # hours
    close_strength: float  # strength of a tie with a close friend
    forgotten_strength: float  # strength below which a tie is dropped
    support_half: float  # ratio: weighted strength at which support is half its maximum
    friend_making_rate: float  # per person per year: new acquaintances outside programmes, initiated
    elsewhere_share: float  # share of usual kin and friend ties that a newcomer has with people outside the place
    hour_ratio: Table  # ratio, by context: worth of an hour together, in hours with friends
    restored_contact: float  # share of the contact a tie lacks that is restored when it is brought back
    moved_contact_ratio: float  # ratio: contact with kin and friends who have moved away, relative to before
    same_neighbourhood_share: float  # share of friend and kin ties within the neighbourhood
    same_age_share: float  # share of friend ties within the age band or a neighbouring one
    cross_income_share: float  # share of friends of below-median people who are above the median


class Loneliness(NamedTuple):
    """The loneliness score, the state often or always lonely that follows it, and its effects on health."""

    threshold: float  # score above which someone becomes often or always lonely
    margin: float  # fall of the score below the threshold at which that ends
    support_effect: float  # score per unit of support
    need: Table  # score without support or illness, by age_band
    need_spread: float  # standard deviation of the lasting personal part of the score
    mood_spread: float  # standard deviation of the passing part
    mood_half_life: float  # weeks
    illness_effect: float  # score per long-term condition
    outlook_effect: float  # ratio: additional support from ties once they are fully seen anew
    session_share: float  # share of the way to a full change of outlook per session
    outlook_half_life: float  # weeks
    travel_effect: float  # score per close tie with someone who is lonely
    friend_making_ratio: float  # ratio: rate at which lonely people make friends, against others
    giver_effect: float  # fall of the score of volunteers while they are
    initial_prevalence: Table  # share often/always lonely at the start, by age_band (0 under 16)
    admission_relative_risk: float  # ratio: acute episodes, lonely against not
    consultation_relative_risk: float  # ratio
    death_relative_risk: float  # ratio
    causal_discount: float  # share of each observational log relative risk that is causal
    scale_reliability: float  # share of the variance of measured scores that is not error, in simulated studies


class Illness(NamedTuple):
    """Long-term conditions, frailty, transient risk and acute episodes."""

    emergency_admission_rate: Table  # per 1,000 people per year, by age_band, first admissions
    admission_deprivation_ratio: Table  # ratio, by deprivation
    prevalence_one: Table  # share with exactly one long-term condition, by age_band
    prevalence_two: Table  # share with exactly two, by age_band
    prevalence_three: Table  # share with three or more, by age_band
    conditions_deprivation_ratio: Table  # ratio on onset and prevalence, by deprivation
    condition_onset_rate: Table  # per year, by age_band: onset of one more condition
    conditions_ratio: Table  # ratio on acute episodes, by conditions (0 conditions = 1)
    frailty_spread: float  # standard deviation of log frailty
    transient_spread: float  # standard deviation of log transient risk
    transient_weeks: float  # weeks: mean time until transient risk is redrawn
    continuity_effect: float  # log ratio on episodes per unit of continuity (usual provider share); negative protects
    unmet_need_effect: float  # log ratio on episodes per unmet need
    unmet_need_half_life: float  # weeks
    local_demand_growth: float  # change per year in acute episodes, in this place only
    starting_excess_modelled: float  # share of a place's excess of admissions at the start that is modelled
    starting_excess_passing: float  # share of that excess that passes by itself
    starting_excess_half_life: float  # weeks
    gp_years_ratio: Table  # ratio on acute episodes, by gp_years (first year = 1)
    gp_years_causal_share: float  # share of the logarithm of that ratio that is causal and acts beside continuity
    alone_ratio: float  # ratio on acute episodes from 65 on, living alone against not
    alone_causal_share: float  # share of the logarithm of each ratio of living alone that is causal


class Care(NamedTuple):
    """GP appointments, A&E, admission, length of stay and discharge."""

    urgent_share: float  # share of appointments kept for urgent requests
    asks_gp_first: float  # share of acute episodes that ask the practice first
    ae_after_gp: float  # probability that an episode seen by the practice still goes to A&E
    ae_without_gp: float  # probability that an episode not seen by the practice goes to A&E
    overnight_probability: Table  # probability that an A&E episode is admitted overnight, by age_band
    zero_night_probability: Table  # probability that an A&E episode not admitted overnight is a zero-night admission
    zero_night_growth: float  # change per year in that probability (recording, not illness)
    local_recording_growth: float  # further change per year in it, in this place only
    growth_years: float  # years for which yearly rises of recording and of local demand go on
    support_admission_effect: float  # log ratio on overnight admission per unit of support above the mean
    overnight_days: Table  # days, mean medically needed stay of an overnight admission, by age_band
    discharge_need: Table  # share of overnight stays after which support is needed, by age_band
    wait_by_cause: Table  # probability of waiting to leave of those in need of support, by wait_cause
    wait_days: float  # days, mean wait
    readmission_probability: float  # probability of a further acute admission within 30 days caused by the first
    support_readmission_effect: float  # log ratio per unit of support above the mean; negative protects
    mean_continuity: float  # share of consultations with the usual GP
    continuity_memory: float  # share: weight of the latest consultation in a resident's continuity
    minor_attendance_rate: Table  # per person per year, A&E attendances without an acute episode, by deprivation
    attempt_fails: Table  # probability, by age_band: an attempt to reach the practice fails, at reception's usual load
    attempts_in_a_week: float  # attempts after which someone who does not get through stops until next week
    attempts_load_effect: float  # ratio: power of reception's relative load in the probability that an attempt fails
    turned_away_by_list: float  # per week, for each week of waiting list: rate at which requests are turned away
    booked_share: float  # share of appointments left by urgent requests that is kept for those who wait
    turned_away_to_ae: Table  # probability, by age_band: someone turned away goes to A&E
    turned_away_gives_up: Table  # probability, by conditions: someone turned away gives up
    waiting_lapse: float  # probability per week that someone who waits gives up
    waiting_need: float  # ratio: unmet needs that a week of waiting adds
    return_interval_ratio: float  # ratio: time to the next visit after the usual GP, relative to another clinician
    support_stay_effect: float  # log ratio on days in hospital and waits to leave, per unit of support above the mean
    mobilised_help_effect: float  # log ratio on overnight admission, stay and readmission, with all help mobilised
    aftercare_weeks: float  # weeks after a discharge in which aftercare acts on members


class Prices(NamedTuple):
    """Unit costs in the price year."""

    zero_night_admission: float  # pounds
    overnight_admission: float  # pounds, first days of an overnight stay
    included_days: float  # days: mean stay included in the price of an overnight admission
    bed_day: float  # pounds, each day of the mean stay beyond that, including days of delayed discharge
    ae_attendance: float  # pounds
    gp_consultation: float  # pounds
    cashable_share_admission: float  # share of a saved admission that leaves as money within the horizon
    cashable_share_contact: float  # share of a saved A&E attendance or consultation that leaves as money
    home_care_hour: float  # pounds, to the council
    care_home_week: float  # pounds, to the council, before residents' contributions
    assessment: float  # pounds, an assessment of social care needs
    cashable_share_social_care: float  # share of saved or added social care that is cashable within the horizon
    volunteer_hour: float  # pounds, replacement value, voluntary sector, never cashable
    discount_rate: float  # change per year
    price_year: float  # calendar year
    wellby: float  # pounds, a point of life satisfaction for one person for a year; in no cost
    lonely_life_satisfaction: float  # points of life satisfaction, for each adult no longer often or always lonely
    wellbeing_discount_rate: float  # change per year


class Contacts(NamedTuple):
    """Routine contacts with services, and the effects of automating them."""

    contacts_per_year: Table  # per person per year, by task (council and hub tasks: per adult)
    practice_age_ratio: Table  # ratio, by age_band
    practice_conditions_ratio: Table  # ratio, by conditions (0 conditions = 1)
    minutes_per_contact: Table  # minutes of staff time, by task
    hourly_cost: Table  # pounds per hour, by task
    automation_ceiling: Table  # share of contacts that could technically be automated, by task
    failure_probability: Table  # probability that an automated contact fails, by digital_capability
    failure_ratio: Table  # ratio on that probability, by task
    not_through_probability: Table  # probability that a contact with staff does not reach them, by task
    return_share: float  # share of failed contacts that come back to staff; the rest become unmet need
    unmet_need_weight: Table  # ratio: unmet needs added by a contact that failed and was given up, by task
    rework_minutes: Table  # minutes beyond a usual contact when a failed one comes back, by task
    technology_cost_per_contact: Table  # pounds per automated contact, by task
    technology_cost_per_year: Table  # pounds per year per 1,000 people, by task, once any of it is automated
    missed_probability: Table  # probability that an appointment is missed, by task (0: nothing is booked)
    missed_automated_ratio: float  # ratio on that probability for an automated booking
    missed_need: float  # ratio: unmet needs added by a missed appointment
    relational_content: Table  # share, by task: how much a contact with staff adds to trust
    trust_gain: float  # share of the missing trust gained by one fully relational contact
    trust_half_life: float  # weeks
    trust_support: float  # ratio: support weight of trust
    realisation_rate: float  # share of automated minutes that can in fact be used for something else
    redeployable_share: Table  # share of released money that can leave the task, by task; the rest is absorbed
    backlog_share: float  # share of redeployable time that a service keeps to reduce its backlog
    failure_half_life: float  # weeks of automation in which half of the failures that can be learnt from are gone
    relief_through_effect: float  # log ratio on not getting through, per relative fall of the load of those who answer
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
    """Parameters common to all programmes; each programme has a file (`simulator.programme_files`)."""

    asked_again: float  # weeks after declining or finishing until someone may be offered a place again
    table_size: float  # people at one table of a group
    channel_weight: Table  # ratio, by contact_channel: weight of an hour of contact for a tie
    conversation_tie_share: float  # share of a trained resident's conversations that are with people they know
    risk_per_admission: float  # ratio: predicted risk added per admission in the last year


class Spread(NamedTuple):
    """Spread of a practice from place to place."""

    kept_by_manual: float  # share of fidelity that survives a hand-over by directive and manual
    kept_by_teaching: float  # share that survives when a practised team teaches the next
    local_learning: float  # per year: rate at which a place regains lost fidelity
    learners_at_once: float  # teams that a practised team can teach at one time
    apprenticeship: float  # weeks for which a team learns before it starts
    practice_before_teaching: float  # weeks for which a team practises before it teaches


class Staffing(NamedTuple):
    """Staff by role: turnover, hiring, overload and skill, and the effects of understaffing on users."""

    leaver_rate: Table  # per year, by role: staff who leave under usual load
    weeks_to_fill: Table  # weeks, by role: mean time for which a post is vacant
    usual_utilisation: Table  # ratio, by role: work in a usual week relative to the hours available
    hourly_cost: Table  # pounds per hour, by role: cost of an added hour or saving of a cut one
    whole_time_hours: float  # hours per week of a whole-time post
    overload_turnover_ratio: float  # ratio: leaving under extreme overload, relative to none
    overload_half: float  # ratio: overload, as a share of capacity, at which half of its effect is reached
    overload_absence: float  # share of hours lost to additional absence under extreme overload
    load_memory: float  # weeks over which load is averaged
    induction_weeks: float  # weeks, mean time in post until a newcomer works as others do
    newcomer_output: float  # share of usual output that a newcomer achieves until then, net of others' help
    weeks_to_be_known: float  # weeks, mean time in post until a newcomer can be someone's usual doctor
    backlog_chasing: float  # share: additional work in a week from people who chase the backlog
    backlog_lapse: float  # share of the backlog that lapses in a week
    waiting_half: float  # weeks of work waiting that halve the probability of reaching staff
    usual_skill: Table  # share, by service: relational skill maintained by usual training
    skill_weight: float  # ratio: change in the relational value of a contact from no skill to full skill
    skill_half_life: float  # weeks in which half of the effect of training is lost
    training_half: float  # hours of training per head that close half of the gap to full skill
    discharge_hours: float  # hours of a discharge coordinator per overnight emergency admission
    discharge_wait_effect: float  # log ratio on waiting for other causes, per relative rise of coordinators' load
    home_care_wait_effect: float  # log ratio on waiting for home care, per relative rise of home carers' load
    assessment_wait_effect: float  # log ratio on waiting for an assessment, per relative rise of assessors' load
    comfortable_load: float  # ratio: work per capacity up to which load drives nobody out
    overload_hiring_ratio: float  # ratio: time to fill a post under extreme overload, relative to none
    absorbed_time_used: float  # share of freed time that stays with a service and does its work; 0: it is idle
    published_staff: Table  # whole-time staff per 10,000 people, by role, which hours of tasks are held against


class SocialCare(NamedTuple):
    """Requests for adult social care, assessment, home care and care homes arranged by the council."""

    request_rate: Table  # per 1,000 people per year, by age_band: sharing a home and not recently discharged
    request_conditions_ratio: Table  # ratio, by conditions (0 conditions = 1)
    request_alone_ratio: float  # ratio for someone who lives alone
    request_discharge_ratio: float  # ratio in the four weeks after an emergency admission
    assessment_weeks: float  # weeks, mean time from request to assessment if there are enough assessors
    assessment_hours: float  # hours of an assessor per assessment
    home_care_share: Table  # share of people assessed who get home care, by age_band
    care_home_share: Table  # share of people assessed who move to a care home, by age_band
    home_care_prevalence: Table  # share with home care at the start, by age_band
    care_home_prevalence: Table  # share in a care home at the start, by age_band
    home_care_hours: float  # hours per week per client
    home_care_weeks: float  # weeks, mean time until home care is no longer needed, excluding death and care homes
    care_home_weeks: float  # weeks, mean stay in a care home, excluding death
    care_home_move_rate: float  # per year, from home care to a care home
    short_care_move_ratio: float  # ratio on that move if none of the home care is delivered
    short_care_need: float  # ratio: unmet needs per week if none of the home care is delivered
    advice_share: float  # share of requests answered with advice or short support, without waiting for an assessment
    waiting_weeks: float  # weeks, mean wait for an assessment at the start
    withdrawal_rate: float  # per year, of those who wait
    waiting_need: float  # ratio: unmet needs a week of waiting for an assessment
    long_wait_move_ratio: float  # ratio on the share who go into a care home, assessed after half a year or more
    carer_need: float  # ratio: unmet needs a week of a household member of someone who waits, or without home care
    alone_care_home_ratio: float  # ratio from 65 on, living alone: into a care home, once assessed or with home care


class Volunteers(NamedTuple):
    """Recruitment, hours, strain and leaving of volunteers."""

    willing_share: float  # share of adults willing to volunteer, in `willing_year`
    willing_year: float  # calendar year
    pool_decline: float  # change per year in that share
    willing_age_ratio: Table  # ratio, by age_band
    willing_deprivation_ratio: Table  # ratio, by deprivation
    says_yes: float  # probability that a willing adult says yes to a first ask by a programme
    asked_by_tie_ratio: float  # ratio: weight of being asked by an acquaintance
    tie_ask_share: float  # share of asks made by volunteers to people they know
    ask_fatigue: float  # ratio: reduction in the weight of an ask per earlier ask remembered
    ask_half_life: float  # weeks
    asks_per_vacancy: float  # people asked per week per missing volunteer
    hours_per_week: float  # mean hours that a volunteer has
    hours_spread: float  # standard deviation of their logarithm
    strain_weeks: float  # weeks over which strain follows overload
    strain_leaving_effect: float  # log ratio on leaving at full strain
    strain_quality_effect: float  # log ratio on the value of an hour at full strain
    leaving_rate: float  # per year, without strain
    unwilling_leaving_rate: float  # per year, in addition, once willingness has ended
    rest_weeks: float  # weeks for which someone who has stopped is not asked


class Wider(NamedTuple):
    """Evidence for the wider ledger (`simulator.comparison.wider_ledger`), used in no headline, cost or total."""

    causal_share: float  # share of each published association treated as causal; 0 empties the ledger
    trusted_adult_strength: float  # strength from which a child's tie counts as a trusted adult
    suspension_rate: float  # per person per year, of pupils
    suspension_fall: float  # share: claimed fall if pupils have a trusted adult
    adversity_share: float  # share with four or more adverse childhood experiences
    no_adult_share: float  # share of these without a trusted adult
    low_wellbeing_share: float  # share of low mental well-being without adversity, with a trusted adult
    wellbeing_odds_with_adult: float  # ratio, four or more adverse experiences with a trusted adult
    wellbeing_odds_without_adult: float  # ratio, four or more adverse experiences without one
    earnings_gap: float  # pounds per year, best against least connected tenth of authorities
    connectedness_gap: float  # share: friends across the income median, between the same tenths
    output_gain: float  # pounds per year, UK, for `trust_gap`
    trust_gap: float  # share of people who trust others
    trust_carried_over: float  # share of a rise in trust in services that becomes trust in people
    claimed_gross_saving: float  # pounds per year, UK
    claimed_net_saving: float  # pounds per year, UK
    claimed_digital_saving: float  # pounds per year, UK
    claimed_app_hours: float  # hours per year, England
    claimed_automatable_share: float  # share of complex transactions of central government
    uk_population: float  # people
    england_population: float  # people


class Rates(NamedTuple):
    """All topics. ``rates.loneliness.threshold`` is the value of `threshold` in `evidence/loneliness.yaml`."""

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
"""NamedTuple class of each topic, by name."""
