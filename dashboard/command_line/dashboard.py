"""``offset dashboard`` and ``offset sign-in``: the dashboard, for this computer only or for people who sign in."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from dashboard.command_line.options import Quiet, Workers
from dashboard.command_line.output import note, say

if TYPE_CHECKING:
    from dashboard.server.access import SignIn


EXAMPLE: Final = "Example: offset dashboard --port 8050"
USUAL_HOST: Final = "127.0.0.1"
USUAL_PORT: Final = 8050
USUAL_SEEDS: Final = 8
GRACE: Final = 1.5
"""Seconds after a signal to end by which the server has done so, whatever still runs."""


def dashboard(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the server; 0 for any free port.")] = USUAL_PORT,
    host: Annotated[str, typer.Option(help="Address; other than this computer's, people must sign in.")] = USUAL_HOST,
    folder: Annotated[Path | None, typer.Option(help="Folder of finished runs; by default your own.")] = None,
    place: Annotated[str, typer.Option(help="Place of the worked example.")] = "frome",
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Pairs of runs of the worked example.")] = USUAL_SEEDS,
    workers: Workers = None,
    prepare: Annotated[bool, typer.Option(help="Run the missing parts of the worked example.")] = True,
    passwords: Annotated[Path | None, typer.Option(help="Password file of the people who may sign in.")] = None,
    proxy: Annotated[str | None, typer.Option(help="Address of a trusted proxy that signs people in.")] = None,
    https: Annotated[bool, typer.Option(help="Behind https: send the cookie of a session over https only.")] = False,
    quiet: Quiet = False,
) -> None:
    """Open the dashboard: findings, comparisons, costs, certainty and evidence, in a browser on this computer."""
    from dashboard.application.app import create_app
    from dashboard.application.page_cache import page_cache_of
    from dashboard.application.parts.app_state import state_of
    from dashboard.application.parts.settings import Settings, usual_folder
    from dashboard.runs.view import View
    from dashboard.server.access import refuse_open_address
    from dashboard.server.serving import bind_server
    from simulator.results.run_record import model_version

    where = folder or usual_folder()
    sign_in = _sign_in(passwords, proxy, where, https=https)
    refuse_open_address(host, sign_in)
    app = create_app(Settings(where, place=place, seeds=seeds, workers=workers, prepare=prepare))
    held = state_of(app)
    try:
        server = bind_server(app, host, port, sign_in)
        shown = f"http://{f'[{host}]' if ':' in host else host}:{server.port}"
        note(f"The dashboard is at {shown} (Ctrl+C ends it). Finished runs are in {where}.", quiet=quiet)
        signal.signal(signal.SIGTERM, _leave)
        held.jobs.start()  # jobs that an earlier server left unfinished
        page_cache_of(app).make_ready(app, View(place=held.place.name, model=model_version()))
        server.run()
    finally:
        held.example.stop()
        held.jobs.close()
        held.drafts.close()


def _leave(_signal: int, _frame: object) -> None:
    """End in the same way as an interrupt, so that no process is left running; at once if that takes too long.

    That is safe: stores and folders are written whole or not at all, and processes end with their parent.
    """
    last = threading.Timer(GRACE, os._exit, (0,))
    last.daemon = True
    last.start()
    raise SystemExit(0)


def _sign_in(passwords: Path | None, proxy: str | None, folder: Path, *, https: bool) -> SignIn | None:
    """The way people sign in, or None."""
    from dashboard.server.passwords import PasswordFile
    from dashboard.server.proxy import ProxyHeader

    if passwords is not None and proxy is not None:
        raise typer.BadParameter("give a password file or a proxy, not both", param_hint="--proxy")
    if passwords is not None:
        return PasswordFile(passwords, folder.parent, secure=https)
    return None if proxy is None else ProxyHeader(proxy)


# ``offset sign-in``: adds people to the file of password hashes for the dashboard.


SIGN_IN_EXAMPLE: Final = "Example: offset sign-in people.txt anna"


def sign_in(
    file: Annotated[Path, typer.Argument(help="Password file; created if it does not exist.")],
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Prompted for if not given.")
    ],
) -> None:
    """Add a person who may sign in to the dashboard, or change a person's password."""
    from dashboard.server.passwords import set_password

    set_password(file, name, password)
    say(f"{name} can sign in with 'offset dashboard --passwords {file}'.")
