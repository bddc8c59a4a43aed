"""Custody: what the store is asked to keep, whether it keeps it, and who hears when it doesn't."""
