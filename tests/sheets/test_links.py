"""A one-time link: a key to one invitation, used once, sealed like any other review."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Permission, Role, can
from app.reviews.models import Review, RulingKind
from app.reviews.queries import dimensions_for
from app.reviews.services import rule
from app.sheets import queries, services
from app.sheets.models import LinkAttempt, ReviewLink
from tests.factories import UserFactory
from tests.reviews.rounds import ended, post, rated


@pytest.fixture
def done(session):
    return ended()


@pytest.fixture
def officer(done):
    return UserFactory()


def issue(officer, done, party="unit", name="演示经办人", days=30):
    with transaction():
        return services.issue_link(officer, done.invitation(party), name, days=days)


def sent(done, **changes):
    stars = {f"stars_{each.id}": "4" for each in dimensions_for(done.invitation("unit"))}
    return {**stars, "words": "", "fact": "", "name": "演示填表人", **changes}


def test_the_key_is_kept_as_a_hash_and_stands_in_no_log(done, officer):
    token = issue(officer, done)
    link = db.session.scalars(select(ReviewLink)).one()
    assert token not in str(vars(link))
    assert len(token) >= 40
    told = [row.canonical for row in db.session.scalars(select(AuditEvent))]
    assert not any(token in text or link.token_hash in text for text in told)
    assert queries.link_of(token) is link


def test_only_the_performance_section_gives_keys_and_only_to_units(done, officer):
    for role in sorted(set(Role) - {Role.PERFORMANCE_OFFICER}):
        with pytest.raises(Forbidden):
            issue(UserFactory(role=role), done)
    with pytest.raises(Forbidden):
        issue(officer, done, "section")
    with pytest.raises(Invalid):
        issue(officer, done, name=" ")


def test_a_visitor_rates_with_the_link_once_and_nobody_reads_it_before_opening(
    done, officer, client, sign_in
):
    token = issue(officer, done)
    form = client.get(f"/review-keys/{token}").get_data(as_text=True)
    assert "checked" not in form
    assert done.engagement.name in form
    url = f"/review-keys/{token}"
    assert post(client, url, sent(done, name="")).status_code == 422
    assert post(client, url, sent(done, words="演示", stars_1="")).status_code == 422
    answer = post(client, url, sent(done, words="演示独特词句"))
    assert answer.status_code == 200
    assert "演示独特词句" not in answer.get_data(as_text=True)
    review = db.session.scalars(select(Review)).one()
    assert (review.author_id, review.author_name) == (None, "演示填表人")
    assert client.get(url).status_code == 409
    assert post(client, url, sent(done)).status_code == 409
    for person in (officer, done.officers["unit"], UserFactory(role=Role.LEADER)):
        for page in ("/reviews", f"/engagements/{done.engagement.id}/reviews", "/review-links"):
            text = sign_in(person).get(page).get_data(as_text=True)
            assert "演示独特词句" not in text
            assert "演示填表人" not in text
    own = sign_in(done.officers["unit"]).get(f"/reviews/{done.invitation('unit').id}")
    assert "演示独特词句" not in own.get_data(as_text=True)


def test_the_people_of_the_unit_hear_that_it_was_used(done, officer, client):
    post(client, f"/review-keys/{issue(officer, done)}", sent(done))
    mine = select(Message).where(Message.user_id == done.officers["unit"].id)
    kinds = {message.kind for message in db.session.scalars(mine)}
    assert "review_by_link" in kinds


def test_a_used_link_counts_as_the_units_review_and_opens_the_round(done, officer, client):
    post(client, f"/review-keys/{issue(officer, done)}", sent(done))
    for party in ("section", "performance"):
        done.rate(party, 4)
    assert done.round.unsealed_at is not None
    with pytest.raises(Forbidden):
        done.rate("unit", 5, words="演示")


def test_a_new_key_ends_the_one_before_and_a_withdrawn_one_opens_nothing(done, officer, client):
    first, second = issue(officer, done), issue(officer, done)
    assert client.get(f"/review-keys/{first}").status_code == 409
    assert client.get(f"/review-keys/{second}").status_code == 200
    link = queries.link_of(second)
    with transaction():
        services.withdraw_link(officer, link)
    assert client.get(f"/review-keys/{second}").status_code == 409
    with pytest.raises(Conflict), transaction():
        services.withdraw_link(officer, link)


def test_a_key_ends_after_its_days_and_with_the_window(done, officer):
    short = queries.link_of(issue(officer, done, days=2))
    assert short.expires_at < clock.now() + timedelta(days=2, minutes=1)
    long = queries.link_of(issue(officer, done, days=300))
    assert long.expires_at == clock.start_of(done.round.closes_on + timedelta(days=1))
    with clock.frozen(long.expires_at):
        assert not long.is_live


def test_a_holder_may_write_to_the_one_invitation_and_nothing_else(done, officer):
    other = ended()
    link = queries.link_of(issue(officer, done))
    holder = services.holder_of(link, "演示")
    mine, others = done.invitation("unit"), other.invitation("unit")
    assert can(holder, Permission.REVIEW_WRITE, mine)
    assert not can(holder, Permission.REVIEW_WRITE, others)
    for permission in (Permission.INVITATION_READ, Permission.REVIEW_READ_OWN):
        assert not can(holder, permission, mine)
    for permission in (Permission.REVIEW_LIST, Permission.REVIEW_READ, Permission.BOARD_READ):
        assert not can(holder, permission, done.round)


def test_whoever_tries_keys_is_slowed_down(done, officer, client):
    token = issue(officer, done)
    for _n in range(queries.MOST_ATTEMPTS):
        assert client.get("/review-keys/演示").status_code == 404
    assert client.get(f"/review-keys/{token}").status_code == 429
    assert post(client, f"/review-keys/{token}", sent(done)).status_code == 429
    assert db.session.query(Review).count() == 0
    with clock.frozen(clock.now() + queries.WITHIN + timedelta(seconds=1)):
        assert client.get(f"/review-keys/{token}").status_code == 200


def test_attempts_are_forgotten_after_a_day_and_hold_no_address(session, client):
    client.get("/review-keys/x")
    kept = db.session.scalars(select(LinkAttempt.place)).one()
    assert "127" not in kept or len(kept) == 64
    with clock.frozen(clock.now() + timedelta(days=2)), transaction():
        services.note_attempt("y" * 64)
    assert db.session.query(LinkAttempt).count() == 1


def test_a_review_given_by_link_and_returned_is_written_anew_by_link(session, client):
    done = rated(4)
    officer = UserFactory()
    review = done.invitation("unit").review
    with transaction():
        rule(UserFactory(role=Role.LEADER), review, RulingKind.RETURNED, "演示", days=5)
    token = issue(officer, done)
    assert post(client, f"/review-keys/{token}", sent(done)).status_code == 200
    newest = done.invitation("unit").review
    assert (newest.version, newest.author_name) == (2, "演示填表人")


def test_a_unit_without_an_account_gets_a_key_to_its_returned_review(session, client, sign_in):
    done, leader, section = ended(), UserFactory(role=Role.LEADER), UserFactory()
    post(client, f"/review-keys/{issue(section, done)}", sent(done))
    for party in ("section", "performance"):
        done.rate(party, 4)
    page, invitation = sign_in(section), done.invitation("unit")
    place = f"/reviews/{invitation.id}/links/new"
    assert place not in page.get("/review-links").get_data(as_text=True)
    with transaction():
        rule(leader, invitation.review, RulingKind.RETURNED, "演示退回理由", days=5)
    assert place in page.get("/review-links").get_data(as_text=True)
    link = queries.link_of(token := issue(section, done))
    last = invitation.review.ruling.closes_on
    assert link.expires_at == clock.start_of(last + timedelta(days=1))
    assert "演示退回理由" in client.get(f"/review-keys/{token}").get_data(as_text=True)
    assert post(client, f"/review-keys/{token}", sent(done)).status_code == 200
    assert invitation.review.version == 2
    assert place not in page.get("/review-links").get_data(as_text=True)


def test_pages_of_keys_are_the_performance_sections(done, officer, sign_in):
    client = sign_in(officer)
    assert "/review-links" in client.get("/reviews").get_data(as_text=True)
    place = f"/reviews/{done.invitation('unit').id}/links"
    assert done.invitation("unit").organisation.name in client.get("/review-links").get_data(
        as_text=True
    )
    assert client.get(f"{place}/new").status_code == 200
    assert post(client, place, {"name": ""}).status_code == 422
    page = post(client, place, {"name": "演示经办人"}).get_data(as_text=True)
    assert "/review-keys/" in page
    link = db.session.scalars(select(ReviewLink)).one()
    assert client.post(f"/review-links/{link.id}/withdrawal").status_code == 302
    stranger = sign_in(UserFactory(role=Role.LEADER))
    assert stranger.get("/review-links").status_code == 403
    assert stranger.get(f"{place}/new").status_code == 404


def test_the_list_of_units_costs_the_same_for_many(session, sign_in, statements):
    client = sign_in(UserFactory())
    ended()
    client.get("/review-links")
    with statements() as few:
        client.get("/review-links")
    for _n in range(4):
        ended()
    with statements() as many:
        client.get("/review-links")
    assert len(many) == len(few)
