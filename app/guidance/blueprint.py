"""The pages of guidance; the modules of views beside this one add them."""

from flask import Blueprint

bp = Blueprint("guidance", __name__)
