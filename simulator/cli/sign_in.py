"""``offset sign-in``: who may sign in to the dashboard, in a file that holds hashes of their passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from simulator.cli.output import say

EXAMPLE: Final = "Example: offset sign-in people.txt anna"


def sign_in(
    file: Annotated[Path, typer.Argument(help="Password file; it is made if there is none.")],
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for unless given.")
    ],
) -> None:
    """Add a person who may sign in to the dashboard, or give one a new password."""
    from dashboard.server.passwords import set_password

    set_password(file, name, password)
    say(f"{name} can sign in with 'offset dashboard --passwords {file}'.")
