"""What ``offset compare`` prints by default: one screen with the answer, and where the rest is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from dashboard.command_line.output import plain, say, wrapped

if TYPE_CHECKING:
    import pandas as pd

    from simulator.comparison.comparison import Comparison
    from simulator.experiments.lens_comparisons import LensComparisons

_NAME, _SIZE, _VERDICT = 22, 25, 11
"""Characters of a column."""
STRONG: Final = 1.5
"""Multiples of the strengths found in studies from which a lens is said to take them."""
REST: Final = (
    "--all prints every outcome, cost and effect size; --out FOLDER writes a report, which offset report turns into "
    "slides, a workbook and a brief; offset dashboard shows all of it."
)


def show_first_screen(found: LensComparisons) -> None:
    """Print the sentence, the main outcomes through each lens on a line each, and where the rest is."""
    from simulator.comparison.smallest_differences import matters_in_words

    tables = [one.summary("first screen", rounded=False) for one in found.comparisons]
    lines = [wrapped(_sentence(found.comparisons, tables)), "", *_table(found.comparisons, tables), ""]
    lines += [wrapped(said) for said in (*_telling(found.comparisons, tables), *_strengths(found))]
    short = matters_in_words(found.comparisons[0].matters, short=True)
    lines.append(wrapped(f"Too small: smaller than matters ({short}; --matters sets others)."))
    lines.append(wrapped(REST))
    say("\n".join(plain(line) for line in lines))


def _sentence(comparisons: Sequence[Comparison], tables: Sequence[pd.DataFrame]) -> str:
    """One sentence on the first outcome, with the size and the verdict through each lens."""
    from dashboard.topics.through_lenses import is_withheld, within
    from simulator.comparison.headline import NO_CHANGE, change_text
    from simulator.comparison.outcomes import OUTCOMES
    from simulator.comparison.verdict import VERDICTS

    first = comparisons[0]
    record, said = first.scenario.record, []
    for one, table in zip(comparisons, tables, strict=True):
        row = table.iloc[0]
        change = change_text(row, row["difference"])
        noun = OUTCOMES[row["measure"]].noun
        size = f"as many {noun}" if change == NO_CHANGE else f"{change} {noun}"
        verdict = "range withheld" if is_withheld(one) else VERDICTS[row["verdict"]].lower()
        lens = f", {within(_short_title(one))}" if len(comparisons) > 1 else ""
        said.append(f"{size} {_per(first)} ({verdict}){lens}")
    compared = f"'{record['scenario_title']}' in {record['place_title']}, compared with "
    return f"{compared}'{first.baseline.record['scenario_title']}': {'; '.join(said)}."


def _table(comparisons: Sequence[Comparison], tables: Sequence[pd.DataFrame]) -> list[str]:
    """A line for each outcome: verdict, mean difference and 80 % range, through each lens; with the chance if one."""
    from dashboard.topics.through_lenses import is_withheld

    several = len(comparisons) > 1
    column = _VERDICT + 1 + _SIZE
    pairs = len(comparisons[0].seeds)
    heads = [_short_title(one) for one in comparisons] if several else ["Difference (80 % range)"]
    lines = [
        "  ".join(
            [
                f"{pairs} pairs; {_per(comparisons[0]).removesuffix(' residents')}".ljust(_NAME),
                *(head[:column].ljust(column) for head in heads),
            ]
        )
    ]
    for number in range(len(tables[0])):
        first = tables[0].iloc[number]
        points = ", points" if str(first["unit"]).startswith("%") else ""
        cells = [f"{_name(first)}{points}"[:_NAME].ljust(_NAME)]
        for one, table in zip(comparisons, tables, strict=True):
            row, withheld = table.iloc[number], is_withheld(one)
            verdict = "withheld" if withheld else _short(row["verdict"])
            cells.append(f"{verdict.ljust(_VERDICT)} {_size(row, withheld).ljust(_SIZE)}")
            if not several and not withheld:
                cells.append(_chance(row))
        lines.append("  ".join(cells))
    return [line.rstrip() for line in lines]


def _chance(row: pd.Series[Any]) -> str:
    """The chance of the verdict with the smallest difference that matters, or of what is most likely."""
    from simulator.comparison.headline import chance_text

    said = chance_text(row).partition(", ")[0] if row["verdict"] == "unsure" else chance_text(row)
    for long, short in ((" chance of", ":"), ("percentage points", "points"), (" either way", "")):
        said = said.replace(long, short)
    return said


def _size(row: pd.Series[Any], withheld: bool) -> str:
    """The mean difference with its range; pounds in thousands."""
    from dashboard.text.labels import signed

    pounds = str(row["unit"]).startswith("pounds")
    scale, sign = (1e-3, "£") if pounds else (1.0, "")
    error = row["monte_carlo_error"] * scale
    mean, low, high = (signed(row[name] * scale, error, "") for name in ("difference", "low", "high"))
    if pounds:
        mean, low, high = (f"{text[:1]}{sign}{text[1:]}k" if text != "0" else "£0k" for text in (mean, low, high))
    return mean if withheld else f"{mean} ({low} to {high})"


def _telling(comparisons: Sequence[Comparison], tables: Sequence[pd.DataFrame]) -> list[str]:
    """What would decide where the verdict is that one cannot tell yet: more runs, better evidence, the right lens."""
    from dashboard.text.phrases import listed, lowered
    from dashboard.topics.through_lenses import is_withheld, within
    from simulator.comparison.verdict import what_would_tell

    shown = [(one, table) for one, table in zip(comparisons, tables, strict=True) if not is_withheld(one)]
    lenses: dict[tuple[str, str], list[str]] = {}
    for one, table in shown:
        for _, row in table[table["verdict"] == "unsure"].iterrows():
            lenses.setdefault((_name(row), what_would_tell(row)), []).append(within(_short_title(one)))
    names: dict[tuple[str, str], list[str]] = {}
    for (name, tells), of in lenses.items():
        where = "" if len(of) == len(comparisons) else f" {listed(of)}"
        names.setdefault((tells, where), []).append(lowered(name))
    lines = [f"Cannot tell yet{where}: {listed(said)}; {tells}." for (tells, where), said in names.items()]
    if len(shown) > 1:
        verdicts = [list(table["verdict"]) for _, table in shown]
        apart = [
            lowered(_name(tables[0].iloc[number]))
            for number, kinds in enumerate(zip(*verdicts, strict=True))
            if len(set(kinds)) > 1 and "unsure" not in kinds
        ]
        lines += [f"Which lens is right decides {listed(apart)}."] if apart else []
    return lines


def _name(row: pd.Series[Any]) -> str:
    """The name of an outcome at the start of its line."""
    from dashboard.text.phrases import capital
    from simulator.comparison.outcomes import OUTCOMES

    return capital(OUTCOMES[row["measure"]].noun)


def _strengths(found: LensComparisons) -> list[str]:
    """What each fitted lens takes for granted: the largest multiple of the strengths found in studies."""
    said = []
    for one in found.comparisons:
        table = found.strengths(one)
        times = [] if table is None else [float(number) for number in table["times"] if number == number]
        if times and max(times) >= STRONG:
            said.append(f"{_short_title(one)}: takes effects up to {max(times):.2g} times as strong as studies found.")
    return said


def _per(comparison: Comparison) -> str:
    return {"total": "in total", "year": "a year", "1,000": "a year per 1,000 residents"}[comparison.basis]


def _short_title(comparison: Comparison) -> str:
    from dashboard.text.labels import short_lens_title

    return short_lens_title(comparison.scenario.record)


def _short(verdict: str) -> str:
    """The first two words of a verdict.

    >>> _short("better"), _short("small"), _short("unsure")
    ('better', 'too small', 'cannot tell')
    """
    from simulator.comparison.verdict import VERDICTS

    return " ".join(VERDICTS[verdict].lower().split()[:2])
