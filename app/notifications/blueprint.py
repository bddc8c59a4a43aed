"""The room's one blueprint; its pages are in two files."""

from flask import Blueprint

bp = Blueprint("notifications", __name__, url_prefix="/messages")
