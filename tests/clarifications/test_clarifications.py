"""What one agency asks all are told, and nobody learns who asked; a change moves the end."""

from datetime import timedelta

import pytest

from app import clock
from app.clarifications import services
from app.clarifications.models import Change, Question
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.procurement import times
from app.procurement.methods import Method
from tests.procurement import placing, sealed
from tests.procurement.placing import WAN, after, bidder, planned


@pytest.fixture
def officer(session):
    return placing.bureau()


@pytest.fixture
def need(officer):
    need = planned(officer, Method.BIDDING)
    sealed.keyed(officer, need)
    return need


def text_of(reply):
    return reply.get_data(as_text=True)


def test_a_question_is_answered_to_all_and_names_nobody(sign_in, session, officer, need, audited):
    head, lead = bidder()
    url = f"/procurement/{need.id}"
    assert sign_in(head).get(f"{url}/questions").status_code in (403, 404)  # not announced
    sealed.announced(officer, need)
    asker, other = sign_in(head), sign_in(bidder()[0])
    assert asker.get(f"{url}/questions").status_code == 200
    assert asker.post(f"{url}/questions", data={"words": " "}).status_code == 422
    words = "现场核查的点位数量是多少？"
    sent = {"words": words, "once": sealed.token_in(text_of(asker.get(f"{url}/questions")))}
    assert asker.post(f"{url}/questions", data=sent).status_code == 302
    assert asker.post(f"{url}/questions", data=sent).status_code == 422
    assert words in text_of(asker.get(url))
    assert words not in text_of(other.get(url))  # before the answer it may tell who asked
    (question,) = session.query(Question).all()
    page = f"/need-questions/{question.id}/answer"
    assert asker.get(page).status_code == 403
    client = sign_in(officer)
    assert page in text_of(client.get(url))
    assert client.get(page).status_code == 200
    assert client.post(page, data={"words": "不少于十二个点位"}).status_code == 302
    assert client.post(page, data={"words": "再答"}).status_code == 422
    shown = text_of(sign_in(bidder()[0]).get(url))
    assert words in shown
    assert "不少于十二个点位" in shown
    assert lead.agency.name not in shown
    assert head.name not in shown
    assert {"need_question.asked", "need_question.answered"} <= set(audited())
    assert client.get(f"{url}/notice-changes").status_code == 200
    changed = {"words": "核查点位由十二个增至十五个"}
    assert client.post(f"{url}/notice-changes", data=changed).status_code == 302
    assert changed["words"] in text_of(sign_in(head).get(url))
    told = text_of(client.get(url))
    assert "+00:00" not in told  # the time line speaks of moments as people here read them
    assert "报名机构" in told
    assert "报名机构" not in text_of(sign_in(head).get(url))  # how many came is not told to bidders


def test_a_change_leaves_five_days_and_a_bid_may_follow_it(officer, need, session):
    sealed.announced(officer, need, days=3)
    lot, before = need.lots[0], need.offers_until
    pair, bid = sealed.bid(lot, 8 * WAN)
    first = bid.sha256
    with transaction():
        services.change_notice(officer, need, "核查点位增至十五个")
    assert need.offers_until - clock.now() > timedelta(days=4, hours=23)
    assert need.offers_until > before
    with after(4):  # past the old end, before the new one
        envelope, _box = sealed.sealed(lot, 7 * WAN)
        assert sealed.handed_in(bid.offer, pair[0], envelope).sha256 != first
    far = need.offers_until + timedelta(days=30)
    need.offers_until = far
    session.commit()
    with transaction():
        change = services.change_notice(officer, need, "附件更正")
    assert change.until_after == far == need.offers_until
    assert [one.number for one in session.query(Change).order_by(Change.id)] == [1, 2]


def test_nothing_is_asked_answered_or_changed_after_the_end(officer, need, monkeypatch):
    sealed.announced(officer, need)
    head, _lead = bidder()
    with transaction():
        question = services.ask(head, need, "演示问题")
    until = need.offers_until
    acts = (
        lambda: services.ask(head, need, "迟到的问题"),
        lambda: services.answer(officer, question, "迟到的答复"),
        lambda: services.change_notice(officer, need, "迟到的更正"),
    )
    monkeypatch.setattr(times, "database_now", lambda: until)
    for act in acts:
        with pytest.raises(Conflict), transaction():
            act()
    monkeypatch.undo()
    for act in acts:
        with after(4), pytest.raises(Conflict), transaction():
            act()
    with pytest.raises(Forbidden), transaction():
        services.answer(head, question, "演示")
    with pytest.raises(Invalid), transaction():
        services.change_notice(officer, need, " ")
    monkeypatch.setattr(services, "MOST_QUESTIONS", 1)
    with pytest.raises(Conflict), transaction():
        services.ask(head, need, "又一个问题")
