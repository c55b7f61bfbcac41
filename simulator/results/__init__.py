"""What a run leaves behind: tidy tables, folders of them, the run record."""
