"""The working days of coming years, as the State Council names them."""

from pathlib import Path

from flask import Flask, current_app

from app import clock
from app.working_days import spreading


def folder() -> Path:
    """Where this machine keeps what was entered."""
    return Path(str(current_app.config["XINGPING_VAR"]))


def spread_here() -> None:
    """Hear of what was entered on another machine; a job of each."""
    spreading.spread(folder())


def init_app(app: Flask) -> None:
    """Every request counts by the newest table: a look at a file, no statement."""

    @app.before_request
    def look() -> None:
        clock.look_at(folder() / spreading.FILE)
