"""Posts with answers and history, agreements of agencies, cases that two people release."""

import re

import pytest

from app import clock
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.exchange import agreeing, cases, inspecting, queries, services
from app.exchange.models import Case, Consortium, Post, PostKind
from app.exchange.services import NewPost
from app.papers.models import VersionState
from app.policy import Permission, Role, can
from tests.factories import UserFactory
from tests.papers.filing import file_kept, file_paper

SCRIPT = "<script>alert(7)</script><b>粗</b><a href=javascript:alert(8)>好</a>"
WORDS = "这是一份演示底稿的文字，用来说明评价结论和依据，内容只供演示，没有任何真实的人和单位。" * 2


def post(author=None, kind=PostKind.TOPIC, **more):
    author = author or UserFactory(role=Role.UNIT_OFFICER)
    told = {"title": "演示话题", "body": "演示内容", **more}
    with transaction():
        return services.write_post(author, NewPost(kind, **told))


def answered(asked, author=None, body="演示回答"):
    with transaction():
        return services.answer_post(author or UserFactory(), asked, body)


def send(client, url, told, form_url):
    page = client.get(form_url).get_data(as_text=True)
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page)[1]
    return client.post(url, data={**told, "once": once})


def test_only_the_section_writes_notices_and_policies_and_heads_of_agencies_seek_cooperation(
    session,
):
    for role in Role:
        person = UserFactory(role=role)
        allowed = {kind for kind, asked in services.WRITES.items() if can(person, asked, None)}
        for kind in set(PostKind) - allowed:
            with pytest.raises(Forbidden):
                post(person, kind)
    with pytest.raises(Invalid):
        post(UserFactory(), PostKind.POLICY)
    made = post(
        UserFactory(), PostKind.POLICY, document_no="演示〔2026〕1号", in_force_on=clock.today()
    )
    assert made.document_no == "演示〔2026〕1号"


def test_the_author_accepts_one_answer_and_edits_with_history(session, audited):
    asked = post()
    first, second = answered(asked), answered(asked)
    for answer in (first, second):
        with transaction():
            services.accept_answer(asked.author, asked, answer)
    assert [each.accepted_at is not None for each in asked.answers] == [False, True]
    with pytest.raises(Forbidden), transaction():
        services.accept_answer(UserFactory(role=Role.UNIT_OFFICER), asked, first)
    with transaction():
        services.edit_post(asked.author, asked, services.NewWords("新题", "新内容"))
    assert [each.body for each in queries.editions_of(asked)] == ["演示内容"]
    with pytest.raises(Forbidden), transaction():
        services.edit_post(UserFactory(), asked, services.NewWords("别人", "别人"))
    assert audited().count("post.edited") == 1


def test_a_reported_post_is_hidden_with_its_reason_and_stays_in_the_database(session):
    asked, officer = post(), UserFactory()
    reader = UserFactory(role=Role.AGENCY_MEMBER)
    with transaction():
        services.report_post(reader, asked, "演示举报")
    with pytest.raises(Conflict), transaction():
        services.report_post(reader, asked, "再次")
    for role in set(Role) - {Role.PERFORMANCE_OFFICER}:
        with pytest.raises(Forbidden), transaction():
            services.hide_post(UserFactory(role=role), asked, "理由")
    with transaction():
        services.hide_post(officer, asked, "演示理由")
    assert not list(db.session.scalars(queries.open_reports()))
    for role in Role:
        person = UserFactory(role=role)
        seen = bool(db.session.scalars(queries.posts_visible_to(person)).all())
        assert seen == can(person, Permission.POST_READ, asked), role
    with transaction():
        services.show_post(officer, asked)
    assert asked.is_shown


def test_a_script_is_shown_as_text(sign_in):
    writer = UserFactory(role=Role.AGENCY_ADMIN)
    client = sign_in(writer)
    told = {"kind": "topic", "title": SCRIPT[:60], "body": SCRIPT}
    home = send(client, "/posts", told, "/posts/new").location
    assert send(client, f"{home}/answers", {"body": SCRIPT}, home).status_code == 302
    assert send(client, f"{home}/answers", {"body": ""}, home).status_code == 422
    assert client.post(f"{home}/edit", data={"title": "改", "body": SCRIPT}).status_code == 302
    page = client.get(home).get_data(as_text=True)
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "<a href=javascript" not in page  # nothing that is typed becomes a link
    assert "演示" not in client.get("/posts?q=没有的词").get_data(as_text=True).split("<main")[1]
    assert client.get("/posts?kind=topic&q=改").get_data(as_text=True).count(home) == 1


def test_the_section_settles_reports_on_the_page(sign_in):
    asked, answer_by = post(), UserFactory(role=Role.AGENCY_MEMBER)
    answer = answered(asked, answer_by)
    reader, desk = sign_in(UserFactory(role=Role.EXPERT)), sign_in(UserFactory())
    url = f"/posts/{asked.id}"
    assert reader.get(f"{url}/reports/new").status_code == 200
    offered = [
        f"{url}/reports/new" in sign_in(one).get(url).text for one in (answer_by, asked.author)
    ]
    assert offered == [True, False], "nobody reports what they wrote"
    assert reader.post(f"{url}/reports", data={"words": ""}).status_code == 422
    assert reader.post(f"{url}/reports", data={"words": "演示举报"}).status_code == 302
    assert url in desk.get("/posts?reported=1").get_data(as_text=True)
    assert desk.post(f"{url}/reports/settlement").status_code == 302
    assert desk.get(f"{url}/answers/{answer.id}/hiding").status_code == 200
    hidden = desk.post(f"{url}/answers/{answer.id}/hiding", data={"words": "演示理由"})
    assert hidden.status_code == 302
    assert "演示回答" not in reader.get(url).get_data(as_text=True)
    assert reader.get(f"{url}/hiding").status_code == 404


@pytest.fixture
def three(session):
    return [UserFactory(role=Role.AGENCY_ADMIN) for _n in range(3)]


def test_a_consortium_is_in_force_when_every_member_agreed(three):
    lead, second, outsider = three
    parts = {lead.organisation_id: "牵头", second.organisation_id: "现场核查"}
    with pytest.raises(Invalid), transaction():
        agreeing.propose_consortium(lead, "演示联合体", "演示", {lead.organisation_id: "牵头"})
    with transaction():
        made = agreeing.propose_consortium(lead, "演示联合体", "演示", parts)
    assert queries.consortia_in_force(lead.organisation_id) == []
    for stranger in (outsider, UserFactory(role=Role.LEADER)):
        with pytest.raises(Forbidden), transaction():
            agreeing.agree(stranger, made)
    with transaction():
        agreeing.agree(second, made)
    assert queries.consortia_in_force(lead.organisation_id) == [made]
    for person, sees in ((second, 1), (outsider, 0)):
        assert len(list(db.session.scalars(queries.consortia_visible_to(person)))) == sees
    with transaction():
        agreeing.end_consortium(second, made)
    assert queries.consortia_in_force(lead.organisation_id) == []
    with pytest.raises(Conflict), transaction():
        agreeing.end_consortium(lead, made)


def test_agencies_agree_in_the_browser(three, sign_in):
    lead, second, outsider = three
    told = {"name": "演示联合体", "words": "演示", "own_part": "牵头"}
    url, form = "/consortia", "/consortia/new"
    assert send(sign_in(lead), url, told, form).status_code == 422
    nobody = told | {"partners-1-part": "现场核查"}  # whoever is to do it was not named
    nobody |= {"partners-0-agency": str(second.organisation_id), "partners-0-part": "问卷"}
    assert send(sign_in(lead), url, nobody, form).status_code == 422
    told["partners-0-agency"] = str(second.organisation_id)
    assert send(sign_in(lead), url, told, form).status_code == 422  # without its part
    told |= {"partners-0-part": "现场核查", "partners-1-agency": told["partners-0-agency"]}
    assert send(sign_in(lead), url, told | {"partners-1-part": "又"}, form).status_code == 422
    told |= {"partners-1-agency": str(outsider.organisation_id), "partners-1-part": "问卷"}
    assert send(sign_in(lead), url, told, form).status_code == 302
    made = db.session.query(Consortium).one()
    assert {each.part for each in made.members} == {"牵头", "现场核查", "问卷"}
    assert (
        sign_in(UserFactory(role=Role.AGENCY_MEMBER))
        .post(f"/consortia/{made.id}/consent")
        .status_code
        == 404
    )
    assert f"/consortia/{made.id}/consent" in sign_in(second).get(url).get_data(as_text=True)
    assert sign_in(second).post(f"/consortia/{made.id}/consent").status_code == 302
    assert "协议对全体成员终止，不可恢复" in sign_in(second).get(url).get_data(as_text=True)
    assert sign_in(outsider).post(f"/consortia/{made.id}/consent").status_code == 302
    assert "已全部同意，联合体 演示联合体 生效" in sign_in(lead).get("/messages").text
    assert sign_in(second).post(f"/consortia/{made.id}/end").status_code == 302
    told = f"{second.organisation.name} 谢绝或终止了联合体 演示联合体"
    assert told in sign_in(lead).get("/messages").text, "the others hear of it"


def accepted(lead, engagement, words=WORDS):
    """An accepted paper."""
    paper = file_kept(lead, engagement, "B-07", "演示案例底稿", words.encode(), "底稿.txt")
    version = paper.versions[0]
    version.state = VersionState.APPROVED
    db.session.commit()
    return paper, version


def propose(officer, version, title="演示案例", summary="演示说明"):
    read = inspecting.words_of(version)
    with transaction():
        return cases.propose_case(officer, version, cases.NewCase(title, summary), read)


def release(person, made):
    read = inspecting.words_of(made.version)
    with transaction():
        cases.release_case(person, made, read)


def test_a_case_is_published_when_two_people_released_it(engagement, lead, officer):
    _paper, version = accepted(lead, engagement)
    made = propose(officer, version)
    release(officer, made)
    assert not made.is_published
    with pytest.raises(Forbidden):
        release(officer, made)
    outsider = UserFactory(role=Role.UNIT_OFFICER)
    assert not list(db.session.scalars(queries.cases_visible_to(outsider)))
    release(UserFactory(role=Role.LEADER), made)
    assert list(db.session.scalars(queries.cases_visible_to(outsider))) == [made]
    with transaction():
        cases.withdraw_case(officer, made, "演示理由")
    assert not list(db.session.scalars(queries.cases_visible_to(outsider)))


@pytest.mark.parametrize(
    "planted",
    [
        "身份证 990101199003070018",
        "电话138 0000 1234",
        "账号：330012345678",
        "一三八零零零零一二三四",
    ],
)
def test_a_planted_number_of_a_person_refuses_the_case(engagement, lead, officer, planted):
    _paper, version = accepted(lead, engagement, WORDS + planted)
    with pytest.raises(Invalid) as told:
        propose(officer, version)
    assert "990101199003070018" not in str(told.value)
    assert db.session.query(Case).count() == 0


def test_what_was_not_read_or_not_accepted_is_no_case(engagement, lead, officer):
    _paper, version = accepted(lead, engagement)
    with pytest.raises(Invalid):
        propose(officer, version, summary="联系人手机13800001234")
    version.state = VersionState.RETURNED
    db.session.commit()
    with pytest.raises(Conflict):
        propose(officer, version)
    unread = file_paper(lead, engagement, "B-08", "未读底稿", data=b"%PDF-1.4 b").versions[0]
    unread.state, unread.media_type = VersionState.APPROVED, "image/png"
    db.session.commit()
    with pytest.raises(Invalid):
        propose(officer, unread)
    with pytest.raises(Invalid), transaction():
        cases.propose_case(officer, unread, cases.NewCase("演示", "演示"), {})


def test_the_section_proposes_from_the_papers_page(engagement, lead, officer, sign_in):
    paper, _version = accepted(lead, engagement, WORDS + "990101199003070018")
    desk, url = sign_in(officer), f"/papers/{paper.id}/case"
    assert url in desk.get(f"/papers/{paper.id}").get_data(as_text=True)
    told = {"title": "演示案例", "summary": "演示"}
    assert "990****" not in send(desk, url, told, url).get_data(as_text=True)  # nobody looked
    reply = send(desk, url, told | {"looked": "y"}, url)
    assert reply.status_code == 422
    assert "990****" in reply.get_data(as_text=True)
    assert sign_in(lead).get(url).status_code == 403
    assert desk.get("/cases").status_code == 200


def test_two_people_release_on_the_page_after_looking(engagement, lead, officer, sign_in):
    paper, _version = accepted(lead, engagement)
    desk, url = sign_in(officer), f"/papers/{paper.id}/case"
    told = {"title": "演示案例", "summary": "演示", "looked": "y"}
    assert send(desk, url, told, url).status_code == 302
    home = f"/cases/{db.session.query(Case).one().id}"
    assert desk.post(f"{home}/release", data={}).status_code == 422
    assert desk.post(f"{home}/release", data={"looked": "y"}).status_code == 302
    assert desk.post(f"{home}/release", data={"looked": "y"}).status_code == 404
    leader = sign_in(UserFactory(role=Role.LEADER))
    assert leader.post(f"{home}/release", data={"looked": "y"}).status_code == 302
    assert sign_in(UserFactory(role=Role.UNIT_OFFICER)).get(home).status_code == 200


def test_the_list_of_posts_costs_the_same_for_many(sign_in, statements):
    client = sign_in(UserFactory())
    post()
    client.get("/posts")
    with statements() as few:
        client.get("/posts")
    for _n in range(4):
        answered(post())
    client.get("/posts")
    with statements() as many:
        client.get("/posts")
    assert len(many) == len(few)
    assert db.session.query(Post).count() == 5
