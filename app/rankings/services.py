"""What people do with rankings. Each public function is one user action."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of
from app.policy import ADMINISTRATORS, Permission, Role, require
from app.rankings import queries
from app.rankings.model import METHOD, Rules
from app.rankings.models import RankingRow, RankingSnapshot
from app.rankings.record import compute


@dataclass(frozen=True)
class Needs:
    """What the settings ask of a place, and the prior's weight k in engagements."""

    prior_weight: float = 3.0
    min_engagements: int = 3
    min_reliability: float = 0.6


def compute_snapshot(
    actor: User, title: str, *, as_of: date, since: date | None = None, needs: Needs | None = None
) -> RankingSnapshot:
    """Rank all agencies on what was unsealed in a period; a draft until somebody answers for it."""
    require(actor, Permission.RANKING_COMPUTE, None)
    _check(title, since, as_of)
    rules = queries.rules(**asdict(needs or Needs()))
    snapshot = _computed(title.strip(), since, as_of, rules)
    snapshot.computed_by_id = actor.id
    db.session.add(snapshot)
    digests = {"data_digest": snapshot.data_digest, "result_digest": snapshot.result_digest}
    audit.record(actor, audit.Event.RANKING_COMPUTED, snapshot, code=snapshot.code, **digests)
    return snapshot


def _computed(title: str, since: date | None, as_of: date, rules: Rules) -> RankingSnapshot:
    at = clock.now()
    period = queries.Period.up_to(since, as_of, at)
    outcome = compute(queries.entries_of(period), queries.agencies_listed(period), rules)
    return RankingSnapshot(
        code=queries.next_code(as_of.year),
        title=title,
        since=since,
        as_of=as_of,
        method=METHOD,
        parameters=outcome.parameters,
        result=outcome.result,
        data_digest=outcome.data_digest,
        result_digest=outcome.result_digest,
        computed_at=at,
        rows=_rows(outcome.result),
    )


def _check(title: str, since: date | None, as_of: date) -> None:
    if not title.strip():
        raise Invalid(_("Give the ranking a title"))
    if min(as_of, since or as_of) < clock.FIRST_DAY:
        raise Invalid(_("Enter days between 2000 and 2099"))
    if as_of > clock.today():
        raise Invalid(_("The last day of the data can't be in the future"))
    if since is not None and since > as_of:
        raise Invalid(_("The first day is after the last"))


def _rows(result: str) -> list[RankingRow]:
    rows = enumerate(json.loads(result)["rows"], 1)
    return [_row(position, told) for position, told in rows]


def _row(position: int, told: Mapping[str, Any]) -> RankingRow:
    parties = told.get("parties", {})
    return RankingRow(
        position=position,
        agency_id=told["agency"],
        rank=told.get("rank"),
        rank_low=told.get("rank_low"),
        rank_high=told.get("rank_high"),
        band=told.get("band"),
        score=told.get("score"),
        score_low=told.get("low"),
        score_high=told.get("high"),
        raw_mean=told.get("mean"),
        reliability=told["reliability"],
        engagements=told["engagements"],
        reviews=told["reviews"],
        unit_mean=parties.get("unit"),
        performance_mean=parties.get("performance"),
        section_mean=parties.get("section"),
    )


def publish_snapshot(actor: User, snapshot: RankingSnapshot, reason: str) -> None:
    """A person answers for a ranking with a reason; from then on it is frozen and all may read."""
    lock(snapshot)
    require(actor, Permission.RANKING_PUBLISH, snapshot)
    if snapshot.published_at is not None:
        raise Conflict(_("This ranking is published already"))
    if not reason.strip():
        raise Invalid(_("Say why this ranking is published"))
    snapshot.published_at, snapshot.published_by_id = clock.now(), actor.id
    snapshot.reason = reason.strip()
    facts = {"reason": snapshot.reason, "result_digest": snapshot.result_digest}
    audit.record(actor, audit.Event.RANKING_PUBLISHED, snapshot, code=snapshot.code, **facts)
    everybody = holders_of(*(role for role in Role if role not in ADMINISTRATORS))
    told, link = {"ranking": snapshot.title}, f"/rankings/{snapshot.id}"
    notifications.send(everybody, Kind.RANKING_PUBLISHED, told, link)


def record_export(actor: User, snapshot: RankingSnapshot, form: str) -> None:
    """Whoever takes a ranking out of the portal is in the log."""
    require(actor, Permission.RANKING_READ, snapshot)
    audit.record(actor, audit.Event.RANKING_EXPORTED, snapshot, code=snapshot.code, form=form)
