"""Choosing on merit (择优): the evidence side by side, for a choice that somebody answers for."""
