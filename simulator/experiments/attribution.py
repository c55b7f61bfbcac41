"""Attribution of a scenario's effect to its channels: Shapley values, using common random numbers.

A *channel* is a group of mechanisms of the policy: those of programmes are in
`simulator.specification.programme_packing.CHANNEL_OF`; automation and added or cut staff are *access*; volunteers' own
ties and a surge of volunteers are *volunteers*. A run with a channel switched off is the same policy, with the same
money spent on the same things, but the mechanisms of that channel have no effect. With every channel off the result is
the baseline; with every channel on, the scenario.

A channel's part is its mean marginal effect over all orders in which channels can be switched on, seed by seed, so that
parts add up to the total exactly. The effect of all channels together beyond the sum of their effects alone is the
*interaction*.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import chain, combinations
from math import factorial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from simulator.comparison.outcomes import split_by_channel
from simulator.comparison.paired_statistics import paired_difference
from simulator.errors import IncompleteEnsembleError, UnknownNameError
from simulator.foundations.categories import CHANNELS, WEEKS_PER_YEAR
from simulator.foundations.measures import NAMES
from simulator.model.simulation import simulate
from simulator.results.folder import write_tables
from simulator.results.results import Failure, RunFrames, parameter_draw_of
from simulator.results.run_record import run_record
from simulator.running.ensemble import map_seeds
from simulator.specification.programme_packing import channels_of
from simulator.specification.spec import Spec

if TYPE_CHECKING:
    from simulator.model.place_model import Replay


CHANGED_EVIDENCE: Final = "changed_evidence"
"""The part due to evidence that the scenario changes, which differs from the baseline with every channel off."""
INTERACTION: Final = "interaction"
TOTAL: Final = "total"

Totals = tuple[int, ...]
"""Counted measures of a whole run, in the order of `simulator.foundations.measures.NAMES`."""


@dataclass(frozen=True)
class SeedWorth:
    """One seed: measures of the baseline and of the scenario under every coalition of channels."""

    baseline: Totals
    by_coalition: Mapping[Coalition, Totals]

    def worth(self, outcome: str) -> dict[Coalition, int]:
        """An outcome of `split_by_channel` under every coalition."""
        return {coalition: _outcome(totals, outcome) for coalition, totals in self.by_coalition.items()}


@dataclass(frozen=True)
class Attribution:
    """The parts of a scenario's effect, by seed."""

    scenario: str
    baseline: str
    place: str
    channels: tuple[str, ...]
    years: float
    seeds: Mapping[int, SeedWorth]
    record: Mapping[str, Any]  # run record of the scenario

    def parts(self, outcome: str = "emergency_admissions") -> dict[int, dict[str, Fraction]]:
        """By seed: each channel's part, changed evidence, and the total they add up to exactly [outcome's unit, run].

        Raises UnknownNameError for an outcome that is not counted.
        """
        if outcome not in split_by_channel():
            raise UnknownNameError("outcome", outcome, split_by_channel())
        found = {}
        for seed, run in self.seeds.items():
            worth = run.worth(outcome)
            parts = shapley_values(worth, self.channels)
            parts[CHANGED_EVIDENCE] = Fraction(worth[frozenset()] - _outcome(run.baseline, outcome))
            parts[TOTAL] = Fraction(worth[frozenset(self.channels)] - _outcome(run.baseline, outcome))
            found[seed] = parts
        return found

    def table(self, outcome: str = "emergency_admissions") -> pd.DataFrame:
        """One row per channel, then interaction and total: mean part per year with its range over seeds, and alone.

        Columns: channel, part, low, high, monte_carlo_error [outcome's unit per year], alone (the channel's effect
        with all others off). ``part`` adds up to the total; the row ``interaction`` is the total minus the sum of
        ``alone``, and is contained in the parts. Raises UnknownNameError for an outcome that is not counted.
        """
        parts = self.parts(outcome)
        draws = np.array([parameter_draw_of(seed) for seed in self.seeds], np.int64)
        rows = []
        for channel in (*self.channels, CHANGED_EVIDENCE, TOTAL):
            yearly = np.array([float(part[channel]) for part in parts.values()]) / self.years
            rows.append(self._row(channel, yearly, draws, self._alone(channel, parts, outcome)))
        together = np.array([interaction(run.worth(outcome), self.channels) for run in self.seeds.values()])
        rows.insert(-1, self._row(INTERACTION, together / self.years, draws, float("nan")))
        return pd.DataFrame(rows)

    def by_seed(self) -> pd.DataFrame:
        """One row per seed, outcome and channel: seed, outcome, channel, part [outcome's unit over the whole run]."""
        rows = [
            (seed, outcome, channel, float(part))
            for outcome in split_by_channel()
            for seed, parts in self.parts(outcome).items()
            for channel, part in parts.items()
        ]
        return pd.DataFrame(rows, columns=["seed", "outcome", "channel", "part"])

    def write(self, folder: str | Path) -> Path:
        """Write the tables of every outcome, the parts by seed and the run record into a folder, all or nothing.

        Raises ResultsError if the folder holds something other than results.
        """
        every = pd.concat([self.table(name).assign(outcome=name) for name in split_by_channel()], ignore_index=True)
        write_tables(Path(folder), {"attribution": every, "attribution_by_seed": self.by_seed()}, self.record)
        return Path(folder)

    def _alone(self, channel: str, parts: Mapping[int, Mapping[str, Fraction]], outcome: str) -> float:
        if channel in self.channels:
            return float(np.mean([alone(run.worth(outcome), channel) for run in self.seeds.values()])) / self.years
        return float(np.mean([float(part[channel]) for part in parts.values()])) / self.years

    @staticmethod
    def _row(channel: str, yearly: np.ndarray[Any, Any], draws: np.ndarray[Any, Any], single: float) -> dict[str, Any]:
        summary = paired_difference(yearly, draws)
        return {
            "channel": channel,
            "part": summary.mean,
            "low": summary.low,
            "high": summary.high,
            "monte_carlo_error": summary.monte_carlo_error,
            "alone": single,
        }


def attribute(
    scenario: Spec,
    baseline: Spec,
    seeds: Sequence[int],
    *,
    workers: int | Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Attribution:
    """Split a scenario's effect by channel. A seed takes 2^n + 2 runs for the n channels that the scenario uses.

    Raises IncompleteEnsembleError if a run failed.
    """
    work = partial(worth_of_seed, scenario, baseline)
    answers = map_seeds(work, seeds, scenario, workers=workers, progress=progress)
    failed = {seed: answer for seed, answer in answers.items() if isinstance(answer, Failure)}
    if failed:
        seed, failure = next(iter(failed.items()))
        raise IncompleteEnsembleError(
            f"{len(failed)} of {len(answers)} seeds failed, so the parts would not add up. First cause, seed {seed}: "
            f"{failure.message}"
        )
    return Attribution(
        scenario=scenario.scenario.name,
        baseline=baseline.scenario.name,
        place=scenario.place.name,
        channels=channels_used(scenario),
        years=scenario.weeks / WEEKS_PER_YEAR,
        seeds={seed: answer for seed, answer in answers.items() if isinstance(answer, SeedWorth)},
        record=run_record(scenario, list(seeds), "drawn"),
    )


def channels_used(spec: Spec) -> tuple[str, ...]:
    """The channels through which a scenario can act, in the order of `simulator.foundations.categories.CHANNELS`."""
    used = {"access"} if spec.automation or spec.staffing else set()
    used |= {"volunteers"} if spec.volunteer_surge else set()
    paid = {fund.programme for fund in spec.funding} | {posts.programme for posts in spec.commitments}
    paid |= {slot for slot, share in enumerate(spec.programme_shares) if share > 0.0 and spec.reinvest_share > 0.0}
    used |= {channel for slot in paid for channel in channels_of(spec.programmes[slot])}
    return tuple(channel for channel in CHANNELS if channel in used)


def worth_of_seed(scenario: Spec, baseline: Spec, seed: int, parameter_draw: int | None) -> SeedWorth:
    """Run one seed of the baseline, of the scenario, and of the scenario under every coalition of its channels."""
    before = simulate(baseline, seed, parameter_draw)
    whole = simulate(scenario, seed, parameter_draw)
    replay = replay_of(whole)
    by_coalition = {
        coalition: _totals(simulate(replace(scenario, channels=coalition), seed, parameter_draw, replay))
        for coalition in coalitions(channels_used(scenario))
    }
    return SeedWorth(_totals(before), by_coalition)


def replay_of(frames: RunFrames) -> Replay:
    """Pence reinvested in a run by (quarter, service's name), so that other runs can spend the same."""
    booked = frames.ledger[frames.ledger["account"] == "reinvested"]
    keys = zip(booked["quarter"], booked["service"], strict=True)
    return {
        (int(quarter), str(service)): int(pence)
        for (quarter, service), pence in zip(keys, booked["pence"], strict=True)
    }


def _totals(frames: RunFrames) -> Totals:
    return tuple(int(total) for total in frames.cells.sum(axis=(0, 1)))


def _outcome(totals: Totals, outcome: str) -> int:
    return sum(totals[NAMES.index(name)] for name in split_by_channel()[outcome].sum_of)


# Shapley values: each player's contribution to the total, averaged over all orders. Sums are exact: the worth of a
# coalition is a whole number (admissions, pence) and weights are fractions, so that the values add up to the total.


Coalition = frozenset[str]
"""Names of the players in a coalition."""


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """Every subset of the players, smaller ones first: 2^n of them.

    >>> [sorted(coalition) for coalition in coalitions(["a", "b"])]
    [[], ['a'], ['b'], ['a', 'b']]
    """
    sizes = range(len(players) + 1)
    return [frozenset(chosen) for chosen in chain.from_iterable(combinations(players, size) for size in sizes)]


def shapley_values(worth: Mapping[Coalition, int], players: Sequence[str]) -> dict[str, Fraction]:
    """Each player's mean marginal worth over all orders of arrival (Shapley LS 1953, A value for n-person games).

    ``worth`` [any whole unit] of every coalition. The values add up exactly to the worth of the full coalition minus
    that of the empty one. Raises KeyError if a coalition is missing.

    >>> worth = {frozenset(): 0, frozenset("a"): 6, frozenset("b"): 0, frozenset("ab"): 10}
    >>> {player: int(value) for player, value in shapley_values(worth, ["a", "b"]).items()}
    {'a': 8, 'b': 2}
    """
    count = len(players)
    values = {}
    for player in players:
        total = Fraction(0)
        for others in coalitions([name for name in players if name != player]):
            weight = Fraction(factorial(len(others)) * factorial(count - len(others) - 1), factorial(count))
            total += weight * (worth[others | {player}] - worth[others])
        values[player] = total
    return values


def alone(worth: Mapping[Coalition, int], player: str) -> int:
    """The player's worth when no other player takes part.

    >>> alone({frozenset(): 1, frozenset("a"): 6}, "a")
    5
    """
    return worth[frozenset({player})] - worth[frozenset()]


def interaction(worth: Mapping[Coalition, int], players: Sequence[str]) -> int:
    """The worth of all players together beyond the sum of their worths alone; 0 if they do not interact.

    >>> worth = {frozenset(): 0, frozenset("a"): 6, frozenset("b"): 0, frozenset("ab"): 10}
    >>> interaction(worth, ["a", "b"])
    4
    """
    together = worth[frozenset(players)] - worth[frozenset()]
    return together - sum(alone(worth, player) for player in players)


def rounded_to_add_up(parts: Sequence[float], decimals: int) -> list[float]:
    """Parts rounded so that they add up to their rounded sum (largest remainders).

    >>> rounded_to_add_up([1.4, 1.4, 1.4], 0), rounded_to_add_up([-2.26, 0.13], 1)
    ([2.0, 1.0, 1.0], [-2.2, 0.1])
    """
    scale = 10**decimals
    whole = [math.floor(part * scale) for part in parts]
    missing = round(sum(parts) * scale) - sum(whole)
    by_remainder = sorted(range(len(parts)), key=lambda at: whole[at] - parts[at] * scale)
    for at in by_remainder[:missing]:
        whole[at] += 1
    return [number / scale for number in whole]
