"""What happens to several residents at once: births, moves, households, acquaintances, group meetings."""
