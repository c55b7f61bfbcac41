"""Results of runs: tidy tables, results folders and the run record."""
