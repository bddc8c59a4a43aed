"""The pages of assessments; the modules of views beside this one add theirs."""

from flask import Blueprint

from app.assessments import labels

bp = Blueprint("assessments", __name__)
bp.context_processor(lambda: {"labels": labels})
