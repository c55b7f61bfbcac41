"""Slides and what all take-aways share: the comparison's numbers, ranges, lenses and provenance."""

from __future__ import annotations

import io
import math

import openpyxl
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from dashboard.exports import content_of, content_of_several
from simulator.comparison.comparison import compare
from simulator.comparison.costs_by_service import by_service
from simulator.comparison.outcomes import shown_in
from simulator.experiments.lens_comparisons import LensComparisons
from simulator.lenses import implied_strengths, load_lens
from tests.helpers.synthetic_results import lively, results
from tests.helpers.take_aways import (
    CLAIMED,
    FAULT,
    TRIAL,
    both_lenses,
    chart_of,
    compared,
    content_of_both,
    content_withheld,
    drawn_in,
    error_bars,
    opened,
    slide_of,
    text_of,
)

pytestmark = pytest.mark.thorough

BOARD = 4
"""Slides for a board, with the one that begins the appendix."""


@pytest.fixture(scope="module")
def found():
    return both_lenses()


@pytest.fixture(scope="module")
def content():
    return content_of_both()


@pytest.fixture(scope="module")
def withheld():
    return content_withheld()


@pytest.fixture(scope="module")
def deck(content, tmp_path_factory):
    return Presentation(opened(content, tmp_path_factory.mktemp("slides"), "pptx"))


def test_slides_hold_the_numbers_of_the_comparison_with_ranges_as_error_bars(deck, found):
    drawn = chart_of(slide_of(deck, "outcomes")).chart
    measures = ("emergency_admissions", "zero_night_admissions", "overnight_admissions")
    for series, one in zip(drawn.plots[0].series, found.comparisons, strict=True):
        rows = one.per("year").summary(measures, rounded=False)
        level = rows["baseline"].to_numpy() / 100.0
        assert list(series.values[:3]) == pytest.approx(list(rows["difference"] / level))
        less, more = error_bars(series)
        assert [value - length for value, length in zip(series.values, less, strict=True)][:3] == pytest.approx(
            list(rows["low"] / level)
        )
        assert [value + length for value, length in zip(series.values, more, strict=True)][:3] == pytest.approx(
            list(rows["high"] / level)
        )
    assert [series.name for series in drawn.plots[0].series] == ["As claimed, 0.5 of Frome's gap", "On trial evidence"]


def test_bars_of_slides_begin_at_zero_with_the_first_category_on_top(deck):
    bars, columns = (chart_of(slide_of(deck, name)).chart for name in ("outcomes", "years"))
    assert [chart.category_axis.reverse_order for chart in (bars, columns)] == [True, False]
    crossings = [
        axis.find(qn("c:crosses")).get("val")
        for chart in (bars, columns)
        for axis in (chart.category_axis._element, chart.value_axis._element)
    ]
    assert set(crossings) == {"autoZero"}
    assert next(iter(bars.plots[0].categories)) == "Emergency admissions"
    low, high = bars.value_axis.minimum_scale, bars.value_axis.maximum_scale
    assert low <= min(value for series in bars.plots[0].series for value in series.values) <= 0.0 <= high


def test_the_workbook_behind_a_slide_holds_both_ends_and_the_error_bars_follow_it(deck):
    drawn = chart_of(slide_of(deck, "outcomes")).chart
    sheet = openpyxl.load_workbook(io.BytesIO(drawn.part.chart_workbook.xlsx_part.blob)).active
    heads = [cell.value for cell in sheet[1]]
    assert heads[1:3] == ["As claimed, 0.5 of Frome's gap", "On trial evidence"]
    lower = heads.index("On trial evidence: lower")
    value, low, high = (sheet.cell(2, column + 1).value for column in (2, lower, lower + 1))
    assert low < value < high
    assert sheet.cell(2, lower + 3).value == '=IF(H2="",0,C2-H2)'
    references = [found.text for found in drawn._chartSpace.iter(qn("c:f"))]
    assert f"Sheet1!$J$2:$J${1 + len(shown_in('outcomes'))}" in references
    assert sheet.cell(11, 10).value is not None


def test_every_slide_says_where_it_comes_from_and_every_chart_says_what_it_shows(deck, content):
    _, findings, *others = list(deck.slides)[BOARD:]
    assert findings.shapes.title.text_frame.text == "Findings"  # too long to stand below the tiles
    for _, said in content.headlines:
        assert all(sentence in text_of(findings).replace("\u2060", "") for sentence in said)
    after = [slide.shapes.title.text_frame.text for slide in others[len(content.charts) :]]
    assert after[:3] == ["Assumptions of each lens", "Limitations", "Reproduce this"]
    for slide in deck.slides:
        said = text_of(slide)
        assert content.source in said
        assert slide.shapes.title.text_frame.text
    for slide, exhibit in zip(others[: len(content.charts)], content.charts, strict=True):
        assert chart_of(slide)._element.nvGraphicFramePr.cNvPr.get("descr") == exhibit.alternative
        notes = slide.notes_slide.notes_text_frame.text
        assert content.commands[0] in notes
        assert exhibit.alternative in notes
        assert 1 <= len(exhibit.figure.series) <= 4
    last = "\n".join(text_of(slide) for slide in list(deck.slides)[-2:])
    assert content.commands[0] in last
    assert "1.0+abcdef01" in last


def test_slides_refer_to_nothing_outside(deck):
    outside = [
        relation.target_ref
        for part in deck.part.package.iter_parts()
        for relation in part.rels.values()
        if relation.is_external
    ]
    assert outside == []


def test_a_lens_that_failed_a_check_has_no_ranges_in_any_take_away(withheld, tmp_path):
    shown = Presentation(opened(withheld, tmp_path, "pptx"))
    drawn = chart_of(slide_of(shown, "outcomes")).chart
    claimed, trial = drawn.plots[0].series
    assert error_bars(claimed) is None
    assert error_bars(trial) is not None
    whole = "\n".join(text_of(slide) for slide in shown.slides)
    assert f"As claimed, 0.5 of Frome's gap: ranges are withheld, since this lens failed checks: {FAULT}." in whole
    assert "range withheld" in text_of(shown.slides[1])
    first, findings = list(shown.slides)[BOARD : BOARD + 2]
    assert "withheld: the lens failed a check" in text_of(first)
    assert "Ranges are withheld, so there is no verdict on any of these differences." in text_of(findings)
    outcomes = withheld.tables["outcomes"].set_index("lens")
    assert outcomes.loc["as-claimed", ["low", "high"]].isna().all(axis=None)
    assert outcomes.loc["trial-evidence", ["low", "high"]].notna().all(axis=None)
    assert set(withheld.tables["chances"]["lens"]) == {"trial-evidence"}
    chances = drawn_in(withheld, "chances")
    assert [series.name for series in chances.series] == ["On trial evidence"]
    both = [compared(0.1, lens, faults=[FAULT]) for lens in (CLAIMED, TRIAL)]
    none = content_of(LensComparisons(tuple(both), {}))
    assert "chances" not in {chart.name for chart in none.charts} | set(none.tables)


def test_implied_effect_sizes_are_those_stored_with_the_runs(found):
    kept = implied_strengths(load_lens("as-claimed")).iloc[:1].assign(label="tea cures", times=3.0, outside=True)
    content = content_of(found._replace(implied_strengths={"as-claimed": kept}))
    assert content.tables["implied_strengths"][["label", "lens"]].to_numpy().tolist() == [["tea cures", "as-claimed"]]
    text = "As claimed, 0.5 of Frome's gap: implied effect size for tea cures: 3 times the strength found in studies."
    assert [line for line in content.lenses if "implied effect" in line] == [text]


def test_causal_shares_are_a_chart_and_a_table_of_their_own(content, found):
    exhibit = next(exhibit for exhibit in content.charts if exhibit.name == "causal_as_claimed")
    assert [series.name for series in exhibit.figure.series] == [
        "None of it causal",
        "Half of it causal",
        "All of it causal",
    ]
    assert "0 if no observed association is causal" in exhibit.title
    given = found.causal["as-claimed"]
    assert content.tables["causal"]["difference"].tolist() == given["difference"].tolist()


def test_costs_of_a_chart_are_those_of_the_services(content, found):
    chart = drawn_in(content, "costs_cashable")
    rows = by_service(found.comparisons[0].per("year"), rounded=False)
    cash = rows[(rows["kind"] == "cashable") & (rows["service"] == "hospital")].iloc[0]
    position = chart.categories.index("Hospital (NHS)")
    first = chart.series[0]
    assert (first.values[position], first.low[position], first.high[position]) == pytest.approx(
        (cash["difference"] / 1e3, cash["low"] / 1e3, cash["high"] / 1e3)
    )


def test_small_groups_are_empty_in_charts_and_tables(tmp_path):
    counts = lively(2, 0.2, quarters=4)
    few = {seed: run._replace(cells=run.cells * 0 + run.cells // 400) for seed, run in counts.items()}
    one = compare(results("relational_offset", few), results("baseline", few))
    content = content_of(LensComparisons((one,), {}))
    chart = drawn_in(content, "age_band_emergency_admissions")
    assert math.isnan(chart.series[0].values[0])
    assert chart.labels()[0] == "0-4 (too few to show)"
    youngest = content.tables["by_age"].query("age_band == '0-4' and measure == 'emergency_admissions'")
    assert youngest[["baseline", "scenario", "difference", "low", "high", "percent"]].isna().all(axis=None)
    slide = slide_of(Presentation(opened(content, tmp_path, "pptx")), "age_band_emergency_admissions")
    assert chart_of(slide).chart.plots[0].series[0].values[0] is None


def test_several_scenarios_have_a_chart_per_outcome_and_a_colour_per_lens(found, tmp_path):
    other = compared(0.0, CLAIMED, "volunteers_only")
    content = content_of_several({"as-claimed": (found.comparisons[0], other), "trial-evidence": found.comparisons[1:]})
    first = content.charts[0].figure
    assert first.categories == ("Relational offset", "Volunteers only")
    assert [series.name for series in first.series] == ["As claimed, 0.5 of Frome's gap", "On trial evidence"]
    assert math.isnan(first.series[1].values[1])
    assert set(content.tiles.figure.by_series()) == set(first.categories)
    assert content.tiles.title == content.charts[0].title
    assert content.tiles.tables[0].heads[:2] == ["Outcome", "Scenario"]
    assert set(content.tables["outcomes"]["scenario_title"]) == set(first.categories)
    assert "Also shown: volunteers_only 0a1b2c3d." in content.source
    assert opened(content, tmp_path, "pptx").name == "relational_offset_volunteers_only_frome.pptx"
    with pytest.raises(ValueError, match="A brief is about one scenario"):
        opened(content, tmp_path, "pdf")
    with pytest.raises(ValueError, match="a take-away needs at least one comparison"):
        content_of_several({"as-claimed": ()})
