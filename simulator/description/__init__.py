"""Descriptions written from the code: the model after the ODD protocol, evidence, programmes, places, scenarios."""
