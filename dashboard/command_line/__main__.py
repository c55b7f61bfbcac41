"""``python -m dashboard.command_line``, the same as ``offset``."""

from dashboard.command_line.commands import main

if __name__ == "__main__":
    main()
