"""The few agents: services and their staff, programmes, volunteers, and the ledger of the offset."""
