"""Rules of behaviour: scalar pure functions, each written once and shared by readable agents and compiled loops.

A rule never draws random numbers or loops over residents: uniform random numbers in (0, 1) are passed in as ``u``.
"""
