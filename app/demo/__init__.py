"""The demonstration district: invented, believable, and made through the services.

Every action is done by the person who would do it, with the clock at the moment when it would have
happened, so the log of the demonstration is a real one. The seed is fixed; only dates follow today.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from flask import Flask

from app import clock
from app.accounts import passwords
from app.audit import sealing
from app.db import db, transaction
from app.demo import (
    answering,
    assessing,
    comparing,
    conflicts,
    custody,
    examples,
    growing,
    likenesses,
    offices,
    overseeing,
    papers,
    people,
    planning,
    procuring,
    registering,
    schedule,
    sign_ins,
    systems,
)
from app.demo import district as districts
from app.demo.district import District
from app.demo.story import Story
from app.engagements.queries import templates_in_force
from app.notifications.services import mark_all_read
from app.rankings import services as rankings

SEED = 20260101
FOUNDED = timedelta(days=planning.DAYS + 20)
CHEAP = {"ARGON2_TIME_COST": 1, "ARGON2_MEMORY_KIB": 8, "ARGON2_PARALLELISM": 1}


def build(app: Flask, *, every: int = 1) -> str:
    """Make the district in an empty, migrated database; return its sign-ins to be printed.

    With `every` only one contract in so many is lived through.
    """
    with app.app_context():
        passwords.configure({**app.config, **CHEAP})  # replaced below: nobody ever knew them
        schedule.trust_what_was_read()
        try:
            district = _founded()
        finally:
            passwords.configure(app.config)
        until = clock.now()
        shelf = papers.Shelf()
        lived = list(planning.plans(district))[::every]
        stories = [Story(plan, district, shelf).tell() for plan in lived]
        judged = [assessing.years(district), assessing.measures(district)]
        judged.append(answering.weigh(district))
        judged.append(offices.tell(district))
        judged.append(procuring.tell(district))
        judged.append(comparing.tell(district))
        schedule.run(
            [
                *stories,
                *judged,
                _years_end(district),
                _reading(),
                custody.tell(district),
                people.tell(district),
                overseeing.tell(district),
                growing.tell(district),
                registering.tell(district),
                conflicts.tell(district),
                systems.tell(district),
            ],
            until,
        )
        likenesses.plant(district)
        examples.publish(district)
        answering.look(district)
        with transaction():
            words = sign_ins.give_passwords()
        _seal()
    return words


def _founded() -> District:
    """Organisations and people, some weeks before the first contract."""
    began = clock.start_of(clock.add_working_days(clock.today() - FOUNDED, 0))
    with transaction(), clock.frozen(began + timedelta(hours=9)):
        district = districts.found(Random(SEED))  # noqa: S311 - invented data, always the same
    with transaction(), clock.frozen(began + timedelta(hours=10)):
        districts.settle(district)
    with transaction(), clock.frozen(began + timedelta(days=1, hours=10)):
        districts.register_firms(district)
        district.templates = {each.code: each for each in db.session.scalars(templates_in_force())}
    return district


def _years_end(district: District) -> Iterator[datetime]:
    """Two rankings are published, and a third waits for somebody to answer for it."""
    actor, today = district.performance[0], clock.today()
    told = ((300, "年度星级排名"), (30, "前三季度星级排名"), (1, "最新星级排名（试算）"))
    for days, title in told:
        day = clock.add_working_days(today - timedelta(days=days), 0 if days > 1 else -1)
        yield clock.start_of(day) + timedelta(hours=15)
        name = f"{day.year}年{day.month}月第三方机构{title}"
        snapshot = rankings.compute_snapshot(actor, name, as_of=day - timedelta(1))
        if days > 1:
            yield clock.now() + timedelta(hours=1)
            rankings.publish_snapshot(actor, snapshot, "经科务会审议，供质量考核和择优采购参考。")


def _reading() -> Iterator[datetime]:
    """People have read what came in until last week."""
    yield clock.start_of(clock.today() - timedelta(days=6)) + timedelta(hours=8)
    for person in districts.everybody():
        mark_all_read(person)


def _seal() -> None:
    """Seal the whole log."""
    while True:
        with transaction():
            sealed = sealing.seal()
        if sealed is None or sealed.added < sealing.MOST_ROWS:
            return
