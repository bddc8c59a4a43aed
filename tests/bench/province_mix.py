"""A realistic mix of people over the production server: requests for a second of processor.

The server's processes and PostgreSQL's are counted, not the clients'. Beside it stands one bare
page of the framework: a Flask of one route under the same server that renders, from a Jinja
template, the portal's own frame (menu, head, foot) without session, database or words to translate.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import select, text

from app import serving
from app.accounts.models import User
from app.db import db, transaction
from app.policy import Role
from tests import conftest
from tests.bench import province_keys
from tests.bench.bench_board import cookie_of, wait_for
from tests.bench.days import DAYS
from tests.papers.test_servers import free_port

# How many people of each kind; who they are.
PEOPLE = (
    ("officer", Role.PERFORMANCE_OFFICER, 3), ("agency", Role.LEAD_EVALUATOR, 3),
    ("section", Role.SECTION_OFFICER, 2), ("unit", Role.UNIT_OFFICER, 2),
    ("leader", Role.LEADER, 1), ("auditor", Role.AUDIT_ADMIN, 1),
)  # fmt: skip
# Of the bare page's requests for a second of processor: it shows one word in a finished frame,
# in half a millisecond. Measured were 0.012 to 0.015 in a district, 0.009 to 0.012 in a province.
FLOOR = 0.008
# Each run opens as many ratings of running engagements as it gives.
OPEN = """WITH opened AS (INSERT INTO review_round (engagement_id, opened_at, closes_on)
  SELECT e.id, now(), current_date + 27 FROM engagement e WHERE e.accepted_at IS NULL
    AND NOT EXISTS (SELECT FROM review_round r WHERE r.engagement_id = e.id) ORDER BY e.id LIMIT :n RETURNING id)
INSERT INTO review_invitation (round_id, party, organisation_id, reminders)
  SELECT id, 'performance', 1, 0 FROM opened RETURNING id"""


def people(app, rounds: int) -> list[dict]:
    """Who takes part, each with a cookie and the addresses of their own records."""
    found = [
        (day, user) for day, role, count in PEOPLE for user in chosen(role, count)
    ]  # fmt: skip
    taking_part = [one(app, day, user) for day, user in found]
    for each in taking_part:
        if "!rate" in DAYS[each["day"]]:
            with transaction():
                each["reviews"] = list(db.session.scalars(text(OPEN), {"n": rounds}))
            assert len(each["reviews"]) == rounds, "all were rated: remove `loaded` to load anew"
    return taking_part


def chosen(role: Role, count: int) -> list[User]:
    """The first of this role who have work that runs."""
    found = select(User).where(User.role == role).order_by(User.id).limit(40)
    fitting = [u for u in db.session.scalars(found) if "running" in province_keys.engagements_of(u)]
    assert len(fitting) >= count, (role, len(fitting))
    return fitting[:count]


def one(app, day: str, user: User) -> dict:
    """A person of the mix."""
    states = province_keys.engagements_of(user)
    running = province_keys.records_of(user, states["running"])
    done = province_keys.records_of(user, states.get("accepted", states["running"]))
    number = running["engagement_id"]
    return {
        "day": day, "cookie": cookie_of(app, user), "reviews": [],
        "urls": {
            "engagement": f"/engagements/{number}", "papers": f"/engagements/{number}/papers",
            "paper": f"/papers/{running['paper_id']}", "request": f"/document-requests/{running['request_id']}",
            "assessment": f"/assessments/{done['assessment_id']}", "profile": f"/agencies/{running['agency_id']}",
            "number": number, "code": f"-{number:06}", "words": "方案",
        },
    }  # fmt: skip


@contextlib.contextmanager
def served(serve: Callable[[int], object]) -> Iterator[tuple[int, int]]:
    """A server in a process of its own: its port and its process."""
    port, pid = free_port(), os.fork()
    if pid == 0:
        try:
            serve(port)
        finally:
            os._exit(0)
    try:
        wait_for(port)
        yield port, pid
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


def spent(*pids: int) -> float:
    """Seconds of processor that these processes and all theirs, also the ended, have used."""
    total = 0.0
    for pid in pids:
        parent = psutil.Process(pid)
        own = parent.cpu_times()
        total += own.user + own.system + own.children_user + own.children_system
        for child in parent.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                used = child.cpu_times()
                total += used.user + used.system
    return total


def postmaster() -> int:
    """The database server's first process."""
    pid = db.session.scalar(text("SELECT pg_backend_pid()"))
    db.session.rollback()
    return psutil.Process(pid).ppid()


def run(app, folder: Path, *, rounds: int) -> dict:
    """Let everybody go through their days; requests, seconds of processor, what failed."""
    database, taking_part = postmaster(), people(app, rounds + 1)
    db.session.remove()
    db.engine.dispose()
    with served(lambda port: serving.serve(app, "127.0.0.1", port, workers=2)) as (port, pid):
        play(port, folder, taking_part, 1)  # caches and connections, as on any morning
        before, began = spent(pid, database), time.monotonic()
        rows = play(port, folder, taking_part, rounds)
        cpu, took = spent(pid, database) - before, time.monotonic() - began
    return {
        "requests": sum(row["num_requests"] for row in rows), "cpu": cpu, "seconds": took,
        "failures": {row["name"]: row["num_failures"] for row in rows if row["num_failures"]},
        "ms": {row["name"]: row["total_response_time"] / row["num_requests"] for row in rows},
    }  # fmt: skip


def play(port: int, folder: Path, taking_part: list[dict], rounds: int) -> list[dict]:
    """Locust's own table of these people's days."""
    told = folder / "mix.json"
    told.write_text(json.dumps({"people": taking_part, "rounds": rounds}, ensure_ascii=False))
    for each in taking_part:  # a rating is given once
        each["reviews"] = each["reviews"][rounds:]
    command = [
        sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("mix.py")), "--headless",
        "-u", str(len(taking_part)), "-r", "100", "-t", "30m", "--host", f"http://127.0.0.1:{port}",
        "--json", "--loglevel", "WARNING", "--exit-code-on-error", "0",
    ]  # fmt: skip
    done = subprocess.run(
        command, env={**os.environ, "MIX": str(told)}, capture_output=True, text=True, timeout=1800,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    if done.stderr.strip():
        print(done.stderr.partition("Error report")[2])
    return json.loads(done.stdout)


def bare(app, folder: Path, *, rounds: int) -> dict:
    """Requests for a second of processor of the framework's own page with the portal's frame."""
    user = db.session.scalars(select(User).where(User.role == Role.PERFORMANCE_OFFICER)).first()
    page = conftest.begin(app.test_client(), user).get("/rankings").get_data(as_text=True)
    frame = re.sub(r"(<main\b[^>]*>).*(</main>)", r"\1{{ title }}\2", page, flags=re.S)
    frame = (
        "{% raw %}"
        + frame.replace("{{ title }}", "{% endraw %}{{ title }}{% raw %}")
        + "{% endraw %}"
    )
    db.session.remove()
    db.engine.dispose()
    flask = Flask("bare")
    flask.jinja_loader = DictLoader({"frame.html": frame})
    flask.add_url_rule("/", view_func=lambda: render_template("frame.html", title="演示"))
    options = {"workers": 2, "threads": 8, "worker_class": "gthread", "loglevel": "warning",
               "control_socket_disable": True, "keepalive": 5}  # fmt: skip
    visitors = [{"day": "bare", "cookie": "", "reviews": [], "urls": {}} for _n in range(4)]

    def serve(port: int) -> None:
        serving.Server(flask, {**options, "bind": f"127.0.0.1:{port}"}).run()

    with served(serve) as (port, pid):
        play(port, folder, visitors, 1)
        before = spent(pid)
        rows = play(port, folder, visitors, rounds)
        cpu = spent(pid) - before
    return {"requests": sum(row["num_requests"] for row in rows), "cpu": cpu}


def figures(district: dict, large: dict, bare: dict) -> list[dict]:
    """Requests for a second of processor beside the framework's bare page; the growth."""
    rates = {name: one["requests"] / one["cpu"] for name, one in
             (("district", district), ("province", large), ("bare", bare))}  # fmt: skip
    told = [
        {"name": f"{name}: requests for a CPU second, beside the framework's bare page",
         "ratio": rates[name] / rates["bare"], "ours": rates[name], "reference": rates["bare"],
         "unit": "requests", "floor": FLOOR}
        for name in ("district", "province")
    ]  # fmt: skip
    costs = [1000 / rates["province"], 1000 / rates["district"]]
    failures = sum(sum(one["failures"].values()) for one in (district, large))
    return [
        *told,
        {"name": "CPU for a request: the province beside the district", "ratio": costs[0] / costs[1],
         "ours": costs[0], "reference": costs[1], "unit": "ms", "ceiling": 1.3},
        {"name": "requests of the mix that failed", "ratio": failures, "ours": failures,
         "reference": district["requests"] + large["requests"], "unit": "requests", "ceiling": 0},
    ]  # fmt: skip
