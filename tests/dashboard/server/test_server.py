"""Security: access to the dashboard, headers, and signing in."""

from __future__ import annotations

import re
import threading
import time
from functools import partial

import pytest
from argon2 import DEFAULT_MEMORY_COST, DEFAULT_TIME_COST, PasswordHasher
from dash import Dash, html
from flask.testing import FlaskClient
from typer.testing import CliRunner

from dashboard.command_line.commands import app
from dashboard.command_line.dashboard import _sign_in
from dashboard.server import PasswordFile, ProxyHeader, ServerError, owner, passwords, refuse_open_address
from dashboard.server.headers import MOST_BYTES
from dashboard.server.passwords import PAUSE, SESSION_HOURS, TRIES, TRIES_OF_AN_ADDRESS, set_password
from dashboard.server.serving import secure
from simulator.errors import FileError

PASSWORD = "correct horse battery"


def application(host: str = "127.0.0.1", sign_in=None) -> FlaskClient:
    made = Dash("test")
    made.layout = html.P("hello")
    made.server.add_url_rule("/who", "who", owner)
    secure(made, host, sign_in)
    return made.server.test_client()


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch, request):
    """Passwords are hashed as they are elsewhere, but with less effort."""
    if "slow_hashes" not in request.fixturenames:
        monkeypatch.setattr(passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=64))


@pytest.fixture
def slow_hashes():
    """Passwords are hashed with the effort that keeps them safe."""


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.txt"
    set_password(path, "anna", PASSWORD)
    return path


@pytest.fixture
def signed(people, tmp_path) -> FlaskClient:
    return application("0.0.0.0", PasswordFile(people, tmp_path / "secret"))


def alert(page: str) -> str:
    """The error on a sign-in page."""
    (said,) = re.findall(r'role="alert">(.*?)<', page)
    return said


def enter(client: FlaskClient, name: str, password: str, wanted: str = "/who"):
    return client.post("/sign-in", data={"name": name, "password": password, "next": wanted})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "dashboard.example.org"])
def test_an_address_that_others_can_reach_is_refused_without_sign_in(host, messages):
    with messages.raised(ServerError):
        application(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_this_computer_needs_no_sign_in(host):
    refuse_open_address(host, None)
    answer = application(host).get("/who", base_url=f"http://{f'[{host}]' if ':' in host else host}:8050")
    assert (answer.status_code, answer.text) == (200, "this computer")


def test_a_name_that_points_here_from_elsewhere_is_refused(messages):
    client = application()
    assert client.get("/", base_url="http://localhost:8050").status_code == 200
    answer = client.get("/", base_url="http://rebound.example.org:8050")
    assert answer.status_code == 421
    messages.check(answer.text)


def test_what_another_sites_page_sends_is_refused():
    client = application()
    sent = {"json": {}, "base_url": "http://127.0.0.1:8050"}
    answer = client.post("/_dash-update-component", headers={"Origin": "http://elsewhere.org"}, **sent)
    assert (answer.status_code, answer.text) == (403, "This request came from a page of another site and was refused.")
    own = client.post("/_dash-update-component", headers={"Origin": "http://127.0.0.1:8050"}, **sent)
    assert own.status_code != 403


def test_every_response_has_a_strict_content_security_policy():
    client = application()
    for path in ("/", "/assets/none.js", "/_dash-layout"):
        headers = client.get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"].startswith("'self'")
        assert "unsafe" not in policy["script-src"]
        assert "http" not in headers["Content-Security-Policy"]
        assert policy["frame-ancestors"] == "'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "private, no-cache"


def test_a_request_that_is_too_large_is_refused():
    answer = application().post(
        "/_dash-update-component", data=b"[" * (MOST_BYTES + 1), content_type="application/json"
    )
    assert answer.status_code == 413


def test_nobody_sees_anything_before_signing_in(signed):
    answer = signed.get("/build?draft=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/build%3Fdraft%3D1")
    for path in ("/_dash-layout", "/_dash-dependencies"):
        assert signed.get(path).status_code == 401
    assert signed.post("/_dash-update-component", json={}).status_code == 401
    page = signed.get("/sign-in?next=/build%3Fdraft%3D1")
    assert 'value="/build?draft=1"' in page.text
    assert "Content-Security-Policy" in page.headers


def test_the_right_password_opens_and_names_its_owner_until_they_sign_out(signed):
    assert enter(signed, "anna", PASSWORD).headers["Location"] == "/who"
    cookie = signed.get_cookie("offset_session")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert signed.get("/who").text == "anna"
    assert signed.post("/sign-out").status_code == 303
    assert signed.get("/who").status_code == 303


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_and_an_unknown_name_give_the_same_message(signed, name, password, messages):
    answer = enter(signed, name, password)
    assert answer.status_code == 401
    messages.check(alert(answer.text))
    assert signed.get("/who").status_code == 303


def test_guessing_is_slowed_down_for_a_while(signed, monkeypatch, messages):
    for _ in range(TRIES):
        assert enter(signed, "anna", "guess").status_code == 401
    answer = enter(signed, "anna", PASSWORD)
    assert answer.status_code == 429
    messages.check(alert(answer.text))
    later = time.monotonic() + PAUSE
    monkeypatch.setattr("dashboard.server.passwords.time.monotonic", lambda: later)
    assert enter(signed, "anna", PASSWORD).status_code == 303


def test_an_owner_elsewhere_is_not_locked_out_by_someone_who_guesses(signed):
    elsewhere = {"environ_base": {"REMOTE_ADDR": "10.0.0.9"}}
    for _ in range(TRIES + 1):
        last = signed.post("/sign-in", data={"name": "anna", "password": "guess"}, **elsewhere)
    assert last.status_code == 429
    assert signed.post("/sign-in", data={"name": "anna", "password": PASSWORD}, **elsewhere).status_code == 429
    assert enter(signed, "anna", PASSWORD).status_code == 303


def test_names_sprayed_from_one_address_are_slowed_down(signed):
    found = [enter(signed, f"name{number}", "guess").status_code for number in range(TRIES_OF_AN_ADDRESS + 1)]
    assert found == [401] * TRIES_OF_AN_ADDRESS + [429]


def test_tries_at_the_same_time_are_counted_before_they_are_looked_at(people, tmp_path, monkeypatch):
    guarded = PasswordFile(people, tmp_path / "secret")
    barrier = threading.Barrier(20)
    looked: list[str] = []

    def right(name: str, password: str) -> bool:
        looked.append(name)
        time.sleep(0.05)
        return False

    monkeypatch.setattr(guarded, "right", right)
    made = application("0.0.0.0", guarded)
    server = made.application

    def attempt() -> None:
        client = server.test_client()
        barrier.wait()
        enter(client, "anna", "guess")

    threads = [threading.Thread(target=attempt) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == TRIES


@pytest.mark.parametrize(("name", "password"), [("a" * 3_800_000, PASSWORD), ("a b", "x"), ("anna", "x" * 1001)])
def test_a_name_or_password_that_nobody_has_is_refused_and_not_kept(people, tmp_path, name, password, monkeypatch):
    guarded = PasswordFile(people, tmp_path / "secret")
    monkeypatch.setattr(guarded, "right", lambda *_: pytest.fail("it was looked at"))
    assert enter(application("0.0.0.0", guarded), name, password).status_code == 401
    assert not guarded._tries


def test_a_copy_of_a_cookie_ends_when_its_owner_signs_out(signed, people, tmp_path):
    enter(signed, "anna", PASSWORD)
    cookie = signed.get_cookie("offset_session")
    assert cookie is not None
    thief = signed.application.test_client()
    thief.set_cookie("offset_session", cookie.value)
    assert thief.get("/who").text == "anna"
    signed.post("/sign-out")
    thief.set_cookie("offset_session", cookie.value)
    assert thief.get("/who").status_code == 303
    restarted = application("0.0.0.0", PasswordFile(people, tmp_path / "secret"))
    restarted.set_cookie("offset_session", cookie.value)
    assert restarted.get("/who").status_code == 303
    enter(signed, "anna", PASSWORD)
    assert signed.get("/who").text == "anna"


@pytest.mark.parametrize("https", [True, False])
def test_behind_https_the_cookie_is_sent_over_https_only(people, tmp_path, https):
    client = application("0.0.0.0", _sign_in(people, None, tmp_path / "x" / "finished", https=https))
    enter(client, "anna", PASSWORD)
    cookie = client.get_cookie("offset_session")
    assert cookie is not None
    assert cookie.secure is https


def test_forged_sessions_and_those_of_removed_people_are_refused(signed, people):
    signed.set_cookie("offset_session", "eyJuYW1lIjoiYW5uYSJ9.forged.signature")
    assert signed.get("/who").status_code == 303
    assert enter(signed, "anna", PASSWORD).status_code == 303
    set_password(people, "ben", PASSWORD)
    people.write_text("\n".join(line for line in people.read_text().splitlines() if line.startswith("ben")))
    assert signed.get("/who").status_code == 303


def test_a_session_ends_when_the_password_is_changed(signed, people):
    enter(signed, "anna", PASSWORD)
    assert signed.get("/who").text == "anna"
    set_password(people, "anna", f"{PASSWORD} staple")
    assert signed.get("/who").status_code == 303


def test_a_session_ends_after_its_hours(signed, monkeypatch):
    enter(signed, "anna", PASSWORD)
    now = time.time()
    monkeypatch.setattr("dashboard.server.passwords.time.time", lambda: now + SESSION_HOURS * 3600.0 - 60.0)
    assert signed.get("/who").text == "anna"
    monkeypatch.setattr("dashboard.server.passwords.time.time", lambda: now + SESSION_HOURS * 3600.0 + 60.0)
    assert signed.get("/who").status_code == 303


@pytest.mark.parametrize("wanted", ["//elsewhere.org", "https://elsewhere.org", "/\\elsewhere.org", "", "/a b"])
def test_signing_in_never_redirects_elsewhere(signed, wanted):
    assert enter(signed, "anna", PASSWORD, wanted).headers["Location"] == "/"


def test_a_session_outlives_the_server(people, tmp_path):
    first = application("0.0.0.0", PasswordFile(people, tmp_path / "secret"))
    enter(first, "anna", PASSWORD)
    cookie = first.get_cookie("offset_session")
    assert cookie is not None
    second = application("0.0.0.0", PasswordFile(people, tmp_path / "secret"))
    second.set_cookie("offset_session", cookie.value)
    assert second.get("/who").text == "anna"
    assert (tmp_path / "secret" / "session.key").stat().st_mode & 0o077 == 0


def test_the_password_file_holds_hashes_alone_and_tells_its_faults(people, tmp_path, messages):
    assert PASSWORD not in people.read_text()
    assert people.read_text().startswith("anna:$argon2id$")
    assert people.stat().st_mode & 0o077 == 0
    people.write_text("anna:secret\n# fine\n\nben\n")
    with pytest.raises(FileError) as caught:
        PasswordFile(people, tmp_path)
    assert [problem.line for problem in caught.value.problems] == [1, 4]
    with messages.raised(ServerError):
        PasswordFile(tmp_path / "none.txt", tmp_path)
    with messages.raised(ServerError):
        set_password(people, "anna", "short")
    with messages.raised(ServerError):
        set_password(people, "a:b", PASSWORD)


def test_the_command_line_adds_a_person(tmp_path, slow_hashes, messages):
    path = tmp_path / "people.txt"
    done = CliRunner().invoke(app, ["sign-in", str(path), "anna"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0
    messages.check(done.output)
    assert PASSWORD not in done.output
    assert PasswordFile(path, tmp_path).right("anna", PASSWORD)
    assert f"m={DEFAULT_MEMORY_COST},t={DEFAULT_TIME_COST}," in path.read_text()
    refused = CliRunner().invoke(app, ["sign-in", str(path), "anna"], input="short\nshort\n")
    assert refused.exit_code == 1
    messages.check(refused.output)


def test_only_the_proxy_is_trusted():
    client = application("0.0.0.0", ProxyHeader("10.0.0.5"))
    named = {"X-Forwarded-User": "anna"}
    assert client.get("/who", headers=named, environ_base={"REMOTE_ADDR": "10.0.0.5"}).text == "anna"
    assert client.get("/who", headers=named, environ_base={"REMOTE_ADDR": "10.0.0.6"}).status_code == 403
    nameless = client.get("/who", environ_base={"REMOTE_ADDR": "10.0.0.5"})
    assert (nameless.status_code, nameless.text) == (
        401,
        "The proxy has not named the user in the header X-Forwarded-User.",
    )
    spaced = client.get("/who", headers={"X-Forwarded-User": "this computer"}, environ_base={"REMOTE_ADDR": "10.0.0.5"})
    assert spaced.status_code == 401


def test_a_proxy_must_be_an_address_and_its_header_a_header(messages):
    with messages.raised(ServerError):
        ProxyHeader("everyone")
    with messages.raised(ServerError):
        ProxyHeader("10.0.0.5", "X Y")
