"""Every page of the menus as every role: the median of its times, and its statements.

Beside the clock stands the processors' own account: what our process and PostgreSQL's used for
the page. On a machine that has other work it tells what the clock would on a quiet one.
"""

import time
from pathlib import Path
from statistics import median

from sqlalchemy import event, select, text

from app.accounts.models import User
from app.db import db
from app.pages.menu import GROUPS
from app.pages.navigation import is_offered
from app.policy import Role
from tests import conftest

ROUNDS = 5
LIMIT_MS = 200
# Pages beside the menus that grow with the district: one engagement's, lists with filters.
BESIDE = {
    Role.PERFORMANCE_OFFICER: (
        "/board?view=lanes", "/board?view=timeline", "/board?q=资金", "/board?state=review", "/board/wall", "/engagements?q=资金",
        "/engagements?state=closed", "/papers?q=方案", "/statistics/rows?agency={agency}",
        "/statistics?by=unit", "/engagements/{engagement}", "/engagements/{engagement}/papers",
        "/agencies/{agency}", "/papers/{paper}", "/search?q=方案", "/messages", "/todos",
        "/organisations?q=单位",
    ),
    Role.AUDIT_ADMIN: ("/log?event=sign_in.refused", "/log?event=stage", "/log?subject=engagement:7", "/log/score-opinions"),
    Role.LEAD_EVALUATOR: ("/board?state=review", "/search?q=方案", "/messages"),
    Role.UNIT_OFFICER: ("/messages",),
}  # fmt: skip


def person(role: Role) -> User:
    """The first account of this role; of agencies and units, one with an ordinary share of work."""
    return db.session.scalars(
        select(User).where(User.role == role).order_by(User.id).offset(0).limit(1)
    ).one()


def addresses(app, user: User, names: dict[str, int]) -> list[str]:
    """The pages that this person finds in the menu, and those beside."""
    from flask import url_for
    from flask_login import login_user

    with app.test_request_context():
        login_user(user)
        pages = [page for group in GROUPS for page in group.pages if is_offered(page)]
        found = ["/"] + [url_for(page.endpoint, _external=False) for page in pages]
    return list(dict.fromkeys(found)) + [u.format(**names) for u in BESIDE.get(user.role, ())]


def look(app, size) -> dict[str, dict]:
    """Fetch every page of every role: `role url` → milliseconds, statements, kilobytes, status."""
    found, counted = {}, []
    event.listen(db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    last = size.engagements - 1
    names = {"engagement": last, "paper": last * 37 - 3, "agency": size.names()["a0"] + 1}
    for role in Role:
        user = person(role)
        client = conftest.begin(app.test_client(), user)
        for url in addresses(app, user, names):
            found[f"{role} {url}"] = one(client, url, counted)
    return found


def servers_pids() -> list[int]:
    """The processes of PostgreSQL that serve this database."""
    asked = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    pids = list(db.session.scalars(asked))
    db.session.rollback()
    return pids


def used(pids: list[int]) -> float:
    """Seconds of processor that we and the server's processes have used so far."""
    seconds = time.process_time()
    for pid in pids:
        place = Path(f"/proc/{pid}/schedstat")
        seconds += int(place.read_text().split()[0]) / 1e9 if place.exists() else 0
    return seconds


def one(client, url: str, counted: list[str]) -> dict:
    """One page: the first time warms up, the median of the others counts."""
    times, spent, reply = [], [], client.get(url)
    pids = servers_pids()
    for _round in range(ROUNDS):
        counted.clear()
        began, before = time.perf_counter(), used(pids)
        reply = client.get(url)
        length = len(reply.data)
        times.append(time.perf_counter() - began)
        spent.append(used(pids) - before)
        if sum(times) > 4:
            break
    return {
        "ms": round(1000 * median(times), 1), "cpu_ms": round(1000 * median(spent), 1),
        "statements": len(counted), "kb": length // 1024, "status": reply.status_code,
    }  # fmt: skip


def tell(small: dict[str, dict], large: dict[str, dict]) -> int:
    """Print the table, the slowest page first; not 0 where a page is slow or asks more."""
    rows = [(page, small[page], large[page]) for page in large if page in small]
    loose = {key.partition(" ")[0] + " " + _shape(key): told for key, told in small.items()}
    for page in large.keys() - small.keys():
        other = loose.get(page.partition(" ")[0] + " " + _shape(page))
        if other:
            rows.append((page, other, large[page]))
    rows.sort(key=lambda row: -row[2]["cpu_ms"])
    print(
        f"{'role and page':60} {'ms':>7} {'cpu':>7} {'cpu':>7} {'×':>5} {'SQL':>5} {'SQL':>5} {'kB':>5}"
    )
    bad = 0
    for page, before, after in rows:
        grows = after["statements"] > before["statements"] + 1
        wrong = min(after["ms"], after["cpu_ms"]) > LIMIT_MS or grows or after["status"] != 200
        bad += wrong
        print(
            f"{page[:60]:60} {after['ms']:7.1f} {before['cpu_ms']:7.1f} {after['cpu_ms']:7.1f}"
            f" {after['cpu_ms'] / max(before['cpu_ms'], 0.1):5.1f} {before['statements']:5}"
            f" {after['statements']:5} {after['kb']:5} {'' if after['status'] == 200 else after['status']}"
            f"{'  MISS' if wrong else ''}"
        )
    whole = [row[2]["cpu_ms"] / max(row[1]["cpu_ms"], 0.1) for row in rows]
    print(f"{len(rows)} pages, {bad} miss; growth at the median {median(whole):.2f}")
    return 1 if bad else 0


def _shape(page: str) -> str:
    """A page's address without its numbers."""
    return "".join(mark for mark in page.partition(" ")[2] if not mark.isdigit())
