"""Reviews without signing in: a one-time link, or a signed form as a workbook (点评单)."""
