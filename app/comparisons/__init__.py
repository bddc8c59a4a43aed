"""Comparison (综合比选): a panel judges the plans by criteria that the notice states."""
