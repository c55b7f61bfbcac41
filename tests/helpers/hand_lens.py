"""Lenses written by hand, for tests without a fit."""

from __future__ import annotations

import hashlib
from pathlib import Path

FITTED = """  {path}:
    label: {path}
    unit: {unit}
    applies_as: {applies_as}
    role: {role}
    prior: {{value: 0.5, low: -3, high: 3}}
    reason: a test
    evidence: {{value: {evidence}, low: -0.2, high: {evidence}}}
    fitted: {{value: {value}, low: -3, high: 3}}
    informed: true
"""
HUB = "programme.complex_care_hub.acute_episodes"
RATIO = "loneliness.need"
LOCAL = "illness.local_demand_growth"


def hand_lens(
    folder: Path, *, frome: tuple[float, ...] = (0.0, 1.0), passed: bool = True, model: str | None = None
) -> Path:
    """A lens of three values: a mechanism, a table by a ratio, and growth of the place studied. Returns its folder.

    ``model`` is the version that its record says it was fitted to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    head = "frome," if frome else ""
    rows = [f"{head}{HUB},{RATIO},{LOCAL}"]
    for share in frome or (1.0,):
        for row in range(4):
            rows.append(f"{f'{share:g},' if frome else ''}{-share - 0.01 * row:g},{1.0 + 0.001 * row:g},0.5")
    draws = "\n".join(rows) + "\n"
    (folder / "draws.csv").write_text(draws, encoding="utf-8", newline="\n")
    parts = [
        (HUB, "log ratio", "value", "mechanism", -0.05, -1.0),
        (RATIO, "ratio", "ratio", "baseline", 1.0, 1.0),
        (LOCAL, "change per year", "value", "place", 0.0, 0.5),
    ]
    gate = "{passed: true, finding: Known truths were covered}"
    if not passed:
        gate = "{passed: false, consequence: withheld, finding: Known truths were covered too seldom}"
    fields = ("path", "unit", "applies_as", "role", "evidence", "value")
    text = f"""lens: {folder.name}
title: {folder.name.replace("-", " ").capitalize()}
description: Made by hand
frome: [{", ".join(f"{share:g}" for share in frome)}]
parameters:
{"".join(FITTED.format(**dict(zip(fields, part, strict=True))) for part in parts)}targets:
  frome_trend:
    {{label: Frome, unit: "%", value: -14, low: -23, high: -5, simulated: {{value: -13, low: -20, high: -6}}, z: -0.2,
     fitted: true, reached: true, source: Someone}}
gates:
  coverage: {gate}
record: {{{"" if model is None else f"model_version: {model}"}}}
draws: {hashlib.sha256(draws.encode()).hexdigest()}
"""
    (folder / "lens.yaml").write_text(text, encoding="utf-8")
    return folder
