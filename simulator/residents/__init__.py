"""Readable agents: each phase of the week is a method of a resident."""
