"""Serving with waitress, a production server, after everything that keeps the dashboard safe is in place."""

from __future__ import annotations

from typing import Final

import waitress
from dash import Dash

from dashboard.server.access import LOOPBACK, SignIn, only_own_names, only_own_pages, refuse_open_address
from dashboard.server.headers import MOST_BYTES, protect

PORT: Final = 8050
THREADS: Final = 8


def secure(app: Dash, host: str = LOOPBACK, sign_in: SignIn | None = None) -> None:
    """Everything that keeps an application safe at an address. Raises ServerError if it could not be."""
    refuse_open_address(host, sign_in)
    if sign_in is None:
        only_own_names(app.server)
    only_own_pages(app.server)
    if sign_in is not None:
        sign_in.install(app.server)
    protect(app)


def serve(app: Dash, host: str = LOOPBACK, port: int = PORT, sign_in: SignIn | None = None) -> None:
    """Serve an application until it is interrupted. Raises ServerError for an address that would not be safe."""
    secure(app, host, sign_in)
    waitress.serve(app.server, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=MOST_BYTES)
