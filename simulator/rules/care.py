"""Appointments at the practice, A&E attendance, admission, length of stay and discharge."""

from __future__ import annotations

import math
from typing import Final

from simulator.foundations.categories import DAYS_PER_WEEK, READMISSION_WEEKS
from simulator.foundations.compiling import rule
from simulator.rules import chance

REMEMBERED_WEEKS: Final = 52
"""Weeks for which a discharge is remembered."""
NEVER_DISCHARGED: Final = 255
"""Value of ``weeks_since_discharge`` for those never in hospital, or so long ago that it no longer matters."""
MOST_ADMISSIONS: Final = 255
"""Upper limit of the admissions recorded per quarter."""
AT_HOME, UNSEEN, SENT_HOME, ZERO_NIGHT, OVERNIGHT = range(5)
"""How an acute episode ends: at home after being seen by the practice; at home without being seen; sent home by A&E;
in a zero-night admission; in an overnight admission."""
FOR_HOME_CARE, FOR_ASSESSMENT, NOBODY_AT_HOME, OTHER_CAUSE, NO_WAIT = range(5)
"""Why someone fit to leave hospital waits: positions in `simulator.foundations.categories.WAIT_CAUSES`, and none."""
COUNTED: Final = (
    "unmet_needs",
    "ae_attendances",
    "zero_night_admissions",
    "overnight_admissions",
    "readmissions",
    "bed_days",
    "waiting_days",
    "waiting_for_home_care_days",
    "waiting_for_assessment_days",
    "nobody_at_home_days",
    "waiting_otherwise_days",
)
"""The measures to which `episode_counts` adds."""


@rule
def urgent_seen_probability(appointments: float, urgent_share: float, urgent_requests: int) -> float:
    """Probability that an urgent request is seen this week; ``urgent_share`` of ``appointments`` is kept for them.

    >>> urgent_seen_probability(100.0, 0.3, 60), urgent_seen_probability(100.0, 0.3, 10)
    (0.5, 1.0)
    """
    kept = appointments * urgent_share
    if urgent_requests <= kept:
        return 1.0
    return kept / urgent_requests


@rule
def goes_to_ae_probability(seen: bool, after_gp: float, without_gp: float) -> float:
    """Probability that an episode leads to A&E, depending on whether the practice has ``seen`` the patient.

    >>> goes_to_ae_probability(True, 0.2, 0.6)
    0.2
    """
    if seen:
        return after_gp
    return without_gp


@rule
def overnight_probability(usual: float, support_gap: float, support_effect: float, programme_effect: float) -> float:
    """Probability that an A&E episode is admitted overnight.

    ``usual`` [probability] for the age band; ``support_gap`` [score] is support minus the place's mean at the start;
    effects are log ratios (``programme_effect`` is 0 outside programmes). At most 1.

    >>> overnight_probability(0.3, 0.0, -0.5, 0.0), overnight_probability(0.9, 0.0, 0.0, 1.0)
    (0.3, 1.0)
    """
    probability = usual * math.exp(support_effect * support_gap + programme_effect)
    return min(1.0, probability)


@rule
def mobilised_help(share: float, full: float) -> float:
    """Effect of help in illness that programmes have organised [log ratio].

    ``share`` of all the help that a person's neighbours and friends could give; ``full`` [log ratio] the effect of all
    of it on overnight admission, stay and readmission (Aoun SM and others 2023, Palliat Care Soc Pract).

    >>> mobilised_help(0.5, -0.2), mobilised_help(0.0, -0.2) == 0.0
    (-0.1, True)
    """
    return share * full


@rule
def time_in_hospital(support_gap: float, support_effect: float, help_effect: float) -> float:
    """Days in hospital, and the chance of a wait to leave it, relative to usual [ratio].

    Whoever has someone at home goes home sooner (Valtorta NK and others 2018, Am J Public Health 108:e1: smaller social
    networks, more days). ``support_gap`` [score] is support minus the place's mean at the start; effects are log ratios
    (``help_effect``, of mobilised help, is 0 outside programmes).

    >>> time_in_hospital(0.0, -0.3, 0.0), round(time_in_hospital(0.2, -0.5, -0.1), 6)
    (1.0, 0.818731)
    """
    return math.exp(support_effect * support_gap + help_effect)


@rule
def zero_night_probability(usual: float, growth_per_year: float, week: int) -> float:
    """Probability that an A&E episode not admitted overnight is recorded as a zero-night admission in this week.

    Recording has its own trend: zero-night admissions were 79 % of the growth in emergency admissions in England from
    2013/14 to 2016/17 (NAO 2018, Reducing emergency admissions, HC 833). At most 1.

    >>> zero_night_probability(0.2, 0.0, 100), round(zero_night_probability(0.2, 0.05, 52), 6)
    (0.2, 0.21)
    """
    return min(1.0, usual * math.exp(math.log(1.0 + growth_per_year) * week / 52.0))


@rule
def cause_of_wait(u: float, need: float, ratio: float, causes: tuple[float, float, float, float], alone: int) -> int:
    """Why someone fit to leave hospital waits, as a position in the list of causes; `NO_WAIT` if they do not.

    ``need`` [probability] of needing support on leaving; ``causes`` [probability] of waiting, for those who do, for
    home care, for an assessment, for someone at home, and for anything else; ``ratio`` on all of them, of programmes.
    Only those who live ``alone`` wait for someone at home. The causes share the unit interval in this order, so that
    more of one never means fewer waits.

    >>> causes = (0.2, 0.1, 0.3, 0.2)
    >>> [cause_of_wait(u, 0.5, 1.0, causes, 1) for u in (0.05, 0.12, 0.2, 0.35, 0.45)]
    [0, 1, 2, 3, 4]
    >>> cause_of_wait(0.26, 0.5, 1.0, causes, 0) == NO_WAIT
    True
    """
    edge = 0.0
    for cause in range(NO_WAIT):
        if cause != NOBODY_AT_HOME or alone:
            edge += need * ratio * causes[cause]
            if u < edge:
                return cause
    return NO_WAIT


@rule
def continuity_after(continuity: float, same_doctor: bool, memory: float) -> float:
    """Continuity [share] after one more consultation: an exponentially weighted share with the usual doctor.

    >>> continuity_after(0.5, True, 0.2), continuity_after(0.5, False, 0.2)
    (0.6, 0.4)
    """
    if same_doctor:
        return continuity + memory * (1.0 - continuity)
    return continuity - memory * continuity


@rule
def goes_to_ae_on_average(asks_first: float, after_gp: float, without_gp: float) -> float:
    """Probability that an episode leads to A&E if the practice sees all who ask it first (``asks_first`` [share]).

    >>> goes_to_ae_on_average(0.5, 0.2, 0.6)
    0.4
    """
    return asks_first * after_gp + (1.0 - asks_first) * without_gp


@rule
def readmitted_overnight_probability(usual: float, zero_night: float) -> float:
    """Probability that a readmission, which is an admission by definition, is overnight.

    ``usual`` is the probability that an A&E episode is admitted overnight, ``zero_night`` that one not admitted
    overnight is recorded as an admission; the result is the share of overnight admissions among both.

    >>> readmitted_overnight_probability(0.3, 1.0), readmitted_overnight_probability(0.3, 0.0)
    (0.3, 1.0)
    >>> readmitted_overnight_probability(0.0, 0.0)
    0.0
    """
    admitted = usual + (1.0 - usual) * zero_night
    if admitted <= 0.0:
        return 0.0
    return usual / admitted


@rule
def kept_probability(
    readmitted: bool,
    usual: float,
    zero_night: float,
    support_gap: float,
    support_effect: float,
    programme_effect: float,
) -> float:
    """Probability that an episode at A&E is admitted overnight, for a readmission or for any other episode.

    >>> kept_probability(True, 0.3, 1.0, 0.0, -0.5, 0.2), kept_probability(False, 0.3, 1.0, 0.0, -0.5, 0.0)
    (0.3, 0.3)
    """
    if readmitted:
        return readmitted_overnight_probability(usual, zero_night)
    return overnight_probability(usual, support_gap, support_effect, programme_effect)


@rule
def end_of_episode(
    readmitted: bool,
    seen: bool,
    uniforms: tuple[float, float, float],
    to_ae: float,
    overnight: float,
    zero_night: float,
) -> int:
    """How an acute episode ends, depending on whether the practice has ``seen`` the patient.

    ``uniforms`` are three uniform numbers; ``to_ae``, ``overnight`` and ``zero_night`` the probabilities of going to
    A&E, of being admitted overnight, and otherwise of being recorded as an admission. A readmission always is one.

    >>> [end_of_episode(False, True, (u, 0.5, 0.5), 0.4, 0.3, 0.6) for u in (0.3, 0.5)] == [ZERO_NIGHT, AT_HOME]
    True
    >>> end_of_episode(True, False, (0.9, 0.5, 0.9), 0.4, 0.3, 0.6) == ZERO_NIGHT
    True
    """
    u_ae, u_kept, u_recorded = uniforms
    if not readmitted and u_ae >= to_ae:
        return AT_HOME if seen else UNSEEN
    if u_kept < overnight:
        return OVERNIGHT
    return ZERO_NIGHT if readmitted or u_recorded < zero_night else SENT_HOME


@rule
def stay(end: int, u_days: float, u_wait: float, mean_days: float, cause: int, mean_wait: float) -> tuple[int, int]:
    """Days of medical need and days of delayed discharge [days]; both 0 unless the admission is overnight.

    ``cause`` of any wait; ``mean_days`` and ``mean_wait`` [days].

    >>> stay(OVERNIGHT, 0.5, 0.5, 1.0, 0, 1.0), stay(OVERNIGHT, 0.5, 0.5, 1.0, NO_WAIT, 1.0)
    ((1, 1), (1, 0))
    >>> stay(ZERO_NIGHT, 0.5, 0.5, 1.0, 0, 1.0)
    (0, 0)
    """
    if end != OVERNIGHT:
        return 0, 0
    return chance.whole_days(u_days, mean_days), chance.whole_days(u_wait, mean_wait) if cause != NO_WAIT else 0


@rule
def episode_counts(
    end: int, weeks_since_discharge: int, days: int, waiting: int, cause: int
) -> tuple[int, int, int, int, int, int, int, int, int, int, int]:
    """Increments of `COUNTED` from an episode with this ``end``, length of stay and ``cause`` of any wait.

    >>> episode_counts(OVERNIGHT, 3, 5, 2, 0), episode_counts(UNSEEN, 255, 0, 0, 4)
    ((0, 1, 0, 1, 1, 7, 2, 2, 0, 0, 0), (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    """
    zero_night, overnight = int(end == ZERO_NIGHT), int(end == OVERNIGHT)
    admitted = zero_night + overnight
    readmitted = admitted if weeks_since_discharge <= READMISSION_WEEKS else 0
    attended = admitted + int(end == SENT_HOME)
    return (
        int(end == UNSEEN),
        attended,
        zero_night,
        overnight,
        readmitted,
        days + waiting,
        waiting,
        waiting * int(cause == FOR_HOME_CARE),
        waiting * int(cause == FOR_ASSESSMENT),
        waiting * int(cause == NOBODY_AT_HOME),
        waiting * int(cause == OTHER_CAUSE),
    )


@rule
def admissions_after(admissions: int, end: int) -> int:
    """Admissions in the quarter after an episode with this ``end``.

    >>> admissions_after(1, ZERO_NIGHT), admissions_after(1, SENT_HOME), admissions_after(255, OVERNIGHT)
    (2, 1, 255)
    """
    return min(MOST_ADMISSIONS, admissions + int(end in (ZERO_NIGHT, OVERNIGHT)))


@rule
def week_of_stay(days: int, weeks_since_discharge: int) -> tuple[int, int]:
    """Remaining days in hospital [days] and weeks since discharge, after one more week.

    >>> week_of_stay(10, 255), week_of_stay(7, 255), week_of_stay(0, 3), week_of_stay(0, 52), week_of_stay(0, 255)
    ((3, 255), (0, 1), (0, 4), (0, 255), (0, 255))
    """
    if days == 0:
        return 0, weeks_since_discharge + 1 if weeks_since_discharge < REMEMBERED_WEEKS else NEVER_DISCHARGED
    if days > DAYS_PER_WEEK:
        return days - DAYS_PER_WEEK, weeks_since_discharge
    return 0, 1
