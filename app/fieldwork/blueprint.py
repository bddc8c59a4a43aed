"""The pages of process data; the modules of views beside this one add them."""

from flask import Blueprint

from app.fieldwork import labels

bp = Blueprint("fieldwork", __name__)
bp.context_processor(lambda: {"activities": labels.ACTIVITIES})
