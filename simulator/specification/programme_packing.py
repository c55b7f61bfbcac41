"""Conversion of programme plans and their numbers to the arrays of a run, with levers switched off by channel."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, cast

import numpy as np

from simulator.evidence.parameters import Rates
from simulator.foundations import random_numbers as draws
from simulator.foundations.categories import (
    ALTERNATIVES,
    CHANNELS,
    CONTACT_CHANNELS,
    GROUP,
    PROFESSIONAL,
    PROGRAMME_SLOTS,
    PROGRAMMES,
    QUARTERS_REMEMBERED,
    TALKING_CAFES,
    VOLUNTEER,
)
from simulator.programme_files import EligibilityRule, Numbers, ProgrammePlan
from simulator.rules import eligibility, ties
from simulator.rules import programmes as rules
from simulator.specification.programme_table import (
    ELIGIBILITY_FIELDS,
    FEATURES,
    FIRST_BIT,
    LATELY,
    MOST_ADMISSIONS,
    ProgrammeTable,
    no_programmes,
    sums_by_membership,
)

CHANNEL_OF: Final = {
    "ties": "new_ties",
    "old_ties": "old_ties",
    "sessions": "outlook",
    "continuity_gain": "continuity",
    "care_plan": "care_planning",
    "acute_episodes": "care_planning",
    "overnight_admission": "care_planning",
    "waiting": "discharge",
    "readmission": "discharge",
    "unmet_need_found": "access",
    "capacity": "access",
    "discharge_capacity": "discharge",
    "training_hours": "new_ties",
    "volunteer_asks": "volunteers",
    "volunteer_leaving": "volunteers",
    "help_in_illness": "help",
}
"""The channel of each lever of a programme. ``discharge_capacity`` is the ``capacity`` of a discharge team; training
acts through ties because it builds trust."""
_CONTEXT_OF: Final = {"professional": PROFESSIONAL, "trusted_adult": PROFESSIONAL, "volunteer": VOLUNTEER}
_OWN_STREAMS: Final = 256
"""Streams below this number are used by the simulator itself."""
_MOST_HASHES: Final = 2**24 - 1


def stream_of(name: str, base: int) -> int:
    """The stream of a programme's random numbers for one use: ``base`` OFFER, MEMBER, TRIAL or TABLE.

    It depends only on the programme's name (its position among the shipped programmes, or a hash), so the random
    numbers are the same in any slot and with any other programmes.
    """
    if base == draws.TABLE and name == PROGRAMMES[TALKING_CAFES]:
        return base
    if name in PROGRAMMES and base != draws.TABLE:
        return base + PROGRAMMES.index(name)
    return base + _OWN_STREAMS * (1 + zlib.crc32(name.encode()) % _MOST_HASHES)


def trial_arm(seed: int, plan: ProgrammePlan, berth: int, generation: int) -> bool:
    """Whether this resident is in the offer arm of a randomised programme, for the whole run.

    The others are controls, who are never offered a place.
    """
    u = draws.draw(seed, stream_of(plan.name, draws.TRIAL), 0, berth, generation)[0]
    return cast(bool, u < plan.randomise)


def channel_of(plan: ProgrammePlan, number: str) -> str | None:
    """The channel of a number of a programme, or None if it is not a lever."""
    if number == "capacity" and plan.adds == ("hospital", "discharge_hours"):
        return CHANNEL_OF["discharge_capacity"]
    return CHANNEL_OF.get(number)


def channels_of(plan: ProgrammePlan) -> set[str]:
    """The channels of all levers of a programme, including volunteers if it needs any."""
    used = {channel_of(plan, name) for name in CHANNEL_OF if plan.central(name) != 0.0}
    used |= {CHANNEL_OF["ties"]} if plan.ties != "none" else set()
    used |= {CHANNEL_OF["care_plan"]} if plan.care_plan else set()
    used |= {"volunteers"} if plan.central("volunteers_per_unit") > 0.0 else set()
    return {channel for channel in used if channel is not None}


def in_channels(plan: ProgrammePlan, numbers: Numbers, channels: frozenset[str]) -> dict[str, float]:
    """Numbers of a programme without levers whose channel is switched off; other numbers are kept."""
    kept = {}
    for name, value in numbers.items():
        channel = channel_of(plan, name)
        if channel is None or channel in channels:
            kept[name] = value
    return kept


def pack_programmes(
    plans: Sequence[ProgrammePlan],
    numbers: Sequence[Mapping[str, float]],
    rates: Rates,
    channels: frozenset[str] = frozenset(CHANNELS),
) -> ProgrammeTable:
    """The programmes of a run by slot. ``numbers`` are each plan's in this run; ``channels`` are switched on."""
    table = no_programmes()
    slots = {plan.name: slot for slot, plan in enumerate(plans)}
    effects = np.zeros((len(_EFFECTS), PROGRAMME_SLOTS))
    for slot, (plan, given) in enumerate(zip(plans, numbers, strict=True)):
        own = in_channels(plan, given, channels)
        for base, name in _STREAMS.items():
            table[name][slot] = stream_of(plan.name, base)
        table["randomise"][slot] = plan.randomise
        for name in ("engagement", "unmet_need_found", "duration", "introduction", "old_ties", "sessions", "caseload"):
            table[name][slot] = own.get(name, 0.0)
        table["attendance"][slot] = min(1.0, own.get("contacts_per_week", 0.0))
        table["asked_again"][slot] = own.get("asked_again", rates.programmes.asked_again)
        if plan.introduces is not None:
            table["introduces"][slot] = slots.get(plan.introduces, -1)
        if CHANNEL_OF["ties"] in channels:
            _ties(table, slot, plan, own, rates)
        if plan.care_plan and CHANNEL_OF["care_plan"] in channels:
            table["care_plans"] |= 1 << slot
        effects[:, slot] = [own.get(name, 0.0) for name in _EFFECTS]
        _eligibility(table, slot, plan.eligible)
    table |= {name: sums_by_membership(effect) for name, effect in zip(_EFFECTS, effects, strict=True)}
    table["waiting"] = np.exp(table["waiting"])
    table["help_in_illness"] = np.minimum(table["help_in_illness"], 1.0)
    return ProgrammeTable(**table)


_EFFECTS: Final = ("acute_episodes", "overnight_admission", "waiting", "readmission", "help_in_illness")
_STREAMS: Final = {
    draws.OFFER: "offer_stream",
    draws.MEMBER: "member_stream",
    draws.TRIAL: "trial_stream",
    draws.TABLE: "table_stream",
}


def _ties(table: dict[str, Any], slot: int, plan: ProgrammePlan, own: Numbers, rates: Rates) -> None:
    """Set the ties that members form: context, initial strength and contact level."""
    tie = rates.ties
    weight = float(rates.programmes.channel_weight[CONTACT_CHANNELS.index(plan.channel)])
    contacts, hours = own.get("contacts_per_week", 0.0), own.get("contact_hours", 0.0)
    context = _CONTEXT_OF.get(plan.ties, GROUP)
    worth = hours * weight * float(tie.hour_ratio[context])
    first = ties.growth(worth, tie.hours_to_close, tie.close_strength)
    if plan.ties == "group":
        table["groups"] |= 1 << slot
        table["is_group"][slot], table["tie_strength"][slot] = int(contacts > 0.0), first
    elif plan.ties != "none" and contacts > 0.0:
        usual = float(tie.hours_per_contact[context])
        probability = rules.contact_probability(contacts, hours, weight, usual)
        if not _visited_by_residents(plan, own):
            table["tie_context"][slot] = context
        table["tie_level"][slot] = ties.level_of(probability)
        table["tie_strength"][slot] = own.get("tie_strength", first)


def _visited_by_residents(plan: ProgrammePlan, own: Numbers) -> bool:
    """Whether members are visited by volunteers of the place; `simulator.agents.volunteers` forms these ties."""
    return plan.ties == "volunteer" and own.get("volunteers_per_unit", 0.0) > 0.0


def _eligibility(table: dict[str, Any], slot: int, eligible: Iterable[EligibilityRule]) -> None:
    for number, wanted in enumerate(eligible):
        table["alternatives"][slot] += 1
        position = slot * ALTERNATIVES + number
        *conditions, table["top_share"][position] = wanted
        table["eligibility_rules"][position * ELIGIBILITY_FIELDS :][:ELIGIBILITY_FIELDS] = conditions
        table["excluded"][position] = _excluded(wanted)
        table["asks_more"][position] = _asks_more(wanted)


def _excluded(rule: EligibilityRule) -> int:
    """Bits of `programme_table.FEATURES` that an alternative excludes."""
    allows: dict[str, Callable[[int], bool]] = {
        "conditions": lambda level: level >= rule.conditions,
        "lonely": lambda value: eligibility.matches_rule(value, rule.lonely),
        "alone": lambda value: eligibility.matches_rule(value, rule.alone),
        "deprivation": lambda fifth: eligibility.is_among(fifth, rule.deprivation),
        "digital": lambda level: eligibility.is_among(level, rule.digital),
        "sex": lambda sex: eligibility.is_among(sex, rule.sex),
        "admissions": lambda number: number >= min(rule.admissions, MOST_ADMISSIONS),
        "unmet": lambda value: eligibility.matches_rule(value, rule.unmet),
        "stay": lambda long_ago: not (long_ago and 0 <= rule.discharged <= LATELY),
    }
    excluded = 0
    for name, categories in FEATURES.items():
        for position in range(len(categories)):
            excluded |= int(not allows[name](position)) << (FIRST_BIT[name] + position)
    return excluded


def _asks_more(rule: EligibilityRule) -> bool:
    """Whether an alternative has conditions besides age and `programme_table.FEATURES`."""
    counts_all = rule.admissions <= MOST_ADMISSIONS and rule.quarters == QUARTERS_REMEMBERED
    return not (rule.admissions == 0 or counts_all) or rule.discharged >= 0 or rule.top_share < 1.0
