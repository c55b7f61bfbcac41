"""One compiled loop a phase, with the phase's name, calling the same rules as the readable agents."""
