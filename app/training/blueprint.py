"""The pages of training, and the words that all of them use."""

from flask import Blueprint

from app.training.labels import AUDIENCES, SOURCES, STATES

bp = Blueprint("training", __name__)
bp.context_processor(lambda: {"audiences": AUDIENCES, "sources": SOURCES, "hour_states": STATES})
