"""Signing in at a proxy, which names the user in a header; the header is accepted only from that proxy."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from flask import Flask, Response, request

from dashboard.server.access import ServerError, note_owner
from dashboard.server.passwords import NAME

USUAL_HEADER: Final = "X-Forwarded-User"


class ProxyHeader:
    """A proxy's address and the header in which it names users; it must remove that header from incoming requests."""

    def __init__(self, address: str, header: str = USUAL_HEADER) -> None:
        """Raises ServerError if the address or the name of the header is not valid."""
        try:
            self._address = ipaddress.ip_address(address)
        except ValueError:
            raise ServerError(f"'{address}' is not an address of a proxy: write one such as 10.0.0.5.") from None
        if not re.fullmatch(r"[A-Za-z0-9-]{1,80}", header):
            raise ServerError(f"'{header}' is not a valid name of a header: write a name such as {USUAL_HEADER}.")
        self._header = header

    def install(self, server: Flask) -> None:
        """Refuse requests that do not come from the proxy with a name."""
        server.before_request(self._check)

    def _check(self) -> Response | None:
        sender, name = request.remote_addr or "", request.headers.get(self._header, "")
        try:
            trusted = ipaddress.ip_address(sender) == self._address
        except ValueError:
            trusted = False
        if not trusted:
            return Response("This dashboard can only be reached through its proxy.", 403)
        if not NAME.fullmatch(name):
            return Response(f"The proxy has not named the user in the header {self._header}.", 401)
        note_owner(name)
        return None
