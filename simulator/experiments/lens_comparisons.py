"""One comparison through several lenses, side by side; and its headline at other causal shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

import pandas as pd

from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import Basis, Where
from simulator.lenses import EVIDENCE, ORDER, implied_strengths, lens_names, load_lens
from simulator.results.results import TABLES, Results, parameter_draw_of

CAUSAL_SHARES: Final = (0.0, 0.5, 1.0)
"""Shares of every observed association taken as causal for which the headline is always told."""
FEWEST: Final = 10
"""Replications below which a comparison is too small to be told again at other causal shares."""
CAUSAL_PART: Final = 10
"""A comparison at another causal share has one in so many of the replications, and at least four."""
_FEWEST_CAUSAL: Final = 4


class Variants(NamedTuple):
    """One comparison under each structural variant: `simulator.experiments.structural_variants.regrets` and
    `simulator.experiments.structural_variants.outcomes`.
    """

    regrets: pd.DataFrame
    outcomes: pd.DataFrame


class LensComparisons(NamedTuple):
    """One comparison through one or more lenses."""

    comparisons: tuple[Comparison, ...]  # one a lens
    causal: Mapping[str, pd.DataFrame]  # `by_causal_share` by lens, where there were runs enough
    variants: Variants | None = None  # where they were asked for
    implied_strengths: Mapping[str, pd.DataFrame] = MappingProxyType({})  # `simulator.lenses.strengths` by lens

    def strengths(self, comparison: Comparison) -> pd.DataFrame | None:
        """What one would have to believe to look through a comparison's lens; None for the evidence as written.

        A lens of which nothing was kept is the shipped one of its name.
        """
        name = str(comparison.scenario.record.get("lens", EVIDENCE))
        if self.implied_strengths:
            return self.implied_strengths.get(name)
        return implied_strengths(load_lens(name)) if name in lens_names() and name != EVIDENCE else None

    def per(self, basis: Basis) -> LensComparisons:
        """The same with amounts on another basis."""
        return self._replace(comparisons=tuple(found.per(basis) for found in self.comparisons))

    def side_by_side(self) -> pd.DataFrame:
        """See `side_by_side`."""
        return side_by_side(self.comparisons)


def default_lenses() -> tuple[str, ...]:
    """The lenses that a comparison shows unless told otherwise: the two that are shipped, or evidence as written."""
    shipped = lens_names()
    return ORDER if set(ORDER) <= set(shipped) else shipped[-1:]


def side_by_side(comparisons: Iterable[Comparison], where: Where = "lenses") -> pd.DataFrame:
    """Unrounded rows of `Comparison.summary` with the reading in front: outcome by outcome, lens by lens."""
    return _by_measure([_named(found, where) for found in comparisons])


def _named(found: Comparison, where: Where) -> pd.DataFrame:
    record = found.scenario.record
    table = found.summary(where, rounded=False)
    table.insert(0, "lens_title", str(record["lens_title"]))
    table.insert(0, "lens", str(record["lens"]))
    table["withheld"] = bool(record["lens_faults"])
    return table


def causal_seeds(seeds: Sequence[int]) -> tuple[int, ...]:
    """Replications of a comparison that are made again at other causal shares, each of another belief; none if few.

    >>> causal_seeds(range(30)), causal_seeds(range(9))
    ((0, 2, 4, 6), ())
    """
    if len(seeds) < FEWEST:
        return ()
    of_belief: dict[int, int] = {}
    for seed in seeds:
        of_belief.setdefault(parameter_draw_of(seed), seed)
    return tuple(of_belief.values())[: max(_FEWEST_CAUSAL, len(seeds) // CAUSAL_PART)]


def by_causal_share(found: Mapping[float, Comparison]) -> pd.DataFrame:
    """Unrounded rows of `Comparison.summary` with ``causal`` in front: measure by measure, share by share."""
    return _by_measure([_named(found[share], "lenses").assign(causal=share) for share in sorted(found)])


def _by_measure(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows, measure by measure; those of a measure in the order of the tables."""
    rows = pd.concat(tables, ignore_index=True)
    order = {measure: position for position, measure in enumerate(rows["measure"].unique())}
    return rows.sort_values("measure", key=lambda column: column.map(order), kind="stable", ignore_index=True)


def some_seeds(results: Results, seeds: Sequence[int]) -> Results:
    """The same results with some of their seeds alone."""
    kept = {name: getattr(results, name) for name in TABLES}
    kept = {name: table[table["seed"].isin(seeds)].reset_index(drop=True) for name, table in kept.items()}
    return Results(**kept, record={**results.record, "seeds": [int(seed) for seed in seeds]})
