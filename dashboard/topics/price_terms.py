"""Price terms: discounting, the level of prices, and optimism bias, as chosen by the reader.

Nothing is simulated again; the counts of existing runs are repriced. The usual terms come from the evidence, and any
others are the reader's.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.comparison.comparison import Comparison, compare
from simulator.comparison.headline import financial_year
from simulator.evidence import load_evidence
from simulator.results.results import TABLES, Results

RATE: Final = "prices.discount_rate"
_PRICES: Final = "prices."
_POUNDS: Final = "pounds"
_BOUGHT: Final = ("technology", "reinvested")
"""Accounts of the ledger that pay for something; a higher cost reduces the amount saved."""


class Terms(NamedTuple):
    """Discount rate per year, increase in all prices, and optimism bias on programmes, technology and staff, in %."""

    discount: float
    prices: float = 0.0
    optimism: float = 0.0


def usual_terms() -> Terms:
    """The discount rate of the evidence, unchanged prices, and no optimism bias."""
    return Terms(round(100.0 * float(np.asarray(load_evidence()[RATE].value)), 6))


def on_terms(comparison: Comparison, terms: Terms) -> Comparison:
    """The same pairs of runs repriced on other terms; the comparison itself if the terms are the usual ones."""
    if terms == usual_terms():
        return comparison
    scenario, baseline = (restated(arm, terms) for arm in (comparison.scenario, comparison.baseline))
    return compare(scenario, baseline, incomplete=True, matters=comparison.matters).per(comparison.basis)


def restated(results: Results, terms: Terms) -> Results:
    """Runs repriced on other terms.

    Every price and every amount of money is multiplied by the level of prices. Optimism bias raises the cost of what
    is bought without increasing its effect; the amount saved falls accordingly, so that the ledger still balances.
    """
    level, dearer = 1.0 + terms.prices / 100.0, 1.0 + terms.optimism / 100.0
    tables = {name: getattr(results, name) for name in TABLES}
    tables["parameters"] = _parameters(results.parameters, terms, level)
    tables["ledger"] = _scaled(_ledger(results.ledger, dearer), level)
    tables["programmes"] = _scaled(results.programmes, level * dearer)
    added = results.services["pence"] > 0
    tables["services"] = _scaled(results.services, np.where(added, level * dearer, level))
    return Results(**tables, record=results.record)


def terms_text(terms: Terms, price_year: int) -> str:
    """The terms in a sentence for provenance; empty for the usual ones.

    >>> terms_text(Terms(1.5, 0.0, 20.0), 2023)
    'Shown on other terms: discounted at 1.5 % a year, programmes, technology and added staff 20 % dearer.'
    """
    usual = usual_terms()
    said = []
    if terms.discount != usual.discount:
        said.append(f"discounted at {terms.discount:g} % a year" if terms.discount else "not discounted")
    if terms.prices:
        said.append(f"prices of {financial_year(price_year)} and {terms.prices:+g} %")
    if terms.optimism:
        said.append(f"programmes, technology and added staff {terms.optimism:g} % dearer")
    return f"Shown on other terms: {', '.join(said)}." if said else ""


def _parameters(table: pd.DataFrame, terms: Terms, level: float) -> pd.DataFrame:
    evidence = load_evidence()
    priced = {path for path in evidence if path.startswith(_PRICES) and evidence[path].unit.startswith(_POUNDS)}
    paths = table["path"].astype(str)
    values = np.where(paths.isin(priced), table["value"] * level, table["value"])
    if terms.discount != usual_terms().discount:
        values = np.where(paths == RATE, terms.discount / 100.0, values)
    return table.assign(value=values)


def _ledger(table: pd.DataFrame, dearer: float) -> pd.DataFrame:
    """The ledger with dearer purchases and correspondingly less saved, by service and quarter."""
    keys = [name for name in table.columns if name not in ("account", "pence")]
    bought = table["account"].isin(_BOUGHT)
    more = table[bought].assign(pence=table["pence"] * (dearer - 1.0))
    less = more.groupby(keys, observed=True)["pence"].sum().reset_index()
    less = less.assign(account="saved", pence=-less["pence"])[list(table.columns)]
    accounts = table["account"].cat.categories if isinstance(table["account"].dtype, pd.CategoricalDtype) else None
    whole = pd.concat([table.astype({"account": str}), more.astype({"account": str}), less], ignore_index=True)
    whole = whole.groupby([*keys, "account"], observed=True, sort=False)["pence"].sum().reset_index()
    if accounts is not None:
        whole["account"] = pd.Categorical(whole["account"], categories=accounts)
    return whole[list(table.columns)]


def _scaled(table: pd.DataFrame, factor: float | np.ndarray) -> pd.DataFrame:
    pence = np.rint(table["pence"].to_numpy(np.float64) * factor)
    return table.assign(pence=pence.astype(np.int64))
