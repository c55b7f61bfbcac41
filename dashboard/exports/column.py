"""What a colour of a chart, a row of tiles or a block of a table stands for: one comparison, by a short name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from dashboard import words
from dashboard.exports.reproduce import dials
from simulator.comparison import Comparison
from simulator.lenses import EVIDENCE

RANGED: Final = ("low", "high")
_USUAL: Final = ("--frome", "1")


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
        given = dials(self.record)
        pairs = [(given[k], given[k + 1]) for k in range(0, len(given), 2)]
        turned = [f"{option[2:].capitalize()} {value}" for option, value in pairs if (option, value) != _USUAL]
        name = words.label(self.lens)
        return f"{name} ({', '.join(turned)})" if turned else name

    @property
    def title(self) -> str:
        """The scenario's title."""
        return str(self.record["scenario_title"])

    @property
    def said(self) -> str:
        """The lens in full."""
        return str(self.record.get("reading", words.label(EVIDENCE)))

    @property
    def faults(self) -> tuple[str, ...]:
        """Checks that the lens failed; if there are any, ranges are withheld."""
        return tuple(self.record.get("lens_faults", ()))

    @property
    def provenance(self) -> str:
        """The line under everything."""
        return words.provenance(self.record, self.comparison.baseline.record, len(self.comparison.seeds))

    def withheld(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows, without their ranges if the lens failed a check."""
        if not self.faults:
            return rows
        return rows.assign(**dict.fromkeys(RANGED, np.nan))


def columns_of(comparisons: Sequence[Comparison]) -> tuple[Column, ...]:
    """Comparisons on any basis as columns."""
    return tuple(Column(one.per("year")) for one in comparisons)
