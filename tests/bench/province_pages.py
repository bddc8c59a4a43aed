"""Every page as every role that reads it: the median of its times, and its statements.

The pages are those of the routes, each about records of the person who looks: a running and a
finished engagement and what belongs to them; beside them, lists with filters.

Beside the clock stands the processors' own account: what our process and PostgreSQL's used for
the page. On a machine that has other work it tells what the clock would on a quiet one.
"""

import time
from pathlib import Path
from statistics import median

from sqlalchemy import event, select, text

from app.accounts.models import User
from app.db import db
from app.policy import Role
from tests.bench import province_keys
from tests.hostility import client_of

ROUNDS = 3
SHOWN = {200}
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


# The province's papers have rows and no bytes.
BYTES = ("/file", "/files.zip", "/view", "/reading-copy", "/passport.pdf")


def person(role: Role) -> User:
    """The first account of this role; of agencies and units, one with an ordinary share of work."""
    return db.session.scalars(
        select(User).where(User.role == role).order_by(User.id).offset(0).limit(1)
    ).one()


def addresses(app, user: User, names: dict[str, int]) -> dict[str, str]:
    """Each route's addresses for this person, and those with filters; named without numbers.

    A route whose records the province doesn't have isn't among them.
    """
    rules = [
        rule for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.endpoint.endswith("static")
        and not rule.endpoint.startswith(("api.v1.", "operations."))
        and not rule.rule.endswith(BYTES)
    ]  # fmt: skip
    found = {}
    for state, engagement in province_keys.engagements_of(user).items():
        records = province_keys.records_of(user, engagement)
        for rule in sorted(rules, key=str):
            url = province_keys.address(rule, records, engagement)
            if url and url not in found.values():
                found[f"{rule.rule} {state}" if rule.arguments else rule.rule] = url
    db.session.rollback()
    return found | {url: url.format(**names) for url in BESIDE.get(user.role, ())}


def look(app, size) -> dict[str, dict]:
    """Fetch every page of every role: `role page` → milliseconds, statements, kilobytes, status."""
    found, counted = {}, []
    event.listen(db.engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    last = size.engagements - 1
    names = {"engagement": last, "paper": last * 37 - 3, "agency": size.names()["a0"] + 1}
    for role in Role:
        user = person(role)
        client = client_of(app, user)
        for name, url in addresses(app, user, names).items():
            reply = client.get(url)
            if reply.status_code in SHOWN or reply.status_code >= 500:
                found[f"{role} {name}"] = one(client, url, counted)
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
        "type": reply.mimetype,
    }  # fmt: skip


def cost(told: dict) -> float:
    """A page's milliseconds: the clock's, but no more than the processors' where others use them."""
    return min(told["ms"], told["cpu_ms"])


def is_slow(told: dict) -> bool:
    """Whether a page is; a workbook of everything takes what it takes."""
    return told["type"] == "text/html" and cost(told) > LIMIT_MS


def grown(small: dict[str, dict], large: dict[str, dict]) -> list[str]:
    """Pages that send more statements with more rows; a workbook reads its rows in parts."""
    pages = {p for p, told in large.items() if told["type"] == "text/html"} & small.keys()
    return sorted(p for p in pages if large[p]["statements"] > small[p]["statements"])


def tell(small: dict[str, dict], large: dict[str, dict]) -> int:
    """Print the table, the dearest page first; not 0 where a page is slow or asks more."""
    more, bad = set(grown(small, large)), 0
    rows = [(page, small[page], large[page]) for page in large if page in small]
    rows.sort(key=lambda row: -row[2]["cpu_ms"])
    print(
        f"{'role and page':80} {'ms':>7} {'cpu':>7} {'cpu':>7} {'×':>5} {'SQL':>4} {'SQL':>4} {'kB':>5}"
    )
    for page, before, after in rows:
        wrong = is_slow(after) or page in more or after["status"] >= 500
        bad += wrong
        print(
            f"{page[:80]:80} {after['ms']:7.1f} {before['cpu_ms']:7.1f} {after['cpu_ms']:7.1f}"
            f" {after['cpu_ms'] / max(before['cpu_ms'], 0.1):5.1f} {before['statements']:4}"
            f" {after['statements']:4} {after['kb']:5} {after['status']}{'  MISS' if wrong else ''}"
        )
    whole = [row[2]["cpu_ms"] / max(row[1]["cpu_ms"], 0.1) for row in rows]
    print(f"{len(rows)} pages, {bad} miss; growth at the median {median(whole):.2f}")
    return 1 if bad else 0
