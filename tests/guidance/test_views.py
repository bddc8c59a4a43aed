"""The thread beside a paper, and the list of opinions."""

import pytest
from sqlalchemy import select

from app.guidance.models import GuidanceNote
from app.policy import Role
from app.web import fresh_token
from tests.factories import UserFactory
from tests.guidance.test_services import MUST, issue
from tests.papers.filing import add_version

WORDS = {"body": "超范围列支未见凭证", "kind": "must_resolve", "place": "第 3 页", "version": "1"}


def test_opinion_is_issued_answered_and_settled_from_the_page(
    sign_in, paper, officer, lead, session
):
    bureau, agency = sign_in(officer), sign_in(lead)
    sent = {**WORDS, "once": fresh_token()}
    assert bureau.post(f"/papers/{paper.id}/notes", data=sent).status_code == 302
    note = session.scalars(select(GuidanceNote)).one()
    text = agency.get(f"/papers/{paper.id}").get_data(as_text=True)
    for words in (WORDS["body"], WORDS["place"], f"/notes/{note.id}/replies"):
        assert words in text
    assert 'href="#notes">待答复意见 1 条' in text, "on a phone the opinions stand far below"
    assert "待答复意见 1 条" in waiting(agency, paper)
    assert f"审核 {paper.index_no}" in waiting(bureau, paper)
    answer = {"body": "已补凭证", "once": fresh_token()}
    assert agency.post(f"/notes/{note.id}/replies", data=answer).status_code == 302
    text = bureau.get(f"/papers/{paper.id}").get_data(as_text=True)
    assert "已补凭证" in text
    assert "审核通过前须先办结的意见：#1" in text
    assert "/versions/1/approval" not in text, "told before it is pressed, not after"
    assert "待答复意见" not in waiting(agency, paper)
    assert "待办结意见 1 条" in waiting(bureau, paper)
    assert bureau.post(f"/notes/{note.id}/settlement").status_code == 302
    assert "/versions/1/approval" in bureau.get(f"/papers/{paper.id}").get_data(as_text=True)
    assert bureau.post(f"/notes/{note.id}/settlement").status_code == 409


def waiting(client, paper):
    """What the page of the engagement names as the reader's own next things."""
    page = client.get(f"/engagements/{paper.engagement_id}").get_data(as_text=True)
    return page.partition('class="next-things"')[2].partition("</nav>")[0]


@pytest.mark.parametrize(
    "wrong", [{"body": ""}, {"kind": ""}, {"kind": "loud"}, {"kind": "score", "reason": ""}]
)
def test_a_wrong_form_keeps_what_was_typed(sign_in, paper, officer, session, wrong):
    reply = sign_in(officer).post(f"/papers/{paper.id}/notes", data={**WORDS, **wrong})
    assert reply.status_code == 422
    assert WORDS["place"] in reply.get_data(as_text=True)
    assert session.scalars(select(GuidanceNote)).all() == []


def test_an_opinion_on_what_is_no_longer_new_keeps_its_words(sign_in, paper, officer, lead):
    add_version(lead, paper, b"%PDF-1.4 b")
    reply = sign_in(officer).post(f"/papers/{paper.id}/notes", data=WORDS)
    assert reply.status_code == 422
    assert WORDS["body"] in reply.get_data(as_text=True)


def test_the_same_form_twice_is_one_opinion(sign_in, paper, officer, session):
    client, form = sign_in(officer), {**WORDS, "once": fresh_token()}
    assert client.post(f"/papers/{paper.id}/notes", data=form).status_code == 302
    assert client.post(f"/papers/{paper.id}/notes", data=form).status_code == 422
    assert len(session.scalars(select(GuidanceNote)).all()) == 1


def test_the_same_answer_twice_is_one_answer(sign_in, paper, officer, lead):
    note, client = issue(officer, paper), sign_in(lead)
    form = {"body": "已补凭证", "once": fresh_token()}
    assert client.post(f"/notes/{note.id}/replies", data=form).status_code == 302
    assert client.post(f"/notes/{note.id}/replies", data=form).status_code == 422
    assert len(note.replies) == 1


def test_an_empty_answer_shows_the_page_again(sign_in, paper, officer, lead):
    note = issue(officer, paper)
    assert sign_in(lead).post(f"/notes/{note.id}/replies", data={"body": ""}).status_code == 422


def test_who_may_not_is_refused_and_who_may_not_see_finds_nothing(sign_in, paper, officer, lead):
    note = issue(officer, paper)
    assert sign_in(lead).post(f"/papers/{paper.id}/notes", data=WORDS).status_code == 403
    assert sign_in(lead).post(f"/notes/{note.id}/settlement").status_code == 403
    assert sign_in(officer).post(f"/notes/{note.id}/replies", data={"body": "a"}).status_code == 403
    stranger = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    assert stranger.post(f"/papers/{paper.id}/notes", data=WORDS).status_code == 404
    for path in ("replies", "settlement"):
        assert stranger.post(f"/notes/{note.id}/{path}").status_code == 404


@pytest.mark.parametrize("chosen", ["", "unsettled", "unanswered", "score", "nonsense"])
def test_list_of_opinions_is_filtered(sign_in, paper, officer, chosen):
    issue(officer, paper, MUST)
    client = sign_in(UserFactory(role=Role.LEADER))
    text = client.get(f"/notes?filter={chosen}").get_data(as_text=True)
    assert (MUST.body in text) == (chosen != "score")


def test_list_shows_nothing_of_others(sign_in, paper, officer):
    issue(officer, paper)
    client = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    assert MUST.body not in client.get("/notes").get_data(as_text=True)


def test_guidance_and_papers_stand_on_the_page_of_the_engagement(app, paper, officer):
    from app import engagements

    with app.test_request_context():
        told = [panel(paper.engagement, officer) for panel in engagements.panels]
    templates = {one[0] for one in told if one}
    assert {"papers/panel.html", "guidance/engagement_panel.html"} <= templates


def test_engagement_page_shows_both_panels(sign_in, paper, officer):
    issue(officer, paper)
    page = sign_in(officer).get(f"/engagements/{paper.engagement_id}")
    assert page.status_code == 200
    assert MUST.body in page.get_data(as_text=True)
