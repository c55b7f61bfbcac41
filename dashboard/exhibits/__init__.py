"""Exhibits: described once from comparisons, and rendered by pages, reports, slides, briefs and workbooks.

`dashboard.exhibits.exhibit` defines their common structure, `dashboard.exhibits.results` lists all of a comparison. The
other modules describe one exhibit or those of one topic; `components` and `static_html` render them for pages and
reports, `dashboard.exports` for take-aways.
"""
