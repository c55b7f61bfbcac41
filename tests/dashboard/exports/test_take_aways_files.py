"""Workbook, brief, tables, records and pictures, each read by its own kind of reader."""

from __future__ import annotations

import io
import json
import math
import re
import sys
import types
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from PIL import Image
from pyarrow import parquet
from pypdf import PdfReader
from reportlab.graphics.shapes import Group, String

from dashboard.exports import FORMATS, content_of, write_take_aways
from dashboard.exports.brief_chart import bars, use_fonts
from dashboard.exports.data import DICTIONARY
from dashboard.exports.pictures import PictureError, figure_of, pictures, png_with_text, svg_with_text
from dashboard.figures.chart import Chart, Series
from simulator.comparison.comparison import compare
from simulator.comparison.outcomes import shown_in
from simulator.comparison.verdict import FEWEST
from simulator.errors import UnknownNameError
from simulator.experiments.lens_comparisons import LensComparisons
from tests.helpers.synthetic_results import lively, results
from tests.helpers.take_aways import (
    both_lenses,
    content_of_both,
    content_withheld,
    opened,
)

pytestmark = pytest.mark.thorough


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
def folder(content, tmp_path_factory):
    made = tmp_path_factory.mktemp("take_aways")
    write_take_aways(content, made, ["xlsx", "pdf", "csv", "parquet", "record"])
    return made


def test_the_workbook_holds_every_table_a_dictionary_the_record_and_the_command(folder, content, found):
    book = openpyxl.load_workbook(folder / "relational_offset_frome.xlsx")
    assert book.sheetnames[0] == "Read me"
    assert book.sheetnames[-2:] == ["Data dictionary", "Run record"]
    assert {"Outcomes", "By year", "By age", "By deprivation", "Costs", "By causal share"} <= set(book.sheetnames)
    for sheet in book.worksheets:
        said = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert content.source in said, sheet.title
        assert any(content.commands[0] in text for text in said), sheet.title
        assert not any(text.startswith("=") for text in said if not text.startswith("=IF(")), sheet.title
    heads, *rows = book["Outcomes"].iter_rows(values_only=True)
    trial = found.comparisons[1].per("year").summary(rounded=False).set_index("measure")
    shown = {row[heads.index("measure")]: row for row in rows if row[heads.index("lens")] == "trial-evidence"}
    for measure in shown_in("tiles"):
        for column in ("difference", "low", "high"):
            assert shown[measure][heads.index(column)] == pytest.approx(trial.loc[measure, column])
    listed = [row[0] for row in book["Data dictionary"].iter_rows(min_row=2, values_only=True) if row[1]]
    assert set(listed) == {column for table in content.tables.values() for column in table.columns}
    assert any(cell.value == "Two calendars were made one." for cell in book["Read me"]["A"])


def test_the_brief_is_two_pages_with_provenance_and_command(folder, content):
    brief = PdfReader(folder / "relational_offset_frome.pdf")
    assert len(brief.pages) == 2
    pages = [" ".join(page.extract_text().split()) for page in brief.pages]
    for text in pages:
        assert content.source in text
    assert content.tiles.title in pages[0]
    assert "Limitations" in pages[1]
    assert content.commands[0] in pages[1]
    assert "On trial evidence: Emergency admissions" in pages[0]
    assert brief.metadata.title == content.title
    assert not any("/Annots" in page for page in brief.pages)


def test_bars_of_the_brief_are_as_long_as_the_numbers_with_lines_over_their_ranges():
    values, low, high = (-4.0, 2.0, math.nan), (-6.0, math.nan, math.nan), (-1.0, math.nan, math.nan)
    chart = Chart("units", ("a", "b", "c"), (Series("one", values, low, high, ("",) * 3, ("unsure",) * 3),))
    use_fonts()
    drawing = bars(chart, 400.0)
    ticks = {one.text: one.x for one in drawing.contents if isinstance(one, String) and one.textAnchor == "middle"}
    unit = (ticks["2"] - ticks["−6"]) / 8.0
    ranged, plain = (one.contents for one in drawing.contents if isinstance(one, Group))
    assert (ranged[0].x, ranged[0].width) == pytest.approx((ticks["0"] - 4.0 * unit, 4.0 * unit))
    assert (ranged[1].x1, ranged[1].x2) == pytest.approx((ticks["−6"], ticks["0"] - unit))
    assert (plain[0].x, plain[0].width, len(plain)) == pytest.approx((ticks["0"], 2.0 * unit, 1))
    assert [one.text for one in drawing.contents if isinstance(one, String)][-1] == "too few to show"


def test_a_brief_with_far_too_much_in_it_is_still_two_pages(content, tmp_path):
    full = replace(content, caveats=content.caveats * 6, question="What if? " * 60)
    brief = PdfReader(opened(full, tmp_path, "pdf"))
    assert len(brief.pages) == 2
    assert content.commands[0] in " ".join(brief.pages[1].extract_text().split())


def test_csv_and_parquet_are_the_comparisons_tables_with_provenance(folder, content):
    for name, table in content.tables.items():
        plain = pd.read_csv(folder / f"relational_offset_frome_{name}.csv")
        assert plain["provenance"].unique().tolist() == [content.line]
        packed = parquet.read_table(folder / f"relational_offset_frome_{name}.parquet")
        pd.testing.assert_frame_equal(packed.to_pandas(), table, check_dtype=False)
        assert packed.schema.metadata[b"reproduce"].decode() == "; ".join(content.commands)
        assert json.loads(packed.schema.metadata[b"record"])["records"]
        if "difference" in table.columns:
            assert {"low", "high"} <= set(plain.columns)
            assert plain["difference"].to_numpy() == pytest.approx(table["difference"].to_numpy(), nan_ok=True)
    dictionary = pd.read_csv(folder / "relational_offset_frome_dictionary.csv").set_index("column")["meaning"]
    assert dictionary.to_dict().items() <= DICTIONARY.items()
    assert "Reproduce: offset compare relational_offset baseline" in content.line


def test_the_record_holds_every_arm_and_the_command(folder, found, content):
    record = json.loads((folder / "relational_offset_frome.json").read_text(encoding="utf-8"))
    assert record["reproduce"] == list(content.commands)
    assert len(record["records"]) == 4
    assert record["records"]["relational_offset through as-claimed, scenario"] == found.comparisons[0].scenario.record


@pytest.mark.parametrize("few", [1, 2])
def test_one_lens_and_one_pair_still_make_every_file(few, tmp_path):
    arms = (results(name, lively(few, share, quarters=4)) for name, share in (("mine", 0.2), ("baseline", 0.0)))
    content = content_of(LensComparisons((compare(*arms),), {}))
    kinds = ["pptx", "xlsx", "pdf", "record"]
    assert [path.suffix for path in write_take_aways(content, tmp_path, kinds)] == [".pptx", ".xlsx", ".pdf", ".json"]
    wanted = f"offset compare mine.yaml baseline --place smallton.yaml --seeds {few} --years 1 --lens evidence"
    assert content.commands == (wanted,)
    assert "mine.yaml is your own scenario, hash 0a1b2c3d." in content.needed
    assert "smallton.yaml is your own place, hash 11111111." in content.needed
    text = " ".join(content.headlines[0][1])
    assert ("The chance of harm cannot be estimated from so few pairs of runs." in text) == (few < FEWEST)


def test_an_unknown_format_is_refused_before_anything_is_written(content, tmp_path):
    with pytest.raises(UnknownNameError, match=r"there is no format 'pptxx'\. Did you mean 'pptx'\?"):
        write_take_aways(content, tmp_path / "new", ["xlsx", "pptxx"])
    assert not (tmp_path / "new").exists()


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(content, tmp_path, monkeypatch):
    path = opened(content, tmp_path, "record")
    before = path.read_bytes()
    monkeypatch.setattr("dashboard.exports.formats._record_text", lambda content: "\ud800")
    with pytest.raises(UnicodeEncodeError):
        write_take_aways(content, tmp_path, ["record"])
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_a_figure_for_a_picture_has_ranges_title_provenance_and_command(content, withheld):
    exhibit = content.charts[0]
    figure = figure_of(exhibit, content)
    bars, numbers = figure.data[0], exhibit.figure.series[0]
    assert [x - less for x, less in zip(bars.x, bars.error_x.arrayminus, strict=True)] == pytest.approx(numbers.low)
    assert [x + more for x, more in zip(bars.x, bars.error_x.array, strict=True)] == pytest.approx(numbers.high)
    said = re.sub("<br>", " ", figure.layout.title.text + figure.layout.annotations[0].text)
    assert exhibit.title in said
    assert exhibit.source in said
    assert f"Reproduce: {content.commands[0]}" in said
    assert set(figure_of(withheld.charts[0], withheld).data[0].error_x.array) == {None}
    years = next(exhibit for exhibit in content.charts if exhibit.figure.across)
    assert figure_of(years, content).data[0].error_y.array is not None


def test_pictures_contain_their_text_and_load_nothing(content):
    chart = content.charts[0]
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
    root = etree.fromstring(svg_with_text(drawn, chart, content))
    space = "{http://www.w3.org/2000/svg}"
    assert [root[0].tag, root[1].tag] == [f"{space}title", f"{space}desc"]
    assert root[1].text == chart.alternative
    assert root.find(f"{space}metadata").text == content.line
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(file, "PNG")
    picture = Image.open(io.BytesIO(png_with_text(file.getvalue(), chart, content)))
    assert picture.text["Source"] == content.line
    assert picture.text["Description"] == chart.alternative


def test_without_kaleido_or_chrome_pictures_say_what_to_install(content, monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.raises(
        PictureError, match=r"kaleido, which is not installed.*\[pictures\].*other formats do not need it"
    ):
        pictures(content, "svg")

    class Kaleido:
        def __init__(self, **options):
            assert options["mathjax"] is False  # else it would be fetched from elsewhere
            raise RuntimeError("no browser")

    monkeypatch.setitem(sys.modules, "kaleido", types.SimpleNamespace(Kaleido=Kaleido))
    with pytest.raises(
        PictureError, match=r"neither could be started \(RuntimeError\)\. Install Google Chrome, or Chromium"
    ):
        pictures(content, "png")


@pytest.mark.browser
def test_pictures_are_drawn_with_the_browser_of_this_computer(content, monkeypatch):
    chart = content.charts[0]
    some = replace(content, charts=(chart,))
    root = etree.fromstring(pictures(some, "svg")[chart.name])
    links = [value for part in root.iter() for name, value in part.attrib.items() if name.endswith("href")]
    assert [link for link in links if not link.startswith(("#", "data:"))] == []
    shown = " ".join("".join(part.itertext()) for part in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Emergency admissions" in shown
    assert chart.source.replace(" ", "") in shown.replace(" ", "")  # lines end within it
    picture = Image.open(io.BytesIO(pictures(some, "png")[chart.name]))
    assert picture.size[0] == 2200


def test_every_format_is_offered():
    assert list(FORMATS) == ["pptx", "xlsx", "pdf", "csv", "parquet", "record", "svg", "png"]
