"""The pages of appeals: the agency's, the decider's, the rater's."""

import pytest

from app.appeals import queries
from app.db import db
from app.policy import Role
from app.reviews.models import Review
from tests.factories import UserFactory
from tests.reviews.rounds import post, rated


@pytest.fixture
def done(session):
    return rated({"quality": 2, "efficiency": 4, "communication": 4, "satisfaction": 4})


@pytest.fixture
def head(done):
    home = done.engagement.agency.organisation
    return UserFactory(role=Role.AGENCY_ADMIN, organisation=home)


def test_reply_appeal_decision_and_a_second_look(done, head, sign_in):
    place = f"/engagements/{done.engagement.id}"
    agency = sign_in(head)
    assert f"{place}/appeal" in agency.get(f"{place}/reviews").get_data(as_text=True)
    assert agency.get(f"{place}/replies/new").status_code == 200
    assert post(agency, f"{place}/replies", {"words": ""}).status_code == 422
    assert post(agency, f"{place}/replies", {"words": "演示回复"}).status_code == 302
    assert agency.get(f"{place}/appeal").status_code == 200
    assert post(agency, f"{place}/appeal", {"grounds": ""}).status_code == 422
    told = {"grounds": "演示申诉", "quoted": ["0"]}
    assert post(agency, f"{place}/appeal", told).status_code == 302
    appeal = queries.appeal_of(done.round)
    page = agency.get(f"/appeals/{appeal.id}").get_data(as_text=True)
    assert "演示申诉" in page
    assert done.officers["unit"].name not in page

    leader = sign_in(UserFactory(role=Role.LEADER))
    page = leader.get(f"/appeals/{appeal.id}").get_data(as_text=True)
    assert "checked" not in page
    assert done.officers["unit"].name in page
    review = done.invitation("unit").review
    choices = {f"review_{each.id}": "stands" for each in queries.judged(appeal)}
    answer = post(leader, f"/appeals/{appeal.id}/decision", choices)
    assert answer.status_code == 422
    choices |= {f"review_{review.id}": "returned", "reason": "演示请再核"}
    assert post(leader, f"/appeals/{appeal.id}/decision", choices).status_code == 302

    rater = sign_in(done.officers["unit"])
    own = f"/reviews/{done.invitation('unit').id}"
    assert "演示请再核" in rater.get(own).get_data(as_text=True)
    form = rater.get(f"{own}/rewriting").get_data(as_text=True)
    assert "checked" not in form
    stars = dict.fromkeys(("stars_1", "stars_2", "stars_3", "stars_4"), "4")
    assert post(rater, f"{own}/rewriting", {}).status_code == 422
    assert post(rater, f"{own}/rewriting", stars).status_code == 302
    assert rater.get(f"{own}/rewriting").status_code == 409
    assert db.session.query(Review).filter_by(version=2).count() == 1
    assert leader.get(f"/appeals/{appeal.id}").status_code == 200
    assert "4.0" in leader.get(f"{place}/reviews").get_data(as_text=True)
    assert agency.get("/appeals").status_code == 200


def test_a_rater_reads_the_appeal_but_finds_no_form(done, head, sign_in):
    post(sign_in(head), f"/engagements/{done.engagement.id}/appeal", {"grounds": "演示"})
    appeal = queries.appeal_of(done.round)
    client = sign_in(done.officers["performance"])
    page = client.get(f"/appeals/{appeal.id}")
    assert page.status_code == 200
    assert "/decision" not in page.get_data(as_text=True)
    data = {f"review_{e.id}": "stands" for e in queries.judged(appeal)} | {"reason": "演示"}
    assert post(client, f"/appeals/{appeal.id}/decision", data).status_code == 403
    assert sign_in(done.officers["unit"]).get(f"/appeals/{appeal.id}").status_code == 404


def test_appeals_and_returned_reviews_stand_in_the_to_do_list(done, head, sign_in):
    leader, writer = UserFactory(role=Role.LEADER, locale="en"), done.officers["unit"]
    writer.locale = "en"
    db.session.commit()
    post(sign_in(head), f"/engagements/{done.engagement.id}/appeal", {"grounds": "演示"})
    appeal = queries.appeal_of(done.round)
    client = sign_in(leader)
    assert "Appeals against ratings" in client.get("/todos").get_data(as_text=True)
    data = {f"review_{each.id}": "stands" for each in queries.judged(appeal)}
    data |= {f"review_{done.invitation('unit').review.id}": "returned", "reason": "演示"}
    assert post(client, f"/appeals/{appeal.id}/decision", data).status_code == 302
    assert "Appeals against ratings" not in client.get("/todos").get_data(as_text=True)
    for page in ("/todos", "/reviews"):
        assert "Returned after an appeal" in sign_in(writer).get(page).get_data(as_text=True)
    other = sign_in(done.officers["section"]).get("/reviews").get_data(as_text=True)
    assert "申诉后退回" not in other


def test_a_list_of_appeals_costs_the_same_for_many(session, sign_in, statements):
    from app.appeals import services
    from app.db import transaction

    leader = sign_in(UserFactory(role=Role.LEADER))

    def appealed():
        one = rated(4)
        home = one.engagement.agency.organisation
        person = UserFactory(role=Role.AGENCY_ADMIN, organisation=home)
        with transaction():
            services.file_appeal(person, one.round, "演示", [], window=7, decision=10)

    appealed()
    leader.get("/appeals")
    with statements() as few:
        leader.get("/appeals")
    for _n in range(3):
        appealed()
    with statements() as many:
        assert leader.get("/appeals").status_code == 200
    assert len(many) == len(few)
