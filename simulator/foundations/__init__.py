"""What every room stands on: categories, units, random numbers, compiling, reading files."""
