"""The pages of papers: each happy way, one form error, one refusal."""

import pytest

from app.db import transaction
from app.guidance.models import NoteKind
from app.guidance.services import NewNote, issue_note, reply_to_note
from app.papers import services
from app.policy import Role
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import add_version, crew_of, file_paper, hand_in


@pytest.fixture
def paper(engagement, lead):
    return file_paper(lead, engagement, "G-B21", "资金使用合规性评分底稿")


def test_paper_page_shows_versions_neighbours_and_what_happened(
    sign_in, engagement, lead, officer, paper
):
    add_version(lead, paper, b"%PDF-1.4 b")
    file_paper(lead, engagement, "B-02", "指标体系及评分标准")
    page = sign_in(officer).get(f"/papers/{paper.id}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    for words in ("G-B21", "指标体系及评分标准", "B-02", paper.versions[0].sha256[:8], "底稿.pdf"):
        assert words in text, words


def test_pages_of_the_engagement_answer(sign_in, engagement, lead, officer, paper):
    for person in (lead, officer):
        client = sign_in(person)
        for url in ("/papers", f"/engagements/{engagement.id}/papers", "/papers?state=submitted",
                    "/papers?words=G-B21", f"/engagements/{engagement.id}/report",
                    f"/papers/{paper.id}/versions/1"):  # fmt: skip
            reply = client.get(url)
            assert reply.status_code == 200, url


def test_listing_names_what_the_stages_still_ask_for(sign_in, engagement, lead):
    asked = [one for stage in engagement.stages for one in stage.required_papers]
    text = sign_in(lead).get(f"/engagements/{engagement.id}/papers").get_data(as_text=True)
    for one in asked:
        assert f"《{one['title']}》" in text


@pytest.mark.parametrize("path", ["", "/versions/1", "/versions/1/file", "/versions/new"])
def test_papers_of_another_agency_are_not_there(sign_in, paper, path):
    stranger = UserFactory(role=Role.AGENCY_ADMIN)
    assert sign_in(stranger).get(f"/papers/{paper.id}{path}").status_code == 404


def test_papers_of_another_engagement_are_not_there(sign_in, engagement, paper):
    other = crew_of(make_engagement())[0]
    client = sign_in(other)
    for url in ("papers", "papers/new", "report"):
        assert client.get(f"/engagements/{engagement.id}/{url}").status_code == 404
    for url in ("papers", "papers/uploads", "report"):
        assert client.post(f"/engagements/{engagement.id}/{url}").status_code == 404


def test_a_version_that_is_not_there(sign_in, officer, paper):
    assert sign_in(officer).get(f"/papers/{paper.id}/versions/9").status_code == 404


def test_the_section_reads_and_approves(sign_in, officer, paper):
    client = sign_in(officer)
    assert client.post(f"/papers/{paper.id}/versions/1/reading").status_code == 302
    assert paper.state == "read"
    assert client.post(f"/papers/{paper.id}/versions/1/approval").status_code == 302
    assert paper.state == "approved"
    again = client.post(f"/papers/{paper.id}/versions/1/approval")
    assert again.status_code == 409


def test_a_decision_on_an_old_version_is_stale(sign_in, officer, lead, paper):
    add_version(lead, paper, b"%PDF-1.4 b")
    reply = sign_in(officer).post(f"/papers/{paper.id}/versions/1/reading")
    assert reply.status_code == 409
    assert paper.state == "submitted"


def test_returning_keeps_what_was_typed_and_says_what_is_missing(sign_in, officer, paper):
    client, url = sign_in(officer), f"/papers/{paper.id}/versions/1/return"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"words": ""}).status_code == 422
    assert client.post(url, data={"words": "补充凭证"}).status_code == 302
    assert paper.state == "returned"
    assert "补充凭证" in client.get(f"/papers/{paper.id}").get_data(as_text=True)
    again = client.post(url, data={"words": "再补充"})
    assert again.status_code == 422
    assert "再补充" in again.get_data(as_text=True)


def test_the_agency_does_not_decide(sign_in, lead, paper):
    client = sign_in(lead)
    for path in ("reading", "approval", "return"):
        assert client.post(f"/papers/{paper.id}/versions/1/{path}").status_code == 403


def test_withdrawal_asks_for_a_reason(sign_in, lead, member, paper):
    client, url = sign_in(lead), f"/papers/{paper.id}/withdrawal"
    assert sign_in(member).get(url).status_code == 403
    assert client.get(url).status_code == 200
    assert client.post(url, data={"words": ""}).status_code == 422
    assert client.post(url, data={"words": "重复"}).status_code == 302
    assert paper.withdrawn_at is not None
    assert "重复" in client.get(f"/papers/{paper.id}").get_data(as_text=True)


def test_downloads_are_shown_on_the_passport_to_overseers_only(sign_in, officer, lead, paper):
    with transaction():
        services.record_download(officer, paper.versions[0])
    url = f"/papers/{paper.id}/versions/1"
    assert officer.name in sign_in(officer).get(url).get_data(as_text=True)
    for page in (url, f"/papers/{paper.id}"):
        assert officer.name not in sign_in(lead).get(page).get_data(as_text=True)


def test_pages_take_the_same_statements_however_much_there_is(
    sign_in, engagement, lead, officer, paper, session, statements
):
    second = make_engagement()
    other = crew_of(second)[0]
    full = file_paper(other, second, "G-B22", "另一底稿")
    for n in range(4):
        version = add_version(other, full, b"%%PDF-1.4 %d" % n)
        file_paper(other, second, f"C-{n + 1}", f"资料{n}")
        with transaction():
            note = issue_note(officer, version, NewNote(NoteKind.SUGGESTION, "改"))
        with transaction():
            reply_to_note(other, note, "已改")
    client, few, many = sign_in(officer), (paper.id, engagement.id), (full.id, second.id)

    def count(url):
        session.expunge_all()
        with statements() as sent:
            assert client.get(url).status_code == 200
        return len(sent)

    client.get("/papers")
    small, large = count(f"/papers/{few[0]}"), count(f"/papers/{many[0]}")
    assert large - small <= 1, "answers are read only where there are opinions"
    assert small <= 24
    assert count(f"/engagements/{few[1]}/papers") == count(f"/engagements/{many[1]}/papers")
    assert count("/papers") <= 6
    assert count("/notes") <= 8


def test_the_report_page_tells_of_a_locked_report(sign_in, engagement, lead):
    hand_in(lead, engagement)
    text = sign_in(lead).get(f"/engagements/{engagement.id}/report").get_data(as_text=True)
    assert engagement.lead_evaluator.name in text
    assert "<form" not in text.split("<main")[1]


def test_who_approves_a_stage_is_told_of_its_undecided_papers(sign_in, engagement, lead, officer):
    stage = engagement.current_stage
    at = f"/engagements/{engagement.id}"
    for n, asked in enumerate(stage.required_papers, 51):
        title, number = asked["title"], f"{asked['class']}-{n}"
        last = file_paper(lead, engagement, number, title)
    file_paper(lead, engagement, "B-60", "下一阶段的方案", stage=engagement.stages[1])
    agency, bureau = sign_in(lead), sign_in(officer)
    assert agency.post(f"{at}/stages/{stage.id}/submission").status_code == 302
    asked = len(stage.required_papers)
    assert f"本阶段尚有 {asked} 份底稿未审核" in bureau.get(at).text
    assert "份底稿未审核" not in agency.get(at).text
    bureau.post(f"/papers/{last.id}/versions/1/approval")
    assert f"本阶段尚有 {asked - 1} 份底稿未审核" in bureau.get(at).text
    assert bureau.post(f"{at}/stages/{stage.id}/approval").status_code == 302
    assert "份底稿未审核" not in bureau.get(at).text
