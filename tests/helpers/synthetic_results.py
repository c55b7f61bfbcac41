"""Made-up runs for tests of results: small, quick, and with numbers that can be calculated by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from simulator.evidence import load_evidence
from simulator.foundations.measures import INDEX, NAMES
from simulator.results.results import (
    CELLS,
    LEDGER_COLUMNS,
    PROGRAMME_COLUMNS,
    SERVICE_COLUMNS,
    VOLUNTEER_COLUMNS,
    Failure,
    Results,
    RunFrames,
    parameter_values,
)
from simulator.results.tidy_tables import gather
from simulator.specification.spec import Spec

PRICES = {
    "prices.zero_night_admission": 800.0,
    "prices.overnight_admission": 2600.0,
    "prices.included_days": 5.0,
    "prices.bed_day": 420.0,
    "prices.ae_attendance": 230.0,
    "prices.gp_consultation": 30.0,
    "prices.cashable_share_admission": 0.15,
    "prices.cashable_share_contact": 0.05,
    "prices.home_care_hour": 24.0,
    "prices.care_home_week": 900.0,
    "prices.assessment": 300.0,
    "prices.cashable_share_social_care": 0.6,
    "prices.volunteer_hour": 13.0,
    "prices.discount_rate": 0.035,
    "prices.price_year": 2023.0,
    "prices.wellby": 13_000.0,
    "prices.lonely_life_satisfaction": 0.5,
    "prices.wellbeing_discount_rate": 0.015,
    "programme.talking_cafes.volunteer_hours": 2.0,
}
WIDER = {path: float(value.value) for path, value in load_evidence().items() if path.startswith("wider.")}
"""Central values of the wider ledger's evidence."""


def record(scenario: str = "baseline", seeds: Sequence[int] = (0, 1, 2, 3), **changed: Any) -> dict[str, Any]:
    """A run record of one year in a place of 2,000."""
    return {
        "model_version": "1.0+abcdef01",
        "spec_hash": "00000001",
        "scenario": scenario,
        "scenario_title": scenario.replace("_", " ").capitalize(),
        "scenario_hash": "0a1b2c3d",
        "question": "What if?",
        "changes": [],
        "automates": [],
        "place": "smallton",
        "place_title": "Smallton",
        "place_hash": "11111111",
        "composite": False,
        "residents": 2000,
        "evidence_hash": "22222222",
        "base_evidence_hash": "22222222",
        "price_year": 2023,
        "parameters": "drawn",
        "seeds": list(seeds),
        "starts": "2026-04-01",
        "weeks": 52,
        "versions": {"python": "3.11.9"},
        "created": "2026-04-01T09:00:00+00:00",
        **changed,
    }


@lru_cache(maxsize=64)
def ledger(*rows: tuple[int, str, str, int]) -> pd.DataFrame:
    """Rows of quarter (from 0), service, account, pence. Tables made here are shared: nobody writes to them."""
    return pd.DataFrame(list(rows), columns=list(LEDGER_COLUMNS))


@lru_cache(maxsize=64)
def programmes(*rows: tuple[int, str, str, str, int, float, int]) -> pd.DataFrame:
    """Rows of quarter (from 0), programme, source, payer, pence, units, clients."""
    unused = len(PROGRAMME_COLUMNS) - 7
    return pd.DataFrame([(*row, *[0] * unused) for row in rows], columns=list(PROGRAMME_COLUMNS))


@lru_cache(maxsize=64)
def volunteers(weeks: int) -> pd.DataFrame:
    """Weeks volunteered in the first quarter, of two hours each; no row for zero weeks."""
    row = (0, "talking_cafes", weeks // 13, weeks, 2.0 * weeks, 2.0 * weeks, 0, 0, 0, 0, 100)
    return pd.DataFrame([row][: weeks > 0], columns=list(VOLUNTEER_COLUMNS))


@lru_cache(maxsize=64)
def services(*rows: tuple[int, str, str, int] | tuple[int, str, str, int, float]) -> pd.DataFrame:
    """Rows of quarter (from 0), service, role, pence of staff added; the rest of each row is an ordinary quarter.

    A fifth entry is the hours of work that the added staff did.
    """
    usual = (100.0, 86.0, 0.0, 0.86, 0.15, 0.04, 0.5, 1.0)
    done = [row[4] if len(row) > 4 else 0.0 for row in rows]
    found = [(*row[:3], *usual, row[3], hours) for row, hours in zip(rows, done, strict=True)]
    return pd.DataFrame(found, columns=list(SERVICE_COLUMNS))


def run(
    counts: Mapping[str, int] | None = None,
    *,
    quarters: int = 4,
    prices: Mapping[str, float] | None = None,
    book: pd.DataFrame | None = None,
    bought: pd.DataFrame | None = None,
    staff: pd.DataFrame | None = None,
) -> RunFrames:
    """A run whose first cell (youngest, most deprived, not lonely) has these counts in its first quarter.

    Every cell has 100 resident weeks a quarter, and as many adult weeks.
    """
    cells = np.zeros((quarters, CELLS, len(NAMES)), np.int64)
    cells[:, :, [INDEX["resident_weeks"], INDEX["adult_weeks"]]] = 100
    for name, count in (counts or {}).items():
        cells[0, 0, INDEX[name]] = count
    parameters = {**PRICES, **WIDER, **(prices or {})}
    helped = volunteers((counts or {}).get("volunteer_weeks", 0))
    money = (ledger() if book is None else book, programmes() if bought is None else bought)
    return RunFrames(cells, *money, parameters, services() if staff is None else staff, helped)


def run_of(spec: Spec, seed: int, parameter_draw: int | None) -> RunFrames:
    """In place of `simulate`, a run made up in a moment: fewer admissions than in the baseline, at the spec's prices.

    All parameters of the spec in this draw are there, read through its lens.
    """
    fewer = 0 if spec.scenario.name == "baseline" else 20 + seed
    frames = run({"overnight_admissions": 1000 - fewer, "bed_days": 5000 - 6 * fewer}, quarters=-(-spec.weeks // 13))
    plans = zip(spec.programmes, spec.programme_draws(parameter_draw), strict=True)
    own = {plan.path(name): number for plan, numbers in plans for name, number in numbers.items()}
    return frames._replace(parameters={**parameter_values(spec.rates(parameter_draw), spec.evidence), **own})


def results(scenario: str, outcomes: Mapping[int, RunFrames | Failure], **changed: Any) -> Results:
    """Results of these runs by seed."""
    return gather(outcomes, record(scenario, list(outcomes), **changed))


def lively(seeds: int, effect: float, rng_seed: int = 7, quarters: int = 20) -> dict[int, RunFrames]:
    """Runs with chance variation in every cell, shared by arms with one ``rng_seed``; ``effect`` is the share avoided.

    Enough of everything to draw every figure: admissions, loneliness, a ledger and programmes (if there is an effect).
    The same runs again for whoever asks again.
    """
    return dict(_lively(seeds, effect, rng_seed, quarters))


@lru_cache(maxsize=32)
def _lively(seeds: int, effect: float, rng_seed: int, quarters: int) -> dict[int, RunFrames]:
    found = {}
    for seed in range(seeds):
        random_words = np.random.default_rng([rng_seed, seed])
        belief = np.random.default_rng([rng_seed, 1000 + seed // 2]).normal(1.0, 0.6)
        cells = np.zeros((quarters, CELLS, len(NAMES)), np.int64)
        age = np.arange(CELLS) // 10
        for name in NAMES:
            mean = np.where(np.isin(name, ["zero_night_admissions"]), 6, 12) * (1 + age)
            cells[:, :, INDEX[name]] = random_words.poisson(mean, (quarters, CELLS))
        cells[:, :, INDEX["resident_weeks"]] = 4000
        cells[:, :, INDEX["adult_weeks"]] = np.where(age >= 2, 4000, 0)
        cells[:, :, INDEX["lonely_weeks"]] = np.where(age >= 2, random_words.poisson(300, (quarters, CELLS)), 0)
        gone = np.clip(effect * belief, -0.5, 0.9)
        events = [INDEX[name] for name in ("zero_night_admissions", "overnight_admissions", "bed_days", "lonely_weeks")]
        thinned = random_words.binomial(cells[:, :, events], max(0.0, 1.0 - max(gone, 0.0)))
        cells[:, :, events] = thinned if effect else cells[:, :, events]
        helped = volunteers(int(cells[:, :, INDEX["volunteer_weeks"]].sum()))
        cells.setflags(write=False)
        found[seed] = RunFrames(cells, *_money(effect, belief, quarters), {**PRICES, **WIDER}, services(), helped)
    return found


def _money(effect: float, belief: float, quarters: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    if not effect:
        return ledger(), programmes()
    entries: list[tuple[int, str, str, int]] = []
    bought: list[tuple[int, str, str, str, int, float, int]] = []
    for quarter in range(quarters):
        for service, scale in (("gp_practice", 1.0), ("council_contact_centre", 0.4)):
            automated = int(6_000_000 * scale * (1 + 0.05 * belief))
            amounts = {"automated": automated, "rework": automated // 10, "technology": automated // 5}
            amounts["released"] = automated - amounts["rework"] - amounts["technology"]
            amounts["reinvested"] = amounts["released"] // 2
            amounts["saved"] = amounts["released"] // 10
            amounts["absorbed"] = amounts["released"] - amounts["reinvested"] - amounts["saved"]
            entries += [(quarter, service, account, pence) for account, pence in amounts.items()]
            payer = "nhs" if service == "gp_practice" else "council"
            bought.append((quarter, "health_connectors", "released", payer, amounts["reinvested"], 1.5, 60))
        bought.append((quarter, "talking_cafes", "pump_priming", "nhs", 900_000, 1.0, 20))
    return ledger(*entries), programmes(*bought)
