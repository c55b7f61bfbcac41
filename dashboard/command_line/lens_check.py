"""Diagnostics of a fit that ``offset calibrate --check`` shows, apart from targets, implied effect sizes and checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dashboard.command_line.output import table_text
from simulator.errors import FitError, ResultsError

if TYPE_CHECKING:
    import pandas as pd

SHOWN: Final = ("parameters", "emulators", "coverage", "discrepancy", "conflicts", "pairs")
LEVELS: Final = (0.5, 0.8, 0.9, 0.95)
PAIR: Final = 0.5
"""Correlation of two parameters' draws from which the pair is shown as compensating for each other."""


def frames_of(folder: Path) -> tuple[dict[str, Any], str | None]:
    """Diagnostic frames in the folder of a lens, with coverage by level; and the reason if any are missing."""
    from calibration.lens.diagnostics import diagnostics

    try:
        found = diagnostics(folder, SHOWN)
    except ResultsError as error:
        return {}, str(error)
    try:
        if "coverage" in found:
            found["coverage"] = _coverage(found["coverage"])
    except FitError as error:
        del found["coverage"]
        return found, f"Coverage is not shown: {error}"
    return found, None


def diagnostics_text(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """A table for each frame, in the order in which a fit is judged; a sentence for an empty one."""
    for name in SHOWN:
        title, heads, cells, texts = TABLES[name]
        rows = [cells(row) for row in _chosen(name, frames[name])] if name in frames else []
        if rows:
            yield table_text(title, heads, rows, texts)
        elif name in NOTHING:
            yield NOTHING[name]


def _chosen(name: str, frame: pd.DataFrame) -> list[dict[Any, Any]]:
    if name == "pairs":
        frame = frame[frame["correlation"].abs() >= PAIR]
        frame = frame.sort_values("correlation", key=abs, ascending=False)
    return frame.to_dict("records")


def _coverage(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    from calibration.fitting.coverage import FEWEST, covered

    truths = frame.loc[frame["effective_size"] >= FEWEST, "truth"].nunique()
    rows = [(level, covered(frame, level), truths) for level in LEVELS]
    return pd.DataFrame(rows, columns=["level", "share", "truths"])


def _value(row: dict[Any, Any]) -> list[str]:
    sizes = [f"{row[name]:,.0f}" for name in ("ess_bulk", "ess_tail")]
    return [row["parameter"], f"{row['width_ratio']:.2f}", row["label"], f"{row['r_hat']:.3f}", *sizes]


def _emulator(row: dict[Any, Any]) -> list[str]:
    names = ("explained", "z_rms", "z_rms_waves", "noise_sd", "unresolved_sd", "bias_posterior", "bias_error")
    return [row["column"], *(_number(row.get(name)) for name in names)]


def _level(row: dict[Any, Any]) -> list[str]:
    return [f"{row['level']:.0%}", f"{row['share']:.0%}", str(row["truths"])]


def _left_out(row: dict[Any, Any]) -> list[str]:
    numbers = [_number(row[name]) for name in ("value", "mean", "sd_predicted", "z")]
    return [row["left_out"], row["target"], *numbers, "" if row["reliable"] else "far from the fit: approximate"]


def _discrepancy(row: dict[Any, Any]) -> list[str]:
    return [row["target"], *(_number(row[name]) for name in ("mean", "q05", "q95", "in_sd"))]


def _pair(row: dict[Any, Any]) -> list[str]:
    return [row["first"], row["second"], f"{row['correlation']:+.2f}"]


def _number(value: float | None) -> str:
    return "" if value is None or value != value else f"{value:.3g}"


Cells = Callable[[dict[Any, Any]], list[str]]
TABLES: Final[dict[str, tuple[str, list[str], Cells, tuple[int, ...]]]] = {
    "parameters": (
        "Parameters: posterior width over prior width of the central 80 %, and convergence of the draws",
        ["Parameter", "Width", "", "R-hat", "Effective size", "in the tails"],
        _value,
        (0, 2),
    ),
    "emulators": (
        "Emulators, by leave-one-out prediction; bias is simulated less emulated at posterior draws",
        ["Target", "Explained", "z (rms)", "in waves", "Noise sd", "Unresolved sd", "Bias", "Bias error"],
        _emulator,
        (0,),
    ),
    "coverage": ("Coverage of known truths", ["Interval", "Truths covered", "Truths"], _level, ()),
    "discrepancy": (
        "Discrepancy, in the target's unit",
        ["Target", "Mean", "5 %", "95 %", "In sd of the target"],
        _discrepancy,
        (0,),
    ),
    "conflicts": (
        "Each target, or group of targets, predicted from the others",
        ["Left out", "Target", "Published", "Predicted", "sd", "z", ""],
        _left_out,
        (0, 1, 6),
    ),
    "pairs": ("Parameters that compensate for each other", ["Parameter", "Other", "Correlation"], _pair, (0, 1)),
}
NOTHING: Final = {
    "coverage": "Coverage of known truths was not tested.",
    "conflicts": "No target was left out and predicted from the others.",
    "pairs": f"No two parameters have draws with a correlation of {PAIR} or more.",
}
