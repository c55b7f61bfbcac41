"""Warnings about a fit: targets not reached, a high starting point, and a model that has changed since."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from simulator.bundle.same_numbers import are_the_same
from simulator.lenses import LensFile
from simulator.lenses.schema import TargetFit

_BEGINS: Final = "frome_begins"
_FROME: Final = "frome_admissions"
_COUNTY: Final = "county_admissions"


def unexplained(file: LensFile) -> Iterator[str]:
    """A sentence for each target, held out or fitted, that the simulation does not reach."""
    for row in file.targets.values():
        if not row.reached:
            found = row.simulated
            kind = "Fitted but not reached" if row.fitted else "Held out and not reached"
            yield (
                f"{kind}: {row.label}: published {row.value:g} {row.unit}, simulated {found.value:.3g} "
                f"({found.low:.3g} to {found.high:.3g}), which leaves {row.value - found.value:+.3g} unexplained."
            )


def baseline_warning(file: LensFile) -> Iterator[str]:
    """How much of Frome's gap to its county a return to the level expected for its population would explain.

    The starting level is derived from the study's own figures; the level expected for the population is simulated.
    """
    rows = _rows(file.targets, _BEGINS, _FROME, _COUNTY)
    if rows is None:
        return
    begins, frome, county = rows
    excess = math.log(begins.value / begins.simulated.value)
    gap = math.log((1.0 + county.value / 100.0) / (1.0 + frome.value / 100.0))
    yield (
        f"Frome started high: the study's own figures put its admissions per head at {begins.value:g} times the "
        f"county's, where {begins.simulated.value:.2f} times is expected for its population. A return to that level "
        f"alone would have closed {100.0 * excess / gap:.0f} % of the gap, on the log scale, with no programme."
    )


def another_model(lens: str, fitted_to: str, version: str) -> Iterator[str]:
    """A warning if a lens was fitted to a version of the model that gives other numbers."""
    if fitted_to and not are_the_same(fitted_to, version):
        yield (
            f"This lens was fitted to model {fitted_to}; this is model {version}. The effect of its values may have "
            f"changed since: refit it with 'offset calibrate --lens {lens}'."
        )


def _rows(targets: Mapping[str, TargetFit], *names: str) -> tuple[TargetFit, ...] | None:
    return tuple(targets[name] for name in names) if set(names) <= set(targets) else None
