"""Costs by service, payer and kind, as paired differences: which services save and which pay.

Every pound of `simulator.comparison.costs.costs` is assigned to one service, so that services add up to the net cost:

    care             to the service that gives it
    the offset       to the service whose staff time was released: less the saved (money) and absorbed (capacity)
                     parts; amounts handed to programmes and paid for technology come out of that time and cancel
    staff            added or cut by a scenario, to the service where they work
    other money      for programmes, to the programmes, with its payer
    anything else    to its own name

So a service that frees staff time gains what it keeps and the reduction in demand; it loses where its demand grows, or
where automation costs more than it frees.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from simulator.comparison.arms import Arm, years_of
from simulator.comparison.comparison import Comparison
from simulator.comparison.comparison_row import COLUMNS, OutcomeLabel
from simulator.comparison.costs import ITEMS, KINDS, NET_KINDS, discount_factors, prices
from simulator.comparison.outcomes import Basis, unit_on
from simulator.comparison.paired_statistics import Floats
from simulator.foundations.categories import SERVICE_PAYERS, SERVICES
from simulator.results.results import Results

KEYS: Final = ("service", "payer", "kind")
PROGRAMMES: Final = "programmes"
"""The name for programme money that no service released."""
_SERVICE_OF: Final = {
    "short_admissions": "hospital",
    "overnight_admissions": "hospital",
    "ae": "hospital",
    "gp": "gp_practice",
    "home_care": "adult_social_care",
    "care_homes": "adult_social_care",
    "assessments": "adult_social_care",
    "programmes_pump_priming": PROGRAMMES,
    "programmes_new_money": PROGRAMMES,
}
_OF_THE_LEDGER: Final = ("released_staff_time", "technology", "programmes_released", "absorbed_staff_time")
"""Items of the ledger, which its saved and absorbed accounts cover by service."""
_STAFFING: Final = "staffing"
_PAYER_OF: Final = dict(zip(SERVICES, SERVICE_PAYERS, strict=True))
_BOOKED: Final = ["seed", "year", "service", "pence"]
_KIND_OF: Final = {"saved": "cashable", "absorbed": "capacity"}


def service_costs(results: Results, table: pd.DataFrame, seeds: Sequence[int]) -> pd.DataFrame:
    """Discounted pounds by seed, service, payer and kind, with the same total as ``table``
    (`simulator.comparison.costs.costs`).
    """
    others = table[~table["item"].isin((*_OF_THE_LEDGER, _STAFFING))]
    others = others.assign(service=[_SERVICE_OF.get(item, item) for item in others["item"]])
    booked = pd.concat([_kept(results), _staff(results)], ignore_index=True)
    parts = [others[["seed", *KEYS, "discounted_pounds"]], _of_services(results, seeds, booked)]
    return pd.concat(parts).groupby(["seed", *KEYS])["discounted_pounds"].sum().reset_index()


def _kept(results: Results) -> pd.DataFrame:
    """Staff time freed by automation that services keep: saved is money, absorbed is capacity."""
    ledger = results.ledger.loc[results.ledger["account"].isin(list(_KIND_OF)), [*_BOOKED, "account"]]
    kind = ledger.pop("account").astype(str).map(_KIND_OF)
    return ledger.assign(kind=kind, pence=-ledger["pence"])


def _staff(results: Results) -> pd.DataFrame:
    """Staff added or cut, as money of the service's payer."""
    return results.services.loc[results.services["pence"] != 0, _BOOKED].assign(kind="cashable")


def _of_services(results: Results, seeds: Sequence[int], table: pd.DataFrame) -> pd.DataFrame:
    """Rows of seed, year, service, kind and pence as discounted pounds of the service's payer, for these seeds."""
    table = table[table["seed"].isin(list(seeds))]
    factors = discount_factors(prices(results, seeds)["discount_rate"], results.years)
    position = table["seed"].map({seed: row for row, seed in enumerate(seeds)}).to_numpy(np.intp)
    worth = factors[position, table["year"].to_numpy(np.intp) - 1]
    service = table["service"].astype(str)
    return pd.DataFrame(
        {
            "seed": table["seed"],
            "service": service,
            "payer": service.map(_PAYER_OF),
            "kind": table["kind"],
            "discounted_pounds": table["pence"].to_numpy(np.float64) / 100.0 * worth,
        }
    )


def by_service(comparison: Comparison, *keys: str, rounded: bool = True) -> pd.DataFrame:
    """Paired differences in discounted pounds by service, payer and kind, or by fewer of these, with the keys in front.

    Pounds per year, or in total if that is the comparison's basis. Without ``kind`` a row is the net cost: money and
    capacity, not volunteers' time. Rows are in the order of services, payers and kinds.
    """
    keys = keys or KEYS
    basis: Basis = "total" if comparison.basis == "total" else "year"
    years = 1.0 if basis == "total" else float(years_of(comparison.arms[0], ()))
    arms = (comparison.baseline, comparison.scenario)
    baseline, scenario = (_sums(results, arm, keys, years) for results, arm in zip(arms, comparison.arms, strict=True))
    zeros = np.zeros(len(comparison.seeds))
    rows = []
    for key in sorted({**baseline, **scenario}, key=_in_order):
        words = OutcomeLabel("cost", key[0], unit_on("pounds", basis), "less")
        values_of = baseline.get(key, zeros), scenario.get(key, zeros)
        row = comparison.row(words, *values_of, rounded, comparison.smallest_cost(basis))
        rows.append({**dict(zip(keys, key, strict=True)), **row})
    return pd.DataFrame(rows, columns=[*keys, *COLUMNS])


def _sums(results: Results, arm: Arm, keys: Sequence[str], years: float) -> dict[tuple[str, ...], Floats]:
    if "services" not in arm.tables:
        arm.tables["services"] = service_costs(results, arm.costs, arm.seeds)
    table = arm.tables["services"]
    if "kind" not in keys:
        table = table[table["kind"].isin(NET_KINDS)]
    pounds = table.groupby(["seed", *keys])["discounted_pounds"].sum()
    wide = pounds.unstack(list(keys), fill_value=0).reindex(list(arm.seeds), fill_value=0.0)
    names = [(name,) if len(keys) == 1 else tuple(name) for name in wide.columns]
    return {name: wide.to_numpy(np.float64)[:, column] / years for column, name in enumerate(names)}


def _in_order(key: tuple[str, ...]) -> tuple[int, ...]:
    known = [*SERVICES, PROGRAMMES, *ITEMS, *dict.fromkeys(SERVICE_PAYERS), *KINDS]
    return tuple(known.index(part) if part in known else len(known) for part in key)
