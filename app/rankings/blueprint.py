"""The pages of rankings; the modules beside this one add them."""

from flask import Blueprint

from app.rankings.labels import method_words

bp = Blueprint("rankings", __name__, url_prefix="/rankings")
bp.add_app_template_filter(method_words)
