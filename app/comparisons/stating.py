"""How the criteria of a comparison are stated in the notice, before anybody bids."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.comparisons import labels, scoring
from app.comparisons.models import Scheme
from app.comparisons.scoring import Criterion, Kind, PriceRule, Stated
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.expert_reviews.totals import Rule
from app.policy import Permission, require
from app.procurement.methods import Method
from app.procurement.models import Need
from app.rankings.queries import newest_published, rows_of


@dataclass(frozen=True)
class NewScheme:
    """What the notice shall say."""

    criteria: Sequence[Criterion]
    rule: Rule
    price_rule: PriceRule
    is_anonymous: bool


def state_criteria(actor: User, need: Need, new: NewScheme) -> Scheme:
    """Criteria, points and rules stand in the notice; they change no more once it is announced.

    The evidence of past quality is frozen with them: the ranking in force at this moment.
    """
    lock(need)
    require(actor, Permission.COMPARISON_RUN, need)
    if need.method is not Method.COMPARISON or need.announced_at is not None:
        raise Conflict(_("Criteria are stated before the announcement of a comparison"))
    try:
        scoring.check(new.criteria, is_buyers_choice=not need.is_statutory)
    except scoring.BadScheme as error:
        raise Invalid(labels.bad_scheme(error), field="criteria") from error
    scheme = db.session.get(Scheme, need.id) or Scheme(need_id=need.id)
    _write(scheme, new)
    scheme.stated_at, scheme.stated_by_id = clock.now(), actor.id
    db.session.add(scheme)
    told: dict[str, Any] = {"need": need.code, "total_rule": new.rule, "sha256": scheme.digest}
    audit.record(actor, audit.Event.COMPARISON_STATED, need, **told)
    return scheme


def _write(scheme: Scheme, new: NewScheme) -> None:
    scheme.criteria = [
        {"name": one.name.strip(), "points": one.points, "kind": one.kind.value}
        for one in new.criteria
    ]
    scheme.rule, scheme.price_rule = new.rule, new.price_rule
    scheme.is_anonymous = new.is_anonymous
    scheme.snapshot_code, scheme.evidence = _evidence(new)
    scheme.digest = digest_of(scheme)


def _evidence(new: NewScheme) -> tuple[str, list[list[int]]]:
    """The ranking in force and the score of each placed agency, in hundredths of a star."""
    if not any(one.kind is Kind.RANKING for one in new.criteria):
        return "", []
    snapshot = newest_published()
    if snapshot is None:
        words = _("No ranking is published yet, so none can give points")
        raise Invalid(words, field="criteria")
    rows = [row for row in rows_of(snapshot) if row.rank is not None and row.score is not None]
    return snapshot.code, [[row.agency_id, round((row.score or 0) * 100)] for row in rows]


def told_of(scheme: Scheme) -> dict[str, Any]:
    """All that the notice says of the comparison, as plain values."""
    return {
        "criteria": scheme.criteria,
        "rule": str(scheme.rule),
        "price_rule": str(scheme.price_rule),
        "anonymous": scheme.is_anonymous,
        "snapshot": scheme.snapshot_code,
        "evidence": scheme.evidence,
    }


def digest_of(scheme: Scheme) -> str:
    """The digest of all that the notice says of the comparison."""
    told = told_of(scheme)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def stated(scheme: Scheme) -> Stated:
    """What was stated, as the calculation takes it."""
    criteria = [Criterion(one["name"], one["points"], Kind(one["kind"])) for one in scheme.criteria]
    return Stated(criteria, scheme.rule, scheme.price_rule, dict(map(tuple, scheme.evidence)))
