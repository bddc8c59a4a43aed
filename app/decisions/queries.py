"""What is known of every agency for a choice, in a fixed number of statements. Changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from sqlalchemy import Select, func, select

from app.accounts.models import Organisation
from app.agencies.models import Agency
from app.conflicts import queries as conflicts
from app.conflicts.rules import Case
from app.db import db
from app.decisions.best import Candidate, Sorted, Wish, sort_out
from app.engagements.models import Engagement, ServiceType
from app.rankings.queries import newest_published, rows_of
from app.rankings.reading import Reading, is_proven, read

ENDS = (Engagement.accepted_at, Engagement.refused_at, Engagement.terminated_at,
        Engagement.closed_at)  # fmt: skip


def fields() -> Sequence[ServiceType]:
    """The kinds of work to choose a field from."""
    return db.session.scalars(select(ServiceType).order_by(ServiceType.id)).all()


def reading_in_force() -> Reading | None:
    """The published ranking whose scores are shown, if there is one."""
    newest = newest_published()
    return None if newest is None else read(newest)


def sorted_out(
    reading: Reading | None,
    case: Case,
    wish: Wish,
    service_type_id: int | None,
    *,
    only: Collection[int] | None = None,
) -> Sorted:
    """All agencies of the directory, divided by the ranking, the conflicts and what is asked.

    only: those among whom somebody is chosen, where not everybody may be.
    """
    found = candidates(reading, case, service_type_id)
    found = [one for one in found if only is None or one.agency_id in only]
    if reading is None:
        return sort_out(found, wish, lambda _first, _second: None)
    return sort_out(found, wish, partial(is_proven, reading))


def candidates(reading: Reading | None, case: Case, service_type_id: int | None) -> list[Candidate]:
    """Every agency that is registered, with score, load, field and findings."""
    names = _names()
    lines = {} if reading is None else {
        line.agency_id: line for line in reading.lines(rows_of(reading.snapshot))
    }  # fmt: skip
    loads = _counts(_engagements().where(*(end.is_(None) for end in ENDS)))
    experience = _counts(_engagements().where(Engagement.service_type_id == service_type_id))
    found = conflicts.findings(case, list(names)) if case.party_ids else {}
    return [
        Candidate(
            agency_id=key,
            name=name,
            line=lines.get(key),
            load=loads.get(key, 0),
            in_field=experience.get(key, 0),
            findings=found.get(key, ()),
        )
        for key, name in names.items()
    ]


def _names() -> Mapping[int, str]:
    query = select(Agency.id, Organisation.name).join(Agency.organisation)
    standing = query.where(Organisation.closed_at.is_(None)).order_by(Organisation.name, Agency.id)
    return {key: str(name) for key, name in db.session.execute(standing)}


def _engagements() -> Select[int, int]:
    counted: Select[int, int] = select(Engagement.agency_id, func.count())
    return counted.group_by(Engagement.agency_id)


def _counts(query: Select[int, int]) -> Mapping[int, int]:
    return {key: int(count) for key, count in db.session.execute(query)}
