"""Dose and response of a plan: one curve and band for each lens, over multiples of the plan."""

from __future__ import annotations

import pandas as pd

from dashboard.figures.curves import Curve, Curves, curves_of
from dashboard.figures.money import money_scale


def dose_response(rows: pd.DataFrame, unit: str, *, here: float = 1.0) -> Curves:
    """Curves with the 80 % range as a band, the runs' own means as marks, and a line at the multiple ``here``.

    ``rows`` of one outcome have lens_title, multiple, low, high and withheld, the height of the curve (``curve``), and
    the mean of the runs (``difference``), NaN where none were made. ``unit`` is the title of the axis; pounds are
    scaled if it is empty.
    """
    scale = 1.0
    if not unit:
        divisor, unit = money_scale(rows[["curve", "low", "high"]].abs().max().max())
        scale, unit = 1.0 / divisor, f"{unit} a year"
    shown = rows.assign(**{end: rows[end].mask(rows["withheld"].astype(bool)) for end in ("low", "high")})
    smooth, run = curves_of(shown, "multiple", "curve", scale=scale, mark="none"), []
    for curve in smooth:
        made = rows[(rows["lens_title"] == curve.name) & rows["difference"].notna()]
        means = tuple(scale * made["difference"])
        run.append(
            Curve(f"runs, {curve.name}", tuple(made["multiple"]), means, of=curve.name, line="none", mark="circle-open")
        )
    return Curves("times the plan (dotted: you are here)", unit, (*smooth, *run), here=here)
