"""Fast pages: compressed responses, cached pages, and text before scripts."""

from __future__ import annotations

import json
import re

import brotli
import pytest

from dashboard.application.page_cache import PageCache
from dashboard.application.pages import answer, money
from dashboard.application.pages.build import page as build
from dashboard.application.parts.app_state import state_of
from dashboard.runs.view import View
from dashboard.server.access import THIS_COMPUTER, owner
from dashboard.server.headers import MOST, CompressedFiles
from dashboard.server.serving import secure
from simulator.results.run_record import model_version
from tests.helpers.finished_runs import application, made_up_arms


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    made = application(tmp_path_factory.mktemp("finished"), made_up_arms())
    secure(made)
    return made


@pytest.fixture(scope="module")
def client(app):
    return app.server.test_client()


def asked(client, path, **headers):
    headers = {"Accept-Encoding": "br", **headers}
    return client.get(path, base_url="http://127.0.0.1:8050", headers=headers, buffered=True)


def test_answers_are_compressed_and_files_of_a_version_are_kept_by_browsers(client):
    plain = asked(client, "/assets/plotly-basic.min.js", **{"Accept-Encoding": "identity"})
    sent = asked(client, "/assets/plotly-basic.min.js")
    assert sent.headers["Content-Encoding"] == "br"
    assert brotli.decompress(sent.data) == plain.data
    assert len(sent.data) < len(plain.data) / 3
    assert sent.cache_control.max_age > 30 * 24 * 3600
    assert asked(client, "/assets/plotly-basic.min.js").data == sent.data


def test_only_files_are_kept_and_no_more_than_a_number():
    kept = CompressedFiles()
    kept.set("br;", b"a page")
    assert kept == {}
    for number in range(MOST + 1):
        kept.set(f"br;/assets/{number}.js", b"")
    assert len(kept) == MOST


@pytest.mark.thorough
def test_pages_are_compressed_for_each_request_and_never_cached(client):
    first, other = asked(client, "/compare"), asked(client, "/money")
    assert first.headers["Content-Encoding"] == other.headers["Content-Encoding"] == "br"
    assert b"<h1>Compare</h1>" in brotli.decompress(first.data)
    assert b"<h1>Compare</h1>" not in brotli.decompress(other.data)


def test_the_first_answer_holds_the_pages_words(client):
    said = brotli.decompress(asked(client, "/?scenarios=relational_offset&place=frome").data).decode()
    sight = said.split('<div id="first-sight">')[1].split("</main>")[0]
    assert "<h1>Relational offset in Frome, Somerset</h1>" in sight
    assert "80 % range" in sight
    assert 'class="headline"' in sight
    assert " id=" not in sight
    assert "<script" not in sight


def test_the_table_library_is_named_and_not_fetched_at_once(client):
    said = brotli.decompress(asked(client, "/").data).decode()
    (address,) = re.findall(r'<meta name="table-library" content="([^"]+)">', said)
    assert address.split("/")[-2] == "dash_ag_grid"
    assert f'src="{address}"' not in said
    assert asked(client, address).status_code == 200
    assert said.count('name="viewport"') == 1


def test_the_first_response_creates_no_draft_and_reports_invalid_addresses(app, client):
    said = brotli.decompress(asked(client, "/build").data).decode()
    assert "<h1>Build</h1>" in said
    assert state_of(app).drafts.latest("this computer") is None
    said = brotli.decompress(asked(client, "/nowhere<b>").data).decode()
    assert "No page is called /nowhere&lt;b&gt;" in said
    assert "There are no finished runs" in brotli.decompress(asked(client, "/money?scenarios=frome").data).decode()


def test_a_page_is_made_once_for_a_view_and_again_when_runs_have_finished(app, monkeypatch):
    made = []
    layout = answer.layout
    monkeypatch.setattr(answer, "layout", lambda view: made.append(view) or layout(view))
    pages = PageCache()
    with app.server.app_context():
        first = pages.show(answer, View())
        assert pages.show(answer, View()) is first
        pages.show(answer, View(per="total"))
        assert made == [View(), View(per="total")]
        state_of(app).library.keep(made_up_arms()[1])
        assert pages.show(answer, View()) is not first
        assert len(made) == 3
        pages.show(answer, View(("frome",), place="rural_district"))
        pages.show(answer, View(("frome",), place="rural_district"))
    assert len(made) == 5  # what is not there yet is looked for again


def test_what_belongs_to_one_person_or_another_version_is_not_kept(app):
    pages = PageCache()
    assert pages.keeps(money, View(model=model_version()))
    assert not pages.keeps(build, View())
    assert not pages.keeps(money, View(model="0.0.1+0123abcd"))


@pytest.mark.thorough
def test_pages_of_a_view_are_prepared_independently_of_the_user(app, monkeypatch):
    asked_who = []
    monkeypatch.setattr("dashboard.server.access.has_request_context", lambda: asked_who.append(True))
    pages = PageCache()
    pages.make_ready(app, View()).join()
    assert asked_who == []
    assert owner() == THIS_COMPUTER
    assert asked_who == [True]
    monkeypatch.setattr(money, "layout", None)
    with app.server.app_context():
        shown = pages.show(money, View())
    assert "Money" in json.dumps(shown.to_plotly_json(), default=str)
