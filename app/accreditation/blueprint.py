"""The pages of applications: those of the performance section, and those that need no account."""

from flask import Blueprint

from app.accreditation import labels
from app.accreditation.models import Requirement, State
from app.agencies.labels import TYPES

bp = Blueprint("accreditation", __name__)
bp.record_once(lambda _state: labels.join())
bp.context_processor(
    lambda: {"words_of": labels, "Requirement": Requirement, "State": State, "types": TYPES}
)
