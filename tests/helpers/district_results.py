"""Made-up ready results of all districts: quick, and with effects that are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from simulator.bundle import DistrictsPlan, load_district_results, write_bundle
from simulator.bundle.districts import MEASURES
from simulator.bundle.reading import Bundle
from simulator.bundle.tables import KEYS
from simulator.districts import district_kinds, district_titles, place_residents

EFFECTS = {
    "emergency_admissions": (100.0, -6.0, 2.0),
    "bed_days": (600.0, 40.0, 30.0),
    "often_always_lonely": (8.0, -0.2, 0.05),
    "net_cash": (0.0, -100.0, 9000.0),
    "care_cost": (600_000.0, 0.0, 0.0),
}
"""By outcome: the baseline's level, the difference where half of residents are deprived, the chance of one pair."""
assert tuple(EFFECTS) == MEASURES


def write_made_up(folder: Path) -> Bundle:
    """Ready results in which the difference grows in proportion to the share of deprived residents."""
    plan = DistrictsPlan()
    write_bundle(folder, plan, made_up_tables())
    return load_district_results(folder)


def made_up_tables() -> dict[str, pd.DataFrame]:
    plan, rng = DistrictsPlan(), np.random.default_rng(1)
    names = sorted(district_titles())
    deprived = district_kinds().loc[names, "deprived"].to_numpy()
    entries, pairs = [], []
    for lens in plan.lenses:
        keys = dict(zip(KEYS, (plan.scenario, "", lens), strict=True))
        entries.append(
            pd.DataFrame({**keys, "place": names}).assign(
                residents=[place_residents(name) for name in names],
                simulated=plan.residents,
            )
        )
        for measure, (level, half, chance) in EFFECTS.items():
            for seed in plan.seeds:
                noise = chance * rng.normal(size=len(names)) + 0.1 * chance * rng.normal()
                made = {"measure": measure, "seed": np.int16(seed), "baseline": np.float32(level)}
                difference = (2.0 * half * deprived + noise).astype(np.float32)
                pairs.append(pd.DataFrame({**keys, "place": names, **made, "difference": difference}))
    return {"entries": pd.concat(entries, ignore_index=True), "pairs": pd.concat(pairs, ignore_index=True)}
