"""Exhibits: described once from comparisons, and rendered by pages, reports, slides, briefs and workbooks.

Each module describes one exhibit; `dashboard.exhibits.exhibit` defines their common structure. Renderers are
`dashboard.exhibits.components` for pages, `dashboard.report.exhibit` for reports, and `dashboard.exports`.
"""
