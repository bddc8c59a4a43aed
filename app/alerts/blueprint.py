"""The pages of warnings; the modules of views beside this one add them."""

from flask import Blueprint

bp = Blueprint("alerts", __name__, url_prefix="/alerts")
