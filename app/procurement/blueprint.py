"""Where the pages of procurement hang."""

from flask import Blueprint

bp = Blueprint("procurement", __name__)
