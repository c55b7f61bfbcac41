"""One comparison through several lenses, and its headline at other causal shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

import pandas as pd

from simulator.comparison.comparison import Comparison, compare
from simulator.comparison.outcomes import Basis, Where
from simulator.comparison.smallest_differences import Matters
from simulator.lenses import EVIDENCE, ORDER, implied_strengths, lens_names, load_lens
from simulator.results.results import TABLES, Results, parameter_draw_of
from simulator.running.ensemble import RunGroup
from simulator.specification.spec import Spec

CAUSAL_SHARES: Final = (0.0, 0.5, 1.0)
"""Shares of every observed association treated as causal for which the headline is always reported."""
_OTHER_SHARES: Final = tuple(share for share in CAUSAL_SHARES if share != 1.0)
FEWEST: Final = 10
"""Replications below which a comparison is too small to be repeated at other causal shares."""
CAUSAL_PART: Final = 10
"""A comparison at another causal share uses one in this number of the replications, and at least four."""
_FEWEST_CAUSAL: Final = 4


class Variants(NamedTuple):
    """Tables `regrets` and `outcomes` of one comparison (`simulator.experiments.structural_variants`)."""

    regrets: pd.DataFrame
    outcomes: pd.DataFrame


class LensComparisons(NamedTuple):
    """One comparison through one or more lenses."""

    comparisons: tuple[Comparison, ...]  # one per lens
    causal: Mapping[str, pd.DataFrame]  # `by_causal_share` by lens, if there were enough runs
    variants: Variants | None = None  # if requested
    implied_strengths: Mapping[str, pd.DataFrame] = MappingProxyType({})  # `simulator.lenses.implied_strengths` by lens
    causal_missing: bool = False  # there are enough runs for `causal`, but it was left out or is not yet made

    def strengths(self, comparison: Comparison) -> pd.DataFrame | None:
        """Implied effect sizes of a comparison's lens; None for the evidence as written.

        If none were kept, those of the shipped lens with the same name.
        """
        name = str(comparison.scenario.record.get("lens", EVIDENCE))
        if self.implied_strengths:
            return self.implied_strengths.get(name)
        return implied_strengths(load_lens(name)) if name in lens_names() and name != EVIDENCE else None

    def per(self, basis: Basis) -> LensComparisons:
        """The same comparisons with amounts on another basis."""
        return self._replace(comparisons=tuple(found.per(basis) for found in self.comparisons))

    def judged_by(self, matters: Matters) -> LensComparisons:
        """The same comparisons, judged by other smallest differences that matter."""
        return self._replace(comparisons=tuple(found.judged_by(matters) for found in self.comparisons))

    def side_by_side(self) -> pd.DataFrame:
        """See `side_by_side`."""
        return side_by_side(self.comparisons)


def default_lenses() -> tuple[str, ...]:
    """The lenses that a comparison shows by default: the two that are shipped, or the evidence as written."""
    shipped = lens_names()
    return ORDER if set(ORDER) <= set(shipped) else shipped[-1:]


def side_by_side(comparisons: Iterable[Comparison], where: Where = "lenses") -> pd.DataFrame:
    """Unrounded rows of `Comparison.summary` with the lens in front, ordered by outcome, then lens."""
    return _by_measure([_named(found, where) for found in comparisons])


def _named(found: Comparison, where: Where) -> pd.DataFrame:
    record = found.scenario.record
    table = found.summary(where, rounded=False)
    table.insert(0, "lens_title", str(record["lens_title"]))
    table.insert(0, "lens", str(record["lens"]))
    table["withheld"] = bool(record["lens_faults"])
    return table


def causal_seeds(seeds: Sequence[int]) -> tuple[int, ...]:
    """Replications to repeat at other causal shares, one per parameter draw; empty if there are too few.

    >>> causal_seeds(range(30)), causal_seeds(range(9))
    ((0, 2, 4, 6), ())
    """
    if len(seeds) < FEWEST:
        return ()
    seed_of_draw: dict[int, int] = {}
    for seed in seeds:
        seed_of_draw.setdefault(parameter_draw_of(seed), seed)
    return tuple(seed_of_draw.values())[: max(_FEWEST_CAUSAL, len(seeds) // CAUSAL_PART)]


def at_causal_shares(pair: Sequence[Spec]) -> list[RunGroup]:
    """A baseline and a scenario at each other causal share, whose runs `causal_table` needs besides the comparison."""
    return [
        RunGroup(tuple(spec.read_through(replace(spec.applied_lens, causal=share)) for spec in pair))
        for share in _OTHER_SHARES
    ]


def causal_table(found: Comparison, others: Sequence[Sequence[Results]]) -> pd.DataFrame:
    """`by_causal_share` of a comparison, for the seeds of these runs of `at_causal_shares`."""
    seeds = others[0][0].seeds
    same = [some_seeds(arm, seeds) for arm in (found.baseline, found.scenario)]
    arms = {1.0: same, **dict(zip(_OTHER_SHARES, others, strict=True))}

    def judged(before: Results, after: Results) -> Comparison:
        return compare(after, before, incomplete=True, matters=found.matters).per(found.basis)

    return by_causal_share({share: judged(*pair) for share, pair in arms.items()})


def by_causal_share(found: Mapping[float, Comparison]) -> pd.DataFrame:
    """Unrounded rows of `Comparison.summary` with ``causal`` in front, ordered by measure, then share."""
    return _by_measure([_named(found[share], "lenses").assign(causal=share) for share in sorted(found)])


def _by_measure(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows ordered by measure, and within a measure in the order of the tables."""
    rows = pd.concat(tables, ignore_index=True)
    order = {measure: position for position, measure in enumerate(rows["measure"].unique())}
    return rows.sort_values("measure", key=lambda column: column.map(order), kind="stable", ignore_index=True)


def some_seeds(results: Results, seeds: Sequence[int]) -> Results:
    """The same results for some of their seeds only."""
    kept = {name: getattr(results, name) for name in TABLES}
    kept = {name: table[table["seed"].isin(seeds)].reset_index(drop=True) for name, table in kept.items()}
    return Results(**kept, record={**results.record, "seeds": [int(seed) for seed in seeds]})
