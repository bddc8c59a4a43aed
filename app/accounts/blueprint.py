"""The pages of accounts and organisations."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
