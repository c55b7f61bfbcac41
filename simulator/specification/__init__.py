"""The immutable specification of a run, built from evidence, a place and a scenario."""
