"""The pages of training, and the words that all of them use."""

from flask import Blueprint
from flask_babel import gettext

from app.audit.wording import show_fact
from app.training.labels import AUDIENCES, SOURCES, STATES

bp = Blueprint("training", __name__)
bp.context_processor(lambda: {"audiences": AUDIENCES, "sources": SOURCES, "hour_states": STATES})
bp.record_once(lambda _state: show_fact("passed", passed_words))


def passed_words(told: str) -> str:
    """Whether a quiz was passed, which the log keeps as a word."""
    return gettext("yes") if told == str(True) else gettext("no")
