"""Drafts on disk, with owner and history for undo; and saved files."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from dashboard.building.text import data_of
from simulator.errors import FileError, SimulatorError
from simulator.programme_files import load_programme
from simulator.results.run_record import model_version
from simulator.scenario.scenario import scenario_names
from simulator.store.database import Database, Row

MOST_STEPS: Final = 200
"""Number of texts kept for undo."""
LARGEST: Final = 50_000
"""Maximum size of an opened file and of a draft, in bytes."""
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,79}")
_ID: Final = re.compile(r"[0-9a-f]{16}")
_TABLES: Final = """
    create table if not exists drafts (
        id text primary key,
        owner text not null,
        start text not null,
        texts text not null, -- JSON
        step integer not null,
        changed real not null,
        model_version text not null
    );
    create index if not exists ix_drafts_owner on drafts (owner)
"""


class DraftError(SimulatorError):
    """An unknown draft, one of another owner, or a file that may not be opened or saved."""


class Draft(NamedTuple):
    """The current state of a draft."""

    id: str
    owner: str
    start: str  # the scenario it is based on
    text: str
    earlier: int  # number of texts for undo
    later: int  # number of texts for redo
    model_version: str  # at the last change


class Drafts:
    """Drafts and saved scenarios of all owners, in one folder. Threads and processes may share it.

    drafts.sqlite  the drafts     saved/<owner>/  files saved by each owner
    """

    def __init__(self, folder: Path) -> None:
        """Open or create the folder. Raises StoreError if its drafts cannot be read."""
        self._folder = folder
        remedy = "Move this file away to start with no drafts; saved scenarios in the same folder are kept."
        self._file = Database(folder / "drafts.sqlite", _TABLES, holds="the drafts", remedy=remedy)
        self.close = self._file.close

    def new(self, owner: str, start: str, text: str) -> Draft:
        """A new draft of a text; ``start`` is the scenario it is based on."""
        start = start.encode(errors="replace").decode()
        row = (secrets.token_hex(8), owner, start, json.dumps([text]), 0, time.time(), model_version())
        with self._file.change() as change:
            change.execute("insert into drafts values (?, ?, ?, ?, ?, ?, ?)", row)
        return self.get(row[0])

    def get(self, draft: str) -> Draft:
        """The draft of an id, for any user, since links may be shared. Raises DraftError if there is none."""
        row = self._file.first("select * from drafts where id = ?", (draft,)) if _ID.fullmatch(draft) else None
        if row is None:
            raise DraftError("There is no such draft. It may have been created on another server.")
        return _draft(row)

    def first(self, draft: str) -> str:
        """The first text of a draft that is kept for undo; empty if there is no such draft."""
        row = self._file.first("select texts from drafts where id = ?", (draft,))
        return "" if row is None else str(json.loads(row["texts"])[0])

    def latest(self, owner: str, start: str | None = None) -> Draft | None:
        """The draft that an owner changed last, optionally with a given ``start``; or None."""
        row = self._file.first(
            "select * from drafts where owner = ? and start = coalesce(?, start) order by changed desc", (owner, start)
        )
        return None if row is None else _draft(row)

    def change(self, draft: str, owner: str, edit: Callable[[str], str]) -> Draft:
        """Apply ``edit`` to the text; texts that had been undone are discarded.

        Raises DraftError if the draft is unknown or another owner's, or if its text is too large.
        """

        def changed(texts: list[str], step: int) -> tuple[list[str], int]:
            text = edit(texts[step])
            if text == texts[step]:
                return texts, step
            _refuse_large(_encoded(text), "The file")
            kept = [*texts[: step + 1], text][-MOST_STEPS:]
            return kept, len(kept) - 1

        return self._step(draft, owner, changed)

    def undo(self, draft: str, owner: str) -> Draft:
        """Return to the previous text, if there is one."""
        return self._step(draft, owner, lambda texts, step: (texts, max(0, step - 1)))

    def redo(self, draft: str, owner: str) -> Draft:
        """Restore the text that was undone, if there is one."""
        return self._step(draft, owner, lambda texts, step: (texts, min(len(texts) - 1, step + 1)))

    def folder_of(self, owner: str) -> Path:
        """The folder of an owner's files, named by a hash so that names cannot lead to other folders."""
        folder = self._folder / "saved" / hashlib.sha256(owner.encode()).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def saved(self, owner: str) -> tuple[str, ...]:
        """Names of the scenarios that an owner has saved."""
        return tuple(
            sorted(
                path.stem
                for path in self.folder_of(owner).glob("*.yaml")
                if NAME.fullmatch(path.stem) and not is_programme(path.read_text(encoding="utf-8"))
            )
        )

    def path_of(self, owner: str, name: str) -> Path:
        """The path of an owner's scenario, saved or not. Raises DraftError for an invalid name of a file."""
        if not NAME.fullmatch(name):
            raise DraftError(f"'{name[:80]}' is not a valid file name: use small letters, digits and underscores.")
        return self.folder_of(owner) / f"{name}.yaml"

    def save(self, owner: str, name: str, text: str) -> Path:
        """Save a scenario as a file with its name, completely or not at all.

        Raises DraftError for the name of a shipped scenario, or of a programme that this owner has saved.
        """
        path = self._free(owner, name, programme=False)
        new = path.with_name(f".{name}-{secrets.token_hex(4)}.new")
        new.write_text(text, encoding="utf-8", newline="\n")
        return new.replace(path)

    def save_programme(self, owner: str, file: str, text: str) -> str:
        """Save a programme file in the folder of an owner's scenarios; return its name.

        Raises ProgrammeError for an invalid file, DraftError for a scenario's name, shipped or saved by this owner.
        """
        stem = Path(file).stem
        path = self._free(owner, stem, programme=True)
        trial = path.parent / "checked" / secrets.token_hex(4) / path.name
        trial.parent.mkdir(parents=True)
        try:
            trial.write_text(text, encoding="utf-8", newline="\n")
            load_programme(trial)
            trial.replace(path)
        except FileError as error:
            raise error.without_folders() from None
        finally:
            shutil.rmtree(trial.parent)
        return stem

    def _free(self, owner: str, name: str, *, programme: bool) -> Path:
        """The path for a scenario or programme, which share a folder and must not replace each other."""
        path = self.path_of(owner, name)
        if name in scenario_names():
            raise DraftError(f"'{name}' is the name of a shipped scenario. Give yours another name.")
        if path.is_file() and is_programme(path.read_text(encoding="utf-8")) != programme:
            other = "scenario" if programme else "programme"
            raise DraftError(f"'{name}' is the name of a {other} that you have saved. Give this another name.")
        return path

    def _step(self, draft: str, owner: str, move: Callable[[list[str], int], tuple[list[str], int]]) -> Draft:
        with self._file.change() as change:
            row = change.execute("select * from drafts where id = ? and owner = ?", (draft, owner)).fetchone()
            if row is None:
                raise DraftError("This draft belongs to someone else. Make your own copy to change it.")
            texts, step = move(json.loads(row["texts"]), row["step"])
            new = (json.dumps(texts), step, time.time(), model_version(), draft)
            change.execute("update drafts set texts = ?, step = ?, changed = ?, model_version = ? where id = ?", new)
        return self.get(draft)


def opened(content: bytes, name: str) -> str:
    """The text of an opened file. Raises DraftError if it is too large or not a text."""
    _refuse_large(content, name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DraftError(f"{name} is not a text file in UTF-8. Open a scenario file, such as my_plan.yaml.") from None


def is_programme(text: str) -> bool:
    """Whether a text is a programme file, not a scenario: it has a unit cost."""
    try:
        return "unit_cost" in data_of(text)
    except FileError:
        return False


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise DraftError("The text has a character that no file can hold. Remove it.") from None


def _refuse_large(content: bytes, name: str) -> None:
    if len(content) > LARGEST:
        raise DraftError(f"{name} is larger than {LARGEST // 1000} kB. A scenario file has only some lines.")


def _draft(row: Row) -> Draft:
    texts, step = json.loads(row["texts"]), row["step"]
    about = (row["id"], row["owner"], row["start"])
    return Draft(*about, texts[step], step, len(texts) - 1 - step, row["model_version"])
