"""Building a scenario: a draft is the text of a scenario file, edited field by field, checked as the file will be.

Forms are derived from the pydantic models of `simulator.scenario.scenario`; nothing about a field is written here
twice.
"""
