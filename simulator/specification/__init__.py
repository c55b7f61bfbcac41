"""The frozen specification of a run, made from evidence, place and scenario."""
