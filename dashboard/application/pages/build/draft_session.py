"""A user's session with a draft on page Build: access, edits, files, and runs."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from dashboard.application.pages.build.fields import GONE
from dashboard.application.parts.app_state import current_state
from dashboard.application.parts.head import other_lenses
from dashboard.building import edits
from dashboard.building.check import DraftCheck, check, parts
from dashboard.building.drafts import Draft, DraftError, is_programme, opened
from dashboard.building.forms import Kind
from dashboard.building.text import Where, data_of, shown, typed
from dashboard.runs import QUICK_PAIRS as QUICK_PAIRS
from dashboard.runs import JobState, Question
from dashboard.runs.choices import scenario_choices
from dashboard.runs.view import View
from dashboard.server.access import owner
from simulator.errors import SimulatorError
from simulator.scenario.scenario import Scenario, load_scenario, scenario_names

FULL_PAIRS: Final = 100
"""Default number of pairs of a full run."""


@dataclass(frozen=True)
class DraftSession:
    """A draft from one user's point of view in one view."""

    draft: Draft
    view: View
    who: str

    @property
    def read_only(self) -> bool:
        """Whether the draft belongs to someone else, or the link is pinned to another model version."""
        return self.draft.owner != self.who or self.view.pinned

    @property
    def path(self) -> Path:
        """The path of the draft as a file in its owner's folder."""
        return current_state().drafts.folder_of(self.draft.owner) / "draft.yaml"

    @cached_property
    def base(self) -> Scenario:
        """The scenario that the draft is compared with."""
        return scenario_named(self.view.base, self.who)

    def checked(self) -> DraftCheck:
        """The draft, checked for the place and the base of the view."""
        return check(self.draft.text, self.path, self.base, current_state().jobs.place(self.view.place))

    def parent_title(self) -> str:
        """The title of the scenario that the draft extends."""
        try:
            name = str(data_of(self.draft.text).get("extends", ""))
            beside = self.path.with_name(f"{Path(name).stem}.yaml")
            return load_scenario(beside if name and beside.is_file() else name).title
        except SimulatorError:
            return "the scenario that it extends"

    def questions(self, checked: DraftCheck, pairs: int) -> tuple[Question, ...]:
        """Questions for running the draft, the main lens first. Raises DraftError while it has problems."""
        if checked.scenario is None or checked.spec is None or checked.problems:
            raise DraftError("This cannot be run until its problems are corrected.")
        lenses = (self.view.lens, *other_lenses(self.view))
        return tuple(Question((self.base, checked.scenario), self.view.place, pairs, lens) for lens in lenses)

    def states(self, checked: DraftCheck, pairs: Sequence[int]) -> tuple[list[JobState], tuple[str, ...]]:
        """Runs of the user and of the current draft, newest first; and the keys of the latter."""
        jobs = current_state().jobs
        states = {state.key: state for state in jobs.states(self.who)}
        current: list[str] = []
        if checked.base_spec is not None and checked.spec is not None and not checked.problems:
            written = (checked.base_spec, checked.spec)
            for question in self.questions(checked, QUICK_PAIRS):  # one per lens
                specs = question.read(written)
                current += [replace(question, pairs=number).key(specs) for number in dict.fromkeys(pairs)]
            for key in current:
                try:
                    states[key] = jobs.state(key, self.who)
                except SimulatorError:
                    continue  # not submitted yet
        return sorted(states.values(), key=lambda state: -state.asked), tuple(current)


def session_of(view: View, draft: str | None = None) -> DraftSession:
    """The session for a view: the draft that it names, the last one based on its scenario, or a new one."""
    who, drafts = owner(), current_state().drafts
    wanted = draft or view.options.get("draft")
    if wanted:
        return DraftSession(drafts.get(wanted), view, who)
    start = view.scenario
    return DraftSession(drafts.latest(who, start) or begin(start, who), view, who)


def begin(start: str, who: str) -> Draft:
    """A new draft that extends a scenario. Raises DraftError for an unknown scenario."""
    scenario = scenario_named(start, who)
    text = edits.extending(scenario, f"my_{scenario.name}"[:80])
    return current_state().drafts.new(who, start, text)


def scenario_named(name: str, who: str) -> Scenario:
    """A scenario by its name in a link: a shipped one, or one that the user has saved. Raises DraftError."""
    stem = name.rpartition("-")[0] or name
    if name in scenario_names():
        return load_scenario(name)
    if stem in current_state().drafts.saved(who):
        return load_scenario(current_state().drafts.path_of(who, stem))
    raise DraftError(f"There is no scenario '{name}' to begin from: it is not shipped, and you have not saved it.")


def edited(session: DraftSession, given: Sequence[tuple[Where, Kind, Any]]) -> tuple[Draft, bool]:
    """The draft with fields set to inputs (path, kind, value), and whether its forms change."""
    otherwise = False

    def edit(text: str) -> str:
        nonlocal otherwise
        for path, kind, value in given:
            if not path:
                raise DraftError(GONE)
            own, whole = parts(text, session.path)
            now = edits.value_at(whole, path)
            if shown(kind, now) == shown(kind, typed(kind, value)):
                continue
            otherwise |= path[0] not in own or path[-1] in ("service", "programme") or _misfit(kind, now)
            text = _done(edits.set_field, text, own, whole, path, typed(kind, value))
        return text

    return current_state().drafts.change(session.draft.id, session.who, edit), otherwise


def after_action(session: DraftSession, act: str, path: Where, chosen: str | None) -> Draft:
    """The draft after adding or removing an entry, resetting a part, undo or redo."""
    drafts = current_state().drafts
    if act in ("undo", "redo"):
        return getattr(drafts, act)(session.draft.id, session.who)  # type: ignore[no-any-return]

    def edit(text: str) -> str:
        own, whole = parts(text, session.path)
        if act == "add" and path:
            return _done(edits.added, text, own, whole, str(path[0]))
        if act == "remove" and path:
            return _done(edits.removed, text, own, whole, path)
        if act == "give-back" and path:
            return _done(edits.reset_part, text, own, str(path[0]))
        if act == "add-change":
            return _done(edits.with_change, text, own, chosen)
        raise DraftError(f"There is nothing called '{act}' that can be done to a draft.")

    return drafts.change(session.draft.id, session.who, edit)


def _done(edit: Callable[..., str], text: str, *about: Any) -> str:
    """An edit of a text. Raises DraftError for a path that is not in the draft, which no page sends."""
    try:
        return edit(text, *about)
    except (LookupError, TypeError, AttributeError) as error:
        raise DraftError(GONE) from error


def replaced(session: DraftSession, text: str) -> Draft:
    """The draft with another text, even if that is not valid YAML, so that it can be corrected."""
    return current_state().drafts.change(
        session.draft.id, session.who, lambda _: text if text.endswith("\n") else f"{text}\n"
    )


def copied(session: DraftSession) -> Draft:
    """A copy of anyone's draft, owned by the user."""
    data = data_of(session.draft.text)
    name, title = str(data.get("name") or "plan"), str(data.get("title") or "Plan")
    text = edits.copied(session.draft.text, f"{name[:74]}_copy", f"{title} (copy)")
    return current_state().drafts.new(session.who, session.draft.start, text)


def saved(session: DraftSession) -> Path:
    """Save the draft as a file with its name. Raises DraftError while it has problems, or for a shipped name."""
    checked = session.checked()
    if checked.scenario is None or checked.problems:
        raise DraftError("This cannot be saved until its problems are corrected; it is kept as a draft.")
    return current_state().drafts.save(session.who, checked.scenario.name, session.draft.text)


def uploaded(contents: str, file: str, who: str) -> Draft | str:
    """An opened file as a new draft; for a programme file, the name under which it was saved.

    Raises DraftError for a file that is too large or not text, ProgrammeError for an invalid programme file.
    """
    try:
        raw = base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error:
        raise DraftError(f"{file} did not arrive whole. Open it again.") from None
    text = opened(raw, file)
    if is_programme(text):
        return current_state().drafts.save_programme(who, file, text)
    return current_state().drafts.new(who, Path(file).stem[:80], text)


def choices(who: str) -> list[dict[str, Any]]:
    """Scenarios on which a new draft can be based."""
    own = [{"value": name, "label": f"{name} (saved by you)"} for name in current_state().drafts.saved(who)]
    return [*own, *scenario_choices()]


def _misfit(kind: Kind, value: Any) -> bool:
    """Whether a number field has a text as its value and is shown as a text field."""
    return kind in ("share", "whole", "number") and isinstance(shown(kind, value) or 0, str)
