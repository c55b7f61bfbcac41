"""Several scenarios beside each other: a chart an outcome, a category a scenario, a colour a lens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.exports.chart_data import Chart
from dashboard.exports.column import Column, columns_of
from dashboard.exports.content import Content, More, content
from dashboard.exports.scenario_charts import range_words, series_of, titled
from dashboard.text import labels as words
from dashboard.text.phrases import listed
from dashboard.topics.several_scenarios import strip_finding
from simulator.comparison.comparison import Comparison
from simulator.comparison.outcomes import OUTCOMES, shown_in


def content_beside(found: Mapping[str, Sequence[Comparison]]) -> Content:
    """The content of take-aways of several scenarios; ``found`` holds for each lens a comparison a scenario.

    The first lens is the one that is read through in words; a scenario may lack others. Raises ValueError for none.
    """
    by_lens = [columns_of(comparisons) for comparisons in found.values() if comparisons]
    if not by_lens:
        raise ValueError("a take-away needs at least one comparison")
    titles = [column.title for column in by_lens[0]]
    record = by_lens[0][0].record
    return content(
        tuple(column for columns in by_lens for column in columns),
        {column.title: column for column in by_lens[0]},
        f"{listed(titles)} in {record['place_title']}",
        tuple(_chart(measure, by_lens, titles) for measure in shown_in("several scenarios")),
        More(question=_question(by_lens)),
    )


def _question(by_lens: Sequence[Sequence[Column]]) -> str:
    base = by_lens[0][0].comparison.baseline.record["scenario_title"]
    lenses = [columns[0].name for columns in by_lens]
    in_words = f" Numbers that are told in words are through {lenses[0]}." if len(lenses) > 1 else ""
    return f"Each is compared with '{base}', through {listed(lenses)}.{in_words}"


def _chart(measure: str, by_lens: Sequence[Sequence[Column]], titles: Sequence[str]) -> Chart:
    tables = {}
    for columns in by_lens:
        rows = [
            one.withheld(one.comparison.summary((measure,), rounded=False)).assign(title=one.title) for one in columns
        ]
        tables[columns[0].name] = pd.concat(rows, ignore_index=True)
    shown = [column for columns in by_lens for column in columns]
    first = next(iter(tables.values())).iloc[0]
    thousands = str(first["unit"]).startswith("pounds")
    unit = words.difference_unit(str(first["unit"])).replace("pounds", "£ thousand")
    return Chart(
        measure,
        titled(tables, strip_finding),
        f"{words.name_of(first)}: mean of the paired differences from the base. {range_words(shown)}",
        f"{unit}, {words.less_or_more(OUTCOMES[measure])}",
        tuple(titles),
        tuple(
            series_of(name, rows.set_index("title").reindex(list(titles)), 1e-3 if thousands else 1.0)
            for name, rows in tables.items()
        ),
        missing="not run through any lens shown",
    )
