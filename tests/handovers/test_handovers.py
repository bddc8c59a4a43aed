"""Work moves in one act once both sides have confirmed; what was done keeps its author."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock, handovers
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.handovers import queries, services
from app.handovers.models import Handover
from app.notifications import queries as messages
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.papers.models import WorkingPaper
from app.papers.review_models import LevelReviewer
from app.papers.reviewing import appoint_reviewers
from app.personal.models import PersonalData
from app.policy import Role
from app.web import fresh_token
from tests.factories import PASSWORD, UserFactory
from tests.papers.filing import crew_of, file_paper


@pytest.fixture
def pair(session):
    """Two officers of the performance section."""
    return UserFactory(locale="en"), UserFactory(locale="en")


def proposed(giver, taker, actor=None, reason="演示轮岗"):
    with transaction():
        return services.propose_handover(actor or giver, giver, taker, reason)


def confirmed(actor, handover):
    with transaction():
        services.confirm_handover(actor, handover)


def tell(user):
    with transaction():
        facts = {"engagement": "演示委托", "paper": "G-01"}
        notifications.send([user], Kind.VERSION_RETURNED, facts, "/papers/1")


def test_nothing_moves_before_both_have_confirmed(pair, audited):
    giver, taker = pair
    tell(giver)
    handover = proposed(giver, taker)
    assert messages.unread_count(taker) == 1, "that it is asked to confirm"
    confirmed(taker, handover)
    assert handover.moved["messages"] == 1
    assert messages.unread_count(taker) == 3
    assert messages.unread_count(giver) == 2, "the giver's own lines stay"
    assert audited()[-2:] == ["handover.confirmed", "handover.done"]


def test_whoever_looks_after_an_account_proposes_and_the_giver_confirms(session):
    chief = UserFactory(role=Role.AGENCY_ADMIN)
    giver, taker = (
        UserFactory(role=Role.AGENCY_MEMBER, organisation=chief.organisation) for _n in range(2)
    )
    handover = proposed(giver, taker, actor=chief)
    confirmed(taker, handover)
    assert handover.done_at is None
    confirmed(giver, handover)
    assert handover.done_at is not None


def test_for_somebody_who_left_whoever_proposes_has_confirmed(session):
    chief = UserFactory(role=Role.SECURITY_ADMIN)
    giver, taker = UserFactory(closed_at=clock.now()), UserFactory()
    handover = proposed(giver, taker, actor=chief)
    confirmed(taker, handover)
    assert handover.done_at is not None


def test_nobody_gains_rights_of_another_kind(session):
    giver = UserFactory(role=Role.UNIT_OFFICER)
    closed = UserFactory(organisation=giver.organisation, role=giver.role, closed_at=clock.now())
    others = [UserFactory(role=Role.UNIT_OFFICER), UserFactory(role=Role.LEADER), giver, closed]
    for taker in others:
        with pytest.raises(Invalid, match="role|同"):
            proposed(giver, taker)
    assert db.session.scalars(select(Handover)).all() == []


def test_one_waits_at_a_time_and_an_ended_one_moves_nothing(pair):
    giver, taker = pair
    first = proposed(giver, taker)
    with pytest.raises(Conflict):
        proposed(giver, taker)
    with transaction():
        services.end_handover(taker, first)
    with pytest.raises(Conflict):
        confirmed(taker, first)
    assert first.done_at is None
    assert proposed(giver, taker).is_awaited


def test_strangers_have_no_word(pair):
    giver, taker = pair
    handover = proposed(giver, taker)
    with pytest.raises(Forbidden):
        confirmed(UserFactory(), handover)
    with pytest.raises(Forbidden):
        proposed(taker, giver, actor=UserFactory(role=Role.UNIT_OFFICER))
    with pytest.raises(Forbidden):
        proposed(
            UserFactory(role=Role.INSPECTOR, id=7001), UserFactory(role=Role.INSPECTOR), reason="x"
        )


def test_what_was_done_keeps_its_author_and_levels_move(engagement, session):
    lead, member, _officer = crew_of(engagement)
    home = member.organisation
    second, third, new = (
        UserFactory(role=Role.AGENCY_MEMBER, organisation=home) for _n in range(3)
    )
    with transaction():
        appoint_reviewers(lead, engagement, [lead, second, third])
    paper = file_paper(second, engagement)
    handover = proposed(second, new)
    confirmed(new, handover)
    present = select(LevelReviewer.user_id).where(LevelReviewer.replaced_at.is_(None))
    assert set(session.scalars(present)) == {lead.id, new.id, third.id}
    assert handover.moved["level reviews"] == 1
    assert session.get(WorkingPaper, paper.id).versions[0].submitted_by_id == second.id


def test_who_reviews_at_another_level_takes_no_second_one(engagement, session):
    lead, member, _officer = crew_of(engagement)
    second, third = (
        UserFactory(role=Role.AGENCY_MEMBER, organisation=member.organisation) for _n in range(2)
    )
    with transaction():
        appoint_reviewers(lead, engagement, [lead, second, third])
    handover = proposed(second, third)
    confirmed(third, handover)
    assert handover.moved["level reviews"] == 0


def test_reviews_that_nobody_submitted_are_not_among_what_moves(app):
    names = {each.name for each in handovers.movables}
    assert names >= {"messages", "level reviews", "uploads"}
    assert not {name for name in names if name.startswith(("star", "rating", "buyer"))}


def test_the_list_shows_ones_own_and_those_one_looks_after(pair, session):
    giver, taker = pair
    handover = proposed(giver, taker)
    admin, stranger = UserFactory(role=Role.SECURITY_ADMIN), UserFactory(role=Role.UNIT_OFFICER)
    for user, sees in ((giver, True), (taker, True), (admin, True), (stranger, False)):
        found = session.scalars(queries.handovers_visible_to(user)).all()
        assert (handover in found) is sees


# The pages


def test_from_the_page_to_the_done_hand_over(pair, sign_in):
    giver, taker = pair
    tell(giver)
    client = sign_in(giver)
    page = client.get("/handovers/new").get_data(as_text=True)
    assert taker.name in page
    told = {"taker": str(taker.id), "reason": "演示轮岗", "once": fresh_token()}
    assert client.post("/handovers", data={**told, "reason": ""}).status_code == 422
    assert client.post("/handovers", data={**told, "taker": "999999"}).status_code == 422
    assert client.post("/handovers", data=told).status_code == 302
    key = db.session.scalars(select(Handover.id)).one()
    other = sign_in(taker)
    assert "Hand-overs to confirm" in other.get("/todos").get_data(as_text=True)
    assert "Waits for the successor" in other.get("/handovers").get_data(as_text=True)
    assert other.post(f"/handovers/{key}/confirmations").status_code == 302
    assert other.post(f"/handovers/{key}/confirmations").status_code == 409
    assert "Unread messages 1" in other.get("/handovers").get_data(as_text=True)
    assert sign_in(UserFactory()).post(f"/handovers/{key}/end").status_code == 404


def test_nobody_proposes_for_whom_they_do_not_look_after(pair, sign_in):
    giver, _taker = pair
    client = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    assert client.get(f"/handovers/new?for={giver.id}").status_code == 404
    assert client.post(f"/handovers?for={giver.id}").status_code == 404
    assert client.post(f"/handovers/deputies?for={giver.id}").status_code == 404


# Deputies


def deputy_for(principal, deputy, days=5, begins=0):
    today = clock.today()
    leave = services.Leave(
        today + timedelta(begins), today + timedelta(begins + days), "演示年休假"
    )
    with transaction():
        return services.name_deputy(principal, principal, deputy, leave)


@pytest.fixture
def sections(engagement):
    """The officer in charge of the engagement's section, and one of another section."""
    principal = UserFactory(
        role=Role.SECTION_OFFICER, organisation=engagement.tasks[0].section, locale="en"
    )
    return principal, UserFactory(role=Role.SECTION_OFFICER, locale="en")


def acts(client, held):
    return client.post(f"/handovers/deputies/{held.id}/acting")


def test_a_deputy_acts_where_the_principal_may_and_the_log_names_both(
    sections, engagement, sign_in, session
):
    principal, deputy = sections
    lead, _member, _officer = crew_of(engagement)
    paper = file_paper(lead, engagement)
    client = sign_in(deputy)
    place = f"/papers/{paper.id}"
    assert client.get(place).status_code == 404
    held = deputy_for(principal, deputy)
    assert client.get(place).status_code == 404, "not before they say so"
    assert acts(client, held).status_code == 302
    page = client.get(place)
    assert page.status_code == 200
    assert f"Acting for {principal.name}" in page.get_data(as_text=True)
    note = {"body": "请补凭证", "kind": "suggestion", "place": "", "version": "1"}
    for kind in ("suggestion", "must_resolve", "question"):
        told = {**note, "kind": kind, "once": fresh_token()}
        if client.post(f"{place}/notes", data=told).status_code == 302:
            break
    session.rollback()
    entry = session.scalars(select(AuditEvent).where(AuditEvent.event == "note.issued")).one()
    assert entry.actor_id == deputy.id
    assert f'"for":{principal.id}' in entry.canonical
    shown = client.get("/todos/done").get_data(as_text=True)
    assert deputy.name in shown
    assert principal.name in shown
    client.post("/handovers/deputies/acting/end")
    assert client.get(place).status_code == 404


def test_a_deputy_shows_who_they_are_with_their_own_password_and_factor(sections, sign_in, session):
    """A dangerous step asks for the deputy's own password, whomever they act for."""
    principal, deputy = sections
    held, client = deputy_for(principal, deputy), sign_in(deputy)
    assert acts(client, held).status_code == 302
    assert client.post("/proof", data={"password": PASSWORD}).status_code == 302
    client.get("/second-factor")
    assert client.post("/second-factor", data={"code": "000000"}).status_code == 422
    told = {"id_number": "", "phone": "13800000000"}
    assert client.post("/personal-data", data=told).status_code == 302
    session.rollback()
    assert session.get(PersonalData, deputy.id).phone == "13800000000"
    entry = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (entry.actor_id, '"for"' in entry.canonical) == (deputy.id, False)


def test_a_deputy_is_one_from_the_first_day_to_the_last(sections, engagement, sign_in):
    principal, deputy = sections
    lead, _member, _officer = crew_of(engagement)
    place = f"/papers/{file_paper(lead, engagement).id}"
    held, client = deputy_for(principal, deputy, days=1, begins=1), sign_in(deputy)
    assert acts(client, held).status_code == 409, "tomorrow"
    tomorrow = clock.now() + timedelta(days=1)
    with clock.frozen(tomorrow):
        client = sign_in(deputy)
        assert acts(client, held).status_code == 302
        assert client.get(place).status_code == 200
    with client.session_transaction() as cookie:
        cookie["began"] = cookie["seen"] = int((tomorrow + timedelta(days=2)).timestamp())
    with clock.frozen(tomorrow + timedelta(days=2)):
        assert client.get(place).status_code == 404, "it ends by itself"


def test_when_it_is_ended_or_the_principal_has_left_nobody_acts(sections, engagement, sign_in):
    principal, deputy = sections
    lead, _member, _officer = crew_of(engagement)
    place = f"/papers/{file_paper(lead, engagement).id}"
    held, client = deputy_for(principal, deputy), sign_in(deputy)
    acts(client, held)
    principal.closed_at = clock.now()
    db.session.commit()
    assert client.get(place).status_code == 404
    principal.closed_at = None
    db.session.commit()
    assert client.get(place).status_code == 200
    assert sign_in(principal).post(f"/handovers/deputies/{held.id}/end").status_code == 302
    assert client.get(place).status_code == 404
    assert acts(client, held).status_code == 409


def test_nobody_elses_deputyship_can_be_used(sections, sign_in):
    principal, deputy = sections
    held = deputy_for(principal, deputy)
    stranger = sign_in(UserFactory(role=Role.SECTION_OFFICER))
    assert acts(stranger, held).status_code == 404
    with stranger.session_transaction() as cookie:
        cookie["acting_for"] = held.id
    assert "acting_for" not in stranger.get("/").get_data(as_text=True)
    assert principal.name not in stranger.get("/").get_data(as_text=True)


def test_a_deputy_gives_no_stars_for_another(session, sign_in):
    from tests.reviews.rounds import ended

    done = ended()
    invitation = done.invitation("section")
    principal = UserFactory(role=Role.SECTION_OFFICER, organisation_id=invitation.organisation_id)
    deputy = UserFactory(role=Role.SECTION_OFFICER)
    held, client = deputy_for(principal, deputy), sign_in(deputy)
    acts(client, held)
    assert client.post(f"/reviews/{invitation.id}", data={}).status_code in {403, 404}


def test_in_their_own_rooms_a_deputy_is_themselves(sections, sign_in, session):
    principal, deputy = sections
    tell(principal)
    held, client = deputy_for(principal, deputy), sign_in(deputy)
    acts(client, held)
    assert client.get("/password").status_code == 200
    assert client.get("/messages").status_code == 200
    message = session.scalars(messages.inbox(principal)).first()
    assert client.post(f"/messages/{message.id}/readings").status_code == 404


def test_during_leave_both_hear_what_comes_in(sections):
    principal, deputy = sections
    tell(principal)
    assert messages.unread_count(deputy) == 0
    deputy_for(principal, deputy)
    before = messages.unread_count(deputy)
    tell(principal)
    assert messages.unread_count(deputy) == before + 1


@pytest.mark.parametrize(("begins", "days"), [(-9, 3), (0, -1), (0, 400)])
def test_a_leave_that_can_not_be_is_refused(sections, begins, days):
    with pytest.raises(Invalid):
        deputy_for(*sections, days=days, begins=begins)


def test_a_deputy_is_named_on_the_page(sections, sign_in, audited):
    principal, deputy = sections
    client = sign_in(principal)
    assert client.get("/handovers/deputies/new").status_code == 200
    today = clock.today()
    told = {"taker": str(deputy.id), "reason": "演示年休假", "once": fresh_token()}
    told |= {"starts_on": str(today), "ends_on": str(today + timedelta(3))}
    bad = {**told, "ends_on": str(today - timedelta(3))}
    assert client.post("/handovers/deputies", data=bad).status_code == 422
    assert client.post("/handovers/deputies", data=told).status_code == 302
    assert "Holds today" in client.get("/handovers").get_data(as_text=True)
    assert audited()[-1] == "deputy.named"
