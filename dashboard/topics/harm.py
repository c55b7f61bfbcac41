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
from dashboard.topics.groups import GROUPS, groups_text, too_small
from dashboard.topics.through_lenses import is_withheld
from simulator.comparison.chance_of_harm import chances, probably_worse
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import chance_percent, change_text, matters_text, range_words
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.verdict import FEWEST, HIGH

CHANCES_STATISTIC: Final = (
    "Chance that the scenario is worse than its baseline by more than the smallest difference that matters."
)
NOTE: Final = (
    f"{CHANCES_STATISTIC} The bar is the 95 % interval, which more runs would narrow. An outcome to the right of the "
    "line is worse."
)
TOO_FEW: Final = "The chance of harm cannot be estimated from so few pairs of runs"
DIFFERENCE_NAMES: Final = {
    "low": "chance_low",
    "high": "chance_high",
    "difference_low": "low",
    "difference_high": "high",
}
"""Ends of the range in rows of chances, called as in rows of differences."""
CHANCES_WITHHELD: Final = "Chances of harm are estimated from the same runs as the ranges, so they are withheld too."


class Warnings(NamedTuple):
    """Phrases for outcomes whose verdict is that they are worse; empty if there are none."""

    costs: Sequence[str]
    harms: Sequence[str]
    groups: Sequence[str]

    @property
    def alarming(self) -> bool:
        """Whether the warning is shown first."""
        return bool(self.costs or self.harms or self.groups)


def warnings_of(comparison: Comparison) -> Warnings:
    """Outcomes that are worse, overall and by group. Groups with few people or events are left out."""
    worse = [str(name) for name in probably_worse(chances(comparison, "warnings"))["measure"]]
    harms = [measure for measure in worse if OUTCOMES[measure].source == "counts"]
    groups: list[str] = []
    for group in GROUPS:
        rows = without_small(comparison, chances(comparison, "warnings by group", (group,)), group)
        for measure, found in probably_worse(rows).groupby("measure", sort=False):
            shown = int((rows[rows["measure"] == measure]["runs"] > 0).sum())
            groups.append(f"{worse_words(str(measure))} {groups_text(group, list(found[group]), shown)}")
    return Warnings(
        [worse_words(measure) for measure in worse if measure not in harms],
        [worse_words(measure) for measure in harms],
        groups,
    )


def worse_words(measure: str) -> str:
    """The change of an outcome that is worse, within a sentence."""
    return OUTCOMES[measure].change(better=False)


def without_small(comparison: Comparison, rows: pd.DataFrame, group: str) -> pd.DataFrame:
    """Rows of chances by group without the groups that are too small to show."""
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
    if len(comparison.seeds) < FEWEST:
        return False, _box("calm", f"{before}Can it make things worse?", f"{TOO_FEW}.", rows, number)
    found = warnings_of(comparison)
    kind = "alarm" if found.alarming else "calm"
    return found.alarming, _box(kind, f"{before}{harm_heading(found, rows)}", detail(found), rows, number)


def harm_heading(found: Warnings, rows: pd.DataFrame) -> str:
    """The heading of the box. ``rows`` are the chances of the first screen.

    >>> harm_heading(Warnings(["more money spent"], [], []), pd.DataFrame())
    'It probably costs more'
    >>> harm_heading(Warnings([], ["more deaths"], ["more loneliness at 16-24"]), pd.DataFrame())
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
    if (rows["chance"] <= 1.0 - HIGH).all():
        return "It is unlikely to cost more or to make things worse by enough to matter"
    return "It may make things worse, with these chances"


def detail(found: Warnings) -> str:
    """Sentences on what is probably worse, overall and by group."""
    everyone = [*found.costs, *found.harms]
    said = [sentence(f"probably {listed(everyone)}")] if everyone else []
    if found.groups:
        said.append(sentence(f"probably {'; '.join(found.groups)}"))
    else:
        said.append(
            f"No age band or deprivation fifth is worse off by enough to matter with a chance of {100 * HIGH:.0f} % or "
            "more, as far as it is large enough to show."
        )
    return " ".join(said)


def _box(kind: str, heading: str, detail: str, rows: pd.DataFrame, number: int) -> str:
    named = f"harm-{number}"
    cells = "".join(
        f"<li><strong>{escape(percent(row))}</strong> chance of {escape(worse_by(row))} "
        f'<span class="pairs">{escape(size_in_words(row))}</span></li>'
        for _, row in rows.iterrows()
    )
    return (
        f'<section class="harm {kind}" aria-labelledby="{named}"><h2 id="{named}">{escape(heading)}</h2>'
        f'<ul class="chances">{cells}</ul><p>{escape(detail)}</p></section>'
    )


def percent(row: pd.Series[Any]) -> str:
    """A chance in per cent; a dash if there are too few pairs of runs."""
    return chance_percent(row["chance"]) if row["runs"] >= FEWEST else "–"


def worse_by(row: pd.Series[Any]) -> str:
    """A worse outcome within a sentence, by at least the smallest difference that matters.

    >>> worse_by(pd.Series({"measure": "deaths", "unit": "deaths a year", "matters": 3.2}))
    'at least 3.2 more deaths'
    """
    words = worse_words(row["measure"])
    if words.startswith(("more ", "fewer ", "less ")):
        return f"at least {matters_text(row)} {words}"
    return f"{words} by at least {matters_text(row)}"


def size_in_words(row: pd.Series[Any]) -> str:
    """The mean difference of a row of chances, with its range."""
    return f"on average {change_text(row, row['difference'])} ({range_words(row.rename(DIFFERENCE_NAMES))})"


def chances_exhibit(comparison: Comparison, line: str) -> str:
    """Chart and table of all probabilities with their intervals, or a note that they are withheld."""
    if is_withheld(comparison):
        return f"<p>{escape(CHANCES_WITHHELD)}</p>"
    rows = chances(comparison)
    title = chances_finding(rows)
    said = "; ".join(f"{name_of(row)}: {percent(row)}, {_interval(row)}" for _, row in rows.iterrows())
    drawn = chart(chances_of_worse(rows), "chances", f"{title}. {said}.")
    return exhibit(title, NOTE, drawn, chances_table(rows, "Chance that it is worse by enough to matter"), line)


def chances_finding(rows: pd.DataFrame) -> str:
    """The outcomes that are probably worse, otherwise the one most likely to be."""
    worse = probably_worse(rows)
    if len(worse):
        return sentence(f"probably {listed([worse_by(row) for _, row in worse.iterrows()])}").rstrip(".")
    known = rows[rows["runs"] >= FEWEST]
    if known.empty:
        return TOO_FEW
    top = known.iloc[int(known["chance"].to_numpy().argmax())]
    return (
        f"No outcome is worse by enough to matter with a chance of {100 * HIGH:.0f} % or more; the most likely is "
        f"{worse_by(top)}, at {percent(top)}"
    )


def chances_table(rows: pd.DataFrame, caption: str, named_by: Sequence[str] = ()) -> str:
    """Probabilities as an HTML table (see `chances_cells`)."""
    return html_table(*chances_cells(rows, caption, named_by))


def chances_cells(rows: pd.DataFrame, caption: str, named_by: Sequence[str] = ()) -> Cells:
    """Chances as text, with lower and upper ends."""
    heads = ["Outcome", *named_by, "Chance", "Lower", "Upper", "By at least", "Mean difference"]
    heads += ["Worse in", "Neither in", "Better in", "Pairs"]
    body = []
    for _, row in rows.iterrows():
        ends = [f"{100.0 * row[name]:.0f} %" if row["runs"] else "" for name in ("low", "high")]
        size = change_text(row, row["difference"])
        counts = [str(row[name]) for name in ("worse_in", "small_in", "better_in", "runs")]
        body.append(
            [
                name_of(row),
                *(str(row[name]) for name in named_by),
                percent(row),
                *ends,
                matters_text(row),
                size,
                *counts,
            ]
        )
    return Cells(caption, heads, body, 1 + len(named_by))


def _interval(row: pd.Series[Any]) -> str:
    return f"95 % interval {100.0 * row['low']:.0f} to {100.0 * row['high']:.0f} %, {size_in_words(row)}"
