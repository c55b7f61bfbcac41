"""Security headers of all responses, which restrict scripts, requests, frames and types; and compression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dash import Dash
from flask import Flask, Request, Response
from flask_compress import Compress

MOST_BYTES: Final = 4_000_000
"""Maximum size of a request; the largest that pages send is a scenario file with some choices."""
_FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_OWN: Final = "private, no-cache"
"""Cache control of responses that set none, since pages contain the name of the user."""


def protect(app: Dash) -> None:
    """Limit the size of requests, and add a content security policy and security headers to responses.

    Call it after all callbacks are registered, since the policy names the application's inline scripts.
    """
    app.server.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    set_headers(app.server, content_policy(app.csp_hashes()))


def content_policy(hashes: Sequence[str]) -> str:
    """The content security policy: own files and scripts with these hashes; no evaluation of text as code.

    Inline styles are allowed, since components set widths and colours of single elements.

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
    """Send these headers with every response, errors included; only files may be cached."""

    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        for name, content in _FIXED.items():
            response.headers[name] = content
        response.headers.setdefault("Cache-Control", _OWN)
        return response

    server.after_request(add)


# Responses are compressed; files with lasting addresses are compressed once and cached by browsers.


LASTING: Final = ("/_dash-component-suites/", "/assets/")
"""Paths of files whose content does not change while the server runs."""
YEAR: Final = 365 * 24 * 3600
LEVEL: Final = 5
"""Brotli's lowest level that finds distant repeats; it takes a tenth of a second per megabyte."""
MOST: Final = 200
"""Maximum number of compressed files in memory, about ten megabytes; a file may have many addresses."""


class CompressedFiles(dict[str, bytes]):
    """Compressed files by algorithm and path; other responses are not kept."""

    def set(self, key: str, value: bytes) -> None:
        """Keep a file."""
        if key.partition(";")[2] and len(self) < MOST:
            self[key] = value


def compress(server: Flask) -> None:
    """Compress every response with the best method that the browser accepts."""
    server.config.update(
        COMPRESS_ALGORITHM=["br", "zstd", "gzip"],
        COMPRESS_BR_LEVEL=LEVEL,
        COMPRESS_CACHE_BACKEND=CompressedFiles,
        COMPRESS_CACHE_KEY=_path_of_a_file,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,  # their addresses change when they do
    )
    Compress(server)
    server.after_request(_whole)  # called before the compression, since the last registered is called first


def _whole(response: Response) -> Response:
    """A file as one piece, not a stream, so that its compressed form can be kept."""
    if response.is_streamed and response.status_code == 200:
        response.direct_passthrough = False
        response.get_data()
    return response


def _path_of_a_file(asked: Request) -> str:
    return asked.path if asked.path.startswith(LASTING) else ""
