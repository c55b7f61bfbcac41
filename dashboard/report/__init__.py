"""The report: one HTML file per comparison, and the folder of its results."""
