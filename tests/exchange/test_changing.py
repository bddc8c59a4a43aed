"""Policies keep their number, files and the end of their force; answers are changed with history."""

import io
from datetime import timedelta

from app import clock
from app.db import db
from app.exchange import queries
from app.exchange.models import PostAnswer, PostKind
from app.notifications.models import Message
from app.notifications.queries import holders_of
from app.policy import Role
from tests.exchange.test_exchange import answered, post, send
from tests.factories import UserFactory
from tests.training.test_views import PDF

NUMBER = "演示财绩〔2026〕9号"


def policy(**more):
    told = {"title": "演示办法", "document_no": NUMBER, "in_force_on": clock.today(), **more}
    return post(UserFactory(), PostKind.POLICY, **told)


def test_another_officer_mends_a_policy_and_ends_it(sign_in):
    made, today = policy(), clock.today()
    desk, url = sign_in(UserFactory()), f"/posts/{made.id}"
    told = {"title": "演示办法（修订）", "body": "演示正文", "document_no": "演示财绩〔2026〕10号"}
    told |= {"in_force_on": str(today - timedelta(days=9)), "ended_on": str(today)}
    for wrong in ({"document_no": ""}, {"in_force_on": ""}, {"ended_on": "2001-01-01"}):
        assert desk.post(f"{url}/edit", data=told | wrong).status_code == 422
    assert made.document_no == NUMBER
    for _sent_twice in range(2):
        assert desk.post(f"{url}/edit", data=told).status_code == 302
    assert len(queries.editions_of(made)) == 1
    reader = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    page = reader.get(url).get_data(as_text=True)
    assert all(words in page for words in (NUMBER, "演示财绩〔2026〕10号"))
    assert made.is_ended
    assert desk.post(f"{url}/edit", data=told | {"ended_on": ""}).status_code == 302
    assert not made.is_ended
    assert queries.editions_of(made)[0].ended_on == today, "that it had ended stays readable"
    assert reader.get(f"{url}/edit").status_code == 404
    topic = post()
    assert desk.get(f"/posts/{topic.id}/edit").status_code == 404
    ahead = policy(in_force_on=today + timedelta(days=3))
    assert ahead.is_ahead
    assert reader.get("/posts?kind=policy").status_code == 200


def test_the_section_adds_the_issued_text_and_everybody_takes_it_away(sign_in, audited):
    made, topic = policy(), post()
    url, form = f"/posts/{made.id}/files", f"/posts/{made.id}/files/new"
    desk, reader = sign_in(UserFactory()), sign_in(UserFactory(role=Role.AGENCY_MEMBER))
    told = {"unclassified": "y"}
    assert send(desk, url, told, form).status_code == 422
    told["file"] = (io.BytesIO(b"MZ program"), "办法.pdf")
    assert send(desk, url, told, form).status_code == 422
    told["file"] = (io.BytesIO(PDF), "办法.pdf")
    assert send(desk, url, told, form).status_code == 302
    assert reader.get(f"{url}/{made.files[0].id}").data == PDF
    assert reader.get(f"{url}/99").status_code == 404
    assert reader.get(form).status_code == 404
    assert sign_in(topic.author).get(f"/posts/{topic.id}/files/new").status_code == 403
    own = post(UserFactory())
    assert sign_in(own.author).get(f"/posts/{own.id}/files/new").status_code == 404
    assert audited().count("post.file_added") == 1


def test_an_answer_is_changed_with_history_hidden_and_shown_again(sign_in):
    writer, asked = UserFactory(role=Role.AGENCY_MEMBER), post()
    answer = answered(asked, writer)
    own, url = sign_in(writer), f"/posts/{asked.id}/answers/{answer.id}"
    assert own.get(f"{url}/edit").status_code == 200
    for refused in ("", "证件990101199003070018"):
        assert own.post(f"{url}/edit", data={"body": refused}).status_code == 422
    assert own.post(f"{url}/edit", data={"body": "改过的回答"}).status_code == 302
    page = own.get(f"/posts/{asked.id}").get_data(as_text=True)
    assert all(words in page for words in ("演示回答", "改过的回答"))
    assert sign_in(asked.author).get(f"{url}/edit").status_code == 403
    desk = sign_in(UserFactory())
    assert desk.get(f"{url}/edit").status_code == 403
    assert desk.post(f"{url}/hiding", data={"words": "与话题无关"}).status_code == 302
    assert own.post(f"{url}/edit", data={"body": "再改"}).status_code == 403
    told = db.session.query(Message).filter_by(user_id=writer.id).one()
    assert told.facts["words"] == "与话题无关"
    assert sign_in(asked.author).post(f"{url}/showing").status_code == 404
    assert desk.post(f"{url}/showing").status_code == 302
    assert desk.post(f"{url}/showing").status_code == 409
    assert db.session.get(PostAnswer, answer.id).is_shown


def test_no_post_holds_an_identity_number(sign_in):
    client = sign_in(UserFactory(role=Role.AGENCY_ADMIN))
    told = {"kind": "topic", "title": "演示", "body": "证件９９０１０１１９９００３０７００１８"}
    reply = send(client, "/posts", told, "/posts/new")
    assert reply.status_code == 422
    assert "990***" in reply.get_data(as_text=True)
    told["body"] = "联系电话13800001234"
    home = send(client, "/posts", told, "/posts/new").location
    assert send(client, f"{home}/answers", {"body": "账号：330012345678"}, home).status_code == 422


def test_who_wrote_what_is_hidden_is_told_why_and_the_section_of_reports(sign_in):
    asked, officer = post(), UserFactory()
    reader = sign_in(UserFactory(role=Role.EXPERT))
    assert reader.post(f"/posts/{asked.id}/reports", data={"words": "演示"}).status_code == 302
    assert officer.id in holders_of(Role.PERFORMANCE_OFFICER)
    desk = sign_in(officer)
    assert desk.post(f"/posts/{asked.id}/hiding", data={"words": "演示理由"}).status_code == 302
    kinds = [(each.user_id, each.kind) for each in db.session.query(Message)]
    assert (officer.id, "post_reported") in kinds
    assert (asked.author_id, "post_hidden") in kinds
