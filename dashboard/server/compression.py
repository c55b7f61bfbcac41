"""Answers are sent compressed; what has a lasting address is compressed once, and kept by browsers."""

from __future__ import annotations

from typing import Final

from flask import Flask, Request, Response
from flask_compress import Compress

LASTING: Final = ("/_dash-component-suites/", "/assets/")
"""Where files are served whose content stays while the server runs."""
YEAR: Final = 365 * 24 * 3600
LEVEL: Final = 5
"""Of Brotli: the level from which on it looks for repeats far apart, at a tenth of a second for a megabyte."""
MOST: Final = 200
"""Compressed files kept in memory, some ten megabytes; one may be asked for under many addresses."""


class OnceCompressed(dict[str, bytes]):
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
        COMPRESS_CACHE_BACKEND=OnceCompressed,
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
