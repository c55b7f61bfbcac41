"""The store itself: keep a run, find it again, check all of them."""

from __future__ import annotations

import shutil
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import pandas as pd
import sqlalchemy as sa

from simulator.errors import StoreError, StoreWarning
from simulator.results.results import RunFrames, read_results
from simulator.specification.spec import Spec
from simulator.store.catalogue import CATALOGUE, RUNS, Catalogue, Kept, local_catalogue
from simulator.store.folders import faults_of, force_names_to_disk, force_to_disk, new_folder, put_in_place, told
from simulator.store.rows import results_of, row_if_whole, row_of, run_key, run_of

ABANDONED: Final = 3600.0
"""Seconds after which a run that is still being written has lost its writer; writing takes well under one."""
_PARTS: Final = ("incoming", "runs", "set_aside")
Tell = Callable[[str], None]


class Check(NamedTuple):
    """What a check of a store found."""

    whole: int  # runs whose every file is what was written
    set_aside: tuple[str, ...]  # a sentence for each run that was not
    swept: tuple[str, ...]  # what killed writers had left, by path; it is gone


class Store:
    """Runs on disk and their catalogue; made by `open_store`. Threads and processes may use one at the same time."""

    def __init__(self, name: str, folder: Path, catalogue: Catalogue, tell: Tell) -> None:
        self.name, self.folder = name, folder
        self._catalogue, self._tell = catalogue, tell

    def find(self, spec: Spec, seed: int, parameter_draw: int | None) -> RunFrames | None:
        """What a run left, if the store holds it whole; a damaged one is told of, set aside, and counts as not held."""
        with told(self.name, "read"):
            kept = self._catalogue.find(run_key(spec, seed, parameter_draw))
            if kept is None or self._set_aside_if_damaged(kept) is not None:
                return None
            return run_of(read_results(self.folder / kept.folder))

    def keep(self, spec: Spec, seed: int, parameter_draw: int | None, run: RunFrames) -> None:
        """Write a run; when this returns it is on disk and in the catalogue. A run that is held already stays as it is.

        Raises StoreError if it cannot be written; then the store is as it was.
        """
        key = run_key(spec, seed, parameter_draw)
        results = results_of(spec, seed, parameter_draw, run)
        with told(self.name, "written"):
            new = new_folder(self.folder / "incoming")
            try:
                results.fill(new)
                force_to_disk(new)
                row = row_of(new, results.record, key, parameter_draw)
                with self._catalogue.turn() as turn:
                    if self._catalogue.find(key, turn) is None:
                        place = self.folder / str(row["folder"])
                        shutil.rmtree(place, ignore_errors=True)  # a killed writer's: it is in no catalogue
                        put_in_place(new, place)
                        turn.execute(sa.insert(RUNS).values(**row))
            finally:
                shutil.rmtree(new, ignore_errors=True)

    def sweep(self, spec_hash: str | None = None) -> tuple[str, ...]:
        """Remove what killed writers left, everywhere or for one specification; return the paths.

        A run that is whole but in no catalogue is not swept: it is entered (`take_back`).
        """
        self.take_back(spec_hash)
        with told(self.name, "swept"):
            abandoned = [path for path in _inside(self.folder / "incoming") if _age(path) > ABANDONED]
            with self._catalogue.turn() as turn:
                abandoned += self._not_entered(turn, spec_hash)
                for path in abandoned:
                    shutil.rmtree(path)
            return tuple(str(path) for path in abandoned)

    def take_back(self, spec_hash: str | None = None) -> int:
        """Enter runs that are whole but in no catalogue, since it was lost or their writer was killed; how many.

        A run carries its record and the hash of each of its files, so that nothing has to be guessed.
        """
        with told(self.name, "read"):
            with self._catalogue.turn() as turn:
                orphans = self._not_entered(turn, spec_hash)
            rows = [row for orphan in orphans if (row := row_if_whole(orphan)) is not None]  # long, so in nobody's turn
            if not rows:
                return 0
            with self._catalogue.turn() as turn:
                held = self._catalogue.folders(turn, spec_hash)
                rows = [row for row in rows if row["folder"] not in held and (self.folder / row["folder"]).is_dir()]
                for row in rows:
                    turn.execute(sa.insert(RUNS).values(**row))
        if rows:
            self._tell(f"Whole runs of the store {self.name} that its catalogue lacked, entered now: {len(rows)}.")
        return len(rows)

    def check(self) -> Check:
        """Read every file of every run, set aside what is damaged, and sweep up; enter what a catalogue has lost."""
        self.take_back()
        with told(self.name, "checked"):
            kept = self._catalogue.kept()
            sentences = [sentence for run in kept if (sentence := self._set_aside_if_damaged(run)) is not None]
        return Check(len(kept) - len(sentences), tuple(sentences), self.sweep())

    def holds_any(self) -> bool:
        """Whether the catalogue has any run."""
        with told(self.name, "read"):
            return self._catalogue.any()

    def runs(self) -> pd.DataFrame:
        """The catalogue: one row a run (`simulator.store.catalogue.RUNS`)."""
        with told(self.name, "read"):
            return pd.DataFrame(self._catalogue.table(), columns=[column.name for column in RUNS.columns])

    def close(self) -> None:
        """Let go of the catalogue."""
        self._catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _not_entered(self, turn: sa.Connection, spec_hash: str | None) -> list[Path]:
        """Folders of runs that are in no catalogue; in a turn, so that nobody is between renaming and entering one."""
        held = self._catalogue.folders(turn, spec_hash)
        specs = [self.folder / "runs" / spec_hash] if spec_hash else _inside(self.folder / "runs")
        found = [run for spec in specs for run in _inside(spec)]
        return [run for run in found if run.relative_to(self.folder).as_posix() not in held]

    def _set_aside_if_damaged(self, kept: Kept) -> str | None:
        """Move a run whose files are not what was written out of the way; a sentence on it, or None if it is whole."""
        folder = self.folder / kept.folder
        if not faults_of(folder, kept.files):
            return None
        with self._catalogue.turn() as turn:
            now = self._catalogue.find(kept.key, turn)
            faults = [] if now is None else faults_of(folder, now.files)
            if now is None or not faults:
                return None  # another process has set it aside, and perhaps written it anew
            aside = self._aside(folder)
            sentence = f"{'; '.join(faults)}. The run is set aside in {aside}, and will be run again when it is needed."
            if folder.exists():
                folder.rename(aside / folder.name)
            (aside / "why.txt").write_text(f"{sentence}\n", encoding="utf-8")
            turn.execute(sa.delete(RUNS).where(RUNS.c.key == kept.key))
        self._tell(sentence)
        return sentence

    def _aside(self, folder: Path) -> Path:
        stem = f"{folder.parent.name}-{folder.name}"
        number = 1
        while (aside := self.folder / "set_aside" / f"{stem}-{number}").exists():
            number += 1
        aside.mkdir(parents=True)
        return aside


def open_store(where: str | Path, tell: Tell | None = None, *, new: bool = True) -> Store:
    """A store in a folder, or with its catalogue in a database that a team shares.

    ``where`` is a folder, whose catalogue is an SQLite file in it; or the SQLAlchemy address of a database with the
    folder of the runs as ``runs``: ``postgresql+psycopg://me@server/offset?runs=/shared/offset``. ``tell`` is called
    with a sentence for each damaged run (by default a StoreWarning). Raises StoreError if the store cannot be used, or
    if there is none and ``new`` does not allow one to be made.
    """
    name = str(where)
    if "://" in name:
        url, folder = _address(name)
        name = url.render_as_string(hide_password=True)
    else:
        folder = Path(where).absolute()
        url = local_catalogue(folder)
    with told(name, "opened"):
        if "://" not in name:
            _refuse_what_is_no_store(folder, name, new=new)
        for part in _PARTS[:2]:
            (folder / part).mkdir(parents=True, exist_ok=True)
        force_names_to_disk(folder)
        try:
            store = Store(name, folder, Catalogue(url), tell or _warn)
        except ModuleNotFoundError as error:
            raise StoreError(
                f"the database of the store {name} needs the package {error.name}, which is not installed. For "
                "PostgreSQL: python -m pip install -c constraints.txt '.[team]'."
            ) from error
    if not store.holds_any():
        store.take_back()
    return store


def _refuse_what_is_no_store(folder: Path, name: str, *, new: bool) -> None:
    if not new and not (folder / CATALOGUE).is_file() and not _inside(folder / "runs"):
        raise StoreError(f"{name} is not a store: it has no catalogue. 'offset run --store {name}' would make one.")
    if any(path.name not in _PARTS and not path.name.startswith(CATALOGUE) for path in _inside(folder)):
        raise StoreError(f"{name} holds something other than a store. Name a new or an empty folder.")


def _address(text: str) -> tuple[sa.URL, Path]:
    """The database of an address and the folder of the runs that it names."""
    try:
        url = sa.make_url(text)
        url.get_dialect()
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError) as error:
        raise StoreError(
            f"{text} is no address of a database: {error}. Write postgresql+psycopg://user@server/database?runs=FOLDER."
        ) from error
    folder = url.query.get("runs")
    if not isinstance(folder, str) or not folder:
        raise StoreError(
            f"{url} does not say where the runs are to be kept. Add the folder that all share: ?runs=/shared/folder."
        )
    return url.difference_update_query(["runs"]), Path(folder).absolute()


def _warn(sentence: str) -> None:
    warnings.warn(sentence, StoreWarning, stacklevel=2)


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime
