"""Cards of page Build: question, automation, programmes, funding, staff, and changed evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component
from pydantic import BaseModel

from dashboard.application.pages.build.fields import (
    PICK,
    button,
    control,
    fact_line,
    faults,
    field_errors,
    input_for,
    number_at,
)
from dashboard.building import facts
from dashboard.building.check import DraftCheck
from dashboard.building.edits import inherits, value_at
from dashboard.building.forms import Field, fields_of, in_words
from dashboard.building.text import Where, shown
from simulator.districts import named_district
from simulator.foundations.categories import LISTS, PROGRAMMES
from simulator.foundations.yaml_reader import dotted
from simulator.places import place_names
from simulator.scenario.checks import programme_of
from simulator.scenario.parts import (
    AutomationEntry,
    Calendar,
    Commitment,
    EvidenceChange,
    Funding,
    Reinvestment,
    ScenarioPart,
    Spread,
    StaffingEntry,
    VolunteerSurge,
)
from simulator.scenario.scenario import Scenario

_TOP: Final = ("name", "title", "question", "place")


def cards(checked: DraftCheck, parent: str, *, disabled: bool) -> list[Component]:
    """All cards, or the reason why there are none; ``parent`` is the title of the extended scenario."""
    if not checked.legible:
        return [
            card(
                "What the file says",
                None,
                [html.P("This text cannot be edited field by field."), *faults(checked.problems)],
            )
        ]
    look = _CardView(checked, parent, disabled)
    return [
        look.question(),
        look.listed("What is automated, and how fast", AUTOMATE),
        look.buys(),
        look.listed("Who else pays, and for whom", FUNDING),
        look.listed("Staff: relief, cuts and training", STAFFING),
        look.changes(),
        look.single("When it begins and how long it runs", "calendar", Calendar),
        look.single("A surge of volunteers", "volunteer_surge", VolunteerSurge),
        look.single("How it spreads over a county", "spread", Spread),
    ]


def card(title: str, lead: str | None, inside: Sequence[Component]) -> Component:
    """One card with its heading."""
    return html.Section(
        [html.H2(title), *([html.P(lead, className="lead")] if lead else []), *inside], className="card"
    )


class _CardView:
    """Cards of one draft."""

    def __init__(self, checked: DraftCheck, parent: str, disabled: bool) -> None:
        self.checked, self.parent, self.disabled = checked, parent, disabled

    def question(self) -> Component:
        """Name, title, question and place."""
        fields = [field for field in fields_of(Scenario) if field.name in _TOP]
        fields = [
            field._replace(kind="choice", choices=self._places(), description=self._where_it_runs())
            if field.name == "place"
            else field
            for field in fields
        ]
        inside = [control(self.checked, field, (), disabled=self.disabled) for field in fields]
        extends = self.checked.own.get("extends")
        lead = f"Whatever is not said here is as in {self.parent} ({extends})." if extends else None
        return card("The question", lead, [html.Div(inside, className="fields"), *self._left_over()])

    def _places(self) -> tuple[str, ...]:
        """The shipped places, and the district that is chosen above: all of them would take long to send."""
        spec = self.checked.spec
        here = named_district(spec.place.name) if spec is not None else None
        return (*place_names(), *([here.name] if here else []))

    def _where_it_runs(self) -> str:
        """What the place of the file is for, since the place shown on all pages is chosen above."""
        spec = self.checked.spec
        here = f"Runs on this page are in {spec.place.title}, chosen above. " if spec is not None else ""
        return f"{here}The file keeps this place for the command line."

    def listed(self, title: str, listed: ListPart) -> Component:
        """A list of entries, each with its fields and facts."""
        inside = self._origin(listed.part)
        return card(title, _about(listed.part), [*inside, *self._entries(listed)])

    def buys(self) -> Component:
        """Uses of the released resource: share reinvested, programmes, and committed posts."""
        checked = self.checked
        share = [control(checked, field, ("reinvest",), disabled=self.disabled) for field in fields_of(Reinvestment)]
        total = faults(checked.problems_at("reinvest.programmes") + checked.problems_at("reinvest"))
        whole = checked.whole.get("reinvest")
        chosen = whole.get("programmes") if isinstance(whole, Mapping) else None
        chosen = chosen if isinstance(chosen, Mapping) else {}
        own = [programme_of(file) for file in checked.whole.get("programmes", ()) if isinstance(file, str)]
        names = dict.fromkeys((*chosen, *PROGRAMMES, *own))
        rows = [self._programme(str(name), name in chosen) for name in names]
        is_open = bool(checked.whole.get("automate")) and not chosen
        used, unused = rows[: len(chosen)], rows[len(chosen) :]
        more = html.Details([html.Summary(f"{len(unused)} other programmes"), *unused], open=is_open)
        return card(
            "What it buys",
            _about("reinvest"),
            [
                *self._origin("reinvest"),
                html.Div(share, className="fields"),
                html.H3("In what shares"),
                *total,
                html.Div([*used, more], className="programmes"),
                html.H3("Posts promised"),
                html.P(_about("commitments"), className="lead"),
                *self._origin("commitments"),
                *self._entries(COMMITMENTS),
            ],
        )

    def changes(self) -> Component:
        """Changed evidence values, each with the original."""
        paths = self.checked.whole.get("changes")
        rows = [self._change(str(path)) for path in (paths if isinstance(paths, Mapping) else ())]
        known = facts.every_value()
        data = [{"value": path, "label": f"{value.label} ({path})"} for path, value in known.items()]
        picker = dmc.Select(
            id={"type": PICK, "of": "evidence"},
            label="Which value differs",
            data=data,
            searchable=True,
            clearable=True,
            disabled=self.disabled,
            limit=60,
            nothingFoundMessage="There is no such value",
        )
        add = html.Div([picker, self._button("add-change", ("changes",), "Change this value")], className="adder")
        problems = faults(self.checked.problems_at("changes"))
        return card("Evidence that differs here", _about("changes"), [*problems, *rows, add])

    def single(self, title: str, part: str, model: type[ScenarioPart]) -> Component:
        """An optional part."""
        there = isinstance(self.checked.whole.get(part), Mapping)
        if not there:
            inside = [self._button("add", (part,), "Add", f"Add: {title}")]
            return card(title, _about(part), [html.Div(inside, className="adder")])
        fields = [control(self.checked, field, (part,), disabled=self.disabled) for field in fields_of(model)]
        inside = [*self._origin(part), *faults(self.checked.problems_at(part)), html.Div(fields, className="fields")]
        if part in self.checked.own:
            inside.append(self._button("remove", (part,), "Remove", f"Remove: {title}", variant="outline"))
        return card(title, _about(part), inside)

    def _entries(self, listed: ListPart) -> list[Component]:
        entries = self.checked.whole.get(listed.part)
        inside: list[Component] = [*faults(self.checked.problems_at(listed.part))]
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            inside.append(self._entry(listed, number, entry if isinstance(entry, Mapping) else {}))
        inside.append(html.Div(self._button("add", (listed.part,), listed.add), className="adder"))
        return inside

    def _entry(self, listed: ListPart, number: int, entry: Mapping[str, Any]) -> Component:
        path: Where = (listed.part, number)
        heading = ", ".join(in_words(str(entry.get(name, "?"))) for name in listed.named_by)
        fields = self._fields(listed.model)
        remove = self._button("remove", path, "Remove", f"Remove {heading}", variant="outline", size="compact-sm")
        shown_fields = [control(self.checked, field, path, disabled=self.disabled) for field in fields]
        return self._folded(
            path,
            f"{number + 1}. {heading}",
            {name: entry.get(name) for name in listed.amounts},
            [
                html.Div(shown_fields, className="fields"),
                html.Div([*fact_line(listed.fact(entry)), remove], className="foot"),
            ],
        )

    def _folded(self, path: Where, heading: str, amounts: Mapping[str, Any], inside: Sequence[Component]) -> Component:
        """An entry folded under its heading and its amounts by field.

        `assets/build.js` unfolds it if anything in it has a problem, and says an amount again when its field changes.
        """
        faulty = any(problem.field.startswith(dotted(path)) for problem in self.checked.problems)
        of: Any = [{"data-of": name} for name in amounts]
        said = [
            html.Span([": ", html.Span(_amount(name, value), **named), _unit(name)])
            for (name, value), named in zip(amounts.items(), of, strict=True)
            if value is not None and not isinstance(value, dict | list)
        ]
        problems = faults(self.checked.problems_at(dotted(path)))
        summary = html.Summary([heading, *said])
        return html.Details([summary, *problems, *inside], className="entry faulty" if faulty else "entry")

    def _fields(self, model: type[BaseModel]) -> list[Field]:
        """The fields of a model, with the scenario's own programmes as choices."""
        own = tuple(programme_of(file) for file in self.checked.whole.get("programmes", ()) if isinstance(file, str))
        return [
            field._replace(choices=(*field.choices, *own)) if field.name == "programme" else field
            for field in fields_of(model)
        ]

    def _programme(self, name: str, chosen: bool) -> Component:
        path: Where = ("reinvest", "programmes", name)
        field = Field(name, "share", facts.programme_title(name), "", required=False, default=None)
        value = shown("share", value_at(self.checked.whole, path))
        error = field_errors(self.checked.problems_at(dotted(path)))
        inside = [input_for(field, path, value, error, {}, disabled=self.disabled), *fact_line(facts.cost_fact(name))]
        return html.Div(inside, className="programme chosen" if chosen else "programme")

    def _change(self, path: str) -> Component:
        at: Where = ("changes", path)
        known = facts.every_value()
        value = known.get(path)
        numbers: list[Component] = []
        if value is not None and value.by is not None:
            usual = value.by_category()
            numbers = [
                number_at(
                    self.checked, (*at, "value", key), key, f"as evidence: {usual[key]:g}", disabled=self.disabled
                )
                for key in LISTS[value.by]
            ]
        else:
            unit = f"in {value.unit}" if value is not None else ""
            numbers = [number_at(self.checked, (*at, "value"), "Value here", unit, disabled=self.disabled)]
        reason = [control(self.checked, field, at, disabled=self.disabled) for field in fields_of(EvidenceChange)]
        own = path in (self.checked.own.get("changes") or {})
        remove = (
            [self._button("remove", at, "Remove", f"Remove the change of {path}", variant="outline")] if own else []
        )
        return self._folded(
            at,
            value.label if value is not None else path,
            {"value": value_at(self.checked.whole, (*at, "value"))},
            [
                html.Div([*numbers, *reason], className="fields"),
                *fact_line(facts.evidence_fact(path)),
                *remove,
            ],
        )

    def _origin(self, part: str) -> list[Component]:
        """A note that a part is inherited, or a button to inherit it again."""
        if inherits(self.checked.own, self.checked.whole, part):
            return [
                html.P(f"As in {self.parent}. Changing anything here makes it this scenario's own.", className="as-in")
            ]
        if part in self.checked.own and self.checked.own.get("extends"):
            return [
                html.P(
                    [
                        "This scenario's own. ",
                        self._button(
                            "give-back",
                            (part,),
                            f"Make it as in {self.parent} again",
                            variant="subtle",
                            size="compact-sm",
                        ),
                    ],
                    className="as-in",
                )
            ]
        return []

    def _left_over(self) -> list[Component]:
        """Problems of the whole file and of fields without a control here."""
        apart = ("extends", "programmes", "")
        known = set(Scenario.model_fields) - {"extends", "programmes"}
        left = [
            problem
            for problem in self.checked.problems
            if problem.field in apart or problem.field.split(".")[0].split("[")[0] not in known
        ]
        return faults(left)

    def _button(self, act: str, path: Where, label: str, name: str = "", **look: Any) -> Component:
        return button(act, path, label, name, disabled=self.disabled, **{"variant": "light", **look})


def _about(part: str) -> str:
    """The model's description of a part."""
    return f"{Scenario.model_fields[part].description}."


def _amount(name: str, value: Any) -> str:
    """The value of a field as its control writes it.

    >>> _amount("share", 0.6), _amount("share", "75 %"), _amount("pounds_per_year", 20_000)
    ('60 %', '75 %', '20,000')
    """
    number = shown("share" if name == "share" else "number", value)
    text = f"{number:,.10g}" if isinstance(number, int | float) else str(number)
    return f"{text} %" if name == "share" and isinstance(number, float) else text


def _unit(name: str) -> str:
    """What stands after an amount, unless its control writes it.

    >>> _unit("pounds_per_resident"), _unit("share")
    (' pounds per resident', '')
    """
    return "" if name in ("share", "value") else f" {in_words(name)}"


# The parts of a scenario that are lists of entries.


class ListPart(NamedTuple):
    """A part that is a list of entries."""

    part: str
    model: type[ScenarioPart]
    named_by: tuple[str, ...]  # fields in the heading of an entry
    amounts: tuple[str, ...]  # fields that say how much, after it
    add: str  # label of the button
    fact: Callable[[Mapping[str, Any]], facts.Fact | None]


AUTOMATE: Final = ListPart(
    "automate",
    AutomationEntry,
    ("service", "task"),
    ("share",),
    "Automate another task",
    lambda entry: facts.ceiling_fact(str(entry.get("service")), str(entry.get("task"))),
)
FUNDING: Final = ListPart(
    "funding",
    Funding,
    ("programme", "payer"),
    ("pounds_per_year", "pounds_per_resident", "units"),
    "Add money from elsewhere",
    lambda entry: facts.cost_fact(str(entry.get("programme"))),
)
COMMITMENTS: Final = ListPart(
    "commitments",
    Commitment,
    ("programme",),
    ("units",),
    "Promise posts",
    lambda entry: facts.cost_fact(str(entry.get("programme"))),
)
STAFFING: Final = ListPart(
    "staffing",
    StaffingEntry,
    ("service", "role"),
    ("hours_per_week", "training_hours_per_week"),
    "Change the hours of a role",
    lambda entry: facts.hour_fact(str(entry.get("service")), str(entry.get("role"))),
)
