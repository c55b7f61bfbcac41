"""The files of a calibration: targets and priors in a user's folder, or the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calibration.targets.priors import Priors, load_priors
from calibration.targets.run_files import check_runs
from calibration.targets.targets import SHIPPED, TargetFile, load_target_file
from simulator.errors import Problem, TargetError, UnknownNameError

TARGETS: Final = "targets.yaml"
PRIORS: Final = "priors.yaml"


@dataclass(frozen=True)
class Files:
    """Targets and priors, and the folder that targets refer to."""

    targets: TargetFile
    priors: Mapping[str, Priors]
    folder: Path  # where files named in the targets are looked for

    def of(self, lens: str) -> Priors:
        """The priors of a lens; raises UnknownNameError with a suggestion."""
        if lens not in self.priors:
            raise UnknownNameError("lens in the priors", lens, self.priors)
        return self.priors[lens]


def read_files(folder: Path | None = None) -> Files:
    """Read targets and priors from a folder; whichever it lacks is the shipped one.

    Raises PriorError, or TargetError, also if the folder has neither.
    """
    if folder is None:
        return Files(load_target_file(), load_priors(), SHIPPED.parent)
    own = {name: folder / name for name in (TARGETS, PRIORS) if (folder / name).is_file()}
    if not own:
        raise TargetError([_neither(folder)])
    target_folder = folder if TARGETS in own else SHIPPED.parent
    targets = check_runs(own[TARGETS]) if TARGETS in own else load_target_file()
    return Files(targets, load_priors(own.get(PRIORS)), target_folder)


def _neither(folder: Path) -> Problem:
    right = f"Name a folder with {TARGETS}, {PRIORS} or both; start from copies of the shipped files"
    if not folder.is_dir():
        return Problem(str(folder), None, "", "there is no such folder", right)
    there = ", ".join(sorted(path.name for path in folder.glob("*.y*ml"))) or "no YAML file"
    return Problem(str(folder), None, "", f"the folder has neither {TARGETS} nor {PRIORS}, but {there}", right)
