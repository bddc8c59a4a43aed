"""What record() writes, when, and what it refuses."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app import audit, clock
from app.audit.canonical import Told, canonical
from app.audit.models import AuditEvent
from app.audit.tree import leaf_hash
from app.db import transaction

CLERK = SimpleNamespace(id=7, role="performance_officer", organisation_id=3)
AT = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)


def only(session):
    return session.scalars(select(AuditEvent)).one()


def test_the_row_says_what_happened_and_carries_its_hash(session):
    with clock.frozen(AT):
        receipt = audit.record(
            CLERK, audit.Event.ROLE_GRANTED, "user_account:9", scope="organisation:3",
            before="expert", role="archivist",
        )  # fmt: skip
    row = only(session)
    assert row.canonical == (
        '{"actor":7,"at":"2026-03-04T05:06:07.000008+00:00","event":"role.granted",'
        '"facts":{"before":"expert","role":"archivist"},"org":3,"role":"performance_officer",'
        '"scope":"organisation:3","subject":"user_account:9","v":1}'
    )
    assert receipt == (row.id, row.leaf)
    assert row.leaf == leaf_hash(row.canonical.encode())
    assert (row.event, row.subject, row.scope) == (
        "role.granted",
        "user_account:9",
        "organisation:3",
    )
    assert (row.actor_id, row.at) == (7, AT)
    on_server = session.get_bind().dialect.name == "postgresql"
    assert (row.xid is not None) == on_server


@pytest.mark.parametrize(
    ("actor", "told"), [(audit.PORTAL, (0, "portal")), (audit.VISITOR, (None, None))]
)
def test_the_portal_and_a_visitor_act_too(session, actor, told):
    audit.record(actor, audit.Event.SIGN_IN_REFUSED, "user_account:?", reason="unknown")
    body = json.loads(only(session).canonical)
    assert (body["actor"], body["role"]) == told


@pytest.mark.parametrize("facts", [{}, {"role": "x"}, {"before": "x", "role": "y", "more": 1}])
def test_other_facts_than_the_events_own_are_refused(session, facts):
    with pytest.raises(ValueError, match="role.granted needs"):
        audit.record(CLERK, audit.Event.ROLE_GRANTED, "user_account:9", **facts)


def test_facts_are_plain():
    told = Told(AT, "e", "s", None, None)
    facts = {
        "day": date(2026, 1, 2), "at": AT, "fee": Decimal("1.50"), "ids": (1, 2), "none": None,
        "event": audit.VISITOR.id, "yes": True,
    }  # fmt: skip
    read = json.loads(canonical(told, None, None, facts))["facts"]
    assert read == {
        "day": "2026-01-02", "at": "2026-03-04T05:06:07.000008+00:00", "fee": "1.50",
        "ids": [1, 2], "none": None, "event": None, "yes": True,
    }  # fmt: skip
    for strange in (1.5, {"a": 1}, b"x", object()):
        with pytest.raises(TypeError, match="a fact of the log"):
            canonical(told, None, None, {"fact": strange})


def test_every_text_can_be_stored(session):
    """A null, a lone surrogate and Chinese: what a file name may hold reaches the log."""
    name = '预算\x00\udc80"\\\u2028.pdf'
    audit.record(audit.VISITOR, audit.Event.SIGN_IN_REFUSED, "user_account:?", reason=name)
    session.expire_all()
    row = only(session)
    assert json.loads(row.canonical)["facts"]["reason"] == name
    assert row.leaf == leaf_hash(row.canonical.encode())


def test_an_error_undoes_the_entry_with_the_change(session):
    with pytest.raises(ZeroDivisionError), transaction():
        audit.record(CLERK, audit.Event.SIGNED_IN, "user_account:7")
        1 / 0  # noqa: B018
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_a_request_that_records_outside_a_transaction_is_told_so(app, session):
    with app.test_request_context("/"), pytest.raises(RuntimeError, match="outside transaction"):
        audit.record(CLERK, audit.Event.SIGNED_IN, "user_account:7")


def test_a_record_without_id_is_refused(session):
    with pytest.raises(ValueError, match="has no id yet"):
        audit.record(CLERK, audit.Event.SIGNED_IN, AuditEvent())


def test_labels_are_unlike_and_well_formed():
    labels = [event.label for event in audit.Event]
    assert len(set(labels)) == len(labels)
    for event in audit.Event:
        assert event.label.replace("_", "").replace(".", "").isalpha(), event
        assert event.label.count(".") == 1, event
        assert not event.facts & {"actor", "event", "subject", "scope", "self"}, event
