"""What there is to say on each topic, independent of the medium that shows it."""
