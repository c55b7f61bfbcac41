"""The Mesa model of one place: ``WEEK`` is the only statement of the order of phases."""
