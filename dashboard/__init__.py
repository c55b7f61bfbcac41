"""User interface: text, figures, report, pages and command line. Statistics are computed in the simulator."""
