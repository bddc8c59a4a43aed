"""A new snapshot out of the database: its data under fresh keys, its result, its rows."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app import clock
from app.errors import Invalid
from app.rankings import queries
from app.rankings.gathering import inputs_of
from app.rankings.inputs import packed
from app.rankings.methods import compute
from app.rankings.models import RankingRow, RankingSnapshot
from app.rankings.public import public_result
from app.rankings.record import exact
from app.reviews.queries import weights_on


@dataclass(frozen=True)
class Needs:
    """What the settings ask of a place, and the prior's weight k in engagements."""

    prior_weight: float = 3.0
    min_engagements: int = 3
    min_reliability: float = 0.6
    beside_days: int = 365  # so long a new method is shown beside the one before

    def rules(self) -> dict[str, float]:
        """What enters the ranking's rules."""
        return {name: told for name, told in asdict(self).items() if name != "beside_days"}


def check_wish(title: str, since: date | None, as_of: date) -> None:
    """Refuse a ranking without a title, or of days that can't be."""
    if not title.strip():
        raise Invalid(_("Give the ranking a title"))
    if min(as_of, since or as_of) < clock.FIRST_DAY:
        raise Invalid(_("Enter days between 2000 and 2099"))
    if as_of > clock.today():
        raise Invalid(_("The last day of the data can't be in the future"))
    if since is not None and since > as_of:
        raise Invalid(_("The first day is after the last"))


def computed(title: str, days: tuple[date | None, date], needs: Needs) -> RankingSnapshot:
    """A snapshot of what was unsealed in these days, both inclusive, as it stands now.

    It has no number yet: nothing of it is in the database.
    """
    since, as_of = days
    at, salt = clock.now(), secrets.token_hex(32)
    weights = weights_on(as_of)
    inputs = inputs_of(queries.Period.up_to(since, as_of, at), as_of, salt)
    told = {"weights_version": weights.number, "as_of": as_of.isoformat(),
            "since": since.isoformat() if since else None}  # fmt: skip
    outcome = compute(
        inputs,
        queries.rules(weights, needs.rules()),
        told,
        former=queries.is_new_method(at, needs.beside_days),
    )
    shown = public_result(json.loads(outcome.result))
    rows = shown.pop("rows")
    return RankingSnapshot(
        title=title,
        since=since,
        as_of=as_of,
        method=outcome.method,
        parameters=outcome.parameters,
        result=outcome.result,
        summary=exact(shown),
        data_digest=outcome.data_digest,
        result_digest=outcome.result_digest,
        salt=salt,
        inputs=packed(inputs.text()),
        workings=packed(outcome.workings),
        computed_at=at,
        rows=[row_of(position, row) for position, row in enumerate(rows, 1)],
    )


def row_of(position: int, told: Mapping[str, Any]) -> RankingRow:
    """One row, as everybody may read it."""
    parties, facts = told.get("parties", {}), told["facts"]
    return RankingRow(
        position=position,
        part=told["part"],
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
        raters=told["raters"],
        units=told["units"],
        top=told.get("top"),
        on_time=facts.get("on_time"),
        returns=facts.get("returns"),
        unit_mean=parties.get("unit"),
        performance_mean=parties.get("performance"),
        section_mean=parties.get("section"),
        told=exact(told),
    )
