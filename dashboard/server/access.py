"""Access to the server: from this computer only, unless people sign in."""

from __future__ import annotations

import ipaddress
from typing import Final, Protocol
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, has_request_context, request

from simulator.errors import SimulatorError

LOOPBACK: Final = "127.0.0.1"


class ServerError(SimulatorError):
    """The dashboard cannot be served with these options, usually because it would not be safe."""


class SignIn(Protocol):
    """A way to identify the user of a request."""

    def install(self, server: Flask) -> None:
        """Refuse requests without signing in, and note the name of the user (`note_owner`)."""


def refuse_open_address(host: str, sign_in: SignIn | None) -> None:
    """Raise ServerError if others could reach the dashboard without signing in."""
    if sign_in is None and not is_loopback(host):
        raise ServerError(
            f"{host} can be reached from other computers without signing in. Add a password file (--passwords FILE; "
            "'offset sign-in FILE NAME' adds a person) or a trusted proxy (--proxy ADDRESS), or leave the address at "
            f"{LOOPBACK}."
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
    """Refuse requests for other host names, since another site could point its name here (DNS rebinding)."""

    def check() -> Response | None:
        if is_loopback(_host_of(request)):
            return None
        return Response("This dashboard is for this computer only: open it at the address that was printed.", 421)

    server.before_request(check)


def only_own_pages(server: Flask) -> None:
    """Refuse requests sent by pages of other sites (cross-site request forgery)."""

    def check() -> Response | None:
        origin = request.headers.get("Origin")
        if request.method in ("GET", "HEAD", "OPTIONS") or origin is None or urlsplit(origin).netloc == request.host:
            return None
        return Response("This request came from a page of another site and was refused.", 403)

    server.before_request(check)


def _host_of(asked: Request) -> str:
    return urlsplit(f"//{asked.host}").hostname or ""


# The owner of a request: the name of the signed-in user, or this computer.


THIS_COMPUTER: Final = "this computer"
"""The user of a dashboard without signing in; names for signing in contain no space."""


def owner() -> str:
    """The name of the user who sent the request."""
    return str(g.get("owner", THIS_COMPUTER)) if has_request_context() else THIS_COMPUTER


def note_owner(name: str) -> None:
    """Note the name of the user who sent the request."""
    g.owner = name
