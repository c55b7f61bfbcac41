"""``python -m dashboard.command_line`` is ``offset``."""

from dashboard.command_line.commands import main

if __name__ == "__main__":
    main()
