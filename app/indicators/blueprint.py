"""The pages of indicators; the modules of views beside this one add theirs."""

from flask import Blueprint

from app.indicators import labels

bp = Blueprint("indicators", __name__)
bp.add_app_template_filter(labels.points_text, "points")
bp.context_processor(lambda: {"labels": labels})
