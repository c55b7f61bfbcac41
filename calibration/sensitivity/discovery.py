"""Which beliefs make something happen, such as a loss: boxes of parameters, found by a classification tree.

Scenario discovery (Bryant BP, Lempert RJ 2010, Technol Forecast Soc Change 77:34) with CART (Breiman L et al. 1984) as
scikit-learn has it. Each box is a leaf of the tree in which what is looked for prevails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from simulator.errors import FitError

_DEEPEST: Final = 3
"""Conditions of a box at most: more than three nobody keeps in mind."""
_SMALLEST: Final = 0.05
"""Share of the draws that a box holds at least."""
_NO_BOX: Final = 0.5
COLUMNS: Final = ("box", "parameter", "above", "up_to", "share", "density", "caught")


def discover(draws: pd.DataFrame, happens: npt.NDArray[np.bool_], parameters: tuple[str, ...]) -> pd.DataFrame:
    """Boxes in which more than half of the draws have what is looked for, the one that catches most first.

    ``happens``: for each row of ``draws``, whether it has. One row a box and parameter that bounds it, columns
    `COLUMNS`: above and up_to bound the parameter (minus and plus infinity where it has no bound), share is the box's
    part of all draws, density the part of the box's draws that have it, caught the part of all that have it which the
    box holds. No rows if no box is better than that.

    Raises FitError if all draws have it, or none.
    """
    if happens.all() or not happens.any():
        raise FitError(f"{'all' if happens.all() else 'none'} of the draws have it: there is nothing to tell apart")
    tree = DecisionTreeClassifier(max_depth=_DEEPEST, min_samples_leaf=_SMALLEST, random_state=0)
    points = draws[list(parameters)].to_numpy(dtype=np.float64)
    tree.fit(points, happens)
    leaves = tree.apply(points)
    found = []
    for leaf, bounds in _boxes(tree):
        inside = leaves == leaf
        if happens[inside].mean() > _NO_BOX:
            found.append((float(happens[inside].sum() / happens.sum()), inside, bounds))
    rows = []
    for box, (caught, inside, bounds) in enumerate(sorted(found, key=lambda one: -one[0]), start=1):
        measures = {"share": float(inside.mean()), "density": float(happens[inside].mean()), "caught": caught}
        rows += [
            {"box": box, "parameter": parameters[column], "above": low, "up_to": high, **measures}
            for column, (low, high) in bounds.items()
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _boxes(tree: DecisionTreeClassifier) -> Iterator[tuple[int, dict[int, tuple[float, float]]]]:
    """Each leaf of a tree, and the bounds of the columns that lead to it."""
    nodes = tree.tree_
    waiting: list[tuple[int, dict[int, tuple[float, float]]]] = [(0, {})]
    while waiting:
        node, bounds = waiting.pop()
        left, right = int(nodes.children_left[node]), int(nodes.children_right[node])
        if left == right:  # both are -1 at a leaf
            yield node, bounds
            continue
        column, cut = int(nodes.feature[node]), float(nodes.threshold[node])
        low, high = bounds.get(column, (-np.inf, np.inf))
        waiting.append((left, {**bounds, column: (low, min(high, cut))}))
        waiting.append((right, {**bounds, column: (max(low, cut), high)}))
