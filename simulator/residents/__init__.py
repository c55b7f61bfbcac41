"""Readable agents: each phase of the week as a method of a resident."""
