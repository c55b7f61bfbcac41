"""One description, five media: the same finding, numbers, words and source, without further computation."""

from __future__ import annotations

import ast
import io
import json
import math
import re
from html import unescape
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from plotly.utils import PlotlyJSONEncoder
from pptx import Presentation
from pypdf import PdfReader

from dashboard.application.pages import answer
from dashboard.application.parts.head import through_lenses
from dashboard.exhibits.components import shown as on_a_page
from dashboard.exhibits.exhibit import Exhibit, Tile, Tiles
from dashboard.exhibits.paired_forest import in_percent, paired_forest
from dashboard.exhibits.static_html import static_html
from dashboard.exhibits.tiles import tiles
from dashboard.exhibits.years import years
from dashboard.exports import content_of, write_take_aways
from dashboard.figures.chart import NO_LEVEL, Chart, Series, chart_of
from dashboard.report.report import report
from dashboard.runs.view import View
from dashboard.text.phrases import difference_text, range_text
from dashboard.topics.through_lenses import by_title, line_through
from simulator.comparison.outcomes import shown_in
from simulator.experiments.lens_comparisons import LensComparisons
from tests.dashboard.application.test_pages import laid_out, of_type, parts, tables_in, text_of
from tests.dashboard.report.test_report import Page
from tests.helpers.finished_runs import application, made_up_arms, ship_lenses
from tests.helpers.take_aways import chart_of as native_chart
from tests.helpers.take_aways import error_bars, slide_of
from tests.helpers.take_aways import text_of as words_on

ROOT = Path(__file__).parents[3]
RENDERERS = (
    "exhibits/components.py",
    "exhibits/static_html.py",
    "exports/slides.py",
    "exports/slide_charts.py",
    "exports/chart_numbers.py",
    "exports/brief.py",
    "exports/brief_chart.py",
    "exports/pictures.py",
)
NAMES = ["tiles", "outcomes"]


class Media:
    """The same comparison through two lenses, one with a failed check, in every medium."""

    def __init__(self, app, folder):
        with app.server.app_context():
            found = through_lenses(View())
        self.comparisons = by_title(found)
        source = line_through(found)
        described = (tiles(self.comparisons, source), paired_forest(self.comparisons, source))
        self.exhibits = {one.name: one for one in described}
        readings = LensComparisons(tuple(found.values()), {})
        content = content_of(readings)
        pptx, xlsx, pdf = write_take_aways(content, folder, ["pptx", "xlsx", "pdf"], "taken")
        self.page = laid_out(app, answer)
        self.report = report(readings.comparisons[0], None, readings)
        self.deck = Presentation(str(pptx))
        self.book = openpyxl.load_workbook(xlsx)
        self.brief = " ".join(one.extract_text() for one in PdfReader(pdf).pages)

    def texts(self, name):
        """All words of each medium, those that are heard and not seen included, with single spaces."""
        slide = self._slide_titled(self.exhibits[name].title) if name == "tiles" else slide_of(self.deck, name)
        sheet = self.book[f"{name.capitalize()}, as shown"]
        page = [text_of(self.page), *(part["props"].get("aria-label", "") for part, _ in self.page)]
        told = Page(self.report)
        heard = [attributes.get("aria-label", "") for _, attributes in told.tags]
        found = {
            "page": " ".join(page),
            "report": " ".join([told.text, *heard]),
            "slide": f"{words_on(slide)} {slide.notes_slide.notes_text_frame.text}",
            "workbook": " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row),
            "brief": self.brief,
        }
        return {medium: " ".join(text.split()) for medium, text in found.items()}

    def _slide_titled(self, title):
        return next(
            slide
            for slide in self.deck.slides
            if any(shape.has_text_frame and shape.text_frame.text == title for shape in slide.shapes)
        )

    def numbers(self):
        """Values of the forest and lengths of its ranges, series by series, in each medium that draws them."""
        (page,) = [part["props"]["figure"] for part in of_type(self.page, "Graph") if part["props"]["id"] == "outcomes"]
        data = re.search(r'Plotly\.newPlot\(\s*"outcomes",\s*(\[.*?\]),\s*\{"template"', self.report, re.DOTALL)
        chart = native_chart(slide_of(self.deck, "outcomes")).chart
        behind = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        return {
            "page": _plotted(page["data"]),
            "report": _plotted(json.loads(data[1])),
            "slide": [(list(one.values), *(error_bars(one) or (None, None))) for one in chart.plots[0].series],
            "behind the slide": _cells(behind, 1, len(chart.plots[0].series)),
            "workbook": _cells(self.book["Outcomes, as shown"], None, len(chart.plots[0].series)),
        }


def _plotted(traces):
    return [(trace["x"], *_ends(trace["error_x"])) for trace in traces]


def _ends(bars):
    known = bars["array"][0] is not None
    return (bars["arrayminus"], bars["array"]) if known else (None, None)


def _cells(sheet, top, count):
    """The numbers below the row of heads: a column of values a series, then lower and upper of each."""
    rows = list(sheet.iter_rows(values_only=True))
    top = top or next(at for at, row in enumerate(rows, 1) if str(row[3]).endswith(": lower"))
    body = [[math.nan if cell is None else cell for cell in row] for row in rows[top : top + len(shown_in("outcomes"))]]
    found = []
    for number in range(count):
        first = 1 + count + 4 * number
        values, low, high = (np.array([row[column] for row in body]) for column in (1 + number, first, first + 1))
        found.append((values, *((None, None) if np.isnan(low).all() else (values - low, high - values))))
    return found


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    with pytest.MonkeyPatch.context() as patch:
        ship_lenses(folder / "shipped", patch)
        yield Media(application(folder / "finished", made_up_arms()[:2]), folder)


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_finding_words_and_source_are_the_same_in_every_medium(media, name):
    exhibit = media.exhibits[name]
    for medium, text in media.texts(name).items():
        for part in (exhibit.title, exhibit.statistic, exhibit.alternative, exhibit.source):
            assert part in text or (name, medium, part) == ("tiles", "brief", exhibit.statistic), (medium, part)
    assert "Other lenses: " in exhibit.source
    assert "on trial evidence: ranges withheld" in exhibit.title


@pytest.mark.thorough
def test_the_numbers_of_tiles_are_the_same_in_every_medium(media):
    found = media.exhibits["tiles"].figure.tiles
    assert len(found) == 2 * len(shown_in("tiles"))
    for medium, text in media.texts("tiles").items():
        for tile in found:
            assert all(said in text for said in (tile.number, tile.unit, tile.range)), (medium, tile)


def test_the_numbers_of_the_forest_are_the_same_in_every_medium_that_draws_them(media):
    expected = media.exhibits["outcomes"].figure.series
    for medium, found in media.numbers().items():
        assert len(found) == len(expected) == 2
        for series, (values, less, more) in zip(expected, found, strict=True):
            assert values == pytest.approx(series.values, nan_ok=True), medium
            if series.ranged:
                for lengths, wanted in zip((less, more), series.lengths(), strict=True):
                    assert np.nan_to_num(np.array(lengths, float)) == pytest.approx(np.nan_to_num(wanted)), medium
            else:
                assert less is more is None, medium


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_the_same_wherever_there_is_one(media, name):
    table = media.exhibits[name].tables[0]
    fields = ("caption", "heads", "body", "names")
    assert list(table) in [[made[field] for field in fields] for made in tables_in(media.page)]
    report = " ".join(unescape(Page(media.report).text).split())
    rows = list(media.book[f"{name.capitalize()}, as shown"].iter_rows(values_only=True))
    cells = [[cell or "" for cell in row[: len(table.heads)]] for row in rows]
    for row in table.body:
        assert " ".join(" ".join(row).split()) in report
        assert row in cells


def test_charts_of_slides_and_workbook_can_be_edited_and_their_error_bars_refer_to_cells(media):
    sheet = media.book["Outcomes, as shown"]
    (chart,) = sheet._charts
    claimed, trial = chart.series
    cells = claimed.errBars.plus.numRef.f.split("!")[1].replace("$", "")
    assert all(row[0].value.startswith("=IF(") for row in sheet[cells])
    assert trial.errBars is None
    assert slide_of(media.deck, "outcomes").shapes.title.text_frame.text.replace("\u2060", "") == (
        media.exhibits["outcomes"].title
    )


def test_an_exhibit_says_the_numbers_of_the_comparison(media):
    claimed = media.comparisons["As claimed"]
    rows = claimed.summary("outcomes", rounded=False)
    series, _ = media.exhibits["outcomes"].figure.series
    assert series.values == pytest.approx(tuple(rows["percent"]))
    assert series.low == pytest.approx(tuple(100.0 * rows["low"] / rows["baseline"]))
    assert [words.split(" (")[0] for words in series.words] == [
        f"{difference_text(row)} {row['unit'].replace('% ', 'percentage points ')}" for _, row in rows.iterrows()
    ]
    rows = claimed.summary("tiles", rounded=False)
    said = [(difference_text(row), f"80 % range: {range_text(row)}") for _, row in rows.iterrows()]
    assert [(one.number, one.range) for one in media.exhibits["tiles"].figure.tiles[: len(shown_in("tiles"))]] == said


def test_what_is_withheld_is_in_no_exhibit(media):
    trial = media.exhibits["outcomes"].figure.series[1]
    assert all(math.isnan(end) for end in (*trial.low, *trial.high))
    assert set(trial.kinds) == {"withheld"}
    shown = [tile for tile in media.exhibits["tiles"].figure.tiles if tile.series == "On trial evidence"]
    assert {(tile.range, tile.verdict, tile.chance) for tile in shown} == {
        ("withheld: the lens failed a check", "Range withheld", "")
    }
    assert all("Ranges are withheld for On trial evidence" in one.statistic for one in media.exhibits.values())


def test_an_exhibit_of_one_lens_names_none(media):
    alone = {"As claimed": media.comparisons["As claimed"]}
    for exhibit in (tiles(alone, "A line."), paired_forest(alone, "A line."), years(alone, "A line.")):
        assert "As claimed" not in f"{exhibit.title} {exhibit.alternative} {exhibit.tables[0].heads}"
        assert exhibit.source == "A line."


def in_a_report(exhibit):
    return static_html([exhibit])


MADE_UP = Series("A lens", (1.5, math.nan), (1.0, math.nan), (9.0, math.nan), ("as written", ""), ("better", ""))


def test_renderers_repeat_what_is_described_and_add_nothing():
    tile = Tile("A lens", "Kettles", "+7", "kettles", "3 to 8", "of many", "Sure", "in most", "better")
    described = (
        Exhibit("made_up", "A finding", "A statistic.", Chart("%", ("a", "b"), (MADE_UP,), "none at all"), "A line."),
        Exhibit("made_up", "A finding", "A statistic.", Tiles((tile,)), "A line."),
    )
    spoken = ("A finding. a: as written; b: none at all.", "A finding. Kettles: +7 kettles (3 to 8).")
    for exhibit, alternative in zip(described, spoken, strict=True):
        assert exhibit.alternative == alternative
        built = list(parts(json.loads(json.dumps(on_a_page(exhibit), cls=PlotlyJSONEncoder))))
        for text, heard in (
            (text_of(built), [part["props"].get("aria-label") for part, _ in built]),
            (Page(in_a_report(exhibit)).text, [a.get("aria-label") for _, a in Page(in_a_report(exhibit)).tags]),
        ):
            assert alternative in heard
            assert all(said in text for said in ("A finding", "A statistic.", "A line."))
    numbers = re.findall(r"\d+", Page(in_a_report(described[1])).text)
    assert numbers == ["7", "3", "8"]


def test_each_line_of_a_tile_and_the_name_of_its_lens_has_a_style():
    styles = (ROOT / "dashboard" / "assets" / "report.css").read_text(encoding="utf-8")
    tile = Tile("A lens", "Kettles", "+7", "kettles", "3 to 8", "of many", "Sure", "in most", "better")
    assert {kind for kind, _ in tile.lines(named=True) if f".{kind}" not in styles} == set()


@pytest.mark.parametrize("renderer", RENDERERS)
def test_a_renderer_knows_no_comparison_and_no_statistics(renderer):
    tree = ast.parse((ROOT / "dashboard" / renderer).read_text(encoding="utf-8"))
    named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named += [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    forbidden = ("numpy", "pandas", "dashboard.topics", "dashboard.text.findings", "simulator.comparison.comparison")
    assert [name for name in named if name.startswith(forbidden)] == []


def test_an_outcome_that_the_baseline_has_none_of_is_named_and_its_number_said(media):
    rows = media.comparisons["As claimed"].summary(shown_in("outcomes")[:3], rounded=False)
    rows.loc[1, "baseline"] = 0.0
    chart = chart_of(in_percent(rows), "%", missing=NO_LEVEL)
    assert [label.endswith("(none in the baseline)") for label in chart.labels()] == [False, True, False]
    assert [math.isnan(value) for value in chart.series[0].values] == [False, True, False]
    assert f"Admissions without a night: {difference_text(rows.iloc[1])} admissions a year (" in chart.spoken()
