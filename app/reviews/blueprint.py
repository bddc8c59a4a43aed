"""The pages of reviews share one blueprint."""

from flask import Blueprint

bp = Blueprint("reviews", __name__)
