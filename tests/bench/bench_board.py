"""The board with 1,000 open engagements, beside the same template over a list in memory.

Run: python -m tests.bench.bench_board
"""

import time
from pathlib import Path
from statistics import median

from flask import render_template

from app import create_app
from app.db import db
from app.policy import Role
from tests import conftest
from tests.board.crowd import crowd
from tests.factories import UserFactory

ROUNDS = 9
REPEATS = 5


def figures(folder: Path) -> list[dict]:
    """Statements with 10 and 1,000 engagements; the page's rate beside the template's alone."""
    settings = conftest.make_settings(folder, f"sqlite:///{folder}/board.db")
    conftest.migrate(settings)
    app = create_app(settings)
    with app.app_context():
        user = UserFactory(role=Role.PERFORMANCE_OFFICER)
        crowd(10)
        few = statements(app, user)
        crowd(990)
        many = statements(app, user)
        page, template = rates(app, user)
    return [
        {"name": "board: SQL statements with 10 and with 1,000 engagements", "ratio": few / many,
         "ours": many, "reference": few, "unit": "statements", "floor": 1.0},
        {"name": "board of 1,000: page rate beside its template over a list",
         "ratio": page / template, "ours": page, "reference": template, "unit": "pages/s",
         "floor": 0.5},
    ]  # fmt: skip


def statements(app, user) -> int:
    """How many statements one board page sends."""
    from sqlalchemy import event

    seen = []
    client = conftest.begin(app.test_client(), user)
    client.get("/board")
    event.listen(db.engine, "before_cursor_execute", note := lambda *args: seen.append(args[2]))
    assert client.get("/board").status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def rates(app, user) -> tuple[float, float]:
    """Pages a second of the whole page and of its template alone, taken in turns."""
    from app.pages import board_views as views

    client = conftest.begin(app.test_client(), user)
    pages, templates = [], []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        for _n in range(REPEATS):
            assert client.get("/board").status_code == 200
        pages.append(REPEATS / (time.perf_counter() - began))
        with app.test_request_context("/board"):
            from flask_login import login_user

            login_user(user)
            context = views.board_context("mark")
            render_template("pages/board.html", **context)
            began = time.perf_counter()
            for _n in range(REPEATS):
                render_template("pages/board.html", **context)
            templates.append(REPEATS / (time.perf_counter() - began))
    return median(pages), median(templates)


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        for figure in figures(Path(scratch)):
            print(figure)
