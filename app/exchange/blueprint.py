"""The pages of the exchange, and the words that all of them use."""

from flask import Blueprint

from app.audit.wording import show_fact
from app.exchange.labels import KINDS
from app.exchange.models import PostKind

bp = Blueprint("exchange", __name__)
bp.context_processor(lambda: {"post_kinds": KINDS})
bp.record_once(lambda _state: show_fact("post_kind", lambda word: str(KINDS[PostKind(word)])))
