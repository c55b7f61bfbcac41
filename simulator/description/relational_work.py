"""The chain from an hour with someone to a day in hospital: every arrow of the model, with its number and its grade.

The numbers are those of the evidence and of the programme files; the table and the picture of the page in docs are made
from them. An arrow is *known* if studies measured it, most of them trials (grade A or B); *believed* if an association
was measured, of which a share is taken to be causal; and *guessed* otherwise (grade C or assumption).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from simulator.evidence import Evidence, Value
from simulator.evidence.values import Numbers
from simulator.foundations.categories import LISTS
from simulator.rules.loneliness import discounted_ratio

BOXES: Final = {
    "conversation": "A conversation with a community connector",
    "group": "An hour in a group",
    "worker": "An hour with a paid worker",
    "volunteer": "An hour with a volunteer",
    "telephone": "An hour by telephone",
    "old_tie": "An old tie brought back",
    "session": "A session on how one sees one's ties",
    "contact": "More contact with kin, friends, neighbours",
    "hours": "Hours together, in hours with friends",
    "outlook": "Seeing one's ties anew",
    "ties": "Strength of ties",
    "support": "Support from all ties",
    "giving": "Giving one's time as a volunteer",
    "illness": "Long-term conditions",
    "score": "Loneliness score",
    "lonely": "Often or always lonely",
    "own_doctor": "The last visit was to one's own doctor",
    "same_doctor": "Over 15 years with the same GP",
    "alone": "Living alone, at 65 and over",
    "visits": "Visits to the practice",
    "deaths": "Deaths",
    "episodes": "Acute illness",
    "admission": "Overnight admission",
    "readmission": "Back within 30 days",
    "days": "Days in a hospital bed",
}
"""What the arrows connect, by name."""


class Arrow(NamedTuple):
    """From and to which box, the evidence value that an arrow stands for, and how its number is written.

    In ``says`` the number replaces {}, in per cent if a % follows. The logarithm of a ratio is written as the ratio.
    """

    start: str
    end: str
    path: str
    says: str
    category: str | None = None  # of a table
    causal: str | None = None  # path of the causal share by which an association is discounted


_LONELY: Final = "loneliness.causal_discount"
ARROWS: Final = (
    Arrow("conversation", "group", "programme.community_connectors.introduction", "{} % go"),
    Arrow("conversation", "old_tie", "programme.community_connectors.old_ties", "{} % lead to it"),
    Arrow("group", "hours", "ties.hour_ratio", "worth {} h", "group"),
    Arrow("worker", "hours", "ties.hour_ratio", "worth {} h", "professional"),
    Arrow("volunteer", "hours", "ties.hour_ratio", "worth {} h", "volunteer"),
    Arrow("telephone", "hours", "programmes.channel_weight", "{} of a visit", "phone"),
    Arrow("old_tie", "contact", "ties.restored_contact", "{} % restored"),
    Arrow("contact", "hours", "ties.hours_per_contact", "{} h a time", "friend"),
    Arrow("session", "outlook", "loneliness.session_share", "{} % of the way"),
    Arrow("hours", "ties", "ties.hours_to_close", "{} h make a close friend"),
    Arrow("ties", "support", "ties.support_half", "{} full ties give half"),
    Arrow("outlook", "support", "loneliness.outlook_effect", "the same ties give {} % more"),
    Arrow("support", "score", "loneliness.support_effect", "−{} SD, none to full"),
    Arrow("giving", "score", "loneliness.giver_effect", "−{} SD"),
    Arrow("illness", "score", "loneliness.illness_effect", "+{} SD each"),
    Arrow("score", "lonely", "loneliness.threshold", "above {} SD"),
    Arrow("own_doctor", "visits", "care.return_interval_ratio", "×{} time to next"),
    Arrow("lonely", "visits", "loneliness.consultation_relative_risk", "×{}", causal=_LONELY),
    Arrow("lonely", "deaths", "loneliness.death_relative_risk", "×{}", causal=_LONELY),
    Arrow("lonely", "episodes", "loneliness.admission_relative_risk", "×{}", causal=_LONELY),
    Arrow("same_doctor", "episodes", "illness.gp_years_ratio", "×{}", "16+", "illness.gp_years_causal_share"),
    Arrow("alone", "episodes", "illness.alone_ratio", "×{}", causal="illness.alone_causal_share"),
    Arrow("episodes", "admission", "care.overnight_probability", "{} % at 75 to 84", "75-84"),
    Arrow("support", "readmission", "care.support_readmission_effect", "×{}, none to full"),
    Arrow("support", "admission", "care.support_admission_effect", "×{}, none to full"),
    Arrow("support", "days", "care.support_stay_effect", "×{}, none to full"),
    Arrow("admission", "readmission", "care.readmission_probability", "{} %"),
    Arrow("admission", "days", "care.overnight_days", "{} days at 75 to 84", "75-84"),
    Arrow("alone", "days", "care.wait_by_cause", "{} % wait", "nobody_at_home"),
)


def chain_table(evidence: Evidence) -> pd.DataFrame:
    """One row per arrow, from and to one of `BOXES`: what it says, its range, grade and standing, and its causal share.

    Numbers are as written on the arrow: a ratio is the one that the model uses, after its causal share.
    """
    return pd.DataFrame([_row(arrow, evidence) for arrow in ARROWS])


def _row(arrow: Arrow, evidence: Evidence) -> dict[str, object]:
    found = evidence[arrow.path]
    causal = None if arrow.causal is None else evidence[arrow.causal]
    value = _as_written(arrow, found, found.value, None if causal is None else causal.value)
    ends = [
        _as_written(arrow, found, numbers, share)
        for numbers in (found.low, found.high)
        for share in ((None,) if causal is None else (causal.low, causal.high))
    ]
    return {
        "start": arrow.start,
        "end": arrow.end,
        "says": arrow.says.format(_shown(value)),
        "value": value,
        "low": min(ends),
        "high": max(ends),
        "grade": found.grade,
        "standing": standing(found),
        "causal_share": None if causal is None else causal.value,
        "meaning": found.label,
        "path": arrow.path,
    }


def standing(value: Value) -> str:
    """Whether what an evidence value says is known, believed or guessed."""
    if value.grade not in ("A", "B"):
        return "guessed"
    return "believed" if value.observational else "known"


def _as_written(arrow: Arrow, found: Value, numbers: Numbers, causal: Numbers | None) -> float:
    table = np.atleast_1d(numbers)
    number = float(table[LISTS[found.by].index(arrow.category)] if found.by and arrow.category else table[0])
    if found.unit == "log ratio":
        number = math.exp(number)
    if causal is not None:
        number = discounted_ratio(number, float(np.atleast_1d(causal)[0]))
    return 100.0 * number if "{} %" in arrow.says else number


def _shown(number: float) -> str:
    """A number with three digits, or two below 1.

    >>> _shown(7.0), _shown(0.8485), _shown(1.181)
    ('7', '0.85', '1.18')
    """
    return f"{number:.3g}" if number >= 1.0 else f"{number:.2g}"


def chain_markdown(table: pd.DataFrame) -> str:
    """The table in Markdown: each arrow with what it says, its range, its grade and its standing."""
    lines = ["| from | to | the arrow says | range | grade | it is |", "|---|---|---|---|---|---|"]
    for row in table.to_dict("records"):
        share = "" if pd.isna(row["causal_share"]) else f" (causal share {row['causal_share']:g})"
        cells = (
            BOXES[row["start"]],
            BOXES[row["end"]],
            f"{row['says']}{share}",
            f"{_shown(row['low'])} to {_shown(row['high'])}",
            row["grade"],
            row["standing"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
