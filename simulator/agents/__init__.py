"""Agents other than residents: services and their staff, programmes and volunteers, and the offset ledger."""
