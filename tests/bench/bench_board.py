"""The board with 1,000 open engagements: beside the same template over a list, and watched by 300.

Run: python -m tests.bench.bench_board
"""

import asyncio
import contextlib
import math
import os
import signal
import socket
import time
from pathlib import Path
from statistics import median

import psutil
import sqlalchemy
from flask import render_template
from sqlalchemy import select, update

from app import audit, clock, create_app, serving
from app.db import db, transaction
from app.engagements.models import Engagement
from app.pages import fragments
from app.policy import Role
from tests import conftest, servers
from tests.bench import watching
from tests.board.crowd import crowd
from tests.factories import AgencyFactory, UserFactory
from tests.papers.test_servers import free_port

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
        *watched(folder / "watched"),
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
    """Pages a second of the whole page and of its template alone, taken in turns.

    The template draws every line of its list; that the page keeps drawn lines between requests is
    the page's own saving, as in production.
    """
    from app.pages import board_views as views
    from app.pages import lines

    client = conftest.begin(app.test_client(), user)
    pages, templates = [], []
    for _round in range(ROUNDS):
        assert client.get("/board").status_code == 200
        began = time.perf_counter()
        for _n in range(REPEATS):
            assert client.get("/board").status_code == 200
        pages.append(REPEATS / (time.perf_counter() - began))
        with app.test_request_context("/board"):
            from flask_login import login_user

            login_user(user)
            context, frame = views.board_context(), views.frame_context()
            whole(context, frame)
            began = time.perf_counter()
            for _n in range(REPEATS):
                lines._drawn.cache_clear()
                whole(context, frame)
            templates.append(REPEATS / (time.perf_counter() - began))
    return median(pages), median(templates)


def whole(context, frame) -> str:
    """The templates of the board's page over a list that was read before."""
    live = fragments.packed(render_template("pages/board_body.html", **context), (), clock.today())
    return render_template("pages/board.html", live_url="/board/live", fragment=live, **frame)


# Three hundred people watch, on PostgreSQL, over real connections.

WATCHERS, ORGANISATIONS = 300, 40
PAGES = ["/", "/engagements", "/messages"]
CHANGES, APART = 4, 6.0
VISITS = 40  # of each page: a median of fewer lies a fifth higher in one run than in the next


def watched(folder: Path) -> list[dict]:
    """A change on the screens of 300 people, other pages meanwhile, and the workers' memory."""
    folder.mkdir()
    with servers.postgres() as server:
        url = new_database(server)
        settings = conftest.make_settings(
            folder, url, LIVE_FRAGMENTS=300, TESTING=False, SERVER_NAME=None
        )
        conftest.migrate(settings)
        app = create_app(settings)
        with app.app_context():
            people, engagement = watchers_of(app)
            db.session.remove()
            db.engine.dispose()
        port = free_port()
        pid = os.fork()
        if pid == 0:
            try:
                serving.serve(app, "127.0.0.1", port, workers=2)
            finally:
                os._exit(0)
        try:
            wait_for(port)
            return told(asyncio.run(measured(app, people, engagement, (port, pid))))
        finally:
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)


def new_database(server: str) -> str:
    """An empty database of this bench; its address."""
    name = "watched"
    utf8 = "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0"
    plain = sqlalchemy.make_url(server).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(plain, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" {utf8}')
    engine.dispose()
    return plain.set(database=name).render_as_string(hide_password=False)


def watchers_of(app) -> tuple[list[str], int]:
    """1,000 open engagements; the cookies of 100 people of the bureau and 200 of 40 other houses."""
    first = crowd(1000)
    homes = [first.agency.organisation]
    homes += [AgencyFactory().organisation for _n in range(ORGANISATIONS - 1)]
    agencies = [home.id for home in homes]
    for place, key in enumerate(agencies):  # each house has its own share of the work
        mine = Engagement.id % len(agencies) == place
        db.session.execute(update(Engagement).where(mine).values(agency_id=key))
    db.session.commit()
    roles = [Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR]
    bureau = [UserFactory(role=roles[n % 3]) for n in range(WATCHERS // 3)]
    others = [
        UserFactory(role=Role.AGENCY_MEMBER, organisation=homes[n % len(homes)])
        for n in range(WATCHERS - len(bureau))
    ]
    chosen = db.session.scalars(select(Engagement.id).order_by(Engagement.id).limit(1)).one()
    return [cookie_of(app, person) for person in (*bureau, *others)], chosen


def cookie_of(app, person) -> str:
    """The cookie of a person's session, as the portal signs it."""
    client = conftest.begin(app.test_client(), person)
    return "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _n in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


async def measured(app, people: list[str], engagement: int, server: tuple[int, int]) -> dict:
    """First the pages alone, then the same while everybody watches and things change."""
    (port, pid), reader = server, people[0]
    await watching.visits(port, reader, PAGES, 3)
    alone = await watching.visits(port, reader, PAGES, VISITS)
    before = memory_of(pid)
    names = tuple(f"演示更名{n}号" for n in range(CHANGES))
    watchers = [
        watching.Watcher(cookie, "/board/live?q=W2026&sort=code", names) for cookie in people
    ]
    until = time.perf_counter() + 6 + CHANGES * APART
    used, began = cpu_of(pid), time.perf_counter()
    running = [asyncio.create_task(each.watch(port, until)) for each in watchers]
    await asyncio.sleep(5)
    visits = asyncio.create_task(watching.visits(port, reader, PAGES, VISITS))
    changed = {}
    for name in names:
        await asyncio.to_thread(change, app, engagement, name)
        changed[name] = time.perf_counter()
        await asyncio.sleep(APART)
    busy = await visits
    await asyncio.gather(*running)
    took = time.perf_counter() - began
    cpu = {name: (after - used[name]) / took for name, after in cpu_of(pid).items()}
    entitled = [each for each in watchers if each.seen]
    delays = sorted(
        each.seen.get(n, math.inf) - at for each in entitled for n, at in changed.items()
    )
    return {
        "delays": delays, "alone": alone, "busy": busy, "before": before,
        "after": memory_of(pid), "entitled": len(entitled),
        "failures": sum(each.failures for each in watchers), "cpu": cpu,
        "answers": sum(each.answers for each in watchers) / took,
    }  # fmt: skip


def change(app, key: int, name: str) -> None:
    """Somebody changes an engagement; the change is in the log, as every change is."""
    with app.app_context():
        with transaction():
            found = db.session.get(Engagement, key)
            found.name = name
            audit.record(
                audit.PORTAL, audit.Event.STAGE_PASSED, found, scope=found, stage=["plan", "方案"]
            )
        db.session.remove()


def cpu_of(pid: int) -> dict[str, float]:
    """Seconds of processor that the workers, and this process with all its clients, used so far."""
    workers = [child.cpu_times() for child in psutil.Process(pid).children()]
    own = psutil.Process().cpu_times()
    return {
        "workers": sum(each.user + each.system for each in workers),
        "clients": own.user + own.system,
    }


def memory_of(pid: int) -> float:
    """Megabytes that the workers hold by themselves."""
    return sum(child.memory_info().rss for child in psutil.Process(pid).children()) / 2**20


def told(found: dict) -> list[dict]:
    """The figures: delay, other pages, memory."""
    late = found["delays"][math.ceil(0.95 * len(found["delays"])) - 1]
    share = ", ".join(f"{name} {100 * one:.0f} %" for name, one in found["cpu"].items())
    print(f"{found['entitled']} screens, {found['answers']:.0f} answers/s,"
          f" {found['failures']} failures; of one processor: {share};"
          f" median {median(found['delays']):.2f} s, last {found['delays'][-1]:.2f} s")  # fmt: skip
    return [
        {"name": "300 watch 1,000 engagements: a change on 95 % of screens, beside 2 s",
         "ratio": late / 2, "ours": late, "reference": 2.0, "unit": "s", "ceiling": 1.0},
        {"name": "other pages while 300 watch, beside the same without",
         "ratio": found["busy"] / found["alone"], "ours": 1000 * found["busy"],
         "reference": 1000 * found["alone"], "unit": "ms", "ceiling": 1.5},
        {"name": "workers' memory after 300 have watched, beside before",
         "ratio": found["after"] / found["before"], "ours": found["after"],
         "reference": found["before"], "unit": "MB", "ceiling": 2.0},
    ]  # fmt: skip


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)  # the database server runs as a user of its own
        for figure in figures(Path(scratch)):
            print(figure)
