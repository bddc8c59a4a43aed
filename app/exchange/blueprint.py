"""The pages of the exchange, and the words that all of them use."""

from flask import Blueprint

from app.exchange.labels import KINDS

bp = Blueprint("exchange", __name__)
bp.context_processor(lambda: {"post_kinds": KINDS})
