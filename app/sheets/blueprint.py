"""The pages of one-time keys: those of the performance section, and those that need no account."""

from flask import Blueprint

bp = Blueprint("sheets", __name__)
