"""Staff of a service: coming and leaving, overload, skill, and what a short service does to those who use it.

Hours and staff are relative to those of the service as it stands, so that nothing changes while work stays as it is.
Overload makes people leave; vacancies and newcomers cut what is done; what is left over asks again: running to stand
still. Relief works the same loop backwards. Once a week and role, so that no resident's rule needs it.
"""

from __future__ import annotations

import math

from simulator.foundations.compiling import rule


@rule
def overload(load: float, usual: float) -> float:
    """Work beyond capacity, as a share of it, from ``load`` [work per capacity]; a service that was short at the
    start (``usual`` [work per capacity] above 1) is used to that.

    >>> overload(0.9, 0.85), overload(1.5, 0.85), overload(1.5, 1.2)
    (0.0, 0.5, 0.25)
    """
    return max(0.0, load / max(1.0, usual) - 1.0)


@rule
def pressure(beyond: float, half: float) -> float:
    """Effect of overload ``beyond`` [share of capacity] as a share of its largest: a half at ``half``.

    >>> pressure(0.0, 0.25), pressure(0.25, 0.25), round(pressure(1e9, 0.25), 6)
    (0.0, 0.5, 1.0)
    """
    return 1.0 - half / (beyond + half)


@rule
def leaving(leaver_rate: float, pressed: float, extreme_ratio: float) -> float:
    """Share of staff who leave in a week, of a ``leaver_rate`` [per year] that ``pressed`` [share] raises.

    Work overload goes with intent to leave (Rotenstein LS and others 2023, J Gen Intern Med 38:1920); burnout with
    2.7 to 3.5 times the odds of meaning to. ``extreme_ratio`` [ratio] is what it is under extreme overload.

    >>> round(leaving(0.26, 0.0, 2.5) * 52, 6), round(leaving(0.26, 0.5, 2.5) * 52, 6)
    (0.26, 0.455)
    """
    return min(1.0, leaver_rate / 52.0 * (1.0 + (extreme_ratio - 1.0) * pressed))


@rule
def establishment(leaver_rate: float, weeks_to_fill: float) -> float:
    """Posts there are for each one filled, when as many come as leave: vacancies are leavers times weeks to fill.

    >>> round(1.0 - 1.0 / establishment(0.26, 20.0), 3)
    0.091
    """
    return 1.0 + leaver_rate / 52.0 * weeks_to_fill


@rule
def hired(posts: float, in_post: float, weeks_to_fill: float) -> float:
    """Staff who begin this week, of ``posts`` less ``in_post``, each vacant for ``weeks_to_fill`` [weeks] on average.

    >>> round(hired(1.1, 1.0, 20.0), 6), hired(1.0, 1.2, 20.0)
    (0.005, 0.0)
    """
    return max(0.0, posts - in_post) / max(1.0, weeks_to_fill)


@rule
def newcomers_at_rest(leaver_rate: float, weeks: float) -> float:
    """Share of staff who are new when as many come as leave, new meaning ``weeks`` [weeks] in post on average.

    >>> round(newcomers_at_rest(0.26, 52.0), 3), newcomers_at_rest(0.0, 52.0)
    (0.207, 0.0)
    """
    left = leaver_rate / 52.0
    return left / (1.0 - (1.0 - left) * (1.0 - 1.0 / max(1.0, weeks)))


@rule
def newcomers_after(newcomers: float, in_post: float, left: float, began: float, weeks: float) -> float:
    """Share of staff who are new after a week in which the share ``left`` of those ``in_post`` went and ``began`` came.

    >>> at_rest = newcomers_at_rest(0.26, 52.0)
    >>> abs(newcomers_after(at_rest, 1.0, 0.26 / 52.0, 0.26 / 52.0, 52.0) - at_rest) < 1e-12
    True
    """
    stayed = in_post * (1.0 - left)
    if stayed + began <= 0.0:
        return 0.0
    return (newcomers * stayed * (1.0 - 1.0 / max(1.0, weeks)) + began) / (stayed + began)


@rule
def output(in_post: float, newcomers: float, usual_newcomers: float, newcomer_output: float, absent: float) -> float:
    """Work done by those ``in_post``, relative to usual: newcomers do ``newcomer_output`` [share] of what others do,
    and the share ``absent`` is away beyond what is usual.

    >>> output(1.0, 0.1, 0.1, 0.5, 0.0), round(output(0.9, 0.2, 0.1, 0.5, 0.05), 4)
    (1.0, 0.81)
    """
    lost = 1.0 - newcomer_output
    return in_post * (1.0 - newcomers * lost) / (1.0 - usual_newcomers * lost) * (1.0 - absent)


@rule
def left_over(work: float, chasing: float, capacity: float, lapse: float) -> float:
    """Work left over at the end of a week [same unit as work]; of it the share ``lapse`` is given up by who asked.

    ``chasing`` is the part of ``work`` that only asks again for what waits: it takes time, but no more waits for it.

    >>> left_over(120.0, 0.0, 100.0, 0.1), left_over(90.0, 0.0, 100.0, 0.1), left_over(120.0, 110.0, 100.0, 0.1)
    (18.0, 0.0, 9.0)
    """
    return min(max(0.0, work - capacity), work - chasing) * (1.0 - lapse)


@rule
def not_through(usual: float, waiting: float, half: float) -> float:
    """Probability of not getting through to staff where ``waiting`` [weeks of work] has piled up.

    ``usual`` [probability] with nothing waiting; at ``half`` [weeks of work] half of those who would get through do.

    >>> not_through(0.2, 0.0, 1.0), round(not_through(0.2, 1.0, 1.0), 6)
    (0.2, 0.6)
    """
    if waiting <= 0.0:
        return usual
    return 1.0 - (1.0 - usual) / (1.0 + waiting / half)


@rule
def known_ratio(strangers: float, usual_strangers: float) -> float:
    """Chance of seeing one's usual doctor, relative to usual, where the share ``strangers`` of doctors is too new.

    Practices that lose more than 10 % of their doctors year after year: 5.2 points fewer people see the doctor they
    prefer (Parisi R and others 2023, BMJ Qual Saf 32:394).

    >>> known_ratio(0.1, 0.1), round(known_ratio(0.55, 0.1), 6)
    (1.0, 0.5)
    """
    return (1.0 - strangers) / (1.0 - usual_strangers)


@rule
def skill_after(skill: float, usual: float, keep: float, left: float, learnt: float) -> float:
    """Relational skill [0, 1] of a service after a week.

    What it has beyond ``usual`` fades to the share ``keep`` and goes with the share ``left`` of staff; training closes
    the share ``learnt`` of the gap to 1.

    >>> skill_after(0.5, 0.5, 0.98, 0.01, 0.0), round(skill_after(0.7, 0.5, 0.5, 0.0, 0.25), 3)
    (0.5, 0.7)
    """
    kept = usual + (skill - usual) * keep * (1.0 - left)
    return kept + (1.0 - kept) * learnt


@rule
def learnt_in_training(hours: float, half: float) -> float:
    """Share of the gap to full skill that ``hours`` [hours a head] of training close: a half by ``half`` [hours].

    >>> learnt_in_training(16.0, 16.0), learnt_in_training(0.0, 16.0)
    (0.5, 0.0)
    """
    return 1.0 - math.pow(0.5, hours / half)


@rule
def skill_ratio(skill: float, usual: float, weight: float) -> float:
    """Relational value of a contact relative to that of ``usual`` skill; ``weight`` [ratio] 0 makes skill without it.

    >>> skill_ratio(0.5, 0.5, 0.6), skill_ratio(0.75, 0.5, 0.6), skill_ratio(0.75, 0.5, 0.0)
    (1.0, 1.15, 1.0)
    """
    return max(0.0, 1.0 + weight * (skill - usual))
