"""How fast, how small and how lucky: one command, ``python -m benchmarks``, one table, ratios within one sitting."""
