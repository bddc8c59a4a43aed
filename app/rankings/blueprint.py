"""The pages of rankings; the modules beside this one add them."""

from flask import Blueprint

bp = Blueprint("rankings", __name__, url_prefix="/rankings")
