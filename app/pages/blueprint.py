"""The room's one blueprint; its pages are in several files."""

from flask import Blueprint

bp = Blueprint("pages", __name__)
