"""Serving with waitress, a production server, after all security measures are in place."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Final, NamedTuple

import waitress
from dash import Dash

from dashboard.server.access import LOOPBACK, ServerError, SignIn, only_own_names, only_own_pages, refuse_open_address
from dashboard.server.deadlines import Deadlines
from dashboard.server.headers import MOST_BYTES, compress, protect
from dashboard.server.requests import only_known_requests

PORT: Final = 8050
THREADS: Final = 8


class BoundServer(NamedTuple):
    """A server bound to its port."""

    port: int
    run: Callable[[], None]  # serves until it is interrupted


def secure(app: Dash, host: str = LOOPBACK, sign_in: SignIn | None = None) -> None:
    """Apply all security measures to an application. Raises ServerError if the address would not be safe."""
    refuse_open_address(host, sign_in)
    if sign_in is None:
        only_own_names(app.server)
    only_own_pages(app.server)
    if sign_in is not None:
        sign_in.install(app.server)
    only_known_requests(app)
    protect(app)
    compress(app.server)


def bind_server(app: Dash, host: str = LOOPBACK, port: int = PORT, sign_in: SignIn | None = None) -> BoundServer:
    """Bind a port (0: any free one) and secure the application.

    Raises ServerError for an address that would not be safe, or is not available.
    """
    Deadlines().install(app.server)
    secure(app, host, sign_in)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        taken = socket.create_server((host, port), family=family)
    except OSError as error:
        raise ServerError(
            f"The address {host}, port {port} is not available ({error.strerror}). If a dashboard is already running "
            "there, use that one, or choose another port (--port 0 takes any free one). One that is "
            "ending takes up to five seconds: try again then."
        ) from None
    server = waitress.create_server(
        app.server, sockets=[taken], threads=THREADS, ident=None, max_request_body_size=MOST_BYTES
    )
    return BoundServer(taken.getsockname()[1], server.run)
