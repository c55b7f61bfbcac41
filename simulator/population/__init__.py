"""Residents as columns, and how a place's population, households and ties are made."""
