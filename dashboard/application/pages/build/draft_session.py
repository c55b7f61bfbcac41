"""What page Build does with a draft: whose it is, what it extends, what is done to it, and what is asked of it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

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
"""Pairs of a full run, unless another number is given."""


@dataclass(frozen=True)
class DraftSession:
    """A draft as one person sees it in one view."""

    draft: Draft
    view: View
    who: str

    @property
    def read_only(self) -> bool:
        """Whether it is somebody else's, or shown by a link of another model version."""
        return self.draft.owner != self.who or self.view.pinned

    @property
    def path(self) -> Path:
        """Where the draft would stand as a file: in its owner's folder."""
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
        """What is asked when the draft is run, the lens in front first. Raises DraftError while it has faults."""
        if checked.scenario is None or checked.spec is None or checked.problems:
            raise DraftError("This cannot be run before its faults are mended.")
        lenses = (self.view.lens, *other_lenses(self.view))
        return tuple(Question((self.base, checked.scenario), self.view.place, pairs, lens) for lens in lenses)

    def states(self, checked: DraftCheck, pairs: Sequence[int]) -> tuple[list[JobState], tuple[str, ...]]:
        """The runs of whoever looks and of the draft as it is now, newest first; and the keys of the latter."""
        jobs = current_state().jobs
        states = {state.key: state for state in jobs.states(self.who)}
        current: list[str] = []
        if checked.base_spec is not None and checked.spec is not None and not checked.problems:
            written = (checked.base_spec, checked.spec)
            for question in self.questions(checked, QUICK_PAIRS):  # one a lens
                specs = question.read(written)
                current += [replace(question, pairs=number).key(specs) for number in dict.fromkeys(pairs)]
            for key in current:
                try:
                    states[key] = jobs.state(key, self.who)
                except SimulatorError:
                    continue  # it has never been asked
        return sorted(states.values(), key=lambda state: -state.asked), tuple(current)


def session_of(view: View, draft: str | None = None) -> DraftSession:
    """The desk for a view: the draft that it names, or the last one from its scenario, or a new one."""
    who, drafts = owner(), current_state().drafts
    wanted = draft or view.options.get("draft")
    if wanted:
        return DraftSession(drafts.get(wanted), view, who)
    start = view.scenario
    return DraftSession(drafts.latest(who, start) or begin(start, who), view, who)


def begin(start: str, who: str) -> Draft:
    """A new draft that extends a scenario. Raises DraftError if there is no such scenario to begin from."""
    scenario = scenario_named(start, who)
    text = edits.extending(scenario, f"my_{scenario.name}"[:80])
    return current_state().drafts.new(who, start, text)


def scenario_named(name: str, who: str) -> Scenario:
    """A scenario by the name of a link: a shipped one, or one that its owner has saved. Raises DraftError."""
    stem = name.rpartition("-")[0] or name
    if name in scenario_names():
        return load_scenario(name)
    if stem in current_state().drafts.saved(who):
        return load_scenario(current_state().drafts.path_of(who, stem))
    raise DraftError(f"There is no scenario '{name}' to begin from: it is not shipped, and you have not saved it.")


def edited(session: DraftSession, given: Sequence[tuple[Where, Kind, Any]]) -> tuple[Draft, bool]:
    """The draft with fields set to what was typed: path, kind and value of each; whether its forms look otherwise."""
    otherwise = False

    def edit(text: str) -> str:
        nonlocal otherwise
        for path, kind, value in given:
            own, whole = parts(text, session.path)
            now = edits.value_at(whole, path)
            if shown(kind, now) == shown(kind, typed(kind, value)):
                continue
            otherwise |= path[0] not in own or path[-1] in ("service", "programme") or _misfit(kind, now)
            text = edits.set_field(text, own, whole, path, typed(kind, value))
        return text

    return current_state().drafts.change(session.draft.id, session.who, edit), otherwise


def after_action(session: DraftSession, act: str, path: Where, chosen: str | None) -> Draft:
    """The draft after an entry was added or removed, a part given back, or a step undone or done again."""
    drafts = current_state().drafts
    if act in ("undo", "redo"):
        return getattr(drafts, act)(session.draft.id, session.who)  # type: ignore[no-any-return]

    def edit(text: str) -> str:
        own, whole = parts(text, session.path)
        if act == "add":
            return edits.added(text, own, whole, str(path[0]))
        if act == "remove":
            return edits.removed(text, own, whole, path)
        if act == "give-back":
            return edits.reset_part(text, own, str(path[0]))
        if act == "add-change":
            return edits.with_change(text, own, chosen)
        raise DraftError(f"There is nothing called '{act}' that can be done to a draft.")

    return drafts.change(session.draft.id, session.who, edit)


def replaced(session: DraftSession, text: str) -> Draft:
    """The draft with another text, as typed; one that is no YAML is kept too, so that it can be mended."""
    return current_state().drafts.change(
        session.draft.id, session.who, lambda _: text if text.endswith("\n") else f"{text}\n"
    )


def copied(session: DraftSession) -> Draft:
    """A copy of the draft, whoever's it was, as one's own."""
    data = data_of(session.draft.text)
    name, title = str(data.get("name") or "plan"), str(data.get("title") or "Plan")
    text = edits.copied(session.draft.text, f"{name[:74]}_copy", f"{title} (copy)")
    return current_state().drafts.new(session.who, session.draft.start, text)


def saved(session: DraftSession) -> Path:
    """Save the draft as a file of its name. Raises DraftError while it has faults, or for a shipped one's name."""
    checked = session.checked()
    if checked.scenario is None or checked.problems:
        raise DraftError("This cannot be saved before its faults are mended; it is kept as a draft.")
    return current_state().drafts.save(session.who, checked.scenario.name, session.draft.text)


def uploaded(contents: str, file: str, who: str) -> Draft | str:
    """A file that was opened, as a new draft; or, of a programme file, the name under which it was saved.

    Raises DraftError for a file that is too large or no text, ProgrammeError for a programme file with faults.
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
    """What a new draft can begin from."""
    own = [{"value": name, "label": f"{name} (saved by you)"} for name in current_state().drafts.saved(who)]
    return [*own, *scenario_choices()]


def _misfit(kind: Kind, value: Any) -> bool:
    """Whether a number's place held text, for which it was shown as a text field."""
    return kind in ("share", "whole", "number") and isinstance(shown(kind, value) or 0, str)
