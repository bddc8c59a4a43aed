"""The pages of training, and the words that all of them use."""

from flask import Blueprint
from flask_babel import gettext

from app.audit.wording import show_fact
from app.training.labels import AUDIENCES, SOURCES, STATES

bp = Blueprint("training", __name__)
bp.context_processor(lambda: {"audiences": AUDIENCES, "sources": SOURCES, "hour_states": STATES})
bp.record_once(
    lambda _state: show_fact("passed", lambda is_so: gettext("yes") if is_so else gettext("no"))
)
