"""The Mesa model of one place and its simulation."""
