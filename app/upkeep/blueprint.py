"""The pages of the register's upkeep; the modules of views beside this one add them."""

from flask import Blueprint

from app.accreditation import labels
from app.accreditation.models import Requirement

bp = Blueprint("upkeep", __name__)
bp.context_processor(lambda: {"words_of": labels, "Requirement": Requirement})
