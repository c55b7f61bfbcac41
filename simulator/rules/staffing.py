"""Staffing of a service: hiring, turnover, overload and skill, and the effects of understaffing on its users.

Hours and staff are relative to the service today, so nothing changes while its work stays the same. Overload makes
staff leave; vacancies and newcomers reduce output; unfinished work comes back as repeat contacts: running to stand
still. Relief works through the same loop in reverse. Applied once per week and role.
"""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule


@rule
def overload(load: float, comfortable: float) -> float:
    """Load beyond a comfortable one, as a share of it; ``load`` and ``comfortable`` [work per capacity].

    >>> overload(0.8, 0.8), overload(1.2, 0.8), overload(0.5, 0.0)
    (0.0, 0.4999999999999998, 0.0)
    """
    return max(0.0, load / comfortable - 1.0) if comfortable > 0.0 else 0.0


@rule
def pressure(beyond: float, half: float) -> float:
    """Effect of overload ``beyond`` [share of capacity] as a share of its maximum; 0.5 at ``half``.

    >>> pressure(0.0, 0.25), pressure(0.25, 0.25), round(pressure(1e9, 0.25), 6)
    (0.0, 0.5, 1.0)
    """
    return 1.0 - half / (beyond + half)


@rule
def relative_to_present(pressed: float, usual: float, extreme_ratio: float) -> float:
    """What pressure does, relative to what it does at present; more than 1 under more pressure, less when relieved.

    ``pressed`` and ``usual`` [share] are this week's pressure and that of the present, under which published rates were
    counted; ``extreme_ratio`` [ratio] is the effect of extreme overload relative to none.

    >>> relative_to_present(0.4, 0.4, 2.5), relative_to_present(0.0, 0.4, 2.5), relative_to_present(0.8, 0.4, 1.0)
    (1.0, 0.625, 1.0)
    """
    at_present = 1.0 + (extreme_ratio - 1.0) * usual
    if at_present <= 0.0:
        return 1.0
    return max(0.0, 1.0 + (extreme_ratio - 1.0) * pressed) / at_present


@rule
def leaving(leaver_rate: float, relative: float) -> float:
    """Share of staff who leave in a week; ``leaver_rate`` [per year] is published, ``relative`` [ratio] of pressure.

    Work overload is associated with intent to leave (Rotenstein LS and others 2023, J Gen Intern Med 38:1920), burnout
    with 2.7 to 3.5 times the odds of it.

    >>> round(leaving(0.26, 1.0) * 52, 6), round(leaving(0.26, 1.5) * 52, 6)
    (0.26, 0.39)
    """
    return min(1.0, leaver_rate / 52.0 * relative)


@rule
def left_within(left: float, weeks: int) -> float:
    """Share of staff who leave within ``weeks``, at the weekly share ``left``.

    >>> left_within(0.5, 2), left_within(0.0, 13)
    (0.75, 0.0)
    """
    return 1.0 - math.pow(1.0 - left, float(weeks))


@rule
def absence(most: float, pressed: float, usual: float) -> float:
    """Share of hours lost to absence beyond the usual; negative with less pressure ``pressed`` than ``usual`` [share].

    ``most`` [share] is lost under extreme overload, beyond what is lost under none.

    >>> absence(0.04, 0.75, 0.25), absence(0.04, 0.0, 0.25)
    (0.02, -0.01)
    """
    return most * (pressed - usual)


@rule
def establishment(leaver_rate: float, weeks_to_fill: float) -> float:
    """Posts per filled post at equilibrium: vacancies are weekly leavers times ``weeks_to_fill`` [weeks].

    >>> round(1.0 - 1.0 / establishment(0.26, 20.0), 3)
    0.091
    """
    return 1.0 + leaver_rate / 52.0 * weeks_to_fill


@rule
def hired(posts: float, in_post: float, weeks_to_fill: float) -> float:
    """Staff who start this week: vacancies (``posts`` less ``in_post``) take ``weeks_to_fill`` [weeks] to fill.

    >>> round(hired(1.1, 1.0, 20.0), 6), hired(1.0, 1.2, 20.0)
    (0.005, 0.0)
    """
    return max(0.0, posts - in_post) / max(1.0, weeks_to_fill)


@rule
def newcomers_at_equilibrium(leaver_rate: float, weeks: float) -> float:
    """Share of staff who are newcomers at equilibrium; staff are newcomers for ``weeks`` [weeks] on average.

    >>> round(newcomers_at_equilibrium(0.26, 52.0), 3), newcomers_at_equilibrium(0.0, 52.0)
    (0.207, 0.0)
    """
    left = leaver_rate / 52.0
    return left / (1.0 - (1.0 - left) * (1.0 - 1.0 / max(1.0, weeks)))


@rule
def newcomers_after(newcomers: float, in_post: float, left: float, began: float, weeks: float) -> float:
    """Share of staff who are newcomers after a week; the share ``left`` of those ``in_post`` left and ``began`` joined.

    >>> at_rest = newcomers_at_equilibrium(0.26, 52.0)
    >>> abs(newcomers_after(at_rest, 1.0, 0.26 / 52.0, 0.26 / 52.0, 52.0) - at_rest) < 1e-12
    True
    """
    stayed = in_post * (1.0 - left)
    if stayed + began <= 0.0:
        return 0.0
    return (newcomers * stayed * (1.0 - 1.0 / max(1.0, weeks)) + began) / (stayed + began)


@rule
def output(in_post: float, newcomers: float, usual_newcomers: float, newcomer_output: float, absent: float) -> float:
    """Work done by staff ``in_post``, relative to usual.

    Newcomers do ``newcomer_output`` [share] of the work of others; ``absent`` [share] is absence above the usual.

    >>> output(1.0, 0.1, 0.1, 0.5, 0.0), round(output(0.9, 0.2, 0.1, 0.5, 0.05), 4)
    (1.0, 0.81)
    """
    lost = 1.0 - newcomer_output
    return in_post * (1.0 - newcomers * lost) / (1.0 - usual_newcomers * lost) * (1.0 - absent)


@rule
def left_undone(work: float, chasing: float, capacity: float) -> float:
    """Work that staff do not come to in a week [same unit as work]; a share of it lapses and the rest is the backlog.

    ``chasing`` is the part of ``work`` that chases the backlog: it takes staff time but does not add to the backlog.

    >>> left_undone(120.0, 0.0, 100.0), left_undone(120.0, 110.0, 100.0), left_undone(90.0, 0.0, 100.0)
    (20.0, 10.0, 0.0)
    """
    return min(max(0.0, work - capacity), work - chasing)


@rule
def not_through(usual: float, waiting: float, half: float) -> float:
    """Probability of not reaching staff, given a backlog of ``waiting`` [weeks of work].

    ``usual`` [probability] without a backlog; a backlog of ``half`` [weeks of work] halves the chance of reaching them.

    >>> not_through(0.2, 0.0, 1.0), round(not_through(0.2, 1.0, 1.0), 6)
    (0.2, 0.6)
    """
    if waiting <= 0.0:
        return usual
    return 1.0 - (1.0 - usual) / (1.0 + waiting / half)


@rule
def usual_doctor_ratio(strangers: float, usual_strangers: float) -> float:
    """Probability of seeing the usual doctor, relative to usual, if the share ``strangers`` of doctors is too new.

    In practices that lose more than 10 % of their doctors year after year, 5.2 percentage points fewer people see the
    doctor they prefer (Parisi R and others 2023, BMJ Qual Saf 32:394).

    >>> usual_doctor_ratio(0.1, 0.1), round(usual_doctor_ratio(0.55, 0.1), 6)
    (1.0, 0.5)
    """
    return (1.0 - strangers) / (1.0 - usual_strangers)


@rule
def skill_after(skill: float, usual: float, keep: float, left: float, learnt: float) -> float:
    """Relational skill [0, 1] of a service after a week.

    Skill above ``usual`` fades to the share ``keep`` and is lost with the share ``left`` of staff; training closes the
    share ``learnt`` of the gap to 1.

    >>> skill_after(0.5, 0.5, 0.98, 0.01, 0.0), round(skill_after(0.7, 0.5, 0.5, 0.0, 0.25), 3)
    (0.5, 0.7)
    """
    kept = usual + (skill - usual) * keep * (1.0 - left)
    return kept + (1.0 - kept) * learnt


@rule
def gap_closed_by_training(hours: float, half: float) -> float:
    """Share of the gap to full skill closed by ``hours`` [hours per head] of training; 0.5 at ``half`` [hours].

    >>> gap_closed_by_training(16.0, 16.0), gap_closed_by_training(0.0, 16.0)
    (0.5, 0.0)
    """
    return 1.0 - math.pow(0.5, hours / half)


@rule
def skill_ratio(skill: float, usual: float, weight: float) -> float:
    """Relational value of a contact, relative to that at ``usual`` skill; a ``weight`` [ratio] of 0 disables skill.

    >>> skill_ratio(0.5, 0.5, 0.6), skill_ratio(0.75, 0.5, 0.6), skill_ratio(0.75, 0.5, 0.0)
    (1.0, 1.15, 1.0)
    """
    return max(0.0, 1.0 + weight * (skill - usual))
