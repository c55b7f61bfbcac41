"""Text of the user interface: labels, numbers and tables."""
