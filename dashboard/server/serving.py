"""Serving with waitress, a production server, after everything that keeps the dashboard safe is in place."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Final, NamedTuple

import waitress
from dash import Dash

from dashboard.server.access import LOOPBACK, ServerError, SignIn, only_own_names, only_own_pages, refuse_open_address
from dashboard.server.headers import MOST_BYTES, compress, protect

PORT: Final = 8050
THREADS: Final = 8


class BoundServer(NamedTuple):
    """A server that has its port."""

    port: int
    run: Callable[[], None]  # answers until it is interrupted


def secure(app: Dash, host: str = LOOPBACK, sign_in: SignIn | None = None) -> None:
    """Everything that keeps an application safe at an address. Raises ServerError if it could not be."""
    refuse_open_address(host, sign_in)
    if sign_in is None:
        only_own_names(app.server)
    only_own_pages(app.server)
    if sign_in is not None:
        sign_in.install(app.server)
    protect(app)
    compress(app.server)


def bind_server(app: Dash, host: str = LOOPBACK, port: int = PORT, sign_in: SignIn | None = None) -> BoundServer:
    """Take a port (0: any that is free) and make the application safe there.

    Raises ServerError for an address that would not be safe, or that cannot be had.
    """
    secure(app, host, sign_in)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        taken = socket.create_server((host, port), family=family)
    except OSError as error:
        raise ServerError(
            f"Nothing can be served at {host}, port {port} ({error.strerror}). If a dashboard is open there already, "
            "use that one, or choose another port (--port 0 takes one that is free)."
        ) from None
    server = waitress.create_server(
        app.server, sockets=[taken], threads=THREADS, ident=None, max_request_body_size=MOST_BYTES
    )
    return BoundServer(taken.getsockname()[1], server.run)
