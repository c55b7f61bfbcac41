"""What a colour of a chart, a row of tiles or a block of a table stands for: one comparison, by a short name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.text import labels as words
from dashboard.text.lens_names import lens_title
from dashboard.topics.through_lenses import as_shown, is_withheld
from simulator.comparison.comparison import Comparison
from simulator.lenses import EVIDENCE


@dataclass(frozen=True)
class Column:
    """A comparison under one lens, with amounts a year."""

    comparison: Comparison

    @property
    def record(self) -> Any:
        """Run record of the scenario's runs."""
        return self.comparison.scenario.record

    @property
    def lens(self) -> str:
        """Name of the lens."""
        return str(self.record.get("lens", EVIDENCE))

    @property
    def name(self) -> str:
        """The lens for a reader, with the dials that are not as usual."""
        return lens_title(self.record)

    @property
    def title(self) -> str:
        """The scenario's title."""
        return str(self.record["scenario_title"])

    @property
    def said(self) -> str:
        """The lens in full."""
        return str(self.record.get("reading", words.label(EVIDENCE)))

    @property
    def without_ranges(self) -> bool:
        """Whether the lens failed a check, so that ranges, and what is told from them, are withheld."""
        return is_withheld(self.comparison)

    def withheld(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows, without their ranges if these are withheld, and with a column that says so."""
        return as_shown(self.comparison, rows)


def columns_of(comparisons: Sequence[Comparison]) -> tuple[Column, ...]:
    """Comparisons on any basis as columns."""
    return tuple(Column(one.per("year")) for one in comparisons)
