"""Scenario discovery: ranges of parameters in which something happens, such as a loss, from a classification tree.

Bryant BP, Lempert RJ 2010, Technol Forecast Soc Change 77:34, with CART (Breiman L et al. 1984) from scikit-learn. Each
box is a leaf of the tree in which the event occurs in most draws.
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
"""Largest number of conditions of a box; more are hard to keep in mind."""
_SMALLEST: Final = 0.05
"""Smallest share of the draws in a box."""
_NO_BOX: Final = 0.5
COLUMNS: Final = ("box", "parameter", "above", "up_to", "share", "density", "caught")


def discover(draws: pd.DataFrame, happens: npt.NDArray[np.bool_], parameters: tuple[str, ...]) -> pd.DataFrame:
    """Boxes in which the event occurs in more than half of the draws, ordered by their share of all events.

    ``happens``: for each row of ``draws``, whether the event occurs. One row per box and bounding parameter, columns
    `COLUMNS`: above and up_to are the bounds (minus or plus infinity if there is none), share is the box's share of all
    draws, density the share of the box's draws with the event, caught the share of all events that are in the box. No
    rows if there is no such box.

    Raises FitError if the event occurs in all draws, or in none.
    """
    if happens.all() or not happens.any():
        share = "all" if happens.all() else "none"
        raise FitError(f"the event occurs in {share} of the draws, so no parameters separate draws with and without it")
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
