"""How large a plan would have to be, from the ready results that ship, printed beside a comparison of that plan."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from simulator.comparison.comparison import Comparison

HEAD: Final = "Multiple of this plan from which"


def ready_sizes(comparison: Comparison) -> list[str]:
    """Lines of a table, one for each target; none without ready results of this very plan, place and model."""
    from simulator.bundle import bundled, load_bundle
    from simulator.errors import SimulatorError

    record = comparison.scenario.record
    name, place = str(record["scenario"]), str(record["place"])
    try:
        bundle = load_bundle()
        known = bundled(name, place)
    except SimulatorError:
        return []
    if known.record["scenario_hash"] != record["scenario_hash"] or known.record["place_hash"] != record["place_hash"]:
        return []
    table = bundle.tables.get("size_smallest")
    if table is None:
        return []
    rows = table[(table["scenario_name"] == name) & (table["place"] == place) & (table["lens"] != "evidence")]
    lenses = list(dict.fromkeys(rows["lens"]))
    if not lenses:
        return []
    titles = [str(rows[rows["lens"] == lens]["lens_title"].iloc[0]).partition(",")[0] for lens in lenses]
    lines = [f"{HEAD:48}{''.join(f'{title.lower():26}' for title in titles)}".rstrip()]
    for label, of in rows.groupby("label", sort=False):
        cells = [_cell(of[of["lens"] == lens].to_dict("records")[0]) for lens in lenses]
        lines.append(f"{label!s:48}{''.join(f'{cell:26}' for cell in cells)}".rstrip())
    return lines


def _cell(row: Mapping[Hashable, Any]) -> str:
    """From which multiple a target is met, or the best chance.

    >>> _cell({"from_multiple": 1.8, "to_multiple": 10.0, "best": 1.0})
    'from 1.8 times'
    >>> _cell({"from_multiple": math.nan, "to_multiple": math.nan, "best": 0.5})
    'at no size (50 % at most)'
    """
    least, most = row["from_multiple"], row["to_multiple"]
    if math.isnan(least):
        return f"at no size ({100 * row['best']:.0f} % at most)"
    return f"from {least:.2g} times" if most >= 10.0 else f"{least:.2g} to {most:.2g} times"
