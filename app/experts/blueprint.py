"""The pages of the pool; the modules of views beside this one add them."""

from flask import Blueprint

bp = Blueprint("experts", __name__)
