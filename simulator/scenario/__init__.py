"""Scenario files: reading, checking and the frozen scenario they become."""
