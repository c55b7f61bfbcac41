"""Slides for a board: the plan as a picture, the answer at its size, the advice; readable and with notes."""

from __future__ import annotations

import math

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE, MSO_SHAPE_TYPE
from pptx.util import Pt
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from dashboard.exhibits.board import board
from dashboard.exports import content_of
from dashboard.exports.brief_chart import BOLD, FONT, curves_drawing, flow_drawing, use_fonts
from dashboard.exports.slides import write_board
from dashboard.figures.flow import Block, Flow, Stage
from dashboard.figures.style import series_colour
from dashboard.text.lens_names import key_title
from dashboard.topics.answer import ADVICE, ready_answer
from dashboard.topics.plan_flow import LEAST, flow_finding, flow_note, hourly_cost, plan_flow
from dashboard.topics.signs import SIGNS
from simulator.bundle import bundled, whole_comparison
from simulator.comparison.smallest_differences import DEFAULTS
from simulator.experiments.lens_comparisons import LensComparisons, default_lenses
from tests.helpers.take_aways import chart_of, content_of_both, opened, text_of

pytestmark = pytest.mark.thorough

LENSES = tuple(reversed(default_lenses())) if default_lenses()[0] == "as-claimed" else default_lenses()
PLANS = ("relational_offset", "frome", "automate_the_wrong_thing", "volunteers_only", "three_shifts")


def answer_of(plan="relational_offset"):
    return ready_answer(plan, "frome", "baseline", LENSES)


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """The board's slides at three times the plan, and what they are of."""
    shown = board(answer_of(), DEFAULTS, 3.0)
    return shown, Presentation(write_board(shown, tmp_path_factory.mktemp("board") / "board.pptx"))


def beyond(shape):
    """Points by which the words of a shape reach beyond its foot, in a font as wide as any usual one."""
    frame = shape.text_frame
    width = (shape.width - frame.margin_left - frame.margin_right) / Pt(1)
    height = (frame.margin_top + frame.margin_bottom) / Pt(1)
    for paragraph in frame.paragraphs:
        runs = [run for run in paragraph.runs if run.text]
        if runs:
            sizes = [run.font.size / Pt(1) for run in runs]
            wide = sum(
                stringWidth(run.text, BOLD if run.font.bold else FONT, 0.92 * size)
                for run, size in zip(runs, sizes, strict=True)
            )
            broken = 1 if wide <= width else math.ceil(1.06 * wide / width)  # a line ends with a word
            height += broken * max(sizes) * 1.17 + (paragraph.space_after or 0) / Pt(1)
    return height - shape.height / Pt(1)


def test_new_money_is_what_the_plan_is_given_and_what_freed_time_no_longer_pays_for():
    freed, given = answer_of(), answer_of("relational_offset_as_claimed")
    assert freed.new_money_at(1.0) == freed.new_money_at(0.0) == 0.0
    assert freed.new_money_at(3.0) == pytest.approx(2.0 * freed.new_money_at(2.0), rel=1e-6)
    assert freed.new_money_at(2.0) > 0.0
    spending = bundled("relational_offset_as_claimed", "frome", LENSES[0]).tables["spending"].set_index("measure")
    other = float(spending.loc["other_money", "scenario"])
    assert [given.new_money_at(size) for size in (1.0, 4.0)] == pytest.approx([other, 4.0 * other])


def test_lenses_have_the_shapes_of_the_page(three):
    _, deck = three
    marks = [shape for shape in deck.slides[1].shapes if shape.shape_type == MSO_SHAPE_TYPE.AUTO_SHAPE]
    drawn = {(shape.auto_shape_type, str(shape.fill.fore_color.rgb)) for shape in marks}
    for lens, shape in (("trial-evidence", MSO_SHAPE.OVAL), ("as-claimed", MSO_SHAPE.DIAMOND)):
        ink = series_colour(key_title(lens)).removeprefix("#")
        assert {kind for kind, colour in drawn if colour == ink} == {shape}, lens


def test_three_slides_come_first_each_with_notes_and_then_the_appendix(tmp_path):
    content = content_of_both()
    deck = Presentation(opened(content, tmp_path, "pptx"))
    titles = [slide.shapes.title.text_frame.text.replace("\u2060", "") for slide in deck.slides]
    shown = content.board
    assert titles[:5] == [shown.plan.title, shown.answer, shown.advice.heading, "Appendix", content.tiles.title]
    for slide in list(deck.slides)[:4]:
        assert content.source in slide.notes_slide.notes_text_frame.text
    assert shown.plan.alternative in deck.slides[0].notes_slide.notes_text_frame.text
    assert "at its own size" in text_of(deck.slides[3])
    appendix = deck.slides[3].notes_slide.notes_text_frame.text
    assert all(exhibit.title in appendix for exhibit in content.charts)


def test_the_plan_is_a_drawing_on_one_scale_of_pounds(three):
    shown, deck = three
    drawn = {shape.name: shape for shape in deck.slides[0].shapes}
    blocks = [block for stage in shown.plan.figure.stages for block in stage.blocks]
    assert {"GP practice", "Freed", "New money", "Health connectors"} <= {block.label for block in blocks}
    tall = sorted(blocks, key=lambda block: -block.pounds)[:3]
    ratios = [drawn[block.label].height / block.pounds for block in tall]
    assert ratios == pytest.approx([ratios[0]] * 3, rel=1e-3)
    for block in blocks:
        assert drawn[block.label]._element.nvSpPr.cNvPr.get("descr") == f"{block.label}: {block.words}"
    assert not any(shape.has_chart for shape in deck.slides[0].shapes)


def test_what_is_freed_and_what_it_buys_are_those_of_the_runs():
    answer = answer_of()
    pounds = {block.label: block.pounds for stage in plan_flow(answer, 1.0).stages for block in stage.blocks}
    ledger = bundled("relational_offset", "frome", LENSES[0]).tables["ledger"]
    years = bundled("relational_offset", "frome", LENSES[0]).record["weeks"] / 52.0
    freed = ledger[ledger["account"] == "released"]["pounds"].sum() / years
    losses = ledger[(ledger["account"] == "automated") & (ledger["pounds"] / years < LEAST)]["service"].tolist()
    assert not losses
    assert pounds["Freed"] == pytest.approx(freed)
    assert "New money" not in pounds
    programmes = [pounds[title] for title in answer.programmes.values()]
    assert sum(programmes) == pytest.approx(answer.spent, rel=1e-3)
    larger = {block.label: block for stage in plan_flow(answer, 3.0).stages for block in stage.blocks}
    assert larger["New money"].pounds == pytest.approx(answer.new_money_at(3.0))
    assert larger["New money"].pounds > 1e5
    assert "new money" in flow_finding(answer, 3.0)
    assert "3 times the plan" in flow_note(answer, 3.0)


def test_an_hour_costs_what_the_tasks_cost_that_take_the_most_of_it():
    reception = ("gp_practice.appointment_booking", "gp_practice.repeat_prescription")
    assert hourly_cost(reception, "gp_practice", "frome") == pytest.approx(32.0)
    notes = (*reception, "gp_practice.clinical_notes")
    assert 32.0 < hourly_cost(notes, "gp_practice", "nowhere") < 130.0


def test_the_answer_has_both_lenses_its_size_and_a_chart_that_can_be_edited(three):
    shown, deck = three
    said, answer = text_of(deck.slides[1]), answer_of()
    for sign in shown.signs:
        assert all(mark.number in said and mark.verdict in said for mark in sign.marks)
    assert answer.believed in said
    drawn = chart_of(deck.slides[1]).chart
    curve = answer.curve(next(iter(SIGNS)))
    named = {series.name: series for series in drawn.plots[0].series}
    for title, rows in curve.groupby("lens_title"):
        assert list(named[title].values) == pytest.approx(rows["curve"].tolist())
        assert list(named[f"{title}: lower"].values) == pytest.approx(rows["low"].tolist())
    here = [float(point.text) for point in named["You are here"]._element.xpath("c:xVal//c:v")]
    assert here == [3.0, 3.0]


def test_the_advice_is_that_of_the_page_beside_the_three_others(three):
    shown, deck = three
    answer = answer_of()
    assert shown.advice == answer.advice(answer.rows(3.0, DEFAULTS))
    said = text_of(deck.slides[2])
    assert all(name in said and when in said for name, when in ADVICE.values())
    assert all(reason in said for reason in shown.advice.why if reason)
    assert all(target in said for target in answer.targets())
    assert shown.advice.kind == "pilot"
    assert "A pilot must measure" in said


@pytest.mark.parametrize("plan", PLANS)
def test_no_words_reach_beyond_their_boxes(plan, tmp_path):
    use_fonts()
    answer = answer_of(plan)
    deck = Presentation(write_board(board(answer, DEFAULTS), tmp_path / "board.pptx"))
    assert len(deck.slides) == 3
    assert_words_stay_in(deck)


def test_no_words_of_the_appendix_reach_beyond_their_boxes(tmp_path):
    use_fonts()
    ship = [whole_comparison("relational_offset", "baseline", "frome", lens) for lens in default_lenses()]
    deck = Presentation(opened(content_of(LensComparisons(tuple(ship), {}), None, 3.0), tmp_path, "pptx"))
    assert len(deck.slides) > 10
    assert_words_stay_in(deck)


@pytest.mark.parametrize("times", [1.0, 3.0])
def test_a_brief_of_another_size_says_what_is_of_the_plans_own(tmp_path, times):
    ship = [whole_comparison("relational_offset", "baseline", "frome", lens) for lens in default_lenses()]
    brief = PdfReader(opened(content_of(LensComparisons(tuple(ship), {}), None, times), tmp_path, "pdf"))
    assert len(brief.pages) == 2
    for page in brief.pages:
        assert ("At the plan's own size" in " ".join(page.extract_text().split())) == (times != 1.0)


def assert_words_stay_in(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                assert beyond(shape) <= 8.0, shape.text_frame.text
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_the_scale_of_a_flow_is_the_largest_at_which_every_stage_fits():
    blocks = [Block(str(pounds), pounds, "", "", "") for pounds in (100.0, 1.0)]
    flow = Flow((Stage("one", tuple(blocks)), Stage("two", (Block("101", 101.0, "", "", ""),))))
    scale = flow.scale(100.0, 5.0, 10.0)
    assert 100.0 * scale + 5.0 + 10.0 == pytest.approx(100.0)
    assert Flow(()).scale(100.0, 5.0, 10.0) == 0.0


def test_the_brief_draws_the_plan_and_the_curve():
    use_fonts()
    shown = board(answer_of(), DEFAULTS)
    said = [one.text for one in flow_drawing(shown.plan.figure, 500.0).contents if hasattr(one, "text")]
    assert {"Freed", "Health connectors", "GP practice"} <= set(said)
    drawing = curves_drawing(shown.chart.figure, 500.0)
    lines = [one for one in drawing.contents if hasattr(one, "points")]
    assert len(lines) == 3 * len(LENSES)
    assert max(lines[2].points[1::2]) <= drawing.height
