"""The store: keep runs, find them and check them."""

from __future__ import annotations

import os
import shutil
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from simulator.errors import ResultsError, StoreError, StoreWarning
from simulator.results.results import RunFrames, read_results
from simulator.specification.spec import Spec
from simulator.store.folders import force_names_to_disk, new_folder, put_in_place, store_errors
from simulator.store.runs import COLUMNS, faults_of, fill, folder_of, row_of, run_key, run_of

ABANDONED: Final = 3600.0
"""Seconds after which an unfinished run is taken to be abandoned; writing takes well under one."""
_PARTS: Final = ("incoming", "runs", "set_aside")
_CATALOGUE: Final = "catalogue.sqlite"
"""File in a store of an earlier version of the simulator."""
OnMessage = Callable[[str], None]


class StoreCheck(NamedTuple):
    """Result of checking a store."""

    whole: int  # number of undamaged runs
    set_aside: tuple[str, ...]  # a sentence on each damaged run
    swept: tuple[str, ...]  # paths of unfinished runs that were deleted


class Store:
    """Runs on disk; made by `open_store`. Several threads and processes may use it at the same time."""

    def __init__(self, name: str, folder: Path, on_message: OnMessage) -> None:
        self.name, self.folder, self._on_message = name, folder, on_message

    def find(self, spec: Spec, seed: int, parameter_draw: int | None) -> RunFrames | None:
        """The output of a run, or None if the store does not hold it; a damaged run is reported and set aside."""
        folder = self._place_of(spec, seed, parameter_draw)
        with store_errors(self.name, "read"):
            damaged = self._set_aside_if_damaged(folder) is not None
            return None if damaged or not folder.is_dir() else run_of(read_results(folder))

    def keep(self, spec: Spec, seed: int, parameter_draw: int | None, run: RunFrames) -> None:
        """Write a run; when this returns it is on disk and in its place. A run that is already held is not changed.

        Raises StoreError if it cannot be written; the store is then unchanged.
        """
        folder = self._place_of(spec, seed, parameter_draw)
        with store_errors(self.name, "written"):
            new = new_folder(self.folder / "incoming")
            try:
                fill(new, spec, seed, parameter_draw, run)
                self._set_aside_if_damaged(folder)
                put_in_place(new, folder)
            finally:
                shutil.rmtree(new, ignore_errors=True)

    def sweep(self) -> tuple[str, ...]:
        """Delete abandoned unfinished runs; return their paths."""
        with store_errors(self.name, "swept"):
            abandoned = [path for path in _folders_in(self.folder / "incoming") if _age(path) > ABANDONED]
            for path in abandoned:
                shutil.rmtree(path)
            return tuple(str(path) for path in abandoned)

    def check(self) -> StoreCheck:
        """Read every file of every run, set aside damaged runs, and delete abandoned ones."""
        with store_errors(self.name, "checked"):
            found = self._folders()
            sentences = [sentence for run in found if (sentence := self._set_aside_if_damaged(run)) is not None]
        return StoreCheck(len(found) - len(sentences), tuple(sentences), self.sweep())

    def runs(self) -> pd.DataFrame:
        """One row per run, with the columns `simulator.store.runs.COLUMNS`; unreadable runs are reported."""
        rows = []
        with store_errors(self.name, "read"):
            for folder in self._folders():
                try:
                    rows.append(row_of(folder))
                except ResultsError as error:
                    self._on_message(f"{error} Checking the store will set it aside.")
        table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"parameter_draw": "Int64"})
        return table.sort_values(["scenario", "place", "spec_hash", "seed", "folder"], ignore_index=True)

    def _place_of(self, spec: Spec, seed: int, parameter_draw: int | None) -> Path:
        return self.folder / "runs" / folder_of(spec.hash, seed, run_key(spec, seed, parameter_draw))

    def _folders(self) -> list[Path]:
        return [run for spec in _folders_in(self.folder / "runs") for run in _folders_in(spec)]

    def _set_aside_if_damaged(self, folder: Path) -> str | None:
        """Set a damaged run aside; a sentence on it, or None if it is undamaged."""
        faults = faults_of(folder) if folder.is_dir() else []
        if not faults:
            return None
        aside = new_folder(self.folder / "set_aside", f"{folder.parent.name}-{folder.name}-")
        try:
            moved = folder.rename(aside / folder.name)
        except FileNotFoundError:  # another process has set it aside
            aside.rmdir()
            return None
        if not faults_of(moved):  # another process has replaced it in the meantime
            put_in_place(moved, folder)
            shutil.rmtree(aside)
            return None
        sentence = f"{'; '.join(faults)}. The run was set aside in {aside} and will be repeated when it is needed."
        (aside / "why.txt").write_text(f"{sentence}\n", encoding="utf-8")
        self._on_message(sentence)
        return sentence


def open_store(folder: str | Path, on_message: OnMessage | None = None, *, new: bool = True) -> Store:
    """A store in a folder.

    ``on_message`` is called with a sentence for each damaged run (by default a StoreWarning). Raises StoreError if the
    store cannot be used, or if it does not exist and ``new`` is False.
    """
    name, on_message = str(folder), on_message or _warn
    if "://" in name:
        raise StoreError(
            f"{name} is the address of a database, but a store is a folder. Name the folder of the runs, which "
            "followed 'runs=' in the address."
        )
    with store_errors(name, "opened"):
        found = {path.name for path in Path(folder).iterdir()} if Path(folder).is_dir() else set()
        if not new and "runs" not in found:
            raise StoreError(f"{name} is not a store: it has no runs. 'offset run --store {name}' creates one.")
        if any(part not in _PARTS and not part.startswith(_CATALOGUE) for part in found):
            raise StoreError(f"{name} holds something other than a store. Name a new or an empty folder.")
        for part in _PARTS[:2]:
            (Path(folder) / part).mkdir(parents=True, exist_ok=True)
        force_names_to_disk(Path(folder))
    if _CATALOGUE in found:
        on_message(
            f"The store {name} was created by an earlier version of the simulator. Runs of other model versions are "
            f"listed but not used; delete them to free space. {_CATALOGUE} is no longer needed; delete it."
        )
    return Store(name, Path(folder).absolute(), on_message)


def _warn(sentence: str) -> None:
    warnings.warn(sentence, StoreWarning, stacklevel=2)


def _folders_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [Path(name) for name in sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())]


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime
