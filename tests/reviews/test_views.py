"""The pages of reviews: the list, the form, what is kept when something is wrong."""

from sqlalchemy import select

from app.db import db
from app.policy import Role
from app.reviews import queries
from app.reviews.models import Review
from app.web import fresh_token
from tests.factories import UserFactory
from tests.reviews.rounds import ended, rated


def sent(**changes):
    """A filled form: four stars everywhere unless told otherwise."""
    stars = {f"stars_{each.id}": "4" for each in queries.dimensions()}
    return {**stars, "words": "", "fact": "", "once": fresh_token(), **changes}


def place(done, party):
    return f"/reviews/{done.invitation(party).id}"


def test_a_buyer_finds_the_invitation_rates_and_reads_the_own_review(session, sign_in):
    done = ended()
    client = sign_in(done.officers["unit"])
    assert place(done, "unit") in client.get("/reviews").get_data(as_text=True)
    form = client.get(place(done, "unit")).get_data(as_text=True)
    assert "checked" not in form
    answer = client.post(place(done, "unit"), data=sent(words="演示很好", stars_1="5"))
    assert answer.status_code == 302
    page = client.get(place(done, "unit")).get_data(as_text=True)
    assert "演示很好" in page
    assert db.session.scalars(select(Review.author_id)).one() == done.officers["unit"].id


def test_a_wrong_form_keeps_what_was_typed_and_says_what_is_missing(session, sign_in):
    done = ended()
    client = sign_in(done.officers["unit"])
    data = sent(stars_1="1", fact="演示事实")
    del data["stars_2"]
    answer = client.post(place(done, "unit"), data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "演示事实" in page
    assert 'href="#stars_2-0"' in page
    answer = client.post(place(done, "unit"), data=sent(stars_1="1", fact="演示事实"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#words"' in page
    assert db.session.scalars(select(Review)).all() == []


def test_the_same_form_sent_twice_rates_once(session, sign_in):
    done = ended()
    client = sign_in(done.officers["unit"])
    assert client.post(place(done, "unit"), data=sent(once="x" * 20)).status_code == 302
    assert client.post(place(done, "unit"), data=sent(once="x" * 20)).status_code == 409
    assert len(db.session.scalars(select(Review)).all()) == 1


def test_somebody_elses_invitation_does_not_exist(session, sign_in):
    done = ended()
    stranger = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    assert stranger.get(place(done, "unit")).status_code == 404
    assert stranger.post(place(done, "unit"), data=sent()).status_code == 404


def test_the_bureau_reads_every_review_with_its_writer_once_open(session, sign_in):
    done = rated(stars=5)
    page = f"/engagements/{done.engagement.id}/reviews"
    told = sign_in(UserFactory(role=Role.LEADER)).get(page).get_data(as_text=True)
    for person in done.officers.values():
        assert person.name in told
    assert "演示理由" in told


def test_the_engagements_page_shows_the_rating(session, sign_in):
    done = ended()
    page = sign_in(done.officers["unit"]).get(f"/engagements/{done.engagement.id}")
    assert place(done, "unit") in page.get_data(as_text=True)


def test_a_list_of_rounds_costs_the_same_for_many(session, sign_in, statements):
    reader = sign_in(UserFactory(role=Role.LEADER))
    ended()
    reader.get("/reviews")
    with statements() as few:
        reader.get("/reviews")
    for _ in range(5):
        ended()
    with statements() as many:
        assert reader.get("/reviews").status_code == 200
    assert len(many) == len(few)
