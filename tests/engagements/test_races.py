"""Two officers decide at the same moment: one is heard, the other hears that it was decided."""

from threading import Barrier, Thread

from app.accounts.models import User
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.engagements import acceptance, services
from app.engagements.models import AcceptanceDecision, Engagement, Stage
from app.errors import Conflict
from app.policy import Role
from tests.engagements.walking import findings, people_of, walk_to
from tests.factories import UserFactory, make_engagement


def race(app, acts):
    """Run each act in a thread and a transaction of its own; the errors they ended with."""
    barrier, ended = Barrier(len(acts)), []

    def run(act):
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    act()
                ended.append(None)
            except Conflict as error:
                ended.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(ended) == len(acts)
    return ended


def test_two_officers_approve_one_stage(portal):
    with portal.app_context():
        engagement = make_engagement()
        first, lead = people_of(engagement)
        stage_id, officers = engagement.current_stage.id, [first.id, second_officer()]
        services.submit_stage(lead, engagement.current_stage)
        db.session.commit()

    def approve(officer_id):
        return lambda: services.approve_stage(
            db.session.get(User, officer_id), db.session.get(Stage, stage_id)
        )

    ended = race(portal, [approve(key) for key in officers])

    assert sorted(error is None for error in ended) == [False, True]
    with portal.app_context():
        assert db.session.get(Stage, stage_id).engagement.current_stage_position == 2
        assert events("stage.approved") == 1


def test_two_officers_decide_on_acceptance(portal):
    with portal.app_context():
        engagement = make_engagement("research")
        first, lead = people_of(engagement)
        walk_to(engagement, "acceptance", first, lead)
        key, officers = engagement.id, [first.id, second_officer()]

    def accept():
        found = db.session.get(Engagement, key)
        acceptance.accept(db.session.get(User, officers[0]), found, findings(found))

    def refuse():
        found = db.session.get(Engagement, key)
        not_met = findings(found, met=False)
        acceptance.refuse_finally(
            db.session.get(User, officers[1]), found, not_met, reasons="不符合合同"
        )

    ended = race(portal, [accept, refuse])

    assert sorted(error is None for error in ended) == [False, True]
    with portal.app_context():
        found = db.session.get(Engagement, key)
        assert (found.accepted_at is None) != (found.refused_at is None)
        assert db.session.query(AcceptanceDecision).count() == 1
        assert events("engagement.accepted") + events("engagement.refused") == 1


def second_officer():
    return UserFactory(role=Role.PERFORMANCE_OFFICER).id


def events(name):
    return db.session.query(AuditEvent).filter_by(event=name).count()
