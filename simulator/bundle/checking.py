"""Checking a bundle: its model version, its files, and a sample of its runs made again to the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import Final

import numpy as np
import pandas as pd

from simulator.bundle.making import make_tables
from simulator.bundle.plan import BundlePlan, Pair, work_of
from simulator.bundle.reading import Bundle
from simulator.bundle.tables import KEYS, SIZES
from simulator.running.ensemble import Progress

SEEDS: Final = 2
"""Pairs of runs of each comparison that is made again: the first ones."""


def check_bundle(bundle: Bundle, executor: Executor, progress: Progress | None = None) -> tuple[str, ...]:
    """A sentence for each fault: another model version, changed, missing or unknown comparisons, other numbers.

    Runs are made only if the bundle has no other fault. Raises IncompleteEnsembleError if a run failed.
    """
    if bundle.outdated:
        return (bundle.outdated,)
    plan = BundlePlan.of_record(bundle.record)
    pairs = plan.pairs()
    # The first comparison, the one in the middle and the last, so that they differ in lens.
    sample = [pairs[position] for position in sorted({0, len(pairs) // 2, len(pairs) - 1})]
    return tuple(changed(bundle, plan)) or tuple(_other_numbers(bundle, sample, plan.seeds[:SEEDS], executor, progress))


def differs(bundle: Bundle, executor: Executor, progress: Progress | None = None) -> tuple[str, ...]:
    """A sentence for each comparison whose first pair of runs this model does not repeat to the same numbers.

    For a bundle of any model version; raises as `check_bundle`.
    """
    plan = BundlePlan.of_record(bundle.record)
    return tuple(changed(bundle, plan)) or tuple(
        _other_numbers(bundle, plan.pairs(), plan.seeds[:1], executor, progress)
    )


def changed(bundle: Bundle, plan: BundlePlan) -> Iterator[str]:
    """Comparisons that the plan has otherwise than the bundle."""
    due: dict[tuple[str, ...], tuple[str, str]] = {pair.key: (pair.base.hash, pair.spec.hash) for pair in plan.pairs()}
    for question, (base, *specs) in ((question, group.specs) for question, group in plan.sizes()):
        for size, spec in zip(question.sizes, specs, strict=True):
            named = (question.plan.scenario.name, spec.place.name, spec.applied_lens.lens)
            due[(*named, f"{size.multiple:g} times")] = (base.hash, spec.hash)
    held = _hashes(bundle)
    for key in sorted(held.keys() | due.keys()):
        if held.get(key) != due.get(key):
            why = (
                "has changed since" if key in held and key in due else "is missing" if key in due else "is not shipped"
            )
            yield f"{', '.join(key)} {why}."


def _hashes(bundle: Bundle) -> dict[tuple[str, ...], tuple[str, str]]:
    """Hashes of the base's and the scenario's specification, by scenario, place, lens, and size if it is a multiple."""
    found = {}
    for name in {"entries", SIZES} & bundle.tables.keys():
        for row in bundle.tables[name].to_dict("records"):
            size = (f"{row['multiple']:g} times",) if "multiple" in row else ()
            key = (*(str(row[column]) for column in KEYS), *size)
            found[key] = (row["base_spec_hash"], row["spec_hash"])
    return found


def _other_numbers(
    bundle: Bundle, pairs: Sequence[Pair], seeds: Sequence[int], executor: Executor, progress: Progress | None
) -> Iterator[str]:
    """Pairs of runs of these comparisons whose main outcomes are not those of the bundle, to the last bit."""
    again = make_tables(work_of(pairs), seeds, executor, progress)["pairs"]
    named = [*KEYS, "measure", "seed"]
    both = again.merge(bundle.tables["pairs"], on=named, how="left", suffixes=("", "_held"))
    for arm in ("baseline", "scenario"):
        for _, row in both[~_same(both[arm], both[f"{arm}_held"])].iterrows():
            where = ", ".join(str(row[name]) for name in KEYS)
            yield (
                f"{where}: {row['measure']} of the {arm}, seed {row['seed']}, is {row[arm]!r} when it is run again, "
                f"and {row[f'{arm}_held']!r} in the bundle."
            )


def _same(found: pd.Series[float], held: pd.Series[float]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether two columns have the same bits, row by row."""
    return np.asarray(found.to_numpy(np.float64).view(np.int64) == held.to_numpy(np.float64).view(np.int64))
