"""What every answer tells the browser to refuse: scripts, requests and frames of others, and guessing at types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import Dash
from flask import Flask, Request, Response
from flask_compress import Compress

MOST_BYTES: Final = 4_000_000
"""Of a request. The largest that pages send is a scenario file and some choices."""
_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_OWN: Final = "private, no-cache"
"""Of whatever does not say how long it lasts: pages name who has signed in."""


def protect(app: Dash) -> None:
    """Limit what is sent to the application, and send its answers with a policy of content and headers of safety.

    To be called when every callback is registered: the policy names the scripts that the application writes itself.
    """
    app.server.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    set_headers(app.server, content_policy(app.csp_hashes()))


def content_policy(hashes: Sequence[str]) -> str:
    """The content security policy: own files and the scripts of these hashes; no evaluation of text as code.

    Styles may stand in the page: the components set widths and colours of single elements.

    >>> content_policy(["'sha256-abc'"]).split("; ")[1]
    "script-src 'self' 'sha256-abc'"
    """
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def set_headers(server: Flask, policy: str) -> None:
    """Send these headers with every answer, errors included; what is no file is kept by nobody on the way."""

    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        for name, content in _FIXED.items():
            response.headers[name] = content
        response.headers.setdefault("Cache-Control", _OWN)
        return response

    server.after_request(add)


# Answers are sent compressed; what has a lasting address is compressed once, and kept by browsers.


LASTING: Final = ("/_dash-component-suites/", "/assets/")
"""Where files are served whose content stays while the server runs."""
YEAR: Final = 365 * 24 * 3600
LEVEL: Final = 5
"""Of Brotli: the level from which on it looks for repeats far apart, at a tenth of a second for a megabyte."""
MOST: Final = 200
"""Compressed files kept in memory, some ten megabytes; one may be asked for under many addresses."""


class CompressedFiles(dict[str, bytes]):
    """Files that have been compressed, by algorithm and path; nothing else is kept."""

    def set(self, key: str, value: bytes) -> None:
        """Keep a file."""
        if key.partition(";")[2] and len(self) < MOST:
            self[key] = value


def compress(server: Flask) -> None:
    """Compress every answer of a server in the way that the browser knows best."""
    server.config.update(
        COMPRESS_ALGORITHM=["br", "zstd", "gzip"],
        COMPRESS_BR_LEVEL=LEVEL,
        COMPRESS_CACHE_BACKEND=CompressedFiles,
        COMPRESS_CACHE_KEY=_path_of_a_file,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,  # their addresses change when they do
    )
    Compress(server)
    server.after_request(_whole)  # before the compression: the last to be registered is the first to be called


def _whole(response: Response) -> Response:
    """A file as one piece rather than as a stream, so that what it is compressed to can be kept."""
    if response.is_streamed and response.status_code == 200:
        response.direct_passthrough = False
        response.get_data()
    return response


def _path_of_a_file(asked: Request) -> str:
    return asked.path if asked.path.startswith(LASTING) else ""
