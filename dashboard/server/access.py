"""Who may reach the server: this computer alone, unless people sign in."""

from __future__ import annotations

import ipaddress
from typing import Final, Protocol
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, has_request_context, request

from simulator.errors import SimulatorError

LOOPBACK: Final = "127.0.0.1"


class ServerError(SimulatorError):
    """The dashboard cannot be served as asked, because it would not be safe."""


class SignIn(Protocol):
    """A way to know who asks."""

    def install(self, server: Flask) -> None:
        """Refuse whoever has not signed in, and note the name of whoever has (`dashboard.server.access`)."""


def refuse_open_address(host: str, sign_in: SignIn | None) -> None:
    """Raise ServerError if others could reach the dashboard without signing in."""
    if sign_in is None and not is_loopback(host):
        raise ServerError(
            f"{host} can be reached from other computers, and nobody would have to sign in. Give a password file "
            "(--passwords FILE; 'offset sign-in FILE NAME' adds a person) or a trusted proxy (--proxy ADDRESS), or "
            f"leave the address at {LOOPBACK}."
        )


def is_loopback(host: str) -> bool:
    """Whether an address is this computer's own.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0"), is_loopback("::")
    (True, True, False, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def only_own_names(server: Flask) -> None:
    """Refuse requests for another name: a page elsewhere could have its name point here, and read what is here."""

    def check() -> Response | None:
        if is_loopback(_host_of(request)):
            return None
        return Response("This dashboard is served to this computer alone: open it by the address it told.", 421)

    server.before_request(check)


def only_own_pages(server: Flask) -> None:
    """Refuse what another site's page sends here in somebody's name."""

    def check() -> Response | None:
        origin = request.headers.get("Origin")
        if request.method in ("GET", "HEAD", "OPTIONS") or origin is None or urlsplit(origin).netloc == request.host:
            return None
        return Response("This was sent by another site's page.", 403)

    server.before_request(check)


def _host_of(asked: Request) -> str:
    return urlsplit(f"//{asked.host}").hostname or ""


# Who asks: the name with which somebody has signed in, or this computer.


THIS_COMPUTER: Final = "this computer"
"""Whoever uses a dashboard that is served to this computer alone: no name that can be signed in with has a space."""


def owner() -> str:
    """The name of whoever sent the request."""
    return str(g.get("owner", THIS_COMPUTER)) if has_request_context() else THIS_COMPUTER


def note_owner(name: str) -> None:
    """Note who sent the request."""
    g.owner = name
