"""Why one may, or may not, rely on a result: fits, published studies, assumptions, reporting guidelines."""
