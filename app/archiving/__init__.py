"""Archiving: how long papers are kept, and the package that is made of a finished engagement."""
