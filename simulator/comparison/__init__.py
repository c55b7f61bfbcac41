"""Comparison of two arms: outcomes, paired statistics, costs, probability of harm."""
