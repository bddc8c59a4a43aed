import pytest

from app.expert_reviews.models import ExpertReview
from app.policy import Role
from app.web import fresh_token
from tests.expert_reviews.meeting import called, concluded, experts, judge
from tests.factories import UserFactory
from tests.papers.filing import file_kept, pdf


@pytest.fixture
def people(session):
    return experts(2)


def text_of(reply):
    return reply.get_data(as_text=True)


def sheet(first="30", second="50", words="补充依据"):
    told = {"points-0": first, "points-1": second, "opinions-0-body": words}
    return {**told, "once": fresh_token()}


def test_from_the_call_to_the_last_answer(sign_in, session, officer, lead, engagement, people):
    paper = file_kept(lead, engagement, "H-02", "送审稿", pdf("report"), "送审稿.pdf")
    client, url = sign_in(officer), f"/engagements/{engagement.id}/expert-reviews"
    assert client.get(url).status_code == 200
    assert client.get(f"{url}/new").status_code == 200
    told = {
        "version": paper.versions[0].id,
        "held_on": "2026-09-01",
        "place": "三楼会议室",
        "experts": [one.id for one in people],
        "rule": "mean",
        "criteria": "结构 40\n依据 60",
    }
    bad = {**told, "criteria": "结构 40\n依据 50", "once": fresh_token()}
    assert client.post(url, data=bad).status_code == 422
    assert client.post(url, data={**told, "once": fresh_token()}).status_code == 302
    (review,) = session.query(ExpertReview).all()
    page = f"/expert-reviews/{review.id}"

    for person in people:
        expert = sign_in(person)
        assert engagement.name in text_of(expert.get("/expert-reviews"))
        assert expert.get(f"{page}/paper").data == pdf("report")
        assert expert.get(f"/papers/{paper.id}").status_code == 404
        assert expert.get(f"/engagements/{engagement.id}").status_code == 404
        assert expert.post(f"{page}/statement").status_code == 302
        more = text_of(expert.post(f"{page}/sheet", data={**sheet(), "add": "3"}))
        assert "opinions-5-body" in more
        assert expert.post(f"{page}/sheet", data=sheet(first="41")).status_code == 422
        assert expert.post(f"{page}/sheet", data=sheet(first="")).status_code == 422
        assert expert.post(f"{page}/sheet", data=sheet(words=f"{person.name}的意见")).location
        for other in people:
            assert f"{other.name}的意见" not in text_of(expert.get(page))

    assert client.post(f"{page}/conclusion", data={"minutes": ""}).status_code == 422
    assert client.post(f"{page}/conclusion", data={"minutes": "通过"}).status_code == 302
    agency = sign_in(lead)
    shown = text_of(agency.get(page))
    assert people[0].name not in shown.replace(f"{people[0].name}的意见", "")
    answer = f"/expert-opinions/{review.opinions[0].id}/answer"
    assert agency.get(answer).status_code == 200
    assert agency.post(answer, data={"answer": ""}).status_code == 422
    assert agency.post(answer, data={"answer": "已补充"}).status_code == 302
    assert "已补充" in text_of(sign_in(people[1]).get(page))


def test_strangers_and_other_experts_meet_nothing(sign_in, officer, lead, engagement, people):
    review = called(officer, lead, engagement, people)
    for person in people:
        judge(person, review)
    concluded(officer, review)
    for role in (Role.EXPERT, Role.UNIT_OFFICER, Role.LEAD_EVALUATOR):
        client = sign_in(UserFactory(role=role))
        for url in ("", "/paper"):
            assert client.get(f"/expert-reviews/{review.id}{url}").status_code == 404
        assert client.get(f"/expert-opinions/{review.opinions[0].id}/answer").status_code == 404
    assert sign_in(lead).post(f"/expert-reviews/{review.id}/sheet").status_code == 403
