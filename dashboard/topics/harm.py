"""Probability of harm: warnings for the first screen, and the probability for each outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final, NamedTuple

import pandas as pd

from dashboard.figures import chances_of_worse
from dashboard.text.html import chart, exhibit
from dashboard.text.labels import name_of, short_lens_title
from dashboard.text.phrases import listed, sentence
from dashboard.text.tables import Cells, html_table
from dashboard.topics.groups import GROUPS, counted_in, groups_text, too_small
from dashboard.topics.through_lenses import is_withheld
from simulator.comparison.chance_of_harm import EVEN, PROBABLE, chances, probably_worse
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES

NOTE: Final = (
    "Share of paired runs in which the scenario was worse than its baseline; equal pairs are not worse. The bar is the "
    "95 % interval of that share, which more runs would narrow. To the right of the line, harm is more likely than not."
)
CHANCES_WITHHELD: Final = (
    "Probabilities of harm are estimated from the same runs as the ranges, so they are withheld too."
)
FEWEST_RUNS: Final = 2


LEAST: Final = 1.0
"""Less than one event over the whole run, or less than one lonely person at a time, is not reported as harm."""


class Warnings(NamedTuple):
    """Phrases for outcomes that are worse with a probability above 80 %; empty if there are none."""

    costs: Sequence[str]
    harms: Sequence[str]
    groups: Sequence[str]
    slight: Sequence[str] = ()  # harms of less than one person or event (`LEAST`)

    @property
    def alarming(self) -> bool:
        """Whether the warning is shown first."""
        return bool(self.costs or self.harms or self.groups)


def warnings_of(comparison: Comparison) -> Warnings:
    """Outcomes that are probably worse, overall and by group. Groups with few people or events are left out."""
    worse = [str(name) for name in probably_worse(chances(comparison, "warnings"))["measure"]]
    harms = [measure for measure in worse if OUTCOMES[measure].source == "counts"]
    large = [measure for measure in harms if float(more_of(comparison, measure)) >= LEAST]
    groups: list[str] = []
    for group in GROUPS:
        rows = without_small(comparison, chances(comparison, "warnings by group", (group,)), group)
        for measure, found in probably_worse(rows).groupby("measure", sort=False):
            shown = int((rows[rows["measure"] == measure]["runs"] > 0).sum())
            more = more_of(comparison, str(measure), group)
            named = [name for name in found[group] if more[name] >= LEAST]
            if named:
                groups.append(f"{worse_words(str(measure))} {groups_text(group, named, shown)}")
    return Warnings(
        [worse_words(measure) for measure in worse if measure not in harms],
        [worse_words(measure) for measure in large],
        groups,
        [worse_words(measure) for measure in harms if measure not in large],
    )


def worse_words(measure: str) -> str:
    """The change of an outcome that is worse, within a sentence."""
    return OUTCOMES[measure].change(better=False)


def more_of(comparison: Comparison, measure: str, *group: str) -> Any:
    """The mean increase over the baseline: events over the whole run, or lonely people.

    A number, or a series by ``group``.
    """
    arms = (comparison.scenario, comparison.baseline)
    scenario, baseline = (counted_in(results, comparison.seeds, measure, *group) for results in arms)
    weeks = comparison.scenario.weeks if OUTCOMES[measure].amount.unit == "weeks" else 1
    return (scenario - baseline) / len(comparison.seeds) / weeks


def without_small(comparison: Comparison, rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """Rows of probabilities by group without the groups that are too small to show."""
    kept = []
    for measure, mine in rows.groupby("measure", sort=False):
        kept.append(mine[~too_small(comparison, group, str(measure))])
    return pd.concat(kept)


def first_screen(comparison: Comparison, headline: str, also: Mapping[str, Comparison] | None = None) -> str:
    """Headline, and a box with the probability of higher costs or of harm; a warning comes before the headline.

    ``also`` contains the same comparison through other lenses, by lens name; each lens has a box titled with its name.
    A lens whose ranges are withheld has no box.
    """
    several = {short_lens_title(comparison.scenario.record): comparison, **(also or {})} if also else {"": comparison}
    boxes = [_box_of(one, name, number) for number, (name, one) in enumerate(several.items()) if not is_withheld(one)]
    shown = "".join(box for _, box in boxes)
    return shown + headline if any(alarming for alarming, _ in boxes) else headline + shown


def _box_of(comparison: Comparison, name: str, number: int) -> tuple[bool, str]:
    """Whether the box is a warning, and the box."""
    rows = chances(comparison, "first chances")
    before = f"{name}: " if name else ""
    if len(comparison.seeds) < FEWEST_RUNS:
        said = "The probability of harm cannot be estimated from one pair of runs."
        return False, _box("calm", f"{before}Can it make things worse?", said, rows, number)
    found = warnings_of(comparison)
    kind = "alarm" if found.alarming else "calm"
    return found.alarming, _box(kind, f"{before}{verdict(found, rows)}", detail(found), rows, number)


def verdict(found: Warnings, rows: pd.DataFrame) -> str:
    """The heading of the box. ``rows`` are the probabilities of the first screen.

    >>> verdict(Warnings(["more money spent"], [], []), pd.DataFrame())
    'It probably costs more'
    >>> verdict(Warnings([], ["more deaths"], ["more loneliness at 16-24"]), pd.DataFrame())
    'It probably makes things worse'
    """
    said = []
    if found.costs:
        said.append("costs more")
    if found.harms:
        said.append("makes things worse")
    elif found.groups:
        said.append("leaves some people worse off")
    if said:
        return f"It probably {' and '.join(said)}"
    if (rows["high"] < EVEN).all():
        return "It is unlikely to cost more or to make things worse"
    return "It may make things worse, with these probabilities"


def detail(found: Warnings) -> str:
    """Sentences on what is probably worse, overall and by group."""
    everyone = [*found.costs, *found.harms]
    said = [sentence(f"probably {listed(everyone)}")] if everyone else []
    if found.groups:
        said.append(sentence(f"probably {'; '.join(found.groups)}"))
    else:
        said.append(
            "No age band or deprivation fifth that is large enough to show is worse off with a probability above "
            f"{100 * PROBABLE:.0f} %."
        )
    if found.slight:
        slight = listed([*found.slight])
        said.append(sentence(f"{slight}: likely, but by less than one person or event in the whole place"))
    said.append("Brackets show the 95 % interval of each probability, which more runs would narrow.")
    return " ".join(said)


def _box(kind: str, heading: str, detail: str, rows: pd.DataFrame, number: int) -> str:
    named = f"harm-{number}"
    cells = "".join(
        f"<li><strong>{escape(percent(row))}</strong> chance of {escape(worse_words(row['measure']))} "
        f'<span class="pairs">{escape(pairs_in_words(row) + ends_in_words(row))}</span></li>'
        for _, row in rows.iterrows()
    )
    return (
        f'<section class="harm {kind}" aria-labelledby="{named}"><h2 id="{named}">{escape(heading)}</h2>'
        f'<ul class="chances">{cells}</ul><p>{escape(detail)}</p></section>'
    )


def percent(row: pd.Series[Any]) -> str:
    """A probability in per cent; a dash if there is only one pair of runs."""
    return f"{100.0 * row['chance']:.0f} %" if row["runs"] >= FEWEST_RUNS else "–"


def pairs_in_words(row: pd.Series[Any]) -> str:
    """The number of pairs in which the outcome was worse, and of ties.

    >>> pairs_in_words(pd.Series({"worse_in": 7, "equal_in": 4, "runs": 12}))
    'in 7 of 12 pairs, equal in 4'
    """
    ties = f", equal in {row['equal_in']}" if row["equal_in"] else ""
    return f"in {row['worse_in']} of {row['runs']} pairs{ties}"


def chances_exhibit(comparison: Comparison, line: str) -> str:
    """Chart and table of all probabilities with their intervals, or a note that they are withheld."""
    if is_withheld(comparison):
        return f"<p>{escape(CHANCES_WITHHELD)}</p>"
    rows = chances(comparison)
    title = chances_finding(rows)
    said = "; ".join(f"{name_of(row)}: {percent(row)}, {_interval(row)}" for _, row in rows.iterrows())
    drawn = chart(chances_of_worse(rows), "chances", f"{title}. {said}.")
    return exhibit(title, NOTE, drawn, chances_table(rows, "Chance that it is worse"), line)


def chances_finding(rows: pd.DataFrame) -> str:
    """The outcomes that are probably worse, otherwise the one most likely to be."""
    worse = probably_worse(rows)
    if len(worse):
        return sentence(f"probably {listed([worse_words(name) for name in worse['measure']])}").rstrip(".")
    known = rows[rows["runs"] >= FEWEST_RUNS]
    if known.empty:
        return "The probability of harm cannot be estimated from one pair of runs"
    top = known.iloc[int(known["chance"].to_numpy().argmax())]
    return (
        f"No outcome is worse with a probability above {100 * PROBABLE:.0f} %; the most likely is "
        f"{worse_words(top['measure'])}, at {percent(top)}"
    )


def chances_table(rows: pd.DataFrame, caption: str, named_by: Sequence[str] = ()) -> str:
    """Probabilities as an HTML table (see `chances_cells`)."""
    return html_table(*chances_cells(rows, caption, named_by))


def chances_cells(rows: pd.DataFrame, caption: str, named_by: Sequence[str] = ()) -> Cells:
    """Probabilities as text, with lower and upper ends."""
    heads = ["Outcome", *named_by, "Chance", "Lower", "Upper", "Worse in", "Equal in", "Better in", "Pairs"]
    body = []
    for _, row in rows.iterrows():
        ends = [f"{100.0 * row[name]:.0f} %" if row["runs"] else "" for name in ("low", "high")]
        counts = [str(row[name]) for name in ("worse_in", "equal_in", "better_in", "runs")]
        body.append([name_of(row), *(str(row[name]) for name in named_by), percent(row), *ends, *counts])
    return Cells(caption, heads, body, 1 + len(named_by))


def ends_in_words(row: pd.Series[Any]) -> str:
    """The interval of a probability in brackets; empty if there is only one pair of runs."""
    if row["runs"] < FEWEST_RUNS:
        return ""
    return f" ({100.0 * row['low']:.0f} to {100.0 * row['high']:.0f} %)"


def _interval(row: pd.Series[Any]) -> str:
    return f"95 % interval {100.0 * row['low']:.0f} to {100.0 * row['high']:.0f} %, {pairs_in_words(row)}"
