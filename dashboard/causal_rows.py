"""What is left of the headline if less of each observed association is causal, through each lens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from dashboard.findings import clearness
from dashboard.lens_keys import Dials, dials_of
from dashboard.saying import lowered
from dashboard.several import over_seeds
from dashboard.through import Through, rows_through, told
from dashboard.words import VERDICTS
from simulator.comparison import Comparison
from simulator.readings import CAUSAL_SHARES, HEADLINE

MEASURES: Final = HEADLINE
SHARES: Final = {0.0: "none of it", 0.5: "half of it", 1.0: "all of it"}
CAUSAL_NOTE: Final = (
    "Relative risks that were observed, in people whom nobody had assigned, with none, half and all of each taken as "
    "causal; the same pairs of runs for each share, the first of the comparison. Bars: middle 80 % of runs."
)
Find = Callable[[str], Comparison | None]
"""A comparison through a lens by key, or None if it has not been run."""


def causal_rows(found: Through, find: Find) -> pd.DataFrame | None:
    """Unrounded rows of `MEASURES` at each causal share and through each lens, with ``share`` (words) and ``causal``.

    A lens that has not been run at every share is left out; None if all are.
    """
    tables = []
    for key, one in found.items():
        for share, made in (through_shares(key, one, find) or {}).items():
            rows = rows_through({key: made}, lambda each: each.summary(MEASURES, rounded=False))
            tables.append(rows.assign(causal=share, share=SHARES[share]))
    return pd.concat(tables, ignore_index=True) if tables else None


def through_shares(key: str, one: Comparison, find: Find) -> dict[float, Comparison] | None:
    """A comparison through a lens by key, at each of `CAUSAL_SHARES` over the pairs that all have, on its basis.

    None if it has not been run at every share.
    """
    made = {share: one if at_share(key, share) == key else find(at_share(key, share)) for share in CAUSAL_SHARES}
    there = {share: each.per(one.basis) for share, each in made.items() if each is not None}
    seeds = [seed for seed in one.seeds if all(seed in each.seeds for each in there.values())]
    if len(there) < len(made) or not seeds:
        return None
    return {share: over_seeds(each, seeds) for share, each in sorted(there.items())}


def at_share(key: str, share: float) -> str:
    """The key of a lens with its causal share turned."""
    lens, frome, _ = dials_of(key)
    return Dials(lens, frome, share).key


def lenses_to_ask(found: Through, find: Find) -> list[str]:
    """Keys at other causal shares that have not been run."""
    keys = [at_share(key, share) for key in found for share in CAUSAL_SHARES if at_share(key, share) not in found]
    return [key for key in dict.fromkeys(keys) if find(key) is None]


def causal_finding(rows: pd.DataFrame, label: str) -> str:
    """Whether the difference is clear at each share. ``rows`` are of one measure."""

    def one(mine: pd.DataFrame) -> str:
        verdicts = {str(row["share"]): VERDICTS[clearness(row)].lower() for _, row in mine.iterrows()}
        if len(set(verdicts.values())) == 1:
            return f"{next(iter(verdicts.values()))} at every causal share"
        return ", ".join(f"{verdict} with {share}" for share, verdict in verdicts.items())

    said = told(rows, one)
    return f"{label}: {lowered(said)}"
