"""Categories shared by evidence tables, population columns and results.

A resident's category is stored as its position in the tuple (uint8). Position 0 of DEPRIVATION is the most deprived
fifth of England's neighbourhoods (Index of Multiple Deprivation quintile 1).
"""

from __future__ import annotations

from typing import Final

WEEKS_PER_YEAR: Final = 52
"""A model year is 52 weeks and a quarter 13, so that years and quarters hold whole weeks."""
WEEKS_PER_QUARTER: Final = 13
QUARTERS_REMEMBERED: Final = WEEKS_PER_YEAR // WEEKS_PER_QUARTER
"""Quarters for which admissions are kept, for eligibility: one year."""
WARM_UP_WEEKS: Final = 52
"""Weeks simulated before any scenario begins, so that last year's admissions and ties come from the model itself."""
DAYS_PER_WEEK: Final = 7
HOURS_IN_A_WEEK: Final = 24 * DAYS_PER_WEEK
MINUTES_PER_HOUR: Final = 60
READMISSION_WEEKS: Final = 4
"""A readmission within 30 days falls in the four weeks after the week of discharge."""
PERSISTENT_WEEKS: Final = 104
"""Loneliness is called persistent after two years."""
MEETING_BLOCK: Final = 8
"""Meetings of a tie are drawn for eight weeks at once: one draw holds eight 16-bit words."""
SLOW_STEP: Final = 4
"""Weeks in one step of what changes slowly: ties, trust, support, mood and loneliness."""

AGE_BANDS: Final = ("0-4", "5-15", "16-24", "25-34", "35-49", "50-64", "65-74", "75-84", "85+")
AGE_BAND_STARTS: Final = (0, 5, 16, 25, 35, 50, 65, 75, 85)
"""First year of age of each band."""
SCHOOL_BAND: Final = 1
"""Age band of children of 5 to 15."""
ADULT_BAND: Final = 2
"""First adult age band: loneliness is measured from age 16, as in the Community Life Survey."""
OLDEST_AGE: Final = 100
"""Initial ages are drawn below this; a resident may grow older."""

DEPRIVATION: Final = ("1", "2", "3", "4", "5")
SEXES: Final = ("female", "male")
INCOME_HALVES: Final = ("lower", "upper")
CONDITIONS: Final = ("0", "1", "2", "3+")
DIGITAL_CAPABILITY: Final = ("offline", "low", "capable")

CONTEXTS: Final = ("household", "kin", "friend", "neighbour", "group", "professional", "volunteer")
HOUSEHOLD, KIN, FRIEND, NEIGHBOUR, GROUP, PROFESSIONAL, VOLUNTEER = range(7)
NO_TIE: Final = 7
"""Context of an empty tie slot."""
TIE_SLOTS: Final = 15
"""At most 15 ties per resident: the sympathy group of Dunbar's layers (evidence N01)."""

HOUSEHOLD_LIMIT: Final = 6
"""Largest household, so that household ties leave slots for others."""

SERVICES: Final = ("gp_practice", "hospital", "council_contact_centre", "community_hub", "adult_social_care")
TASKS: Final = (
    "gp_practice.consultation",
    "gp_practice.appointment_booking",
    "gp_practice.repeat_prescription",
    "gp_practice.test_result",
    "council_contact_centre.council_tax_and_benefits",
    "council_contact_centre.housing",
    "council_contact_centre.street_and_waste",
    "community_hub.advice",
    "hospital.outpatient_booking",
)
TASK_SERVICE: Final = tuple(SERVICES.index(task.split(".")[0]) for task in TASKS)
CONSULTATION: Final = 0
HEALTH_TASKS: Final = tuple(task.split(".")[0] in ("gp_practice", "hospital") for task in TASKS)
"""Whether demand for a task depends on age and conditions (GP practice and hospital), or is the same for all adults."""

ROLES: Final = (
    "gp_practice.clinician",
    "gp_practice.receptionist",
    "hospital.booking_clerk",
    "hospital.discharge_coordinator",
    "council_contact_centre.adviser",
    "community_hub.adviser",
    "adult_social_care.assessor",
    "adult_social_care.home_carer",
    "gp_practice.administrator",
    "hospital.ward_doctor",
    "hospital.clinical_coder",
    "council_contact_centre.claims_officer",
    "council_contact_centre.back_office",
    "adult_social_care.care_coordinator",
)
"""Staff roles of each service."""
CLINICIAN, RECEPTIONIST, BOOKING_CLERK, DISCHARGE_COORDINATOR, ADVISER, HUB_ADVISER, ASSESSOR, HOME_CARER = range(8)
ADMINISTRATOR, WARD_DOCTOR, CLINICAL_CODER, CLAIMS_OFFICER, BACK_OFFICE, CARE_COORDINATOR = range(8, 14)
ROLE_SERVICE: Final = tuple(SERVICES.index(role.split(".")[0]) for role in ROLES)
TASK_ROLE: Final = (
    CLINICIAN,
    RECEPTIONIST,
    RECEPTIONIST,
    RECEPTIONIST,
    ADVISER,
    ADVISER,
    ADVISER,
    HUB_ADVISER,
    BOOKING_CLERK,
)
"""Role that answers each task, in the order of TASKS."""

WAIT_CAUSES: Final = ("home_care", "assessment", "nobody_at_home", "other")
"""Why someone fit to leave hospital waits."""
DRIVERS: Final = (
    "person_years",
    "consultations",
    "prescription_requests",
    "overnight_admissions",
    "assessments",
    "home_care_years",
    "home_care_hours",
    "benefit_contacts",
    "advice_contacts",
)
"""What brings paperwork, as counted in a week; person-years and years of home care are weeks over 52."""
_PAPERWORK: Final = (
    ("gp_practice.clinical_notes", CLINICIAN, "consultations"),
    ("gp_practice.results_filed", CLINICIAN, "person_years"),
    ("gp_practice.letters_read", CLINICIAN, "person_years"),
    ("gp_practice.prescriptions_authorised", CLINICIAN, "prescription_requests"),
    ("gp_practice.letters_coded", ADMINISTRATOR, "person_years"),
    ("gp_practice.referral_letters", ADMINISTRATOR, "person_years"),
    ("gp_practice.claims_and_reporting", ADMINISTRATOR, "person_years"),
    ("hospital.discharge_letters", WARD_DOCTOR, "overnight_admissions"),
    ("hospital.clinical_coding", CLINICAL_CODER, "overnight_admissions"),
    ("council_contact_centre.claims_processing", CLAIMS_OFFICER, "benefit_contacts"),
    ("council_contact_centre.back_office", BACK_OFFICE, "person_years"),
    ("community_hub.case_notes", HUB_ADVISER, "advice_contacts"),
    ("adult_social_care.assessment_records", ASSESSOR, "assessments"),
    ("adult_social_care.review_records", ASSESSOR, "home_care_years"),
    ("adult_social_care.rotas", CARE_COORDINATOR, "home_care_hours"),
)
PAPERWORK: Final = tuple(task for task, _, _ in _PAPERWORK)
"""Tasks without a resident: automating them takes nobody's conversation away."""
PAPERWORK_DRIVER: Final = tuple(DRIVERS.index(driver) for _, _, driver in _PAPERWORK)
PAPERWORK_BESIDE: Final = (CLINICIAN, ASSESSOR)
"""Roles whose hours in the model are those with residents, with their paperwork beside them."""

ALL_TASKS: Final = TASKS + PAPERWORK
"""Everything that can be automated: contacts with residents, then paperwork."""
ALL_TASK_SERVICE: Final = tuple(SERVICES.index(task.split(".")[0]) for task in ALL_TASKS)
ALL_TASK_ROLE: Final = TASK_ROLE + tuple(role for _, role, _ in _PAPERWORK)

PROGRAMMES: Final = (
    "health_connectors",
    "talking_cafes",
    "complex_care_hub",
    "community_connectors",
    "gp_continuity",
    "discharge_liaison",
    "volunteer_infrastructure",
    "relational_skills_training",
    "befriending",
    "trusted_adult",
    "more_gp_appointments",
    "home_care_hours",
    "group_course",
    "household_visitors",
    "aftercare",
    "ai_case_finding",
)
"""The shipped programmes, ``simulator/programme_files``. Positions address random numbers: append, never reorder."""
HEALTH_CONNECTORS, TALKING_CAFES, COMPLEX_CARE_HUB = range(3)
"""The first three hold the first three slots of every run; others take a slot when a scenario names them."""
PROGRAMME_SLOTS: Final = 8
"""Maximum number of programmes in a run: a resident's memberships are the bits of one byte."""
ALTERNATIVES: Final = 4
"""Maximum number of alternatives in a programme's eligibility rule."""
CONTACT_CHANNELS: Final = ("visit", "phone", "group")
TIE_KINDS: Final = ("none", "professional", "group", "volunteer", "trusted_adult")
"""Tie that a programme gives its members."""
CHANNELS: Final = (
    "new_ties", "old_ties", "outlook", "continuity", "care_planning", "discharge", "access", "volunteers",
    "help",
)  # fmt: skip
"""The channels through which a policy can act, switched on and off by attribution."""

PAYERS: Final = ("nhs", "council", "voluntary")
SERVICE_PAYERS: Final = ("nhs", "nhs", "council", "voluntary", "council")
"""Payer of each service, in the order of SERVICES: the budget in which automation releases money."""

GP_YEARS: Final = ("1", "2-3", "4-5", "6-10", "11-15", "16+")
"""Year of the relationship with the usual GP, as published: 2-3 are the second and the third."""
GP_YEAR_STARTS: Final = (0, 1, 3, 5, 10, 15)
"""Whole years after which each group of `GP_YEARS` begins."""
OLDER_BAND: Final = 6
"""First age band of people of 65 and over."""

LISTS: Final = {
    "age_band": AGE_BANDS,
    "deprivation": DEPRIVATION,
    "sex": SEXES,
    "conditions": CONDITIONS,
    "digital_capability": DIGITAL_CAPABILITY,
    "context": CONTEXTS,
    "service": SERVICES,
    "task": TASKS,
    "paperwork": PAPERWORK,
    "role": ROLES,
    "programme": PROGRAMMES,
    "payer": PAYERS,
    "contact_channel": CONTACT_CHANNELS,
    "wait_cause": WAIT_CAUSES,
    "gp_years": GP_YEARS,
}
"""Categories that `by:` of an evidence table may name, and the keys that such a table must have."""
