"""Take-aways: each file opens in its own kind of reader, and holds the comparison's numbers, ranges and provenance."""

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
from pptx import Presentation
from pptx.oxml.ns import qn
from pyarrow import parquet
from pypdf import PdfReader
from typer.testing import CliRunner

from dashboard.exports import FORMATS, content_beside, content_of, write_take_aways
from dashboard.exports.data import DICTIONARY
from dashboard.exports.pictures import PictureError, figure_of, pictures, png_with_words, svg_with_words
from dashboard.folder import write_comparison
from dashboard.report import TILES
from simulator.cli import app
from simulator.comparison import compare
from simulator.errors import UnknownNameError
from simulator.readings import Readings, by_causal_share
from simulator.who_pays import by_service
from tests.made_up import lively, results

CALENDAR = {"weeks": 104, "place": "frome", "place_title": "Frome, Somerset"}
CLAIMED = {"lens": "as-claimed", "reading": "As claimed, half of Frome's gap taken as caused by its programme"}
TRIAL = {"lens": "trial-evidence", "reading": "On trial evidence"}
FAULT = "Known truths were covered too seldom"


def compared(effect, lens, scenario="relational_offset", faults=()):
    more = {**CALENDAR, **lens, "lens_faults": list(faults)}
    arms = ((scenario, effect), ("baseline", 0.0))
    return compare(*(results(name, lively(6, share, quarters=8), **more) for name, share in arms))


@pytest.fixture(scope="module")
def found():
    claimed, trial = compared(0.2, CLAIMED), compared(0.05, TRIAL)
    shares = by_causal_share({0.0: compared(0.0, CLAIMED), 0.5: compared(0.1, CLAIMED), 1.0: claimed})
    return Readings((claimed, trial), {"as-claimed": shares})


@pytest.fixture(scope="module")
def content(found):
    return content_of(found, "Two calendars were made one.")


@pytest.fixture(scope="module")
def withheld(found):
    faulty = compared(0.2, CLAIMED, faults=[FAULT])
    return content_of(Readings((faulty, found.comparisons[1]), {}))


@pytest.fixture(scope="module")
def folder(content, tmp_path_factory):
    made = tmp_path_factory.mktemp("take_aways")
    write_take_aways(content, made, ["pptx", "xlsx", "pdf", "csv", "parquet", "record"])
    return made


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


@pytest.fixture(scope="module")
def deck(folder):
    return Presentation(folder / "relational_offset_frome.pptx")


def slide_of(deck, name):
    return next(slide for slide in deck.slides for shape in slide.shapes if shape.has_chart and shape.name == name)


def test_slides_hold_the_numbers_of_the_comparison_with_ranges_as_error_bars(deck, found):
    drawn = chart_of(slide_of(deck, "outcomes")).chart
    measures = ("emergency_admissions", "overnight_admissions", "bed_days")
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


def test_bars_of_slides_begin_at_nothing_and_the_first_category_is_on_top(deck):
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
    assert "Sheet1!$J$2:$J$8" in references
    assert sheet.cell(8, 10).value is not None


def test_every_slide_says_where_it_comes_from_and_every_chart_says_what_it_shows(deck, content):
    assert len(deck.slides) == len(content.charts) + 4
    for slide in deck.slides:
        said = text_of(slide)
        assert all(line in said for line in content.provenance)
        assert slide.shapes.title.text_frame.text
    for slide, chart in zip(list(deck.slides)[1:], content.charts, strict=False):
        assert chart_of(slide)._element.nvGraphicFramePr.cNvPr.get("descr") == chart.alternative()
        notes = slide.notes_slide.notes_text_frame.text
        assert content.commands[0] in notes
        assert chart.spoken()[0] in notes
        assert 1 <= len(chart.series) <= 4
    last = text_of(deck.slides[-1])
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
    assert "withheld: the lens failed a check" in text_of(shown.slides[0])
    assert "How far runs lie apart, and so whether any of this is clear, is withheld." in text_of(shown.slides[0])
    outcomes = withheld.tables["outcomes"].set_index("lens")
    assert outcomes.loc["as-claimed", ["low", "high"]].isna().all(axis=None)
    assert outcomes.loc["trial-evidence", ["low", "high"]].notna().all(axis=None)
    assert set(withheld.tables["chances"]["lens"]) == {"trial-evidence"}
    chances = next(chart for chart in withheld.charts if chart.name == "chances")
    assert [series.name for series in chances.series] == ["On trial evidence"]
    both = [compared(0.1, lens, faults=[FAULT]) for lens in (CLAIMED, TRIAL)]
    none = content_of(Readings(tuple(both), {}))
    assert "chances" not in {chart.name for chart in none.charts} | set(none.tables)


def test_causal_shares_are_a_chart_and_a_table_of_their_own(content, found):
    chart = next(chart for chart in content.charts if chart.name == "causal_as_claimed")
    assert [series.name for series in chart.series] == ["None of it causal", "Half of it causal", "All of it causal"]
    assert "0 if no observed link is causal" in chart.title
    given = found.causal["as-claimed"]
    assert content.tables["causal"]["difference"].tolist() == given["difference"].tolist()


def test_the_workbook_holds_every_table_a_dictionary_the_record_and_the_command(folder, content, found):
    book = openpyxl.load_workbook(folder / "relational_offset_frome.xlsx")
    assert book.sheetnames[0] == "Read me"
    assert book.sheetnames[-2:] == ["Data dictionary", "Run record"]
    assert {"Outcomes", "By year", "By age", "By deprivation", "Costs", "By causal share"} <= set(book.sheetnames)
    for sheet in book.worksheets:
        said = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
        assert set(content.provenance) <= said, sheet.title
        assert any(content.commands[0] in text for text in said), sheet.title
        assert not any(text.startswith("=") for text in said)
    heads, *rows = book["Outcomes"].iter_rows(values_only=True)
    trial = found.comparisons[1].per("year").summary(rounded=False).set_index("measure")
    shown = {row[heads.index("measure")]: row for row in rows if row[heads.index("lens")] == "trial-evidence"}
    for measure in TILES:
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
        assert all(" ".join(line.split()) in text for line in content.provenance)
    assert content.finding in pages[0]
    assert "What this cannot tell you" in pages[1]
    assert content.commands[0] in pages[1]
    assert "On trial evidence: Emergency admissions" in pages[0]
    assert brief.metadata.title == content.title
    assert not any("/Annots" in page for page in brief.pages)


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


def test_costs_of_a_chart_are_those_of_the_services(content, found):
    chart = next(chart for chart in content.charts if chart.name == "costs_cashable")
    rows = by_service(found.comparisons[0].per("year"), rounded=False)
    cash = rows[(rows["kind"] == "cashable") & (rows["service"] == "hospital")].iloc[0]
    position = chart.categories.index("Hospital (NHS)")
    first = chart.series[0]
    assert (first.values[position], first.low[position], first.high[position]) == pytest.approx(
        (cash["difference"] / 1e3, cash["low"] / 1e3, cash["high"] / 1e3)
    )


def test_the_record_holds_every_arm_and_the_command(folder, found, content):
    record = json.loads((folder / "relational_offset_frome.json").read_text(encoding="utf-8"))
    assert record["reproduce"] == list(content.commands)
    assert len(record["records"]) == 4
    assert record["records"]["relational_offset through as-claimed, scenario"] == found.comparisons[0].scenario.record


@pytest.mark.parametrize("few", [1, 2])
def test_one_lens_and_one_pair_still_make_every_file(few, tmp_path):
    arms = (results(name, lively(few, share, quarters=4)) for name, share in (("mine", 0.2), ("baseline", 0.0)))
    content = content_of(Readings((compare(*arms),), {}))
    kinds = ["pptx", "xlsx", "pdf", "record"]
    assert [path.suffix for path in write_take_aways(content, tmp_path, kinds)] == [".pptx", ".xlsx", ".pdf", ".json"]
    wanted = f"offset compare mine.yaml baseline --place smallton.yaml --seeds {few} --years 1 --lens evidence"
    assert content.commands == (wanted,)
    assert "mine.yaml is a scenario of one's own, hash 0a1b2c3d." in content.needed
    assert "smallton.yaml is a place of one's own, hash 11111111." in content.needed
    said = " ".join(content.headlines[0][1])
    assert ("One pair of runs cannot say how likely it is to do harm." in said) == (few == 1)


def test_small_groups_are_empty_in_charts_and_tables(tmp_path):
    counts = lively(2, 0.2, quarters=4)
    few = {seed: run._replace(cells=run.cells * 0 + run.cells // 400) for seed, run in counts.items()}
    one = compare(results("relational_offset", few), results("baseline", few))
    content = content_of(Readings((one,), {}))
    chart = next(chart for chart in content.charts if chart.name == "emergency_admissions_age_band")
    assert math.isnan(chart.series[0].values[0])
    assert chart.labels()[0] == "0-4 (too few to show)"
    youngest = content.tables["by_age"].query("age_band == '0-4' and measure == 'emergency_admissions'")
    assert youngest[["baseline", "scenario", "difference", "low", "high", "percent"]].isna().all(axis=None)
    slide = slide_of(Presentation(opened(content, tmp_path, "pptx")), chart.name)
    assert chart_of(slide).chart.plots[0].series[0].values[0] is None


def test_scenarios_beside_each_other_have_a_chart_an_outcome_and_a_colour_a_lens(found, tmp_path):
    other = compared(0.0, CLAIMED, "volunteers_only")
    content = content_beside({"as-claimed": (found.comparisons[0], other), "trial-evidence": found.comparisons[1:]})
    first = content.charts[0]
    assert first.categories == ("Relational offset", "Volunteers only")
    assert [series.name for series in first.series] == ["As claimed, 0.5 of Frome's gap", "On trial evidence"]
    assert math.isnan(first.series[1].values[1])
    assert {tile.column for tile in content.tiles} == set(first.categories)
    assert set(content.tables["outcomes"]["scenario_title"]) == set(first.categories)
    assert "Also shown: volunteers_only 0a1b2c3d." in content.provenance[0]
    assert opened(content, tmp_path, "pptx").name == "relational_offset_volunteers_only_frome.pptx"
    assert len(PdfReader(opened(content, tmp_path, "pdf")).pages) == 2
    with pytest.raises(ValueError, match="a take-away needs at least one comparison"):
        content_beside({"as-claimed": ()})


def test_an_unknown_format_is_refused_before_anything_is_written(content, tmp_path):
    with pytest.raises(UnknownNameError, match=r"there is no format 'pptxx'\. Did you mean 'pptx'\?"):
        write_take_aways(content, tmp_path / "new", ["xlsx", "pptxx"])
    assert not (tmp_path / "new").exists()


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(content, tmp_path, monkeypatch):
    path = opened(content, tmp_path, "record")
    before = path.read_bytes()
    monkeypatch.setattr("dashboard.exports.everything._record_text", lambda content: "\ud800")
    with pytest.raises(UnicodeEncodeError):
        write_take_aways(content, tmp_path, ["record"])
    assert [found.name for found in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_a_figure_for_a_picture_has_ranges_title_provenance_and_command(content, withheld):
    chart = content.charts[0]
    figure = figure_of(chart, content)
    bars, numbers = figure.data[0], chart.series[0]
    assert [x - less for x, less in zip(bars.x, bars.error_x.arrayminus, strict=True)] == pytest.approx(numbers.low)
    assert [x + more for x, more in zip(bars.x, bars.error_x.array, strict=True)] == pytest.approx(numbers.high)
    said = re.sub("<br>", " ", figure.layout.title.text + figure.layout.annotations[0].text)
    assert chart.title in said
    assert all(line in said for line in content.provenance)
    assert f"Reproduce: {content.commands[0]}" in said
    assert figure_of(withheld.charts[0], withheld).data[0].error_x.visible is False
    years = next(chart for chart in content.charts if chart.across)
    assert figure_of(years, content).data[0].error_y.array is not None


def test_pictures_carry_their_words_and_ask_for_nothing(content):
    chart = content.charts[0]
    drawn = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
    root = etree.fromstring(svg_with_words(drawn, chart, content))
    space = "{http://www.w3.org/2000/svg}"
    assert [root[0].tag, root[1].tag] == [f"{space}title", f"{space}desc"]
    assert root[1].text == chart.alternative()
    assert root.find(f"{space}metadata").text == content.line
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(file, "PNG")
    picture = Image.open(io.BytesIO(png_with_words(file.getvalue(), chart, content)))
    assert picture.text["Source"] == content.line
    assert picture.text["Description"] == chart.alternative()


def test_without_kaleido_or_chrome_pictures_say_what_to_install(content, monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    with pytest.raises(PictureError, match=r"kaleido, which is not installed.*\[pictures\].*other formats do without"):
        pictures(content, "svg")

    class Kaleido:
        def __init__(self, **options):
            assert options["mathjax"] is False  # else it would be fetched from elsewhere
            raise RuntimeError("no browser")

    monkeypatch.setitem(sys.modules, "kaleido", types.SimpleNamespace(Kaleido=Kaleido))
    with pytest.raises(
        PictureError, match=r"none could be started \(RuntimeError\)\. Install Google Chrome, or Chromium"
    ):
        pictures(content, "png")


@pytest.fixture(scope="module")
def written(found, tmp_path_factory):
    return write_comparison(found.comparisons[0], tmp_path_factory.mktemp("compared") / "results", None, found)


def offset(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_offset_report_writes_what_is_asked_for(written, tmp_path):
    done = offset("report", written, "--as", "pptx", "--out", tmp_path / "board.pptx")
    assert (done.exit_code, done.stdout) == (0, f"Written to {tmp_path / 'board.pptx'}.\n")
    shown = Presentation(tmp_path / "board.pptx")
    assert "On trial evidence" in text_of(shown.slides[0])
    assert slide_of(shown, "causal_as_claimed")


@pytest.fixture
def read(found, monkeypatch):
    """Nothing is read from disk: the comparison is there already."""
    monkeypatch.setattr("dashboard.folder.read_readings", lambda folder: (found, None))


def test_several_formats_go_into_a_folder_which_is_usually_that_of_the_comparison(read, tmp_path):
    done = offset("report", tmp_path, "--as", "record", "--as", "csv", "--out", tmp_path / "several")
    assert done.exit_code == 0
    assert "relational_offset_frome_outcomes.csv" in {path.name for path in (tmp_path / "several").iterdir()}
    assert offset("report", tmp_path, "--as", "parquet").exit_code == 0
    assert (tmp_path / "take_away" / "relational_offset_frome_costs.parquet").is_file()
    done = offset("report", tmp_path, "--as", "record")
    assert done.stdout == f"Written to {tmp_path / 'relational_offset_frome.json'}.\n"


def test_everything_without_a_browser_lacks_the_pictures_alone(read, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kaleido", None)
    done = offset("report", tmp_path, "--as", "everything", "--out", tmp_path / "all")
    assert done.exit_code == 0
    assert done.stderr.startswith("Without pictures: Pictures (svg) are drawn by kaleido")
    endings = {path.suffix for path in (tmp_path / "all").iterdir()}
    assert endings == {".html", ".pptx", ".xlsx", ".pdf", ".csv", ".parquet", ".json"}
    alone = offset("report", tmp_path, "--as", "svg", "--out", tmp_path / "pictures")
    assert alone.exit_code == 1
    assert alone.stderr.startswith("Pictures (svg) are drawn by kaleido")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--as", "docx"], 2, "'docx' is not one of"),
        (["--as", "pptx", "--out", "brief.pdf"], 2, "brief.pdf should end in .pptx, since it is written as pptx"),
        (["--as", "csv", "--out", "all.csv"], 2, "all.csv looks like a file, and several are to be written"),
    ],
)
def test_offset_report_says_what_is_wrong(words, code, said, read):
    done = offset("report", "somewhere", *words)
    assert done.exit_code == code
    assert said in re.sub(r"[│\s]+", " ", done.stderr)


def test_offset_report_refuses_a_folder_without_results(tmp_path):
    done = offset("report", tmp_path, "--as", "xlsx")
    assert done.exit_code == 1
    assert "is not a folder of results: it has no record.json." in done.stderr


@pytest.mark.browser
def test_pictures_are_drawn_with_the_browser_of_this_computer(content, monkeypatch):
    chart = content.charts[0]
    some = replace(content, charts=(chart,))
    root = etree.fromstring(pictures(some, "svg")[chart.name])
    links = [value for part in root.iter() for name, value in part.attrib.items() if name.endswith("href")]
    assert [link for link in links if not link.startswith(("#", "data:"))] == []
    shown = " ".join("".join(part.itertext()) for part in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Emergency admissions" in shown
    assert "Simulated estimate, not an official statistic." in shown
    picture = Image.open(io.BytesIO(pictures(some, "png")[chart.name]))
    assert picture.size[0] == 2200


def test_every_format_is_offered():
    assert list(FORMATS) == ["pptx", "xlsx", "pdf", "csv", "parquet", "record", "svg", "png"]
