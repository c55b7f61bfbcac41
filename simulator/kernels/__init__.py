"""Compiled loops, one per phase and named after it, which call the same rules as the readable agents."""
