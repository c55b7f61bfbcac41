"""Outcomes of two arms beside each other: paired statistics, costs, chances of harm."""
