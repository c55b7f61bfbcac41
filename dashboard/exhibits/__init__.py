"""Exhibits: each described once from comparisons, and rendered by pages, reports, slides, briefs and workbooks.

A module describes one exhibit; `dashboard.exhibits.exhibit` says what all have. Each medium renders any of them:
`dashboard.application.parts.exhibit` pages, `dashboard.report.exhibit` reports, and `dashboard.exports` the rest.
"""
