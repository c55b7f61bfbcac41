"""How large a plan must be, in words: effects by lens, targets met, and where the plan saturates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd

from dashboard.text.labels import label, short_lens_title
from dashboard.text.phrases import listed, lowered
from simulator.comparison.outcomes import OUTCOMES
from simulator.experiments.sized_plan import SizedPlan
from simulator.foundations.categories import WEEKS_PER_YEAR

SHOWN: Final = {
    "emergency_admissions": "Emergency admissions a year",
    "often_always_lonely": "Often or always lonely, points of adults",
    "net_cash": "Net cost in money, pounds a year",
    "net_cost": "Net cost, money and capacity together, pounds a year",
    "wellbeing_lost": "Wellbeing lost to loneliness, pounds a year (in no cost; below 0: gained)",
}
"""Outcomes that are printed, with their headings."""
_SHOWN_MULTIPLES: Final = (1.0, 3.0, 10.0)
WIDEST: Final = 26
"""Characters of a mean with its range."""
_ERROR: Final = "monte_carlo_error"
_CHECKED: Final = {
    "emergency_admissions": "admissions by {} a year",
    "often_always_lonely": "loneliness by {} points",
}
_SHORT_OF: Final = {
    "staff": "staff",
    "volunteers": "volunteers",
    "people to offer to": "people to offer a place to",
    "takers": "people who take up the offer",
}
_THOUSANDS: Final = ((1e6, "m"), (1e3, "k"), (1.0, ""))


def title(sized: SizedPlan) -> str:
    """What was run: plan, base, place, length, multiples and runs."""
    record, multiples = sized.record, [one.multiple for one in sized.sizes]
    each = int(sized.curves["runs"].max())
    return (
        f"{record['plan_title']} at {multiples[0]:g} to {multiples[-1]:g} times its size, against "
        f"{record['base_title'].lower()}: {record['place_title']}, {record['residents']:,} residents, "
        f"{_years(record['weeks'])}, {each} pairs of runs each. In brackets: 80 % range."
    )


def shown_multiples(sized: SizedPlan) -> list[float]:
    """Up to three multiples for a table: 1, 3 and 10 if they were run, otherwise spread over those that were."""
    run = [one.multiple for one in sized.sizes]
    if set(_SHOWN_MULTIPLES) <= set(run) or len(run) <= len(_SHOWN_MULTIPLES):
        return [multiple for multiple in run if len(run) <= len(_SHOWN_MULTIPLES) or multiple in _SHOWN_MULTIPLES]
    last = len(_SHOWN_MULTIPLES) - 1
    return [run[round(at * (len(run) - 1) / last)] for at in range(last + 1)]


def lens_names(curves: pd.DataFrame) -> dict[str, str]:
    """Short titles of the lenses of `SizedPlan.curves` by name, in their order."""
    titles = dict(zip(curves["lens"], curves["lens_title"], strict=True))
    return {str(lens): short_lens_title({"lens_title": title}) for lens, title in titles.items()}


def from_nothing(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `SizedPlan.curves` of one outcome for `dashboard.figures.size.dose_response`, each lens from nothing."""
    drawn = rows.assign(curve=rows["smooth"], low=rows["smooth_low"], high=rows["smooth_high"])
    zero = drawn.drop_duplicates("lens_title").assign(multiple=0.0, curve=0.0, low=0.0, high=0.0, difference=math.nan)
    return pd.concat([zero, drawn], ignore_index=True).sort_values(["lens", "multiple"], kind="stable")


def response_rows(sized: SizedPlan) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """For each outcome shown: a heading with the base's level, and for each lens a mean with its range by multiple.

    Means and ranges are those of the curves, which go through the runs' means and 80 % ranges.
    """
    multiples = shown_multiples(sized)
    for measure, heading in SHOWN.items():
        mine = sized.curves[sized.curves["measure"] == measure]
        level = "" if OUTCOMES[measure].unit == "pounds" else f" (base: {_plain(mine['baseline'].mean())})"
        lines = []
        for lens, name in lens_names(sized.curves).items():
            rows = mine[mine["lens"] == lens].set_index("multiple").loc[multiples]
            lines.append((name, [_cell(row) for _, row in rows.iterrows()]))
        yield f"{heading}{level}", lines


def money_rows(sized: SizedPlan) -> Iterator[tuple[str, list[str]]]:
    """The money for programmes at each multiple shown, and what of it is new money instead of automation."""
    multiples = shown_multiples(sized)
    pounds = sized.programmes.groupby("multiple")["pounds"].sum() / len(lens_names(sized.curves))
    instead = {one.multiple: one.topped_up for one in sized.sizes}
    yield "Programmes, £", [compact(float(pounds.get(multiple, 0.0))) for multiple in multiples]
    if any(instead.values()):
        yield "  new money, £", [compact(instead[multiple]) for multiple in multiples]


def joined_rows(sized: SizedPlan) -> Iterator[tuple[str, list[str]]]:
    """The people who join a programme in the last year, at each multiple shown, by lens."""
    for lens, name in lens_names(sized.curves).items():
        joined = sized.programmes[sized.programmes["lens"] == lens].groupby("multiple")["joined"].sum()
        yield name, [compact(float(joined.get(multiple, 0.0))) for multiple in shown_multiples(sized)]


def each_rows(sized: SizedPlan) -> Iterator[tuple[str, list[str]]]:
    """The net cost of each adult no longer lonely at each multiple shown, by lens."""
    for lens, name in lens_names(sized.curves).items():
        rows = sized.each[sized.each["lens"] == lens].set_index("multiple")
        found = rows.loc[shown_multiples(sized), "pounds"].tolist()
        yield name, ["not given" if math.isnan(pounds) else compact(pounds) for pounds in found]


def target_rows(curves: pd.DataFrame, smallest: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """For each target: from which multiple the chance of meeting it is high enough, by lens.

    The tables are those of a `SizedPlan`.
    """
    withheld, run = curves.groupby("lens", sort=False)["withheld"].any(), sorted(set(curves["multiple"]))
    for text, rows in smallest.groupby("label", sort=False):
        by_lens = {str(row["lens"]): row for _, row in rows.iterrows()}
        cells = ["withheld" if hidden else reached_text(by_lens[str(lens)], run) for lens, hidden in withheld.items()]
        yield str(text), cells


def reached_text(row: pd.Series[Any], run: Sequence[float]) -> str:
    """From which multiple a target is met, or that it is not.

    >>> row = pd.Series({"from_multiple": 2.44, "to_multiple": 10.0, "best": 1.0, "best_at": 3.0})
    >>> reached_text(row, [1.0, 10.0])
    'from 2.4 times'
    >>> reached_text(pd.Series({**row, "from_multiple": math.nan, "best": 0.25}), [1.0, 10.0])
    'at no size (at most 25 %)'
    """
    first, last = row["from_multiple"], row["to_multiple"]
    if math.isnan(first):
        return f"at no size (at most {100.0 * row['best']:.0f} %)"
    begins = f"{first:.2g}" if first > run[0] else f"{run[0]:g} or less"
    return f"from {begins} times" if last >= run[-1] else f"from {begins} to {last:.2g} times"


def findings(sized: SizedPlan) -> Iterator[str]:
    """Sentences: what could not grow, where programmes and outcomes saturate and why, and the check of the curves."""
    yield from _limits(sized)
    yield from _saturated(sized)
    yield from _levelled(sized)
    yield from _checked(sized)
    yield from sized.failures


def _limits(sized: SizedPlan) -> Iterator[str]:
    largest = sized.sizes[-1]
    tasks = [limit for limit in largest.limits if limit.kind == "automation"]
    if tasks:
        first = next(one.multiple for one in sized.sizes if any(limit.kind == "automation" for limit in one.limits))
        shares = sorted({100.0 * limit.most for limit in tasks})
        ends = f"{shares[0]:g}" if len(shares) == 1 else f"{shares[0]:g} to {shares[-1]:g}"
        many = f"{len(tasks)} task{'s' * (len(tasks) > 1)}"
        yield f"Automation of {many} reaches its ceiling ({ends} %) by {first:g} times."
    if largest.topped_up > 0.0:
        yield (
            "What automation does not pay for is paid with new money of the NHS: "
            f"£{compact(largest.topped_up)} a year at {largest.multiple:g} times."
        )
    for limit in largest.limits:
        if limit.kind == "volunteer surge":
            yield "All adults are willing in the surge of volunteers, which cannot grow further."
        if limit.kind == "staff hours":
            yield f"No more than {limit.most:,.0f} hours a week of {label(limit.name)} can be cut or spent on training."
    if sized.unscaled:
        yield f"Not multiplied: {listed(list(sized.unscaled))}."


def _saturated(sized: SizedPlan) -> Iterator[str]:
    """What runs short, with the programmes or services and the multiples from which they do."""
    titles = {one["name"]: one["title"] for one in sized.record["programmes"]}
    if sized.saturation.empty:
        largest = f"{sized.sizes[-1].multiple:g}"
        yield f"No programme runs short of people or volunteers, and no service of staff, up to {largest} times."
    for reason, rows in sized.saturation.groupby("reason", sort=False):
        each = [
            f"{lowered(titles.get(name, label(name)))} {_from(sized, mine)}"
            for name, mine in rows.groupby("name", sort=False)
        ]
        yield f"Short of {_SHORT_OF[str(reason)]}: {'; '.join(each)}."


def _levelled(sized: SizedPlan) -> Iterator[str]:
    there = sized.levelling[sized.levelling["multiple"].notna() & sized.levelling["measure"].isin(list(SHOWN))]
    each = [f"{lowered(str(name))} {_from(sized, rows)}" for name, rows in there.groupby("label", sort=False)]
    if each:
        yield f"Levelling off (less than half as much for each further step): {'; '.join(each)}."


def _from(sized: SizedPlan, rows: pd.DataFrame) -> str:
    """From which multiple, by lens unless it is the same through each."""
    names = lens_names(sized.curves)
    found = dict(zip(rows["lens"], rows["multiple"], strict=True))
    if len(found) == len(names) and len(set(found.values())) == 1:
        return f"from {rows['multiple'].iloc[0]:g} times"
    return f"from {listed([f'{multiple:g} times ({lowered(names[lens])})' for lens, multiple in found.items()])}"


def _checked(sized: SizedPlan) -> Iterator[str]:
    parts = []
    for measure, words in _CHECKED.items():
        rows = sized.check[sized.check["measure"] == measure]
        missed, errors = (listed([_plain(number) for number in rows[name]]) for name in ("missed_by", _ERROR))
        parts.append(f"{words.format(missed)} (error of the runs themselves {errors})")
    yield f"Check on runs not seen, each multiple left out in turn: the curves miss {listed(parts)}."


def _cell(row: pd.Series[Any]) -> str:
    """A mean with its range to three significant digits of the largest, or fewer to fit into `WIDEST` characters."""
    numbers = [float(row[name]) for name in ("smooth", "smooth_low", "smooth_high")]
    divisor, suffix = _scale(numbers) if str(row["unit"]).startswith("pounds") else (1.0, "")
    largest = max(abs(number) / divisor for number in numbers)
    for decimals in range(0 if largest >= 100.0 else 1 if largest >= 10.0 else 2, -1, -1):
        rounded = [round(number / divisor, decimals) for number in numbers]
        said, low, high = (f"{number:,.{decimals}f}" if number else "0" for number in rounded)
        text = f"{said}{suffix}" if row["withheld"] else f"{said}{suffix} ({low} to {high})"
        if len(text) <= WIDEST:
            break
    return text


def _scale(numbers: Sequence[float]) -> tuple[float, str]:
    largest = max(abs(number) for number in numbers)
    return next((each for each in _THOUSANDS if largest >= each[0]), _THOUSANDS[-1])


def compact(number: float) -> str:
    """A number to two significant digits or whole, in thousands or millions.

    >>> compact(572187.0), compact(28.4), compact(1059346.0), compact(-6300.0)
    ('570k', '28', '1.1m', '-6.3k')
    """
    divisor, suffix = _scale([number])
    return f"{_plain(number / divisor, 2)}{suffix}"


def _years(weeks: int) -> str:
    years = weeks / WEEKS_PER_YEAR
    return f"{years:.3g} year{'' if years == 1.0 else 's'}"


def _plain(number: float, digits: int = 2) -> str:
    """A number to so many significant digits, but at least to tens and at most to four decimals.

    >>> _plain(2750.9), _plain(7.809), _plain(0.0071)
    ('2,750', '7.8', '0.0071')
    """
    if number == 0.0 or math.isnan(number):
        return "0" if number == 0.0 else "–"
    places = min(max(digits - 1 - math.floor(math.log10(abs(number))), -1), 4)
    rounded = round(number, places)
    return f"{rounded:,.{max(places, 0)}f}" if rounded else "0"
