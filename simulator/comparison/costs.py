"""Costs by item, payer and kind: care at the prices of a run, the offset ledger, and programmes.

Each pound has an *item*, a *payer* (whose budget) and a *kind*:

    cashable         money that changes hands, or that a budget keeps, within the horizon
    capacity         the value of beds, appointments and staff time that are used or freed without money moving
    volunteer_time   hours given, at replacement cost; never money, and never in a net cost

A care item is split by its cashable share: only that share of a saving or an increase is money, the rest is capacity.
Staff time that automation releases is counted once, by its use: the reinvested part leaves the service's budget and
goes to programmes, which cancels out; the saved part is money kept; technology is money spent out of the released
amount; the absorbed part is capacity. So the ledger's net cost is ``- saved - absorbed``, of which ``- saved`` is
money, and other programme money is an additional cost. `docs/costs.md` has a worked example. A consultation answered
automatically is still priced as one, since the staff time it saves is in the ledger. Care given by added staff is paid
for as staff or as a programme, and not also as care.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.comparison.outcomes import OUTCOMES
from simulator.foundations.categories import MINUTES_PER_HOUR, PAYERS, SERVICE_PAYERS, SERVICES
from simulator.foundations.measures import INDEX, MILLIONTHS
from simulator.results.results import LEDGER_ACCOUNTS, QUARTERS_PER_YEAR, Results

KINDS: Final = ("cashable", "capacity", "volunteer_time")
NET_KINDS: Final = OUTCOMES["net_cost"].sum_of
"""Kinds that a net cost adds up."""
KEYS: Final = ("seed", "year", "item", "payer", "kind")
_PAYER_OF: Final = dict(zip(SERVICES, SERVICE_PAYERS, strict=True))


class CareItem(NamedTuple):
    """One type of care: its cost is a sum of counts times prices."""

    name: str
    label: str
    terms: tuple[tuple[str, str], ...]  # (counted measure, price)
    cashable_share: str  # a price


CARE_ITEMS: Final = (
    CareItem(
        "short_admissions",
        "Emergency admissions without a night",
        (("zero_night_admissions", "zero_night_admission"),),
        "cashable_share_admission",
    ),
    CareItem(
        "overnight_admissions",
        "Emergency admissions overnight, with their bed days",
        (("overnight_admissions", "first_days"), ("bed_days", "bed_day")),
        "cashable_share_admission",
    ),
    CareItem("ae", "A&E attendances", (("ae_attendances", "ae_attendance"),), "cashable_share_contact"),
    CareItem(
        "gp",
        "GP consultations",
        (("consultations", "gp_consultation"), ("automated_consultations", "gp_consultation")),
        "cashable_share_contact",
    ),
)
SOCIAL_CARE_ITEMS: Final = (
    CareItem(
        "home_care",
        "Home care arranged by the council",
        (("home_care_hours_millionths", "home_care_millionth"),),
        "cashable_share_social_care",
    ),
    CareItem(
        "care_homes",
        "Care homes arranged by the council",
        (("care_home_weeks", "care_home_week"),),
        "cashable_share_social_care",
    ),
    CareItem(
        "assessments",
        "Assessments of social care needs",
        (("assessments", "assessment"),),
        "cashable_share_contact",
    ),
)
"""Care paid for by the council; not in the cost of NHS care, `care_costs`."""
ITEMS: Final = {
    **{item.name: item.label for item in (*CARE_ITEMS, *SOCIAL_CARE_ITEMS)},
    "staffing": "Staff added or cut by the scenario",
    "released_staff_time": "Staff time that left service budgets",
    "technology": "Technology",
    "programmes_released": "Programmes, from what was released",
    "programmes_pump_priming": "Programmes, pump priming",
    "programmes_new_money": "Programmes, new money",
    "absorbed_staff_time": "Staff time kept for other work",
    "volunteers": "Volunteers' time, at replacement cost",
}
"""Labels of all items by name, in the order they are shown."""


Prices = dict[str, NDArray[np.float64]]


def prices(results: Results, seeds: Sequence[int]) -> Prices:
    """Prices of each run by name, shape (seeds,), in pounds of the price year.

    Two prices are derived from the evidence: ``home_care_millionth``, per millionth of an hour as counted, and
    ``first_days``: the overnight price less ``included_days`` at ``bed_day``. The overnight price is the mean cost of
    stays of ``included_days`` on average; a day more or less costs or saves ``bed_day``. So an overnight admission
    costs ``first_days`` and each of its days ``bed_day``, and costs add up over any group of stays.
    """
    table, row = results.parameters, {seed: position for position, seed in enumerate(seeds)}
    wanted = table["path"].str.startswith("prices.") & table["seed"].isin(list(seeds))
    column, paths = pd.factorize(table["path"][wanted])
    values = np.full((len(paths), len(row)), np.nan)
    values[column, table["seed"][wanted].map(row)] = table["value"][wanted]
    found = {path.removeprefix("prices."): by_seed for path, by_seed in zip(paths, values, strict=True)}
    found["home_care_millionth"] = found["home_care_hour"] / MILLIONTHS
    found["first_days"] = found["overnight_admission"] - found["included_days"] * found["bed_day"]
    return found


def care_costs(
    price: Prices, counts: NDArray[np.int64], items: tuple[CareItem, ...] = CARE_ITEMS
) -> NDArray[np.float64]:
    """Undiscounted pounds of care, shape (..., len(items)), of counts, shape (seeds, ..., measures)."""
    spread = (slice(None), *([None] * (counts.ndim - 2)))
    columns = [
        sum((counts[..., INDEX[measure]] * price[name][spread] for measure, name in item.terms), np.float64(0.0))
        for item in items
    ]
    return np.stack(columns, axis=-1)


def discount_factors(rate: NDArray[np.float64], years: int) -> NDArray[np.float64]:
    """Present value of a pound of each year, shape (seeds, years), at the yearly ``rate`` of each seed.

    The first year is not discounted. HM Treasury, The Green Book: 3.5 % a year, 1.5 % for wellbeing, from the year of
    the decision (year 0).
    """
    return np.asarray((1.0 + rate)[:, None] ** -np.arange(years), dtype=np.float64)


def costs(results: Results, seeds: Sequence[int] | None = None) -> pd.DataFrame:
    """Costs of each run: seed, year, item, payer, kind, pounds, discounted_pounds. Savings are negative.

    One row per run, year, item, payer and kind that occurs. Pounds of the price year; ``discounted_pounds`` is their
    present value at the start. The split of care into kinds is meaningful for differences only, not for levels.
    """
    chosen = results.finished if seeds is None else tuple(seeds)
    return costs_of(results, chosen, prices(results, chosen), results.counts(chosen))


def costs_of(results: Results, chosen: Sequence[int], price: Prices, counted: NDArray[np.int64]) -> pd.DataFrame:
    """As `costs`, where the prices and counts of the chosen seeds are known already."""
    counts = by_year(counted.sum(axis=(2, 3, 4)))
    paid_already = given_by_added_staff(results, chosen)
    parts = (
        *_care(chosen, price, counts, paid_already),
        *_ledger(results),
        _programmes(results),
        _staffing(results),
        _volunteers(results, chosen, price),
    )
    entries = _Entries(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    seeds = np.unique(np.asarray(chosen, np.int64))
    wanted = np.isin(entries.seed, seeds)
    lengths = (len(seeds), results.years, *(len(names) for names in _NAMES.values()))
    keys = (np.searchsorted(seeds, entries.seed[wanted]), entries.year[wanted] - 1)
    labelled = (entries.item[wanted], entries.payer[wanted], entries.kind[wanted])
    which = np.ravel_multi_index((*keys, *labelled), lengths)  # one number for all keys, which sorts as they do
    added = pd.Series(entries.pounds[wanted]).groupby(which).sum()
    added = added[added != 0.0]
    seed, year, *labels = np.unravel_index(added.index.to_numpy(), lengths)
    amounts = added.to_numpy()
    named = {key: names.to_numpy(object)[code] for (key, names), code in zip(_NAMES.items(), labels, strict=True)}
    row = np.argsort(np.asarray(chosen))[seed]
    discounted = amounts * discount_factors(price["discount_rate"], results.years)[row, year]
    return pd.DataFrame(
        {"seed": seeds[seed], "year": year + 1, **named, "pounds": amounts, "discounted_pounds": discounted}
    )


_NAMES: Final = {key: pd.Index(sorted(names)) for key, names in (("item", ITEMS), ("payer", PAYERS), ("kind", KINDS))}


class _Entries(NamedTuple):
    """Pounds with their labels, each of shape (entries,); names are positions in `_NAMES`, since texts take longer."""

    seed: NDArray[np.int64]
    year: NDArray[np.int64]
    item: NDArray[np.intp]
    payer: NDArray[np.intp]
    kind: NDArray[np.intp]
    pounds: NDArray[np.float64]


_NONE: Final = _Entries(*(np.zeros(0, kind) for kind in (*[np.int64] * 2, *[np.intp] * 3, np.float64)))


def _entries(seed: Any, year: Any, names: tuple[Any, Any, Any], pounds: Any) -> _Entries:
    """Entries from columns; item, payer and kind are one text, or one per entry. Without a payer: left out."""
    item, payer, kind = (_codes(known, name, len(pounds)) for known, name in zip(_NAMES.values(), names, strict=True))
    there = payer >= 0
    seeds, years, amounts = (np.asarray(seed, np.int64), np.asarray(year, np.int64), np.asarray(pounds, np.float64))
    return _Entries(seeds[there], years[there], item[there], payer[there], kind[there], amounts[there])


def _codes(known: pd.Index[str], name: Any, length: int) -> NDArray[np.intp]:
    if isinstance(name, str):
        return np.full(length, known.get_loc(name))
    return known.get_indexer(pd.Index(name))


def _care(
    seeds: Sequence[int], price: Prices, counts: NDArray[np.int64], paid_already: Mapping[str, NDArray[np.float64]]
) -> Iterator[_Entries]:
    """Cost of care from counts, shape (seeds, years, measures), without care already paid for as added staff."""
    for item in (*CARE_ITEMS, *SOCIAL_CARE_ITEMS):
        pounds = care_costs(price, counts, (item,))[..., 0]
        if item.name in paid_already:
            pounds -= paid_already[item.name] * price[item.terms[0][1]][:, None]
        share = price[item.cashable_share][:, None]
        for kind, part in (("cashable", share), ("capacity", 1.0 - share)):
            yield _by_run(seeds, pounds * part, (item.name, "nhs" if item in CARE_ITEMS else "council", kind))


def _volunteers(results: Results, seeds: Sequence[int], price: Prices) -> _Entries:
    """Hours that volunteers gave, at replacement cost."""
    given, years = results.volunteers, pd.RangeIndex(1, results.years + 1)
    if given.empty:
        return _NONE
    hours = given.groupby(["seed", "year"])["hours"].sum().unstack(fill_value=0)
    hours = hours.reindex(index=list(seeds), columns=years, fill_value=0.0).astype(np.float64)
    pounds = hours.to_numpy() * price["volunteer_hour"][:, None]
    return _by_run(seeds, pounds, ("volunteers", "voluntary", "volunteer_time"))


def _by_run(seeds: Sequence[int], pounds: NDArray[np.float64], names: tuple[str, str, str]) -> _Entries:
    """Pounds of shape (seeds, years) as entries of one item, payer and kind."""
    years = pounds.shape[1]
    return _entries(np.repeat(seeds, years), np.tile(np.arange(1, years + 1), len(seeds)), names, pounds.ravel())


def _ledger(results: Results) -> Iterator[_Entries]:
    """Entries of the offset ledger: staff time that left service budgets, what it paid for, and staff time kept.

    Programmes cost a service the amount it hands over, when it does so, including amounts unspent at the end.
    """
    table = results.ledger
    seeds, run = np.unique(table["seed"].to_numpy(np.int64), return_inverse=True)
    service, account = (pd.Index(names).get_indexer(pd.Index(table[key])) for key, names in _BOOKED.items())
    pence = np.zeros((len(_BOOKED["account"]), len(seeds), results.years, len(_BOOKED["service"])), np.int64)
    np.add.at(pence, (account, run, table["year"].to_numpy(np.intp) - 1, service), table["pence"].to_numpy(np.int64))
    seed, year, which = (axis.ravel() for axis in np.indices(pence.shape[1:]))
    payer = np.array([_PAYER_OF[name] for name in _BOOKED["service"]], object)[which]
    booked = dict(zip(_BOOKED["account"], pence.reshape(len(pence), -1), strict=True))
    left = booked["technology"] + booked["reinvested"] + booked["saved"]
    for item, kind, amount in (
        ("released_staff_time", "cashable", -left),
        ("technology", "cashable", booked["technology"]),
        ("programmes_released", "cashable", booked["reinvested"]),
        ("absorbed_staff_time", "capacity", -booked["absorbed"]),
    ):
        there = amount != 0
        yield _entries(seeds[seed[there]], year[there] + 1, (item, payer[there], kind), amount[there] / 100.0)


_BOOKED: Final = {"service": sorted(SERVICES), "account": LEDGER_ACCOUNTS}
"""Names in the ledger by column."""


def _programmes(results: Results) -> _Entries:
    """Programme money that was not released in the place, by payer."""
    table = results.programmes[results.programmes["source"] != "released"]
    names = ("programmes_" + table["source"].astype(str), table["payer"].astype(str), "cashable")
    return _entries(table["seed"], table["year"], names, table["pence"].astype(np.float64) / 100.0)


def _staffing(results: Results) -> _Entries:
    """Staff hours added by the scenario: new money of the service's payer; a cut is money saved."""
    table = results.services[results.services["pence"] != 0]
    if table.empty:
        return _NONE
    names = ("staffing", table["service"].astype(str).map(_PAYER_OF), "cashable")
    return _entries(table["seed"], table["year"], names, table["pence"].astype(np.float64) / 100.0)


def pounds_by_seed(rows: pd.DataFrame, seeds: Sequence[int]) -> NDArray[np.float64]:
    """Pounds of each seed in rows of a table with columns ``seed`` and ``pence``, shape (seeds,).

    >>> pounds_by_seed(pd.DataFrame({"seed": [1, 1], "pence": [250, 100]}), (0, 1)).tolist()
    [0.0, 3.5]
    """
    pence = rows.groupby("seed")["pence"].sum().reindex(list(seeds), fill_value=0)
    return np.asarray(pence.to_numpy(np.float64) / 100.0)


def by_year(by_quarter: NDArray[np.int64]) -> NDArray[np.int64]:
    """Counts of shape (seeds, quarters, ...) added up to (seeds, years, ...); the last year may be short."""
    starts = np.arange(0, by_quarter.shape[1], QUARTERS_PER_YEAR)
    return np.add.reduceat(by_quarter, starts, axis=1)


# Care given by staff that a scenario or a programme added is already paid for there, so it is not priced as care too.
# Conversely, care that staff who were cut would have given is priced as if it had been given, since the cut already
# saves their cost, once.


_HOURS, _ASSESSMENT_HOURS = "", "social_care.assessment_hours"
_CONSULTATION_MINUTES: Final = "contacts.minutes_per_contact.gp_practice.consultation"
_GIVEN_BY: Final = {
    "home_carer": ("home_care", _HOURS),
    "assessor": ("assessments", _ASSESSMENT_HOURS),
    "clinician": ("gp", _CONSULTATION_MINUTES),
}
"""By role: the item of care that it gives, and the evidence value on the time one takes."""


def given_by_added_staff(results: Results, seeds: Sequence[int]) -> dict[str, NDArray[np.float64]]:
    """Care given by added staff, by item, in units as counted, shape (seeds, years); negative where a cut left care
    undone. Items without such care are omitted.
    """
    table = results.services
    table = table[table["seed"].isin(list(seeds)) & (table["done_by_added"] != 0.0)]
    given = {}
    for role, (item, path) in _GIVEN_BY.items():
        rows = table[table["role"] == role]
        if rows.empty:
            continue
        hours = rows.groupby(["seed", "year"])["done_by_added"].sum().unstack(fill_value=0)
        hours = hours.reindex(index=list(seeds), columns=range(1, results.years + 1), fill_value=0.0)
        given[item] = hours.to_numpy(np.float64) * _per_hour(results, seeds, path)[:, None]
    return given


def _per_hour(results: Results, seeds: Sequence[int], path: str) -> NDArray[np.float64]:
    """Units of an item per hour in each run, shape (seeds,); hours themselves are counted in millionths."""
    if path == _HOURS:
        return np.full(len(seeds), float(MILLIONTHS))
    values = results.parameters[results.parameters["path"] == path].set_index("seed")["value"]
    one = values.loc[list(seeds)].to_numpy(np.float64)
    return np.asarray((MINUTES_PER_HOUR if path == _CONSULTATION_MINUTES else 1.0) / one)
