"""What a fit cannot tell: a town that began high comes down by itself, and the model may have changed since."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from simulator.lenses import LensFile
from simulator.lenses.schema import TargetFit

_BEGINS: Final = "frome_begins"
_FROME: Final = "frome_admissions"
_COUNTY: Final = "county_admissions"


def unexplained(file: LensFile) -> Iterator[str]:
    """A sentence for each held-out target that what is simulated does not reach, and for each fitted one."""
    for row in file.targets.values():
        if not row.reached:
            found = row.simulated
            kind = "Fitted, and not reached" if row.fitted else "Held out, and not reached"
            yield (
                f"{kind}: {row.label} was {row.value:g} {row.unit}; simulated {found.value:.3g} ({found.low:.3g} to "
                f"{found.high:.3g}), which leaves {row.value - found.value:+.3g} unexplained."
            )


def baseline_warning(file: LensFile) -> Iterator[str]:
    """How much of Frome's gap to its county would be its coming back to where its people place it.

    The published start is taken from the study's own figures; what its people lead one to expect is simulated.
    """
    rows = _rows(file.targets, _BEGINS, _FROME, _COUNTY)
    if rows is None:
        return
    begins, frome, county = rows
    excess = math.log(begins.value / begins.simulated.value)
    gap = math.log((1.0 + county.value / 100.0) / (1.0 + frome.value / 100.0))
    yield (
        f"Beware of the start: the study's own figures put Frome's admissions a head at {begins.value:g} times the "
        f"county's, where its people lead one to expect {begins.simulated.value:.2f}. Had it only come back to "
        f"that, it would have closed {100.0 * excess / gap:.0f} % of the gap, on the log scale, with no programme."
    )


def another_model(lens: str, fitted_to: str, version: str) -> Iterator[str]:
    """That a lens was fitted to another model than this version, told by the hash of what decides a run."""
    if fitted_to and fitted_to.rpartition("+")[2] != version.rpartition("+")[2]:
        yield (
            f"Fitted to model {fitted_to}; this is model {version}. What its values do may have changed since: fit it "
            f"anew with 'offset calibrate --lens {lens}'."
        )


def _rows(targets: Mapping[str, TargetFit], *names: str) -> tuple[TargetFit, ...] | None:
    return tuple(targets[name] for name in names) if set(names) <= set(targets) else None
