"""The page to sign in, which needs no script."""

from __future__ import annotations

from html import escape
from typing import Final

from flask import Response

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
    """The page; ``wanted`` is the path to go to afterwards, ``fault`` what was wrong with the last try."""
    told = f'<p role="alert">{escape(fault)}</p>' if fault else ""
    page = _PAGE.format(fault=told, wanted=escape(wanted, quote=True))
    return Response(page, status, mimetype="text/html", headers={"Cache-Control": "no-store"})
