from flask import Blueprint

from app.spills import models

__all__ = ["bp", "models"]
bp = Blueprint("spills", __name__)
