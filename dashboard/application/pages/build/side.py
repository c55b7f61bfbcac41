"""Side of page Build: problems of the draft, ledger, differences, text, and runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.application.pages.build.fields import button, faults, problem_text
from dashboard.building.check import DraftCheck
from dashboard.building.difference import differences, line_difference
from dashboard.building.facts import WholeRun, ledger_bar, whole_run
from dashboard.exhibits.components import spoken, table
from dashboard.runs import QUICK_PAIRS, JobState, Phase
from dashboard.runs.choices import place_titles
from dashboard.runs.view import View
from dashboard.server.access import THIS_COMPUTER, owner
from dashboard.text.lens_names import key_title
from dashboard.text.tables import Cells
from dashboard.topics.through_lenses import within
from simulator.results.run_record import model_version
from simulator.scenario.scenario import Scenario
from simulator.specification.expected_release import ExpectedQuarter

SHOWN_RUNS: Final = 6


def verdict(checked: DraftCheck) -> list[Component]:
    """Whether the draft can be run, or its problems."""
    if not checked.problems:
        return [html.P("No problems: this can be run and saved.", className="sound")]
    count = len(checked.problems)
    heading = f"Correct {'one problem' if count == 1 else f'{count} problems'} before running this"
    return [html.P(heading, className="unsound"), *faults(checked.problems)]


def ledger(checked: DraftCheck) -> Component:
    """The ledger bar: the amount expected to be released, and its uses."""
    heading = html.H2("What it should release")
    if checked.spec is None:
        return html.Section([heading, html.P("Calculated once the problems are corrected.")], className="ledger")
    bar = ledger_bar(checked.spec)
    if bar is None:
        return html.Section([heading, html.P("Nothing is automated, so nothing is released.")], className="ledger")
    lead = (
        f"Pounds a year by week {checked.spec.weeks - 1}, calculated from central evidence values for "
        f"{checked.spec.place.title}; nothing has been run."
    )
    drawn = _loss(bar) if bar.released < 0.0 else _bar(bar)
    whole = html.P(_whole(whole_run(checked.spec), checked.spec.weeks), className="whole-run")
    return html.Section([heading, html.P(lead, className="lead"), *drawn, whole, _account(bar)], className="ledger")


def _whole(run: WholeRun, weeks: int) -> str:
    """The sums over the whole run, which can have another sign while automation is being introduced."""
    parts = ", ".join(f"{_pounds(getattr(run, name))} {name}" for name in ("reinvested", "saved", "absorbed"))
    begun = f"Over all {weeks} weeks, with the time in which it is introduced"
    return f"{begun}: {_pounds(run.released)} released ({parts}). Page Follow the hour shows that of the runs."


def difference(checked: DraftCheck, base: Scenario, text_before: str) -> Component:
    """Differences between the draft and the scenario it is compared with, by entry and by line."""
    parts: list[Component] = []
    if checked.scenario is None:
        parts.append(html.P("Differences are shown once the problems are corrected. Since the draft was begun:"))
    else:
        rows = [list(one) for one in differences(base, checked.scenario)]
        if rows:
            heads = ["Part", "What", base.title, "Here"]
            parts.append(table(Cells(f"Differences from {base.title}", heads, rows, 2)))
        else:
            parts.append(html.P(f"This is the same policy as {base.title}."))
    lines = line_difference(text_before, checked.text, ("as begun", "now"))
    parts += [html.H3("Lines changed since the draft was begun"), html.Pre(lines or "None.", tabIndex=0)]
    return html.Div(parts)


def runs(states: Sequence[JobState], current: tuple[str, ...], view: View) -> list[Component]:
    """The latest runs of the user, those of the current draft first."""
    mine = sorted(states, key=lambda state: state.key not in current)
    shown = [state for state in mine if state.key in current or state.mine or state.over][:SHOWN_RUNS]
    if not shown:
        return [html.P("Nothing has been run yet.", className="lead")]
    return [html.Ul([_run(state, state.key in current, view) for state in shown], className="runs")]


def run_buttons(checked: DraftCheck, *, disabled: bool) -> list[Component]:
    """Buttons for a quick and a full run."""
    blocked = disabled or checked.spec is None
    return [
        html.Div(
            [
                button("quick", "quick", f"Quick run ({QUICK_PAIRS} pairs)", disabled=blocked),
                button("full", "full", "Full run", disabled=blocked, variant="outline"),
            ],
            className="buttons",
        )
    ]


def saved_text(path: Path) -> str:
    """The name of a saved file; on one's own computer its path, and the command that runs it."""
    if owner() != THIS_COMPUTER:
        return f"Saved as {path.name}. 'Download' gives you the file, for the command line."
    return f"Saved as {path}. From the command line: offset run {path}"


def _run(state: JobState, current: bool, view: View) -> Component:
    where = f"{state.pairs} pairs in {place_titles().get(state.place, state.place)}, {within(key_title(state.lens))}"
    size = f"{where}{', as it is now' if current else ''}"
    parts: list[Component] = [
        html.P([html.Strong(state.title), f" ({size})"]),
        html.P(state.in_words(), className="state"),
    ]
    if not state.over:
        share = 100.0 * state.done / state.total
        parts.append(dmc.Progress(value=share, size="lg", color="navy.8", **spoken(f"Runs done of {state.title}")))
    if not state.over and state.mine:
        parts.append(
            button("cancel", state.key, "Cancel", f"Cancel {state.title}", variant="outline", size="compact-sm")
        )
    if state.phase is Phase.FINISHED and len(state.names) > 1:
        model = None if state.model_version == model_version() else state.model_version
        if model is not None:
            parts.append(html.P(f"Run with model {model}; this is model {model_version()}. Run it again to compare."))
        shown = view.changed(
            scenarios=state.names[1:], base=state.names[0], place=state.place, lens=state.lens, options={}, model=model
        )
        parts.append(html.P([_link(state, "Answer", "/", shown), " ", _link(state, "Compare", "/compare", shown)]))
    parts += [html.P(_fault(fault.message, fault.file, fault.line, fault.field)) for fault in state.faults]
    return html.Li(parts, className=f"run {state.phase.value}")


def _link(state: JobState, label: str, path: str, view: View) -> Component:
    """A link that keeps the focus when the list is redrawn."""
    return html.A(label, id=f"{label}-{state.key}", href=f"{path}{view.query()}")


def _fault(message: str, file: str | None, line: int | None, field: str | None) -> str:
    where = ", ".join(part for part in (file or "", f"line {line}" if line is not None else "", field or "") if part)
    return f"{where}: {message}" if where else message


def _bar(bar: ExpectedQuarter) -> list[Component]:
    """Three lengths that add up to the amount released."""
    parts = (("reinvested", bar.reinvested), ("saved", bar.saved), ("absorbed", bar.absorbed))
    total = sum(max(0.0, pounds) for _, pounds in parts) or 1.0
    lengths = [
        html.Span(className=f"length {name}", style={"width": f"{100.0 * max(0.0, pounds) / total:.2f}%"})
        for name, pounds in parts
    ]
    said = f"Released {_pounds(bar.released)} a year: " + ", ".join(
        f"{_pounds(pounds)} {name}" for name, pounds in parts
    )
    keys = [
        html.Li([html.Span(className=f"key {name}"), html.Strong(_pounds(pounds)), f" {name}"])
        for name, pounds in parts
    ]
    return [
        html.P([html.Strong(_pounds(bar.released)), " released ="], className="released"),
        html.Div(lengths, className="bar", role="img", **spoken(said)),
        html.Ul(keys, className="key-list"),
    ]


def _loss(bar: ExpectedQuarter) -> list[Component]:
    said = f"Automation is expected to cost {_pounds(-bar.released)} a year more than it frees."
    if bar.reinvested > 0.0:
        said += f" One service frees something even so, of which {_pounds(bar.reinvested)} is reinvested."
    return [html.P(said, className="unsound")]


def _account(bar: ExpectedQuarter) -> Component:
    rows = [
        ["Automated", _pounds(bar.automated)],
        ["less rework", _pounds(bar.rework)],
        ["less technology", _pounds(bar.technology)],
        ["Released", _pounds(bar.released)],
        ["of which reinvested", _pounds(bar.reinvested)],
        ["saved", _pounds(bar.saved)],
        ["absorbed where it was freed", _pounds(bar.absorbed)],
    ]
    cells = Cells("Expected pounds a year", ["Account", "£ a year"], rows, 1)
    return html.Details([html.Summary("The account"), table(cells)])


def _pounds(pounds: float) -> str:
    """Pounds to the nearest hundred, in line with the precision of the expectation.

    >>> _pounds(52050.72), _pounds(-149.0)
    ('£52,100', '−£100')
    """
    rounded = round(pounds, -2)
    return f"{'−' if rounded < 0 else ''}£{abs(rounded):,.0f}"


def text_area(checked: DraftCheck, *, disabled: bool) -> Component:
    """The text of the file, which can be edited too."""
    area = dmc.Textarea(
        id="build-text",
        label="The scenario file",
        description="YAML. What is changed here is checked when the field is left.",
        value=checked.text,
        autosize=True,
        minRows=12,
        debounce=True,
        disabled=disabled,
        error="; ".join(problem_text(problem) for problem in checked.problems[:1]),
        className="yaml",
    )
    return html.Div(
        [area, html.Div(button("download", "download", "Download the file", variant="light"), className="adder")]
    )


def download(name: str, text: str) -> dict[str, str]:
    """The content for `dcc.Download`."""
    return {"content": text, "filename": f"{name}.yaml", "type": "text/yaml"}
