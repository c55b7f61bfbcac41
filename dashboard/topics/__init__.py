"""Findings and tables by topic, shared by pages, reports and exports."""
