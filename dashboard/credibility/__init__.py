"""Credibility of results: fits, published studies, assumptions and reporting guidelines."""
