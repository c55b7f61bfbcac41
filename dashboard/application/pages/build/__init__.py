"""Page Build: a scenario written in forms, checked and run."""
