"""Events that involve several residents: births, moves, households, acquaintances and group meetings."""
