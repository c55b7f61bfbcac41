"""Every behaviour of the model, once: scalar pure functions, shared by readable agents and compiled loops.

A rule never draws, loops over residents or sees a population: luck arrives as an argument ``u`` in (0, 1).
"""
