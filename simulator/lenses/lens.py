"""Lenses by name or folder: read, checked against their draws and the evidence, and applied."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from simulator.errors import LensError, Problem, UnknownNameError
from simulator.evidence import Evidence, load_evidence
from simulator.foundations.input_files import Document, name_problems, read_as
from simulator.lenses.applied_lens import AS_WRITTEN, ELICITED, EVIDENCE, AppliedLens, ParameterDraws
from simulator.lenses.schema import LensFile
from simulator.programme_files import programme_values, shipped_programmes

if TYPE_CHECKING:
    import pandas as pd

SHIPPED: Final = Path(__file__).parent
_SHOWN: Final = "simulator/lenses"
FILE: Final = "lens.yaml"
DRAWS: Final = "draws.csv"
FROME: Final = "frome"
"""Column of the draws with the share of Frome's gap that they were fitted for."""
ORDER: Final = ("as-claimed", "trial-evidence")
"""Lenses that every comparison shows if they are available, in this order."""

_REACH: Final = "frome_with_plan"
_EPISODES: Final = "programme.complex_care_hub.acute_episodes"


@dataclass(frozen=True)
class Lens:
    """A lens in memory: its file and its draws, one column per parameter."""

    file: LensFile
    draws: pd.DataFrame = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """Name."""
        return self.file.lens

    @property
    def faults(self) -> tuple[str, ...]:
        """Findings of the failed checks that withhold its ranges."""
        return tuple(gate.finding for gate in self.file.gates.values() if gate.consequence == "withheld")

    @property
    def fitted_to(self) -> str:
        """The model version that it was fitted to, or has since been shown to be valid for; empty if not recorded."""
        record = self.file.record
        return str(record.get("holds_for") or record.get("model_version", ""))

    @property
    def believed(self) -> str:
        """What one would have to believe for the lens to hold, in a sentence; empty if it was not fitted to a hub.

        The share of episodes prevented among members is one less the exponential of the fitted log rate.
        """
        reach, episodes = self.file.reported.get(_REACH), self.file.parameters.get(_EPISODES)
        if reach is None or episodes is None or episodes.evidence is None:
            return ""
        prevented, supported = (
            100.0 * -math.expm1(value) for value in (episodes.fitted.value, episodes.evidence.value)
        )
        return (
            f"One would have to believe that in its fifth year {reach.simulated.value:.0f} of every 100 residents of "
            f"Frome had a care plan, and that a plan keeps away {prevented:.0f} of every 100 acute episodes of these "
            f"people; controlled studies support {supported:.0f} of 100, for a few people at the highest risk."
        )

    def applied_lens(self, frome: float | str | None = None, causal: float = 1.0) -> AppliedLens:
        """The lens as applied in runs. ``frome`` is a share that was fitted (default: all) or ``elicited``.

        A lens that was not fitted to Frome ignores ``frome``. Values specific to the place studied are left out.
        Raises UnknownNameError for a share that was not fitted: fits cannot be interpolated.
        """
        chosen, setting = self.draws, None
        if self.file.frome:
            shares = sorted(self.file.frome)
            if frome == ELICITED:
                # One draw of each share in turn, so that any number of draws is spread evenly over the shares.
                chosen = self.draws.assign(turn=self.draws.groupby(FROME).cumcount())
                chosen, setting = chosen.sort_values(["turn", FROME], kind="stable"), ELICITED
            else:
                share = max(shares) if frome is None else float(frome)
                if share not in shares:
                    known = [*(f"{each:g}" for each in shares), ELICITED]
                    raise UnknownNameError(f"fit of lens {self.name} for Frome's share", f"{share:g}", known)
                chosen, setting = self.draws[self.draws[FROME] == share], f"{share:g}"
        used = {path: value for path, value in self.file.parameters.items() if value.role != "place"}
        rows = np.ascontiguousarray(chosen[list(used)].to_numpy(np.float64))
        rows.setflags(write=False)
        draws = ParameterDraws(tuple(used), tuple(value.applies_as == "ratio" for value in used.values()), rows)
        return AppliedLens(
            self.name, self.file.title, setting, causal, draws, self.faults, self.fitted_to, self.believed
        )


def lens_names() -> tuple[str, ...]:
    """Names of the available lenses: those shipped, then ``evidence``, the evidence as written."""
    found = {path.parent.name for path in SHIPPED.glob(f"*/{FILE}")}
    return (*sorted(found, key=lambda name: (name not in ORDER, name)), EVIDENCE)


def load_lens(name_or_path: str | Path) -> Lens:
    """A shipped lens by name, or the lens in a folder. Raises UnknownNameError or LensError.

    The lens ``evidence`` is not among them: it is `simulator.lenses.AS_WRITTEN`.
    """
    given = str(name_or_path)
    if given in lens_names() and given != EVIDENCE:
        return _shipped(given)
    if Path(given).is_dir():
        return read_lens(Path(given))
    raise UnknownNameError("lens", given, lens_names())


def apply_lens(name_or_path: str | Path, frome: float | str | None = None, causal: float = 1.0) -> AppliedLens:
    """A lens by name or folder, or ``evidence``, as applied in runs; raises as `load_lens` and `Lens.applied_lens`."""
    if str(name_or_path) == EVIDENCE:
        return AS_WRITTEN if causal == 1.0 else AppliedLens(causal=causal)
    return load_lens(name_or_path).applied_lens(frome, causal)


@lru_cache(maxsize=8)
def _shipped(name: str) -> Lens:
    return read_lens(SHIPPED / name, f"{_SHOWN}/{name}/{FILE}")


def read_lens(folder: Path, shown: str | None = None) -> Lens:
    """The lens in a folder. Raises LensError with every problem in its file and draws."""
    path = folder / FILE
    read, document = read_as(LensFile, path, LensError, shown)
    problems = name_problems(document, folder.resolve(), "lens", read.lens)
    problems += _unknown_paths(read, document)
    table, faults = _draws(folder / DRAWS, read, document)
    problems += faults
    if problems:
        raise LensError(problems)
    return Lens(read, table)


def fittable_values() -> Evidence:
    """Every value that can be fitted: the evidence, and the numbers of the shipped programmes."""
    return Evidence({**load_evidence(), **programme_values(shipped_programmes())})


def _unknown_paths(read: LensFile, document: Document) -> list[Problem]:
    known: Mapping[str, object] = fittable_values()
    problems = []
    for path in read.parameters:
        if path not in known:
            try:
                known[path]
            except UnknownNameError as error:
                wrong, _, right = str(error).partition(". ")
                problems.append(document.problem(("parameters", path), wrong, right))
    return problems


def _draws(path: Path, read: LensFile, document: Document) -> tuple[pd.DataFrame, list[Problem]]:
    """The draws of a lens file, and their problems."""
    import pandas as pd

    shown = Path(document.file).with_name(path.name).as_posix()
    again = "Fit the lens again, or restore the file that was written with it"
    try:
        content = path.read_bytes()
    except OSError:
        return pd.DataFrame(), [Problem(shown, None, "", "the draws of the lens file are missing or unreadable", again)]
    if hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest() != read.draws:
        wrong = "the draws have changed since the lens file was written"
        return pd.DataFrame(), [Problem(shown, None, "", wrong, again)]
    table = pd.read_csv(io.BytesIO(content), dtype=np.float64)
    wanted = [*((FROME,) if read.frome else ()), *read.parameters]
    if list(table.columns) != wanted:
        wrong = f"the columns are {', '.join(table.columns)}"
        return table, [Problem(shown, 1, "", wrong, f"They must be {', '.join(wanted)}")]
    if not len(table) or not np.isfinite(table.to_numpy()).all():
        return table, [Problem(shown, None, "", "the table is empty or a value is missing", again)]
    absent = [share for share in read.frome if share not in set(table[FROME])] if read.frome else []
    if absent:
        wrong = f"there are no draws for the share {absent[0]:g} of Frome's gap"
        return table, [Problem(shown, None, "", wrong, again)]
    return table, []
