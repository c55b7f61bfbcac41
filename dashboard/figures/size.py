"""Dose and response of a plan: one curve and band for each lens, over multiples of the plan."""

from __future__ import annotations

import pandas as pd

from dashboard.figures.curves import Curve, Curves, curves_of
from dashboard.figures.money import money_scale


def dose_response(rows: pd.DataFrame, unit: str) -> Curves:
    """Curves with the middle 80 % of runs as a band, and the runs' own means as marks.

    ``rows`` are those of one outcome in `SizedPlan.curves`; ``unit`` is the title of the axis, unless it is money.
    """
    scale = 1.0
    if str(rows["unit"].iloc[0]).startswith("pounds"):
        divisor, unit = money_scale(rows[["difference", "smooth_low", "smooth_high"]].abs().max().max())
        scale, unit = 1.0 / divisor, f"{unit} a year"
    smooth = rows.assign(low=rows["smooth_low"], high=rows["smooth_high"])
    smooth.loc[smooth["withheld"], ["low", "high"]] = float("nan")
    drawn: list[Curve] = []
    for title, mine in smooth.groupby("lens_title", sort=False):
        begin = pd.DataFrame({"multiple": [0.0], "smooth": [0.0], "low": [0.0], "high": [0.0], "lens_title": [title]})
        if mine["withheld"].any():
            begin[["low", "high"]] = float("nan")
        drawn += curves_of(pd.concat([begin, mine]), "multiple", "smooth", scale=scale, mark="none")
    for curve in tuple(drawn):
        runs = rows[rows["lens_title"] == curve.name]
        marks = tuple(scale * runs["difference"])
        drawn.append(
            Curve(f"runs, {curve.name}", tuple(runs["multiple"]), marks, of=curve.name, line="none", mark="circle-open")
        )
    return Curves("multiples of the plan (1: the plan as it is)", unit, tuple(drawn))
