"""Residents as columns, and the construction of a place's population, households and ties."""
