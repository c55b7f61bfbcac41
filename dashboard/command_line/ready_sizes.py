"""How large a plan would have to be, from the ready results that ship, printed beside a comparison of that plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard.command_line.size import target_lines

if TYPE_CHECKING:
    from simulator.comparison.comparison import Comparison


def ready_sizes(comparisons: Sequence[Comparison]) -> list[str]:
    """A table with a line for each target, for the lenses of the comparisons.

    Empty unless there are ready results of these very specifications: plan, base, place, calendar, lenses and model.
    """
    import pandas as pd

    from simulator.bundle import bundled
    from simulator.errors import SimulatorError
    from simulator.experiments.size_targets import CHANCE

    curves, smallest = [], []
    for one in comparisons:
        scenario, place, lens = (str(one.scenario.record[name]) for name in ("scenario", "place", "lens"))
        try:
            found = bundled(scenario, place, lens)
        except SimulatorError:
            return []
        of_runs = [arm.record["spec_hash"] for arm in (one.scenario, one.baseline)]
        if of_runs != [record["spec_hash"] for record in (found.record, found.base_record)]:
            return []
        curves.append(found.tables["size_curves"].assign(lens=lens))
        smallest.append(found.tables["size_smallest"].assign(lens=lens))
    if any(table.empty for table in (*curves, *smallest)):
        return []
    head = f"Times this plan, with a chance of {100.0 * CHANCE:g} %"
    return list(target_lines(head, pd.concat(curves), pd.concat(smallest)))
