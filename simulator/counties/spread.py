"""Spread of a practice over neighbouring places: roll-out by directive, or teaching from place to place (candles).

**Roll-out.** After a preparation time a directive reaches places in waves of equal size, those nearest to the place of
origin first. Each step away from the origin is a hand-over of the manual, which loses fidelity. **Candles.** A team
that practises teaches a neighbouring one: learners take an apprenticeship, practise, and teach in turn. Teaching does
not reduce the teacher's own work, but a team can take only a few learners at a time. Neighbours are taught first, then
places one step further.

The timing is computed by week before any run, from the network and the parameters, without random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import shortest_path

from simulator.evidence.parameters import Spread
from simulator.foundations.categories import WEEKS_PER_QUARTER, WEEKS_PER_YEAR
from simulator.specification.fidelity import Adoption, fidelity_at_start, fidelity_in_week, mean_fidelity


class Network(NamedTuple):
    """Places, pairs of neighbours, and the place of origin."""

    places: tuple[str, ...]
    residents: tuple[int, ...]
    beside: tuple[tuple[str, str], ...]  # pairs of neighbours, in either order
    origin: str


class RollOut(NamedTuple):
    """The pace of a roll-out."""

    from_week: int
    places_per_wave: int
    weeks_between_waves: int  # also from the directive to the first wave


class Candles(NamedTuple):
    """The week in which teaching begins; its pace is evidence."""

    from_week: int


Plan = RollOut | Candles


def adoptions(network: Network, plan: Plan, rates: Spread, weeks: int) -> tuple[Adoption, ...]:
    """Adoption of the practice by each place within ``weeks``, in the order of the network's places."""
    if isinstance(plan, RollOut):
        return _roll_out(network, plan, weeks)
    return _candles(network, plan, rates, weeks)


def _roll_out(network: Network, plan: RollOut, weeks: int) -> tuple[Adoption, ...]:
    steps = _steps(network)[network.origin]
    others = sorted((place for place in network.places if place != network.origin), key=lambda place: steps[place])
    begins = {network.origin: plan.from_week}
    for position, place in enumerate(others):
        wave = position // plan.places_per_wave + 1
        begins[place] = plan.from_week + wave * plan.weeks_between_waves
    return tuple(
        Adoption(place, "rollout", begins[place] if begins[place] < weeks else None, int(steps[place]))
        for place in network.places
    )


class _Team(NamedTuple):
    """A team that has begun or will begin: place, week, and the weeks in which its chain of teachers began."""

    place: str
    begins: int
    line: tuple[int, ...]


def _candles(network: Network, plan: Candles, rates: Spread, weeks: int) -> tuple[Adoption, ...]:
    steps, order = _steps(network), {place: position for position, place in enumerate(network.places)}
    learners = int(rates.learners_at_once)
    lasts, practises = max(1, round(rates.apprenticeship)), round(rates.practice_before_teaching)
    teams = [_Team(network.origin, plan.from_week, ())]
    untaught = set(network.places) - {network.origin}
    busy: dict[str, list[int]] = {place: [] for place in network.places}  # weeks in which a teacher's learners are done
    for week in range(plan.from_week, weeks):
        for team in tuple(teams):
            # The team of origin is already experienced enough to teach.
            ready = team.begins + (practises if team.line else 0)
            busy[team.place] = [done for done in busy[team.place] if done > week]
            while untaught and week >= ready and len(busy[team.place]) < learners:
                nearest = min(untaught, key=lambda place: (steps[team.place][place], order[place]))
                untaught.remove(nearest)
                busy[team.place].append(week + lasts)
                teams.append(_Team(nearest, week + lasts, (*team.line, team.begins)))
    found = {team.place: team for team in teams if team.begins < weeks}
    return tuple(
        Adoption(place, "candles", found[place].begins, len(found[place].line), found[place].line)
        if place in found
        else Adoption(place, "candles", None, 0)
        for place in network.places
    )


def _steps(network: Network) -> dict[str, dict[str, float]]:
    """Steps between each pair of places along neighbours; infinite if they are not connected."""
    position = {place: index for index, place in enumerate(network.places)}
    joined = np.zeros((len(position), len(position)))
    for one, other in network.beside:
        joined[position[one], position[other]] = 1.0
    lengths = shortest_path(joined, directed=False, unweighted=True)
    return {place: dict(zip(network.places, lengths[row].tolist(), strict=True)) for place, row in position.items()}


def adoption_table(found: Sequence[Adoption], rates: Spread, weeks: int) -> pd.DataFrame:
    """One row per place: week (missing if not within ``weeks``), hand-overs, fidelity at the start and its mean."""
    rows = [
        (
            one.place,
            one.mode,
            one.week,
            one.hand_overs if one.week is not None else None,
            fidelity_at_start(one, rates),
            mean_fidelity(one, rates, weeks),
        )
        for one in found
    ]
    columns = ["place", "mode", "week", "hand_overs", "fidelity_at_start", "mean_fidelity"]
    return pd.DataFrame(rows, columns=columns).astype({"week": "Int64", "hand_overs": "Int64"})


def reach_table(network: Network, found: Sequence[Adoption], rates: Spread, weeks: int) -> pd.DataFrame:
    """One row per quarter: places that have begun, share of residents there, and reach weighted by fidelity.

    ``reach`` and ``faithful_reach`` are shares of all residents in the quarter's last week; ``faithful_years`` is the
    cumulative faithful reach: mean years per resident of the practice at full fidelity.
    """
    everyone = sum(network.residents)
    rows, total = [], 0.0
    for week in range(weeks):
        fidelities = [fidelity_in_week(one, rates, week) for one in found]
        faithful = sum(share * people for share, people in zip(fidelities, network.residents, strict=True)) / everyone
        total += faithful / WEEKS_PER_YEAR
        if (week + 1) % WEEKS_PER_QUARTER == 0:
            begun = [one.week is not None and one.week <= week for one in found]
            reached = sum(people for there, people in zip(begun, network.residents, strict=True) if there) / everyone
            rows.append(((week + 1) // WEEKS_PER_QUARTER, sum(begun), reached, faithful, total))
    return pd.DataFrame(rows, columns=["quarter", "places", "reach", "faithful_reach", "faithful_years"])


def overtaken_in(leader: pd.DataFrame, follower: pd.DataFrame, column: str = "faithful_years") -> int | None:
    """First quarter from which the follower stays strictly ahead of the leader in two `reach_table`; None if never."""
    ahead = (follower[column] > leader[column]).to_numpy()
    if not len(ahead) or not ahead[-1]:
        return None
    behind = [position for position, is_ahead in enumerate(ahead) if not is_ahead]
    return int(follower["quarter"].iloc[behind[-1] + 1 if behind else 0])
