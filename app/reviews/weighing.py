"""What the performance section sets: weights, dimensions, the words of the stars, the checklist."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app import audit, clock
from app.accounts.models import User
from app.db import db
from app.engagements.models import Party
from app.errors import Conflict, Invalid
from app.identity import acts
from app.identity.models import DangerousAct
from app.policy import Permission, require
from app.reviews import queries
from app.reviews.models import (
    Dimension,
    DimensionAnchor,
    ProblemKind,
)
from app.reviews.rating import STARS
from app.reviews.weight_models import WeightCell, WeightOfParty, WeightVersion

KIND = "weights"  # of the act of two people
MOST = 1000  # a weight is a share of what is set; larger ones say nothing more
LONGEST_NAME, LONGEST_ANCHOR = 40, 200


@dataclass(frozen=True)
class NewWeights:
    """A whole version: weights by party, and by party and dimension id (None: not asked)."""

    parties: Mapping[Party, int]
    cells: Mapping[tuple[Party, int], int | None]
    holds_from: date
    reason: str


def set_weights(actor: User, new: NewWeights) -> WeightVersion:
    """Add the next version of the weights, from today or a later day on, with a reason.

    Rounds that are open keep the questions with which they were opened.
    """
    require(actor, Permission.DIMENSION_WEIGH, None)
    newest = db.session.scalars(queries.weight_versions().limit(1)).one()
    _check(new, newest)
    version = _version(actor, new, newest.number + 1)
    db.session.add(version)
    told: dict[str, Any] = {
        "holds_from": version.holds_from,
        "reason": version.reason,
        "version": version.number,
    }
    audit.record(actor, audit.Event.WEIGHTS_SET, version, **told)
    return version


def _version(actor: User, new: NewWeights, number: int) -> WeightVersion:
    return WeightVersion(
        number=number,
        holds_from=new.holds_from,
        reason=new.reason.strip(),
        made_at=clock.now(),
        made_by_id=actor.id,
        parties=[WeightOfParty(party=party, weight=share) for party, share in new.parties.items()],
        cells=[
            WeightCell(party=party, dimension_id=key, weight=weight)
            for (party, key), weight in new.cells.items()
        ],
    )


def _check(new: NewWeights, newest: WeightVersion) -> None:
    if not new.reason.strip():
        raise Invalid(_("Say why the weights change"), field="reason")
    first = max(clock.today(), newest.holds_from)
    if not first <= new.holds_from <= clock.LAST_DAY:
        raise Invalid(
            _("Weights hold from today on, and not before the version that is set already"),
            field="holds_from",
        )
    given = [*new.parties.values(), *(cell for cell in new.cells.values() if cell is not None)]
    if not all(0 <= weight <= MOST for weight in given):
        raise Invalid(_("A weight is a whole number from 0 to 1000"))
    if new.parties.keys() != set(Party):
        raise Invalid(_("Every kind of buyer needs its weight"))
    for party in new.parties:
        if not any(cell for (whose, _key), cell in new.cells.items() if whose is party):
            raise Invalid(_("Every kind of buyer rates at least one dimension that counts"))


def add_dimension(actor: User, name: str, anchors: Mapping[int, str]) -> Dimension:
    """Add something to be rated, with words for every star; the next weights may switch it on."""
    require(actor, Permission.DIMENSION_WEIGH, None)
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(_("A name has at most 40 characters"), field="name")
    if db.session.scalar(select(Dimension.id).where(Dimension.name == name).limit(1)):
        raise Conflict(_("A dimension of this name is there already"))
    if not all(anchors.get(star, "").strip() for star in STARS):
        raise Invalid(_("Every star needs its words"))
    count = db.session.scalar(select(func.count()).select_from(Dimension)) or 0
    added = Dimension(code=f"added-{count + 1}", name=name, position=count + 1, weight=0)
    db.session.add(added)
    db.session.flush()
    _word(actor, added, anchors)
    audit.record(actor, audit.Event.DIMENSION_ADDED, added, code=added.code, name=name)
    return added


def word_dimension(actor: User, dimension: Dimension, anchors: Mapping[int, str]) -> None:
    """Say anew what the stars of a dimension mean; the words before stay in the log."""
    require(actor, Permission.DIMENSION_WEIGH, None)
    before = queries.anchors_of([dimension])[dimension.id]
    changed = {s: w.strip() for s, w in anchors.items() if w.strip() not in {"", before.get(s)}}
    _word(actor, dimension, changed)
    told: dict[str, Any] = {
        "code": dimension.code,
        "before": [f"{star}: {before.get(star, '')}" for star in sorted(changed)],
        "after": [f"{star}: {changed[star]}" for star in sorted(changed)],
    }
    audit.record(actor, audit.Event.DIMENSION_WORDED, dimension, **told)


def _word(actor: User, dimension: Dimension, anchors: Mapping[int, str]) -> None:
    if any(len(words.strip()) > LONGEST_ANCHOR for words in anchors.values()):
        raise Invalid(_("At most 200 characters"))
    for stars, words in sorted(anchors.items()):
        row = DimensionAnchor(dimension_id=dimension.id, stars=stars, words=words.strip())
        row.set_at, row.set_by_id = clock.now(), actor.id
        db.session.add(row)


def add_problem(actor: User, name: str) -> ProblemKind:
    """Add a line to the checklist beside the stars."""
    require(actor, Permission.DIMENSION_WEIGH, None)
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(_("A name has at most 40 characters"), field="name")
    if any(each.name == name for each in queries.problem_kinds()):
        raise Conflict(_("This line is on the list already"))
    count = db.session.scalar(select(func.count()).select_from(ProblemKind)) or 0
    added = ProblemKind(code=f"added-{count + 1}", name=name, position=count + 1)
    db.session.add(added)
    audit.record(actor, audit.Event.PROBLEM_ADDED, added, name=name)
    return added


def retire_problem(actor: User, problem: ProblemKind) -> None:
    """Ask a line of the checklist no more; reviews that ticked it keep it."""
    require(actor, Permission.DIMENSION_WEIGH, None)
    if problem.retired_at is not None:
        raise Conflict(_("This line is retired already"))
    problem.retired_at = clock.now()
    audit.record(actor, audit.Event.PROBLEM_RETIRED, problem, name=problem.name)


def propose_weights(actor: User, new: NewWeights) -> DangerousAct:
    """The performance section proposes the next version; it holds when the leader confirms it."""
    require(actor, Permission.DIMENSION_WEIGH, None)
    _check(new, db.session.scalars(queries.weight_versions().limit(1)).one())
    cells = [[party, key, weight] for (party, key), weight in new.cells.items()]
    facts = {
        "parties": {str(party): share for party, share in new.parties.items()},
        "cells": cells,
        "holds_from": new.holds_from.isoformat(),
    }
    return acts.ask_act(actor, KIND, new.reason, facts)


def proposed(asked: DangerousAct) -> NewWeights:
    """The weights as they were proposed; they hold from their confirmation at the earliest."""
    told = asked.facts
    return NewWeights(
        {Party(party): share for party, share in told["parties"].items()},
        {(Party(party), key): weight for party, key, weight in told["cells"]},
        max(date.fromisoformat(told["holds_from"]), clock.today()),
        asked.reason,
    )


def draft(asked: DangerousAct) -> WeightVersion:
    """The version as it would be; it is no record yet."""
    return _version(asked.asker, proposed(asked), 0)


def publish_weights(_confirmer: User, asked: DangerousAct) -> str:
    """The leader confirmed: what was proposed becomes the next version, under its author's name."""
    version = set_weights(asked.asker, proposed(asked))
    return f"v{version.number} · {version.holds_from.isoformat()}"


ACT = acts.Act(
    KIND,
    _("Publish new weights of the ranking method"),
    _("The next version of the weights holds from its day on; earlier rankings keep theirs"),
    publish_weights,
    "reviews.new_weights",
    lambda _asked: "/reviews/weights",
)
