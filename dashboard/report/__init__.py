"""The report: one HTML file a comparison, and the folder of results it is read from."""
