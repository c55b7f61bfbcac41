"""The wider ledger in the report: shown last, separately, and included in no total."""

from __future__ import annotations

from typing import Final

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard.exhibits.components import shown, table, unbroken
from dashboard.exhibits.exhibit import Exhibit
from dashboard.figures.chart import Chart, chart_of
from dashboard.text.tables import Cells, cells_of
from dashboard.topics.through_lenses import as_shown
from dashboard.topics.wider import (
    HEADING,
    POUNDS,
    amount_text,
    billions,
    change_text,
    claims_cells,
    claims_finding,
    implied_text,
)
from simulator.comparison.comparison import Comparison
from simulator.comparison.wider_ledger import (
    IMPLIED,
    LINES,
    SIMULATED,
    LedgerLine,
    associations,
    claims,
    claims_error,
    wider_ledger,
)

LEAD: Final = (
    "Published claims about the effects of relationships beyond health. Each line multiplies a change in the model by "
    "a published association, of which a share is treated as causal: {share} on average, which is a judgement; 0 "
    "switches it off. No line is graded better than C. None is included in a total, a cost or the headline, and the "
    "lines should not be added to each other or to anything else."
)
CLAIMS_NOTE: Final = (
    "Pounds a year for a place of this size. The claims are for the UK, scaled by population, and shown for comparison "
    "only; the model neither supports nor refutes them. The released amount comes from this simulation: mean of the "
    "runs with the middle 80 %, undiscounted."
)
_CLAIMS: Final = {
    "claimed_gross_saving": "{uk} a year in the UK, gross",
    "claimed_net_saving": "{uk} a year in the UK, net",
    "claimed_digital_saving": "{uk} a year in the UK, by government",
    "automated": "staff time automated",
    "released": "released after rework and technology",
}
_GRADES: Final = {"C": "Grade C: weak evidence of cause", "assumption": "Assumption: below grade C"}


def wider(comparison: Comparison, source: str) -> Component:
    """The lines as cards, the national claims compared with the simulation, and the sources."""
    rows = as_shown(comparison, wider_ledger(comparison, rounded=False))
    rests = associations(comparison)
    share = rests[rests["name"] == "causal_share"]["value"].iloc[0]
    cards = [_card(each, rows[rows["line"] == each.name], rests) for each in LINES]
    return html.Section(
        [
            html.H2(HEADING),
            html.P(LEAD.format(share=f"{100 * share:.0f} %")),
            html.Ul(cards, className="cards"),
            shown(_claims(comparison, source)),
            html.Details([html.Summary("Sources of the wider ledger"), table(_sources(rests))]),
        ],
        className="wider",
    )


def _card(line: LedgerLine, rows: pd.DataFrame, rests: pd.DataFrame) -> Component:
    simulated, implied = (rows[rows["part"] == part].iloc[0] for part in (SIMULATED, IMPLIED))
    lead = rests[rests["line"] == line.name]
    points = (
        ("In the model", f"{simulated['label']}: {change_text(simulated)}"),
        ("Implied effect", implied_text(implied)),
        ("Source", line.source or str(lead["source"].iloc[0]).strip()),
        ("Why shown separately", line.why),
    )
    body = [part for name, text in points for part in (html.Dt(name), html.Dd(unbroken(text)))]
    grade = _GRADES[str(rows["grade"].iloc[0])]
    return html.Li([html.H3(line.title), html.P(grade, className="grade"), html.Dl(body)])


def _claims(comparison: Comparison, source: str) -> Exhibit[Chart]:
    rows, error = as_shown(comparison, claims(comparison)), claims_error(comparison)
    money = rows[rows["unit"] == POUNDS]
    names = [
        f"{row['kind'].capitalize()}: {_CLAIMS[row['name']].format(uk=billions(row['uk']))}"
        for _, row in money.iterrows()
    ]
    said = [f"{row['label']}, {amount_text(row['place'], row, error)}" for _, row in money.iterrows()]
    drawn = money.assign(name=names, difference=money["place"], scale=1e-6, words=said)
    chart = chart_of(drawn, "£ million a year")
    return Exhibit("claims", claims_finding(rows), CLAIMS_NOTE, chart, source, (claims_cells(rows, error),))


def _sources(rests: pd.DataFrame) -> Cells:
    shown = rests.assign(title=rests["line"].map({line.name: line.title for line in LINES}))
    columns = (
        "Line={title} | Parameter={label} | Value={value:,.3g} | Lower={low:,.3g} | Upper={high:,.3g} | Unit={unit} | "
        "Grade={grade} | Source={source}"
    )
    return cells_of(shown, "Associations, with the values drawn in the runs", columns, names=2)
