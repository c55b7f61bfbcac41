"""A researcher's files of a calibration: targets and priors in a folder of her own, or those that are shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calibration.priors import Priors, load_priors
from calibration.run_files import check_runs
from calibration.targets import SHIPPED, TargetFile, load_target_file
from simulator.errors import UnknownNameError

TARGETS: Final = "targets.yaml"
PRIORS: Final = "priors.yaml"


@dataclass(frozen=True)
class Files:
    """What a researcher has written, and where."""

    targets: TargetFile
    priors: Mapping[str, Priors]
    folder: Path  # where files that the targets name are looked for

    def of(self, lens: str) -> Priors:
        """The priors of a lens; raises UnknownNameError with a suggestion."""
        if lens not in self.priors:
            raise UnknownNameError("lens in the priors", lens, self.priors)
        return self.priors[lens]


def read_files(folder: Path | None = None) -> Files:
    """Targets and priors of a folder, each the shipped one if the folder has none of its own.

    Raises TargetError, PriorError; UnknownNameError if the folder has neither.
    """
    if folder is None:
        return Files(load_target_file(), load_priors(), SHIPPED.parent)
    own = {name: folder / name for name in (TARGETS, PRIORS) if (folder / name).is_file()}
    if not own:
        there = [path.name for path in folder.glob("*.yaml")] if folder.is_dir() else []
        raise UnknownNameError(f"calibration in folder {folder}: no file", f"{TARGETS}' or '{PRIORS}", there)
    beside = folder if TARGETS in own else SHIPPED.parent
    targets = check_runs(own[TARGETS]) if TARGETS in own else load_target_file()
    return Files(targets, load_priors(own.get(PRIORS)), beside)
