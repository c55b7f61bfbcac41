"""Residents followed through a pair of runs on the same random numbers: what a plan changes in their lives.

They are a community around people whom the plan reaches, in one draw of one pair: pictures of how the plan works, not
estimates of what it achieves, which only averages over many pairs are.
"""
