"""Scenario building: a draft is the text of a scenario file, edited field by field and checked like the file.

Forms are derived from the pydantic models of `simulator.scenario.scenario`.
"""
