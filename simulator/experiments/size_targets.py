"""Targets that a plan of some size is to meet, such as ``admissions=-5%``, and the chance that it does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd

from simulator.comparison.arms import divided, values, yearly_difference
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES
from simulator.comparison.paired_statistics import Floats, widened
from simulator.errors import UnknownNameError
from simulator.experiments.monotone import crossing, smoothed

WORTH_IT: Final = "wellbeing"
"""The target that the wellbeing gained is worth the net cost: the two are compared, never added to one figure."""
SHORT_NAMES: Final = {
    "admissions": "emergency_admissions",
    "lonely": "often_always_lonely",
    "money": "net_cash",
    "cost": "net_cost",
}
"""Short names of outcomes in targets; any other outcome is called by its own name."""
MAY_TURN: Final = ("net_cash", "net_cost", "net_capacity", WORTH_IT)
"""Outcomes and targets that may get better and then worse as a plan grows."""
DEFAULT_TARGETS: Final = ("admissions=-5%", "lonely=-1point", "money=0", "wellbeing=0")
CHANCE: Final = 0.8
_FORM: Final = re.compile(r"([a-z_]+)=([+\-−]?)£?([0-9][0-9,]*(?:\.[0-9]+)?) ?(%|points?)?")
COLUMNS: Final = ("lens", "lens_title", "target", "label", "multiple", "chance", "smooth", "runs")
FIRST_COLUMNS: Final = ("lens", "lens_title", "target", "label", "from_multiple", "to_multiple", "best", "best_at")


class Target(NamedTuple):
    """A difference to be reached, of at most or at least ``limit``."""

    text: str  # as given
    measure: str  # an outcome, or `WORTH_IT`
    limit: float  # in the outcome's unit a year, or per cent of the base's level
    kind: Literal["amount", "percent"]
    at_most: bool

    @property
    def label(self) -> str:
        """The target in words.

        >>> parse_target("admissions=-5%").label, parse_target("money=0").label
        ('emergency admissions: at least 5 % lower', 'pays for itself in money')
        """
        if self.measure == WORTH_IT:
            return "wellbeing gained is worth the net cost"
        found = OUTCOMES[self.measure]
        if self.limit == 0.0:
            own = {"net_cash": "pays for itself in money", "net_cost": "pays for itself in money and capacity"}
            return own.get(self.measure, f"{_small(found.label)}: no {'higher' if self.at_most else 'lower'}")
        size, way = f"{abs(self.limit):,g}", "lower" if self.at_most else "higher"
        if self.kind == "percent":
            amount = f"{size} %"
        elif found.per:
            amount = f"{size} point{'' if abs(self.limit) == 1.0 else 's'}"
        else:
            amount = f"£{size} a year" if found.unit == "pounds" else f"{size} a year"
        return f"{_small(found.label)}: at least {amount} {way}"

    def met(self, comparison: Comparison) -> Floats:
        """1.0 for each pair of a comparison that meets the target, otherwise 0.0; shape (pairs,)."""
        of = ("net_cost", "wellbeing_lost") if self.measure == WORTH_IT else (self.measure,)
        found = np.sum([yearly_difference(comparison.arms, name) for name in of], axis=0)
        before = np.sum([values(comparison.arms[0], name, (), "year") for name in of], axis=0)
        return self.is_met(found, before)

    def is_met(self, differences: Floats, baselines: Floats) -> Floats:
        """1.0 for each pair that meets the target, otherwise 0.0, of differences a year, shape (..., pairs).

        They are `widened`, so that the share of 1.0 is the chance of meeting it; ``baselines`` are those of the base.
        """
        wide = widened(differences)
        reached = divided(100.0 * wide, baselines) if self.kind == "percent" else wide
        return np.asarray(reached <= self.limit if self.at_most else reached >= self.limit, np.float64)


def parse_target(text: str) -> Target:
    """The target that a text such as ``admissions=-5%``, ``lonely=-1point``, ``money=0`` or ``bed_days=-200`` states.

    The name is one of `SHORT_NAMES`, ``wellbeing`` or an outcome; the amount is a difference a year, in per cent of
    the base's level (``%``) or in percentage points of an outcome that is a percentage (``points``). A minus asks for
    at least as large a fall, a plus for a rise; 0 asks that it is not worse. Raises ValueError for another form, and
    UnknownNameError for an unknown outcome.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        right = "Write one as admissions=-5%, lonely=-1point, money=0 or wellbeing=0"
        raise ValueError(f"'{text}' is not a target. {right}.")
    name, sign, digits, unit = match.groups()
    measure = SHORT_NAMES.get(name, name)
    if measure != WORTH_IT and measure not in OUTCOMES:
        raise UnknownNameError("target", name, (*SHORT_NAMES, WORTH_IT, *OUTCOMES))
    limit = float(digits.replace(",", "")) * (-1.0 if sign in ("-", "−") else 1.0)
    if measure == WORTH_IT:
        if limit or unit:
            right = "Whether the wellbeing gained is worth the net cost is asked by wellbeing=0"
            raise ValueError(f"'{text}' is not a target. {right}.")
        return Target(text.strip(), measure, 0.0, "amount", True)
    found = OUTCOMES[measure]
    if unit and unit != "%" and not found.unit.startswith("%"):
        raise ValueError(f"'{text}' is not a target: {_small(found.label)} is no percentage, so it has no points.")
    at_most = limit < 0.0 or (limit == 0.0 and found.good != "more")
    return Target(text.strip(), measure, limit, "percent" if unit == "%" else "amount", at_most)


def chances(comparisons: Sequence[tuple[float, Comparison]], targets: Sequence[Target]) -> pd.DataFrame:
    """The chance of meeting each target by multiple, of one lens, with `COLUMNS`.

    ``chance`` is the share of pairs that meet it, ``smooth`` the curve through all multiples.
    """
    record = comparisons[0][1].scenario.record
    shares = {target: np.array([target.met(found).mean() for _, found in comparisons]) for target in targets}
    runs = {multiple: len(found.seeds) for multiple, found in comparisons}
    return chance_table(shares, runs, (record["lens"], record["lens_title"]))


def chance_table(shares: Mapping[Target, Floats], runs: Mapping[float, int], lens: tuple[str, str]) -> pd.DataFrame:
    """The table of `chances` from the share of pairs that meets each target at each multiple, shape (multiples,).

    ``runs`` are the pairs by multiple, ``lens`` the lens's name and title.
    """
    rows = []
    for target, met in shares.items():
        curve = smoothed(met, may_turn=target.measure in MAY_TURN)
        for (multiple, pairs), share, even in zip(runs.items(), met.tolist(), curve.tolist(), strict=True):
            rows.append((*lens, target.text, target.label, multiple, share, even, pairs))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def smallest_multiples(table: pd.DataFrame, chance: float = CHANCE) -> pd.DataFrame:
    """For each lens and target: from which to which multiple its chance is at least ``chance``, with `FIRST_COLUMNS`.

    NaN where no multiple that was run reaches it. ``to_multiple`` is the largest that was run, unless the chance falls
    again with size. ``best`` is the highest chance, reached at ``best_at``.
    """
    rows = []
    for key, mine in table.groupby(list(COLUMNS[:4]), sort=False):
        multiples, curve = mine["multiple"].to_numpy(np.float64), mine["smooth"].to_numpy(np.float64)
        first, last = crossing(multiples, curve, chance)
        at = int(curve.argmax())
        rows.append((*key, first, last, float(curve[at]), float(multiples[at])))
    return pd.DataFrame(rows, columns=list(FIRST_COLUMNS))


def _small(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
