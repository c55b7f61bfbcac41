"""Analyses that need several comparisons: attribution, lenses, structural variants, replications."""
