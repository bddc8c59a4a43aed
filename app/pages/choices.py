"""What the board's filters offer: what is found in the engagements that a person sees there."""

import time
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import get_locale
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.accounts.models import Organisation, User
from app.db import db
from app.engagements.labels import service_type_label
from app.engagements.models import Engagement, ServiceType, Task
from app.oversight.queries import officers
from app.pages.board import running
from app.policy import Role

Choice = tuple[int, Any]
MANY, KEPT_SECONDS, MOST_KEPT = 500, 60, 64  # units, seconds, people


def agencies_at_work(user: User) -> Select[Organisation]:
    """The agencies of the engagements that a person sees on the board."""
    jobs = running(user).with_only_columns(Engagement.agency_id)
    return select(Organisation).where(Organisation.id.in_(jobs))


def units_at_work(user: User) -> Select[Organisation]:
    """The evaluated units of these engagements."""
    jobs = running(user).with_only_columns(Engagement.id)
    units = select(Task.unit_id).where(Task.engagement_id.in_(jobs), Task.unit_id.is_not(None))
    return select(Organisation).where(Organisation.id.in_(units))


@dataclass(frozen=True)
class Choices:
    """The values of each filter, with their words."""

    years: list[Choice]
    agencies: list[Choice]
    services: list[Choice]
    sections: list[Choice]
    units: list[Choice]
    officers: list[Choice]


def choices(user: User) -> Choices:
    """All of them; where thousands of units have work, as they were a minute ago at most."""
    kept: dict[object, tuple[float, Choices]]
    kept = current_app.extensions.setdefault("board_choices", {})
    key = (user.id, user.role, user.organisation_id, str(get_locale()))
    until, found = kept.get(key, (0.0, None))
    if found is None or until < time.monotonic():
        found = _found(user)
        if len(found.units) > MANY:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[key] = (time.monotonic() + KEPT_SECONDS, found)
    return found


def _found(user: User) -> Choices:
    """All of them, in two statements, and a third for whoever may assign officers."""
    jobs = (
        running(user)
        .join(ServiceType, ServiceType.id == Engagement.service_type_id)
        .with_only_columns(
            Engagement.year,
            Engagement.agency_id,
            Organisation.name,
            ServiceType.id,
            ServiceType.code,
            ServiceType.name,
        )
        .distinct()
    )
    unit, section = aliased(Organisation), aliased(Organisation)
    tasks = (
        select(section.id, section.name, unit.id, unit.name)
        .select_from(Task)
        .join(section, section.id == Task.section_id)
        .outerjoin(unit, unit.id == Task.unit_id)
        .where(Task.engagement_id.in_(running(user).with_only_columns(Engagement.id)))
        .distinct()
    )
    return _sorted(db.session.execute(jobs).all(), db.session.execute(tasks).all(), user)


def _sorted(jobs: Any, tasks: Any, user: User) -> Choices:
    bureau = user.role in {Role.PERFORMANCE_OFFICER, Role.LEADER}
    people = [(person.id, person.name) for person in officers()] if bureau else []

    def named(found: Any) -> list[Choice]:
        return sorted(set(found), key=lambda each: (str(each[1]), each[0]))

    services = ((row[3], str(service_type_label(row[4], row[5]))) for row in jobs)
    return Choices(
        years=sorted({(row[0], row[0]) for row in jobs}, reverse=True),
        agencies=named((row[1], row[2]) for row in jobs),
        services=named(services),
        sections=named((row[0], row[1]) for row in tasks),
        units=named((row[2], row[3]) for row in tasks if row[2] is not None),
        officers=people,
    )
