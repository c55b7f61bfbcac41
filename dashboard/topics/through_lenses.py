"""One comparison through several lenses: rows for figures and tables, and findings across lenses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard.text.labels import difference_unit, provenance
from dashboard.text.lens_names import key_title, settings_of_key
from dashboard.text.phrases import capital, difference_text, listed, lowered
from simulator.comparison.comparison import Comparison
from simulator.comparison.headline import change_text
from simulator.comparison.verdict import VERDICTS
from simulator.lenses import EVIDENCE, ORDER

Through = Mapping[str, Comparison]
"""The same comparison by lens key (`dashboard.text.lens_names`); the main lens comes first."""
ENDS: Final = ("low", "high")
CHANCES: Final = ("less_chance", "small_chance", "more_chance")
_CAUTIOUS_FIRST: Final = (EVIDENCE, *reversed(ORDER))
RANGE: Final = "Thin line: 80 % range."


def by_title(found: Through) -> dict[str, Comparison]:
    """Comparisons by the title of each lens."""
    return {key_title(key): comparison for key, comparison in found.items()}


def rows_by_name(
    named: Mapping[str, Comparison], rows_of: Callable[[Comparison], pd.DataFrame], by: str = "lens_title"
) -> pd.DataFrame:
    """Rows of comparisons by the name of the lens, or by any name, which goes into the column ``by``.

    Where a lens failed a check that its ranges depend on, ``withheld`` is true and both ends are NaN.
    """
    tables = []
    for name, comparison in named.items():
        rows = as_shown(comparison, rows_of(comparison))
        rows.insert(0, by, name)
        tables.append(rows)
    return pd.concat(tables, ignore_index=True)


def as_shown(comparison: Comparison, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a comparison with the column ``withheld``; where it is true, range and verdict are left out."""
    return as_withheld(rows.assign(withheld=is_withheld(comparison)))


def as_withheld(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one lens; where ``withheld`` is true, range, chances and verdict are left out."""
    if not rows["withheld"].any():
        return rows
    return rows.assign(**dict.fromkeys((*ENDS, *CHANCES), np.nan), verdict="")


def lens_column(rows: pd.DataFrame) -> tuple[str, ...]:
    """The column that names the lens in a table of these rows, if there are several."""
    return ("lens_title",) if "lens_title" in rows and rows["lens_title"].nunique() > 1 else ()


def prefixed(name: str, title: str, named: Mapping[str, object]) -> str:
    """The finding of one lens, named if there are several."""
    return f"{name}. {title}" if len(named) > 1 else title


def range_note(rows: pd.DataFrame) -> str:
    """The meaning of the range line, and the lenses without one."""
    return f"{RANGE}{withheld_note(rows)}"


def withheld_note(rows: pd.DataFrame, by: str = "lens_title") -> str:
    """A note on the lenses, or other values of ``by``, whose ranges are withheld; empty if none are."""
    names = list(dict.fromkeys(rows[rows["withheld"]][by]))
    return f" Ranges are withheld for {listed(names)}, which failed checks." if names else ""


def line_of(comparison: Comparison) -> str:
    """The provenance line of a comparison."""
    record, base = comparison.scenario.record, comparison.baseline.record
    return provenance(record, base, len(comparison.seeds))


def line_through(found: Mapping[str, Comparison]) -> str:
    """The provenance line for several lenses: the line of the first, and the runs of the others."""
    first, *others = found.values()
    beside = [
        f"{one.scenario.record['lens_title']} ({len(one.seeds)} pairs, runs {one.scenario.record['spec_hash']})"
        for one in others
    ]
    return f"{line_of(first)} Other lenses: {'; '.join(beside)}." if beside else line_of(first)


def is_withheld(comparison: Comparison) -> bool:
    """Whether the ranges of a comparison's lens are withheld."""
    return bool(comparison.scenario.record.get("lens_faults", ()))


def sentences(comparison: Comparison) -> tuple[str, ...]:
    """The findings of one lens; only means where its ranges are withheld."""
    if not is_withheld(comparison):
        return comparison.findings()
    rows = comparison.per("year").summary("sentences", rounded=False)
    said = [
        f"{row['label']}: {difference_text(row)} {difference_unit(row['unit'])} on average."
        for _, row in rows.iterrows()
    ]
    return (*said, "Ranges are withheld, so there is no verdict on any of these differences.")


def faults_through(found: Through) -> dict[str, tuple[str, ...]]:
    """Failed checks by the title of the lens."""
    return {
        key_title(key): tuple(comparison.scenario.record["lens_faults"])
        for key, comparison in found.items()
        if is_withheld(comparison)
    }


def agreement(rows: pd.DataFrame, name: str) -> str:
    """The verdict on one outcome through each lens, with its size. ``rows`` has one unrounded row per lens.

    >>> row = {"lens_title": "As claimed", "verdict": "better", "withheld": False, "measure": "bed_days"}
    >>> row |= {"unit": "days a year", "difference": -40.0, "monte_carlo_error": 1.0}
    >>> other = {**row, "lens_title": "On trial evidence", "verdict": "small", "difference": -2.0}
    >>> agreement(pd.DataFrame([row, other]), "Bed days")
    'Bed days: better as claimed (40 fewer); too small to matter on trial evidence (2 fewer)'
    >>> agreement(pd.DataFrame([row, {**other, "verdict": "better"}]), "Bed days")
    'Bed days: better with either lens (40 fewer as claimed, 2 fewer on trial evidence)'
    """
    said: dict[str, list[str]] = {}
    sizes: dict[str, list[str]] = {}
    for _, row in rows.iterrows():
        lens = within(str(row["lens_title"]))
        verdict = verdict_of(row).lower()
        said.setdefault(verdict, []).append(lens)
        change = change_text(row, row["difference"])
        sizes.setdefault(verdict, []).append(change if len(rows) == 1 else f"{change} {lens}")
    if len(said) == 1:
        (verdict, readings), (size,) = next(iter(said.items())), sizes.values()
        return f"{name}: {verdict}{' with either lens' if len(readings) > 1 else ''} ({', '.join(size)})"
    parts = []
    for verdict, readings in said.items():
        size = sizes[verdict]
        alone = size[0].removesuffix(f" {readings[0]}") if len(readings) == 1 else ", ".join(size)
        parts.append(f"{verdict} {listed(readings)} ({alone})")
    return f"{name}: {'; '.join(parts)}"


def finding_by_lens(rows: pd.DataFrame, finding: Callable[[pd.DataFrame], str], *, named: bool = False) -> str:
    """The findings of all lenses in one sentence; stated once if they agree, and omitted where ranges are withheld.

    Rows without ``lens_title`` are those of one lens; a single lens is named only if asked, since others are left out.

    >>> rows = pd.DataFrame({"lens_title": ["As claimed", "On trial evidence"], "withheld": [False, True]})
    >>> finding_by_lens(rows, lambda _: "Fewer admissions")
    'As claimed: fewer admissions; on trial evidence: ranges withheld'
    """
    if rows.empty:
        return capital(finding(rows))
    by_lens = rows.groupby("lens_title", sort=False) if "lens_title" in rows else (("", rows),)
    said = {
        str(lens_title): "ranges withheld" if mine["withheld"].any() else finding(mine) for lens_title, mine in by_lens
    }
    first, *others = said.values()
    if not others and not named:
        return capital(first)
    if others and all(other == first for other in others):
        return f"{first}, with either lens"
    return capital("; ".join(f"{within(lens_title)}: {lowered(words)}" for lens_title, words in said.items()))


def verdict_of(row: pd.Series[Any]) -> str:
    """The verdict on a difference in two words, or that its range is withheld."""
    return "Range withheld" if row.get("withheld", False) else VERDICTS[row["verdict"]]


def within(title: str) -> str:
    """A lens's title within a sentence.

    >>> within("On trial evidence"), within("Evidence as written")
    ('on trial evidence', 'through the lens Evidence as written')
    """
    if title.startswith(("As ", "On ")):
        return lowered(title)
    return f"through the lens {title}"


def lens_of(key: str) -> str:
    """The lens of a key, without its settings."""
    return settings_of_key(key).lens


def caution(key: str) -> int:
    """The place of a lens among others, trials before claims."""
    lens = lens_of(key)
    return _CAUTIOUS_FIRST.index(lens) if lens in _CAUTIOUS_FIRST else len(_CAUTIOUS_FIRST)
