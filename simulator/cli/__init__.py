"""The command line, ``offset``."""

from simulator.cli.commands import app, main

__all__ = ["app", "main"]
