"""A plan at several sizes on disk: tidy tables, and one HTML file with a curve for each outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dash import html

from dashboard.exhibits.components import Part, table
from dashboard.exhibits.exhibit import Exhibit
from dashboard.exhibits.static_html import page
from dashboard.figures.curves import Curves
from dashboard.figures.size import dose_response
from dashboard.text.labels import difference_unit, signed
from dashboard.text.tables import Cells
from dashboard.topics.size import SHOWN, findings, from_nothing, lens_names, target_rows, title
from simulator.experiments.sized_plan import SizedPlan
from simulator.results.folder import fill_tables, write_folder

_STATISTIC: Final = (
    "Line: the curve through the means of the paired differences; band: 80 % range; open marks: the means themselves."
)


def write_size(sized: SizedPlan, folder: str | Path) -> Path:
    """Write the tables of a `SizedPlan`, its record and ``size.html`` into a folder, completely or not at all.

    Raises ResultsError if the folder holds something other than results.
    """

    def fill(new: Path) -> None:
        fill_tables(new, sized.tables(), sized.record)
        (new / "size.html").write_text(size_page(sized), encoding="utf-8", newline="\n")

    write_folder(Path(folder), fill)
    return Path(folder)


def size_page(sized: SizedPlan) -> str:
    """The page: what size meets each target, a curve for each outcome, and where the plan saturates and why."""
    names, line = lens_names(sized.curves), _provenance(sized)
    met = [[text, *cells] for text, cells in target_rows(sized.curves, sized.smallest)]
    caption = f"Smallest size that meets each target with a chance of {100.0 * sized.chance:g} %"
    parts: list[Part] = [
        html.H2("How large must it be?"),
        table(Cells(caption, ["Target", *names.values()], met, 1)),
        *(_curve(sized, measure, line) for measure in SHOWN),
        html.H2("Limits, saturation and check"),
        html.Ul([html.Li(sentence) for sentence in findings(sized)]),
    ]
    return page(f"How large must it be? {sized.record['plan_title']}", title(sized), parts, line)


def _curve(sized: SizedPlan, measure: str, line: str) -> Exhibit[Curves]:
    rows = sized.curves[sized.curves["measure"] == measure]
    unit = difference_unit(str(rows["unit"].iloc[0]))
    cells = [
        [
            lens,
            f"{row['multiple']:g}",
            *(signed(row[name], row["monte_carlo_error"], row["unit"]) for name in ("difference", "low", "high")),
            f"{row['runs']}",
        ]
        for lens, row in zip(rows["lens_title"], rows.to_dict("records"), strict=True)
    ]
    heads = ["Lens", "Times the plan", f"Difference, {unit}", "Low", "High", "Pairs"]
    return Exhibit(
        f"size_{measure}",
        SHOWN[measure],
        _STATISTIC,
        dose_response(from_nothing(rows), "" if str(rows["unit"].iloc[0]).startswith("pounds") else unit),
        line,
        (Cells(SHOWN[measure], heads, cells, 2),),
    )


def _provenance(sized: SizedPlan) -> str:
    record = sized.record
    return (
        f"Model {record['model_version']}. {record['scenario']} {record['scenario_hash']} against {record['base']}. "
        f"{record['place_title']} {record['place_hash']}. Lenses: {'; '.join(record['lenses'])}. "
        f"{len(record['seeds'])} pairs at each multiple. Simulated estimate, not an official statistic."
    )
