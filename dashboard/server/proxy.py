"""Signing in at a proxy in front, which says in a header who asks; the header is believed from that proxy alone."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from flask import Flask, Response, request

from dashboard.server.access import ServerError, note_owner
from dashboard.server.passwords import NAME

USUAL_HEADER: Final = "X-Forwarded-User"


class ProxyHeader:
    """A proxy's address and the header in which it names people; it must remove that header from what it is sent."""

    def __init__(self, address: str, header: str = USUAL_HEADER) -> None:
        """Raises ServerError if the address is none, or if the header has no name of a header."""
        try:
            self._address = ipaddress.ip_address(address)
        except ValueError:
            raise ServerError(f"'{address}' is no address of a proxy: write one such as 10.0.0.5.") from None
        if not re.fullmatch(r"[A-Za-z0-9-]{1,80}", header):
            raise ServerError(f"'{header}' is no name of a header: write one such as {USUAL_HEADER}.")
        self._header = header

    def install(self, server: Flask) -> None:
        """Refuse whatever does not come from the proxy with a name."""
        server.before_request(self._check)

    def _check(self) -> Response | None:
        sender, name = request.remote_addr or "", request.headers.get(self._header, "")
        try:
            trusted = ipaddress.ip_address(sender) == self._address
        except ValueError:
            trusted = False
        if not trusted:
            return Response("This dashboard is reached through its proxy alone.", 403)
        if not NAME.fullmatch(name):
            return Response(f"The proxy has not said in {self._header} who asks.", 401)
        note_owner(name)
        return None
