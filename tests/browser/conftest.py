"""A real portal on PostgreSQL with a small demonstration district, and people with browsers."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import sqlalchemy

from app import create_app
from app.db import db
from app.demo import build
from config import load_config
from tests import servers
from tests.browser.people import Portal, Visitor

EVERY = 9  # of the demonstration's contracts, one in so many
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHEAP = {"ARGON2_TIME_COST": "1", "ARGON2_MEMORY_KIB": "8", "ARGON2_PARALLELISM": "1"}
SERVE = "from app.cli import main; main()"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def portal(postgres_server, tmp_path_factory):
    """`xingping serve` on a free port, with its background work, over a PostgreSQL of its own."""
    url = servers.new_database(postgres_server)
    var = tmp_path_factory.mktemp("portal")
    env = {
        "XINGPING_VAR": str(var),
        "XINGPING_EMBEDDED": "1",
        "DATABASE_URL": url,
        **CHEAP,
    }
    words = demonstration(env)
    try:
        with serving({**os.environ, **env}, var) as address:
            yield Portal(address, re.search(r"password: (\S+)", words)[1], env)
    finally:
        servers.drop_database(url)


def demonstration(env) -> str:
    from flask_migrate import upgrade

    app = create_app(load_config(env))
    with app.app_context():
        upgrade()
    words = build(app, every=EVERY)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return words


@contextlib.contextmanager
def serving(env, var):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", SERVE, "serve", "--port", str(port), "--no-demo"]
    root = Path(__file__).parents[2]
    with (var / "serve.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env=env, stdout=log, stderr=log)
    try:
        wait_for(address, process, var / "serve.log")
        yield address
    finally:
        servers.end(process)
    told = (var / "serve.log").read_text(errors="replace")
    assert "Traceback" not in told, told[-3000:]


def wait_for(address, process, log):
    for _n in range(150):
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if urllib.request.urlopen(f"{address}/healthz", timeout=2).status == 200:
                return
        time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace")[-2000:])


@pytest.fixture
def visit(browser, portal):
    """Open a browser of one's own for each person; at the end none may have told of an error."""
    visitors = []

    def open_browser(**settings) -> Visitor:
        visitor = Visitor(portal, browser.new_context(**{"locale": "zh-CN", **settings}))
        visitors.append(visitor)
        return visitor

    yield open_browser
    for visitor in visitors:
        visitor.context.close()
    problems = [problem for visitor in visitors for problem in visitor.problems]
    assert not problems, "\n".join(problems[:20])


@pytest.fixture
def sign_in(visit):
    """A browser in which this person is signed in."""

    def signed_in(login, **settings) -> Visitor:
        visitor = visit(**settings)
        visitor.sign_in(login)
        return visitor

    return signed_in


OPEN_JOBS = """
SELECT e.id, u.login FROM engagement e
JOIN evaluator l ON l.id = e.lead_evaluator_id JOIN user_account u ON u.id = l.user_id
WHERE e.accepted_at IS NULL AND e.refused_at IS NULL AND e.terminated_at IS NULL
AND e.closed_at IS NULL AND length(u.login) < 12 ORDER BY e.id DESC
"""


@pytest.fixture(scope="session")
def open_job(portal):
    """An engagement of the demonstration whose work goes on: its address, its lead evaluator."""
    engine = sqlalchemy.create_engine(portal.env["DATABASE_URL"])
    with engine.connect() as connection:
        engagement, login = connection.execute(sqlalchemy.text(OPEN_JOBS)).first()
    engine.dispose()
    return f"/engagements/{engagement}", login
