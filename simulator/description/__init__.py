"""Pages written from the code: the model after the ODD protocol, the baseline, evidence, a place."""
