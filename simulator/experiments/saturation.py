"""Where programmes of a plan stop filling as it grows, and why: read from what the runs counted.

Of each programme that takes residents: whole-time units, members, offers and people who joined, and its volunteers. As
long as places are what is short, members per unit stay the same at every multiple. A programme is *saturated* from the
multiple at which members per unit are below `FULL` of their largest at a smaller multiple, from the plan itself on. The
reason is what has fallen most:

- **volunteers** per unit: nobody more says yes;
- **people to offer to**, or offers per unit: those whom it is for have a place or have declined;
- **takers**, or people who join per offer.

Services are short of **staff** where the plan adds more than `MORE_VACANCIES` to the share of a role's posts that are
vacant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from simulator.comparison.paired_statistics import Floats
from simulator.foundations.categories import WEEKS_PER_QUARTER
from simulator.results.results import QUARTERS_PER_YEAR, Results

FULL: Final = 0.8
MORE_VACANCIES: Final = 0.02
PROGRAMME_COLUMNS: Final = (
    "multiple",
    "programme",
    "pounds",  # a year, undiscounted, over the whole time
    "units",  # whole-time workers or cafés; this and the following in the last year
    "members",  # on average
    "offers",  # a year
    "joined",  # a year
    "volunteers",  # at the end of quarters, on average
)
SATURATION_COLUMNS: Final = ("what", "name", "multiple", "reason", "level", "reference")


def programmes_at(arms: Sequence[tuple[float, Results]]) -> pd.DataFrame:
    """What each programme did at each multiple, mean of the runs, with `PROGRAMME_COLUMNS`."""
    rows = []
    for multiple, arm in arms:
        bought = arm.programmes
        years, runs = arm.weeks / (WEEKS_PER_QUARTER * QUARTERS_PER_YEAR), max(1, len(arm.finished))
        last = -(-arm.weeks // WEEKS_PER_QUARTER) - QUARTERS_PER_YEAR
        quarters = min(QUARTERS_PER_YEAR, last + QUARTERS_PER_YEAR)
        pounds = bought.groupby("programme", observed=True)["pence"].sum() / 100.0 / runs / years
        late = bought[bought["quarter"] > last].drop_duplicates(["seed", "quarter", "programme"])
        served = late.groupby("programme", observed=True)[["units", "member_weeks", "offers", "engagements"]].sum()
        helped = arm.volunteers[arm.volunteers["quarter"] > last]
        people = helped.groupby("programme", observed=True)["volunteers"].sum()
        counted = (
            served.assign(volunteers=people).reindex(pounds.index).fillna(0.0).to_numpy(np.float64) / runs / quarters
        )
        for name, spent, (units, weeks, offers, joined, there) in zip(pounds.index, pounds, counted, strict=True):
            members = weeks / WEEKS_PER_QUARTER
            taken = (offers * QUARTERS_PER_YEAR, joined * QUARTERS_PER_YEAR)
            rows.append((multiple, str(name), float(spent), units, members, *taken, there))
    return pd.DataFrame(rows, columns=list(PROGRAMME_COLUMNS))


def saturation(programmes: pd.DataFrame, arms: Sequence[tuple[float, Results]], base: Results) -> pd.DataFrame:
    """Programmes and roles that saturate, each from a multiple, with the reason and `SATURATION_COLUMNS`.

    For a programme, ``level`` and ``reference`` are members per unit there and at their largest; for a role, the share
    of posts that are vacant there and in the base.
    """
    rows: list[tuple[str, str, float, str, float, float]] = []
    there = programmes[(programmes["units"] > 0.0) & (programmes["multiple"] >= 1.0)]
    for name, mine in there.groupby("programme", sort=False):
        units, multiples, members, offers, joined, volunteers = (
            mine[column].to_numpy(np.float64)
            for column in ("units", "multiple", "members", "offers", "joined", "volunteers")
        )
        per_unit = members / units
        short = np.flatnonzero(per_unit < FULL * np.maximum.accumulate(per_unit))
        if len(short):
            first = int(short[0])
            best = int(per_unit[:first].argmax())
            falls = {
                "volunteers": _kept(volunteers / units, first, best),
                "people to offer to": _kept(offers / units, first, best),
                "takers": _kept(joined / np.maximum(offers, 1e-9), first, best),
            }
            reason = min(falls, key=lambda what: falls[what])
            rows.append(("programme", str(name), multiples[first], reason, per_unit[first], per_unit[best]))
    usual = _vacancies(base)
    for multiple, arm in arms:
        now = _vacancies(arm)
        known = {name for what, name, *_ in rows if what == "role"}
        for name in now.index[(now - usual) > MORE_VACANCIES]:
            if name not in known:
                rows.append(("role", str(name), multiple, "staff", float(now[name]), float(usual[name])))
    return pd.DataFrame(rows, columns=list(SATURATION_COLUMNS))


def _kept(rate: Floats, now: int, before: int) -> float:
    """A rate relative to what it was; 1 if it was 0."""
    return float(rate[now] / rate[before]) if rate[before] > 0.0 else 1.0


def _vacancies(arm: Results) -> pd.Series[float]:
    """Mean share of posts vacant, by service and role."""
    table = arm.services
    named = table["service"].astype(str) + "." + table["role"].astype(str)
    return table["vacancies"].astype(np.float64).groupby(named).mean()
