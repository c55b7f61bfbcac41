"""Made-up comparisons through two lenses, and access to slides made from them."""

from __future__ import annotations

from functools import lru_cache

from pptx.oxml.ns import qn

from dashboard.exports import Content, content_of, write_take_aways
from simulator.comparison.comparison import compare
from simulator.experiments.lens_comparisons import LensComparisons, by_causal_share
from tests.helpers.synthetic_results import lively, results

CALENDAR = {"weeks": 104, "place": "frome", "place_title": "Frome, Somerset"}
CLAIMED = {"lens": "as-claimed", "lens_title": "As claimed, half of Frome's gap taken as caused by its programme"}
TRIAL = {"lens": "trial-evidence", "lens_title": "On trial evidence"}
FAULT = "Known truths were covered too seldom"


def compared(effect, lens, scenario="relational_offset", faults=()):
    more = {**CALENDAR, **lens, "lens_faults": list(faults)}
    arms = ((scenario, effect), ("baseline", 0.0))
    return compare(*(results(name, lively(6, share, quarters=8), **more) for name, share in arms))


@lru_cache(maxsize=1)
def both_lenses() -> LensComparisons:
    """A scenario that helps, through both lenses; the first also at other causal shares."""
    claimed, trial = compared(0.2, CLAIMED), compared(0.05, TRIAL)
    shares = by_causal_share({0.0: compared(0.0, CLAIMED), 0.5: compared(0.1, CLAIMED), 1.0: claimed})
    return LensComparisons((claimed, trial), {"as-claimed": shares})


@lru_cache(maxsize=1)
def content_of_both() -> Content:
    """The content of its take-aways."""
    return content_of(both_lenses(), "Two calendars were made one.")


@lru_cache(maxsize=1)
def content_withheld() -> Content:
    """The same content with a first lens that failed a check."""
    faulty = compared(0.2, CLAIMED, faults=[FAULT])
    return content_of(LensComparisons((faulty, both_lenses().comparisons[1]), {}))


def drawn_in(content, name):
    """The chart of an exhibit, as numbers."""
    return next(exhibit.figure for exhibit in content.charts if exhibit.name == name)


def opened(content, tmp_path, kind):
    (path,) = write_take_aways(content, tmp_path, [kind])
    return path


def text_of(slide):
    said = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            said.append(shape.text_frame.text)
        if shape.has_table:
            said += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(said).replace("\u2060", "")


def chart_of(slide):
    return next(shape for shape in slide.shapes if shape.has_chart)


def error_bars(series):
    """Lengths of the custom error bars of a series, towards lower and upper; None if it has none."""
    bars = series._element.find(qn("c:errBars"))
    if bars is None:
        return None
    return [[float(point.text) for point in bars.find(qn(f"c:{side}")).iter(qn("c:v"))] for side in ("minus", "plus")]


def slide_of(deck, name):
    return next(slide for slide in deck.slides for shape in slide.shapes if shape.has_chart and shape.name == name)
