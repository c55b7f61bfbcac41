"""Checks that runs may be compared: same place, calendar, seeds, evidence and model, and no failed runs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

from simulator.errors import IncomparableRunsError, IncompleteEnsembleError
from simulator.results.results import Results

_MUST_AGREE: Final = (
    ("place", "place"),
    ("place_hash", "content of the place file"),
    ("starts", "first day"),
    ("weeks", "length in weeks"),
    ("seeds", "seeds"),
    ("parameters", "parameters (drawn or central)"),
    ("base_evidence_hash", "evidence"),
    ("model_version", "model version"),
    ("lens_title", "lens"),
)
"""Fields of the run record, and their names in messages."""


def common_calendar(
    stated: Mapping[tuple[datetime.date, int], str], weeks: int | None = None
) -> tuple[datetime.date, int] | None:
    """First day and length [weeks] on which all scenarios can run, or None if none states a calendar.

    ``stated`` maps first days and lengths to the name of a scenario that states them; ``weeks`` sets the length for
    all. Raises IncomparableRunsError if first days differ, or if lengths differ and ``weeks`` is not given.
    """
    if len({starts for starts, _ in stated}) > 1 or (len(stated) > 1 and weeks is None):
        each = " and ".join(f"{name} runs {length} weeks from {starts}" for (starts, length), name in stated.items())
        raise IncomparableRunsError(f"{each}. Runs with different calendars cannot be compared.")
    for starts, length in stated:
        return starts, weeks or length
    return None


def require_comparable(scenario: Results, baseline: Results) -> None:
    """Raise IncomparableRunsError, naming the differences, if two sets of runs differ in more than their scenario."""
    different = [
        f"{label}: {_shown(scenario.record.get(field))} and {_shown(baseline.record.get(field))}"
        for field, label in _MUST_AGREE
        if scenario.record.get(field) != baseline.record.get(field)
    ]
    if different:
        raise IncomparableRunsError(
            f"{scenario.scenario} and {baseline.scenario} cannot be compared, because a difference between them could "
            f"be due to more than the policy. They differ in {'; '.join(different)}. Run both with the same settings."
        )


def pairs(scenario: Results, baseline: Results, *, incomplete: bool) -> tuple[int, ...]:
    """Seeds that finished in both arms.

    Raises IncompleteEnsembleError if any run failed and ``incomplete`` is False, or if no pair is left.
    """
    lost = [failed_runs(arm) for arm in (scenario, baseline) if len(arm.failures)]
    finished = set(baseline.finished)
    seeds = tuple(seed for seed in scenario.finished if seed in finished)
    if lost and not incomplete:
        raise IncompleteEnsembleError(
            f"{' '.join(lost)} Comparing only the runs that finished could be misleading. Correct the cause, or "
            "accept an incomplete comparison with --incomplete (incomplete=True)."
        )
    if not seeds:
        raise IncompleteEnsembleError(f"No pair of runs finished. {' '.join(lost)}")
    return seeds


def failed_runs(results: Results) -> str:
    """A sentence on the runs that failed, with the first cause."""
    failures = results.failures
    first = failures.iloc[0]
    seeds = seeds_in_words([int(seed) for seed in failures["seed"]])
    return (
        f"{len(failures)} of {len(results.seeds)} runs of {results.scenario} failed (seeds {seeds}; "
        f"first cause: {first['error']}: {first['message']})."
    )


def seeds_in_words(seeds: Sequence[int]) -> str:
    """Seeds as ranges.

    >>> seeds_in_words([0, 1, 2, 7, 9, 10])
    '0-2, 7, 9-10'
    """
    runs: list[list[int]] = []
    for seed in sorted(seeds):
        if runs and seed == runs[-1][-1] + 1:
            runs[-1].append(seed)
        else:
            runs.append([seed])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _shown(value: Any) -> str:
    return seeds_in_words(value) if isinstance(value, list) else str(value)
