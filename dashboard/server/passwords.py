"""Signing in with name and password. A file contains only Argon2id hashes, with one line name:hash per person."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import threading
import time
from collections import deque
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, Response, redirect, request, session
from werkzeug.wrappers import Response as AnyResponse

from dashboard.server.access import ServerError, note_owner
from simulator.errors import FileError, Problem
from simulator.store.database import Database

NAME: Final = re.compile(r"[A-Za-z0-9._@-]{1,80}")
SHORTEST: Final = 12
"""Minimum characters of a password (NCSC and NIST SP 800-63B-4 require length, not kinds of characters)."""
LONGEST: Final = 1000
"""Maximum characters of a password; hashing takes longer the longer it is."""
TRIES: Final = 5
TRIES_OF_AN_ADDRESS: Final = 30
PAUSE: Final = 30.0
"""Seconds for which a name is refused at an address, or every name there, after too many wrong passwords."""
MOST_COUNTED: Final = 10_000
"""Wrong passwords that are remembered, of all names and addresses."""
SESSION_HOURS: Final = 12
_SIGN_IN, _SIGN_OUT = "/sign-in", "/sign-out"
_WRONG: Final = "The name or password is wrong."
_ENDED: Final = "create table if not exists ended (id text primary key, at real not null)"
_REMEDY: Final = "Delete this file, and the session.key beside it so that everybody signs in again."
_LINE: Final = re.compile(rf"({NAME.pattern}):(\$argon2id\$\S+)")


class PasswordFile:
    """The people of one file, which may be edited while the server runs."""

    def __init__(self, path: Path, secret_folder: Path, *, secure: bool = False) -> None:
        """Read the file. ``secret_folder`` contains the key that signs sessions; ``secure``: https only.

        Raises FileError with every line that cannot be used, ServerError if it names no one.
        """
        self._path, self._secret_folder, self._secure = path, secret_folder, secure
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(16))
        self._lock = threading.Lock()
        self._tries: deque[tuple[float, str, str]] = deque(maxlen=MOST_COUNTED)  # when, address, name
        self._ended = Database(secret_folder / "signed_out.sqlite", _ENDED, holds="the ended sessions", remedy=_REMEDY)
        if not self.people():
            raise ServerError(f"{path} names no one who can sign in. Add a person with 'offset sign-in {path} NAME'.")

    def people(self) -> dict[str, str]:
        """Hashes by name. Raises FileError with every line that cannot be used."""
        return read_people(self._path)

    def right(self, name: str, password: str) -> bool:
        """Whether the password is correct. An unknown name takes as long as a wrong password."""
        known = self.people().get(name)
        try:
            self._hasher.verify(known or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return known is not None

    def install(self, server: Flask) -> None:
        """Ask users without a session to sign in."""
        server.secret_key = _secret(self._secret_folder)
        server.config.update(
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            SESSION_COOKIE_SECURE=self._secure,
            SESSION_COOKIE_NAME="offset_session",
        )
        server.before_request(self._check)
        server.add_url_rule(_SIGN_IN, "sign_in", self._sign_in, methods=["GET", "POST"])
        server.add_url_rule(_SIGN_OUT, "sign_out", self._sign_out, methods=["POST"])

    def _check(self) -> AnyResponse | None:
        name = session.get("name", "")
        fresh = time.time() - float(session.get("since", 0.0)) < SESSION_HOURS * 3600.0
        hashed = self.people().get(name)
        if hashed is not None and fresh and session.get("password") == _mark(hashed) and not self._has_ended():
            note_owner(name)
            return None
        if request.path == _SIGN_IN:
            return None
        if request.method == "GET" and not request.path.startswith("/_"):
            wanted = request.full_path.rstrip("?")
            return redirect(f"{_SIGN_IN}?next={quote(wanted, safe='/')}", 303)
        return Response("Sign in first.", 401)

    def _sign_in(self) -> Response:
        if request.method == "GET":
            return sign_in_page(_own_path(request.args.get("next")))
        name, password = request.form.get("name", ""), request.form.get("password", "")
        wanted = _own_path(request.form.get("next"))
        if not NAME.fullmatch(name) or len(password) > LONGEST:  # no one has such a name or password
            return sign_in_page(wanted, _WRONG, 401)
        one = self._begin(request.remote_addr or "", name)
        if one is None:
            return sign_in_page(wanted, f"Too many wrong passwords. Try again in {PAUSE:.0f} seconds.", 429)
        if not self.right(name, password):
            return sign_in_page(wanted, _WRONG, 401)
        with self._lock, suppress(ValueError):
            self._tries.remove(one)
        session.clear()
        session.update(name=name, since=time.time(), password=_mark(self.people()[name]), id=secrets.token_hex(16))
        return Response(status=303, headers={"Location": wanted})

    def _begin(self, address: str, name: str) -> tuple[float, str, str] | None:
        """Count a try before its password is looked at, so that several at once do not all pass; None: too many.

        A name is paused only at the address that failed, so that others cannot keep its owner out.
        """
        now = time.monotonic()
        with self._lock:
            recent = [tried for tried in self._tries if now - tried[0] < PAUSE and tried[1] == address]
            if sum(tried[2] == name for tried in recent) >= TRIES or len(recent) >= TRIES_OF_AN_ADDRESS:
                return None
            self._tries.append((now, address, name))
            return self._tries[-1]

    def _sign_out(self) -> Response:
        """End the session, also for a copy of its cookie."""
        if "id" in session:
            oldest = time.time() - SESSION_HOURS * 3600.0
            with self._ended.change() as change:
                change.execute("delete from ended where at < ?", (oldest,))
                change.execute("insert or ignore into ended values (?, ?)", (str(session["id"]), time.time()))
        session.clear()
        return Response(status=303, headers={"Location": _SIGN_IN})

    def _has_ended(self) -> bool:
        return self._ended.first("select 1 from ended where id = ?", (str(session.get("id")),)) is not None


def read_people(path: Path) -> dict[str, str]:
    """Hashes by name; empty if there is no such file. Raises FileError with every line that cannot be used."""
    if not path.is_file():
        return {}
    people, problems = {}, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            right = f"Write name:hash with an Argon2id hash, for example with 'offset sign-in {path.name} NAME'"
            problems.append(Problem(path.name, number, "", "this is not a name and hash", right))
        else:
            people[match[1]] = match[2]
    if problems:
        raise FileError(problems)
    return people


def set_password(path: Path, name: str, password: str) -> None:
    """Add a person to a password file, or change a password. Raises ServerError for a bad name or password."""
    if not NAME.fullmatch(name):
        raise ServerError(f"'{name}' is not a valid name for signing in: use letters, digits and . _ @ -.")
    if len(password) < SHORTEST:
        raise ServerError(f"The password is too short: use at least {SHORTEST} characters, such as four random words.")
    people = {**read_people(path), name: PasswordHasher().hash(password)}
    new = path.with_name(f".{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{one}:{hashed}\n" for one, hashed in people.items())
    new.replace(path)


def _secret(folder: Path) -> bytes:
    """The key that signs sessions, created once and readable only by its owner."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "session.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
    return path.read_bytes()


def _mark(hashed: str) -> str:
    """A mark of the password in a session, so that the session ends when the password changes."""
    return hashlib.sha256(hashed.encode()).hexdigest()[:16]


def _own_path(wanted: str | None) -> str:
    """The path, if it is one of this server; otherwise the first page.

    >>> _own_path("/build?draft=1"), _own_path("//elsewhere.org"), _own_path("https://elsewhere.org"), _own_path(None)
    ('/build?draft=1', '/', '/', '/')
    """
    given = wanted or "/"
    return given if re.fullmatch(r"/(?![/\\])[^\s\\]*", given) else "/"


# The sign-in page, which needs no script.


_PAGE: Final = """<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in – Relational offset policy simulator</title>
<style>
body {{ margin: 0; font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; color: #0B0C0C; }}
header {{ background: #12436D; color: #FFFFFF; padding: .875rem 1.5rem; font-weight: 600; }}
main {{ max-width: 24rem; padding: 1.5rem; }}
label {{ display: block; margin-top: 1rem; font-weight: 600; }}
input {{ box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; border: 2px solid #0B0C0C;
  border-radius: 4px; }}
button {{ margin-top: 1.5rem; padding: .625rem 1.5rem; font: inherit; font-weight: 600; color: #FFFFFF;
  background: #12436D; border: 0; border-radius: 4px; }}
:focus-visible {{ outline: 3px solid #F46A25; outline-offset: 2px; }}
[role=alert] {{ color: #942514; font-weight: 600; }}
</style></head>
<body><header>Relational offset policy simulator</header>
<main><h1>Sign in</h1>{fault}
<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{wanted}">
<label for="name">Name</label><input id="name" name="name" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form></main></body></html>
"""


def sign_in_page(wanted: str, fault: str | None = None, status: int = 200) -> Response:
    """The page; ``wanted`` is the path to open afterwards, ``fault`` the error of the last attempt."""
    alert = f'<p role="alert">{escape(fault)}</p>' if fault else ""
    page = _PAGE.format(fault=alert, wanted=escape(wanted, quote=True))
    return Response(page, status, mimetype="text/html", headers={"Cache-Control": "no-store"})
