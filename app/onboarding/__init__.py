"""The first month: the bureau's own ledgers come in, and people open their accounts by slips."""
