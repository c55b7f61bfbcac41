"""The command line, ``offset``."""

from dashboard.command_line.app import app, main

__all__ = ["app", "main"]
