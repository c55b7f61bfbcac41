"""A scenario's effect by channel: no channels give the baseline, all give the scenario, and parts add up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest

from dashboard.command_line.attribute import attribution_text
from simulator.comparison.outcomes import split_by_channel
from simulator.errors import UnknownNameError
from simulator.experiments.attribution import (
    CHANGED_EVIDENCE,
    INTERACTION,
    TOTAL,
    Attribution,
    attribute,
    channels_used,
    replay_of,
)
from simulator.foundations.categories import CHANNELS
from simulator.foundations.measures import NAMES
from simulator.model.simulation import simulate
from simulator.results.results import RunFrames
from simulator.specification.spec import Spec
from tests.helpers.messages import without_numbers
from tests.helpers.support import CORE, FUNDED, everything_spec, small_spec

pytestmark = pytest.mark.thorough

SEED = 3
DIFFERENT = {"illness.unmet_need_effect": 0.6, "programmes.lag": dict.fromkeys(CORE, 1.0)}
LIVED = [
    column for column, name in enumerate(NAMES) if name not in ("volunteer_weeks", "care_plan_weeks", "conversations")
]
"""Whoever volunteers, speaks with a volunteer or is on a hub's list is counted, whether or not that does anything."""


@lru_cache(maxsize=1)
def everything() -> Spec:
    return everything_spec(weeks=39, residents=900)


@lru_cache(maxsize=1)
def nothing() -> Spec:
    """The baseline of `everything`: no policy, the same evidence."""
    spec = everything()
    shares = tuple(0.0 for _ in spec.programme_shares)
    return replace(spec, automation=(), funding=(), commitments=(), staffing=(), programme_shares=shares)


@lru_cache(maxsize=1)
def whole() -> RunFrames:
    return simulate(everything(), SEED)


def hub_and_plain_connectors() -> Spec:
    """Connectors who bring back no old ties and hold no sessions, so that three channels are left."""
    plain = {f"programme.health_connectors.{name}": 0.0 for name in ("old_ties", "sessions", "help_in_illness")}
    return small_spec(weeks=52, residents=2_000, funding=FUNDED[::2], changes=DIFFERENT | plain)


@lru_cache(maxsize=1)
def hub_and_connectors() -> Attribution:
    return attribute(hub_and_plain_connectors(), small_spec(weeks=52, residents=2_000), [1, 2], workers=1)


def test_with_all_channels_off_results_equal_the_baseline() -> None:
    off = simulate(replace(everything(), channels=frozenset()), SEED, replay=replay_of(whole()))
    without = simulate(nothing(), SEED)
    assert np.array_equal(off.cells[..., LIVED], without.cells[..., LIVED])
    assert not np.array_equal(off.cells[..., LIVED], whole().cells[..., LIVED])


def test_with_all_channels_on_results_equal_the_scenario() -> None:
    again = simulate(replace(everything(), channels=frozenset(CHANNELS)), SEED, replay=replay_of(whole()))
    assert np.array_equal(again.cells, whole().cells)
    assert again.programmes.equals(whole().programmes)


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_by_itself_does_something(channel: str) -> None:
    off = simulate(replace(everything(), channels=frozenset()), SEED, replay=replay_of(whole()))
    alone = simulate(replace(everything(), channels=frozenset({channel})), SEED, replay=replay_of(whole()))
    assert not np.array_equal(alone.cells[..., LIVED], off.cells[..., LIVED])


def test_money_is_the_same_whichever_channels_work() -> None:
    off = simulate(replace(everything(), channels=frozenset()), SEED, replay=replay_of(whole()))
    columns = ["quarter", "programme", "source", "payer", "pence"]
    assert off.programmes[columns].equals(whole().programmes[columns])


def test_the_channels_of_a_scenario_are_those_its_levers_pull() -> None:
    assert channels_used(everything()) == CHANNELS
    assert channels_used(nothing()) == ()
    cafes = small_spec(funding=[FUNDED[1]])
    assert channels_used(cafes) == ("new_ties", "access", "volunteers")
    assert channels_used(
        small_spec(automate=[{"service": "community_hub", "task": "advice", "share": 0.1, "ramp_weeks": 0}])
    ) == ("access",)


@pytest.mark.thorough
def test_parts_add_up_to_the_whole_in_every_seed_to_the_last_admission() -> None:
    found = hub_and_connectors()
    assert found.channels == ("new_ties", "care_planning", "access")
    for outcome in split_by_channel():
        for seed, parts in found.parts(outcome).items():
            total = parts.pop(TOTAL)
            assert sum(parts.values(), Fraction(0)) == total
            assert total.denominator == 1, (outcome, seed)


def test_the_total_is_the_difference_of_the_two_runs() -> None:
    found = hub_and_connectors()
    column = NAMES.index("unmet_needs")
    after, before = simulate(hub_and_plain_connectors(), 1, 0), simulate(small_spec(weeks=52, residents=2_000), 1, 0)
    difference = int(after.cells[..., column].sum()) - int(before.cells[..., column].sum())
    assert found.parts("unmet_needs")[1][TOTAL] == difference != 0


def test_changed_evidence_has_a_separate_line() -> None:
    parts = hub_and_connectors().parts("emergency_admissions")
    assert any(part[CHANGED_EVIDENCE] != 0 for part in parts.values())


def test_the_table_adds_up_and_names_the_interaction(messages) -> None:
    found = hub_and_connectors()
    table = found.table("often_always_lonely_weeks").set_index("channel")["part"]
    parts = [*found.channels, CHANGED_EVIDENCE]
    assert table[parts].sum() == pytest.approx(table[TOTAL])
    assert INTERACTION in table.index
    text = attribution_text(found, found.table(), "Title")
    messages.check(without_numbers("\n".join(line.split("  ")[0] for line in text.splitlines())))


def test_an_unknown_outcome_is_reported_with_a_suggestion(messages) -> None:
    with messages.raised(UnknownNameError):
        hub_and_connectors().table("bed_day")
