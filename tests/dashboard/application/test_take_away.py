"""Take-aways of the dashboard: created for the view, or refused with a reason."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from dashboard.application.pages import answer, compare, money, who
from dashboard.application.parts import app_state, take_away
from dashboard.application.parts.app_state import state_of
from dashboard.application.parts.take_away import OFFERED
from dashboard.runs.view import View
from dashboard.text.lens_names import shown_lenses
from dashboard.topics.why import at_share
from simulator.experiments.lens_comparisons import some_seeds
from tests.dashboard.application.test_pages import laid_out, of_type, seen, text_of
from tests.helpers.finished_runs import application, made_up_arms, read_through, ship_lenses

pytestmark = pytest.mark.thorough

QUERY = "?scenarios=relational_offset&place=frome"


@pytest.fixture(scope="module")
def client(made_up):
    return made_up.server.test_client()


@pytest.fixture(scope="module")
def made_once():
    """What is in the take-aways of a view, put together once for every format: for runs that stay as they are."""
    made = {}

    def one(view, make=take_away._one):
        key = (app_state.library().folder, view.query())
        if key not in made:
            made[key] = make(view)
        return made[key]

    return one


def titles(answer):
    return [slide.shapes.title.text_frame.text for slide in Presentation(io.BytesIO(answer.data)).slides]


@pytest.mark.parametrize(
    ("kind", "name", "begins"),
    [
        ("pptx", "relational_offset_frome.pptx", b"PK"),
        ("xlsx", "relational_offset_frome.xlsx", b"PK"),
        ("pdf", "relational_offset_frome.pdf", b"%PDF-"),
        ("csv", "relational_offset_frome_csv.zip", b"PK"),
        ("parquet", "relational_offset_frome_parquet.zip", b"PK"),
        ("record", "relational_offset_frome.json", b"{"),
    ],
)
def test_every_format_is_sent_as_a_file_of_its_own(client, kind, name, begins, monkeypatch, made_once):
    monkeypatch.setattr(take_away, "_one", made_once)
    answer = client.get(f"/take-away/one/{kind}{QUERY}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(begins)


def test_tables_come_with_their_dictionary_and_record(client, monkeypatch, made_once):
    monkeypatch.setattr(take_away, "_one", made_once)
    answer = client.get(f"/take-away/one/csv{QUERY}")
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert "relational_offset_frome_outcomes.csv" in names
    assert "relational_offset_frome_dictionary.csv" in names
    assert "relational_offset_frome.json" in names


def test_scenarios_compared_are_those_with_comparable_runs(client):
    answer = client.get("/take-away/beside/pptx?scenarios=relational_offset,volunteers_only,cautious,frome&place=frome")
    better, rest = titles(answer)[0].split("; ")
    assert better == "Emergency admissions: better with Relational offset"
    assert rest == "too small to matter with Volunteers only, with either lens"


def test_scenarios_compared_use_their_common_pairs(uneven):
    query = "scenarios=relational_offset,volunteers_only&place=frome"
    record = json.loads(uneven.server.test_client().get(f"/take-away/beside/record?{query}").data)
    assert len(record["reproduce"]) == 2 * len(shown_lenses())
    assert all("--seeds 3 " in line for line in record["reproduce"])


def test_a_take_away_is_read_through_every_lens_that_has_been_run(tmp_path, monkeypatch):
    ship_lenses(tmp_path / "shipped", monkeypatch)
    both = application(tmp_path / "finished", made_up_arms()[:3])
    answer = both.server.test_client().get(f"/take-away/one/record{QUERY}&lens=trial-evidence")
    record = json.loads(answer.data)
    assert record["reproduce"] == [
        "offset compare relational_offset baseline --place frome --seeds 8 --years 5 --lens both"
    ]
    (source,) = record["provenance"]
    assert "Lens: Trial evidence." in source
    assert "Other lenses: As claimed, all of Frome's gap taken as caused by its programme (8 pairs" in source
    slides = both.server.test_client().get(f"/take-away/one/pptx{QUERY}&lens=as-claimed")
    assert "As claimed: better: 4 outcomes; on trial evidence: ranges withheld" in titles(slides)
    lenses = next(
        slide
        for slide in Presentation(io.BytesIO(slides.data)).slides
        if "Assumptions of each lens" in slide.shapes.title.text_frame.text
    )
    said = " ".join(shape.text_frame.text for shape in lenses.shapes if shape.has_text_frame)
    assert "implied effect size for programme.complex_care_hub.acute_episodes" in said


def test_what_was_run_at_other_causal_shares_is_taken_away_too(tmp_path, monkeypatch, made_once):
    ship_lenses(tmp_path / "shipped", monkeypatch)
    base, helps, *_ = made_up_arms()
    app = application(tmp_path / "finished", (base, helps))
    client, library = app.server.test_client(), state_of(app).library
    without = client.get(f"/take-away/one/xlsx{QUERY}&lens=as-claimed")
    assert "By causal share" not in load_workbook(io.BytesIO(without.data)).sheetnames
    for share in (0.0, 0.5):
        key = at_share("as-claimed", share)
        for name in ("baseline", "relational_offset"):
            library.keep(read_through(some_seeds(base, range(4)), key), key, name)
    monkeypatch.setattr(take_away, "_one", made_once)
    sheets = load_workbook(io.BytesIO(client.get(f"/take-away/one/xlsx{QUERY}&lens=as-claimed").data))
    heads, *rows = sheets["By causal share"].iter_rows(values_only=True)
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    admissions = {row["causal"]: row for row in told if row["measure"] == "emergency_admissions"}
    assert {(row["lens"], row["runs"]) for row in admissions.values()} == {("as-claimed", 4)}
    assert (admissions[0.0]["difference"], admissions[0.5]["difference"]) == (0.0, 0.0)
    assert admissions[1.0]["difference"] < 0.0
    slides = client.get(f"/take-away/one/pptx{QUERY}&lens=as-claimed")
    assert [title for title in titles(slides) if "if no observed association is causal" in title]
    needed = json.loads(client.get(f"/take-away/one/record{QUERY}&lens=as-claimed").data)["needed"]
    assert "Numbers at other causal shares come of the same with --seeds 4 and --causal 0, 0.5 or 1." in needed


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"one/docx{QUERY}", 404, "There is no such take-away. There are: pptx, xlsx, pdf, csv, parquet, record."),
        (f"all/pptx{QUERY}", 404, "There is no such take-away."),
        (f"beside/pdf{QUERY}", 404, "There is no such take-away."),
        (
            "one/xlsx?scenarios=frome&place=frome",
            404,
            "There are no finished runs of 'What Frome did' in Frome, Somerset",
        ),
        (f"one/pptx{QUERY}&model=0.0.1", 404, "There are no finished runs of 'Relational offset'"),
        (f"one/pptx{QUERY}&base=cautious", 409, "cannot be compared"),
        (f"one/svg{QUERY}", 404, "There is no such take-away."),
    ],
)
def test_what_cannot_be_taken_away_is_refused_with_the_reason(client, path, status, said):
    answer = client.get(f"/take-away/{path}")
    assert answer.status_code == status
    assert answer.text.startswith(said) or said in answer.text
    assert answer.mimetype == "text/plain"


@pytest.mark.parametrize(("place", "title", "ships"), [("frome", "Frome, Somerset", True), ("mendip", "Mendip", False)])
def test_before_anything_is_run_a_board_gets_its_slides_at_the_size_it_chose(tmp_path, place, title, ships):
    empty = application(tmp_path / "finished", ())
    asked = f"?scenarios=relational_offset&place={place}&times=3&outcome=net_cash"
    sent = empty.server.test_client().get(f"/take-away/one/pptx{asked}")
    assert sent.headers["Content-Disposition"] == f"attachment; filename=relational_offset_{place}.pptx"
    deck = Presentation(io.BytesIO(sent.data))
    assert (len(deck.slides) > 3) == ships  # whole results that ship fill an appendix
    for_board = list(deck.slides)[:3]
    said = [shape.text_frame.text for slide in for_board for shape in slide.shapes if shape.has_text_frame]
    assert said.count(f"Relational offset in {title}, 3 times the plan") == 3
    assert any("Money a year by size of the plan" in text for text in said)
    page = text_of(seen(empty, answer, View(place=place)))
    assert "PowerPoint slides" in page
    assert ("Excel workbook" in page) == ships


def test_a_name_outside_the_folder_is_ignored(client):
    answer = client.get("/take-away/one/record?scenarios=../../secret&place=../etc&base=/baseline&lens=../x")
    assert answer.status_code == 200
    assert json.loads(answer.data)["reproduce"][0].startswith(
        "offset compare relational_offset baseline --place frome "
    )
    assert "secret" not in answer.text


@pytest.mark.parametrize("page", [answer, compare, money, who], ids=lambda page: page.TITLE)
def test_pages_of_results_offer_the_view_and_its_command(made_up, page):
    view = View(("relational_offset",), per="total")
    found = laid_out(made_up, page, view)
    links = [part["props"]["href"] for part in of_type(found, "A")]
    assert links == [f"/take-away/one/{kind}{view.query()}" for kind in OFFERED]
    assert "offset compare relational_offset baseline --place frome --seeds 8 --years 5 --lens both" in " ".join(
        text_of(found).split()
    )


def test_several_scenarios_are_offered_side_by_side_without_a_brief(made_up):
    found = seen(made_up, compare, View(("relational_offset", "volunteers_only")))
    links = [part["props"]["href"] for part in of_type(found, "A")]
    assert [link.split("?")[0].removeprefix("/take-away/beside/") for link in links] == [
        kind for kind in OFFERED if kind != "pdf"
    ]
    assert "offset compare volunteers_only baseline" in " ".join(text_of(found).split())


def test_smallest_differences_of_a_link_are_in_every_take_away_and_in_its_command(client):
    record = json.loads(client.get(f"/take-away/one/record{QUERY}&matters=admissions%3D30,cost%3D2").data)
    assert all(line.endswith(" --matters admissions=30 --matters cost=2") for line in record["reproduce"])
    slides = client.get(f"/take-away/one/pptx{QUERY}&matters=admissions%3D30")
    texts = [
        shape.text_frame.text
        for slide in Presentation(io.BytesIO(slides.data)).slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    assert any("bed days and A&E attendances 30 % of the baseline" in text for text in texts)
    assert any("emergency admissions" in text and "too little to matter" in text for text in texts)
