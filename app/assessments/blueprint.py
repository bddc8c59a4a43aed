"""The pages of assessments; the modules of views beside this one add theirs."""

from flask import Blueprint

bp = Blueprint("assessments", __name__)
