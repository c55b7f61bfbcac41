"""Benchmarks of speed, memory and common random numbers: ``python -m benchmarks`` prints one table."""
