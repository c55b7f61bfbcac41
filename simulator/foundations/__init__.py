"""Foundations used by every package: categories, units, random numbers, compiling, reading files."""
