from flask import Blueprint

from app.custody import models

__all__ = ["bp", "models"]
bp = Blueprint("custody", __name__)
