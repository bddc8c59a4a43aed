"""The pages of archives; the modules beside this one add them."""

from flask import Blueprint

bp = Blueprint("archiving", __name__)
