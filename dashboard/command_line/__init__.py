"""The command line, ``offset``."""

from dashboard.command_line.commands import app, main
