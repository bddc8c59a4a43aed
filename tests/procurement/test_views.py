import json
from datetime import timedelta

import pytest

from app import clock, drawing
from app.db import db, transaction
from app.engagements.models import Engagement
from app.policy import AGENCY_ROLES, Role
from app.procurement import awarding, objecting
from app.procurement.models import Award, Draw, Need
from app.web import SentForm, fresh_token
from tests.factories import EvaluatorFactory, OrganisationFactory, UserFactory
from tests.procurement import placing, sealed
from tests.procurement.placing import after, bidder, planned, section


@pytest.fixture
def officer(session):
    return placing.bureau()


def unseen_forms(get):
    return lambda model, *key, **more: None if model is SentForm else get(model, *key, **more)


def text_of(reply):
    return reply.get_data(as_text=True)


def typed(moment):
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def need_form(officer, **changes):
    template = placing.template_in_force("fiscal_evaluation")
    told = {
        "name": "演示专项绩效评价",
        "template": template.id,
        "client": officer.organisation_id,
        "issued_by": "agency",
        "method": "draw",
        "reason": "",
        "lots-0-name": "演示一包",
        "lots-0-budget": "80000",
        "lots-0-days": "60",
        "lots-0-project": "演示资金",
        "lots-0-funds": "5000000",
        "lots-0-unit": OrganisationFactory().id,
        "lots-0-section": section().id,
        "once": fresh_token(),
    }
    return {**told, **changes}


def test_from_the_need_by_a_draw_to_the_engagement(sign_in, session, officer, audited, monkeypatch):
    client = sign_in(officer)
    assert client.get("/procurement/new").status_code == 200
    bad = need_form(officer, qualification="须为本地企业")
    refused = client.post("/procurement", data=bad)
    assert refused.status_code == 422
    assert "本地企业" in text_of(refused)
    assert client.post("/procurement", data=need_form(officer, add="5")).status_code == 200
    assert client.post("/procurement", data=need_form(officer)).status_code == 302
    (need,) = session.query(Need).all()
    url, lot_url = f"/procurement/{need.id}", f"/procurement-lots/{need.lots[0].id}"
    until = {"until": typed(clock.now() + timedelta(days=2))}
    assert client.get(f"{url}/announcement").status_code == 200
    assert client.post(f"{url}/announcement", data={"until": "0001-01-01T00:00"}).status_code == 422
    assert client.post(f"{url}/announcement", data=until).status_code == 302

    bidders = [bidder() for _n in range(3)]
    for head, lead in bidders:
        agency = sign_in(head)
        assert need.name in text_of(agency.get("/procurement"))
        assert agency.get(f"{lot_url}/offer").status_code == 200
        told = {"evaluator": lead.id, "people-0-name": "演示组员", "states": "y"}
        assert agency.post(f"{lot_url}/offer", data={**told, "grounds": "kin"}).status_code == 422
        told["once"] = fresh_token()
        assert agency.post(f"{lot_url}/offer", data=told).status_code == 302
        assert agency.post(f"{lot_url}/offer", data=told).status_code == 422  # the same click
        with monkeypatch.context() as patch:  # at the same moment: only the database sees it
            patch.setattr(db.session, "get", unseen_forms(db.session.get))
            assert agency.post(f"{lot_url}/offer", data=told).status_code == 422
        assert audited()[-1] == "offer.made"
        del told["once"]
        assert agency.post(f"{lot_url}/offer", data=told).status_code == 422  # once, and on record
        assert audited()[-1] == "offer_refused.noted"
        shown = text_of(agency.get(lot_url))
        assert lead.name in shown
        others = {other.name for _head, other in bidders} - {lead.name}
        assert not any(f">{name}<" in shown for name in others)

    with after(3):
        client = sign_in(officer)
        beacon = {"name": "演示彩票第1期", "known_from": typed(clock.now() + timedelta(days=1))}
        slip = sealed.slip_in(text_of(client.get(f"{lot_url}/draw")))
        told = {**beacon, "weights": "equal", "slip": slip}
        first = sealed.slip_shown(client.post(f"{lot_url}/draw", data=told))
        secret = sealed.slip_shown(client.post(f"{lot_url}/draw", data=told))  # sent twice
        assert slip == first == secret
        assert client.post(f"{lot_url}/draw", data={**told, "slip": ""}).status_code == 422
        (draw,) = session.query(Draw).all()
        draw_url = f"/draws/{draw.id}"
        assert secret not in text_of(client.get(draw_url))
        assert client.get(f"{draw_url}/draw.json").status_code == 404
        agency = sign_in(bidders[0][0])
        assert agency.get(f"{draw_url}/number").status_code == 200
        assert agency.post(f"{draw_url}/number", data={"words": "演示数"}).status_code == 302
    with after(5):
        client = sign_in(officer)
        told = {"value": "01 02 03", "source": "演示公告", "secret": secret}
        assert client.get(f"{draw_url}/result").status_code == 200
        assert client.post(f"{draw_url}/result", data={**told, "secret": "x"}).status_code == 422
        assert client.post(f"{draw_url}/result", data=told).status_code == 302
        record = json.loads(text_of(sign_in(bidders[1][0]).get(f"{draw_url}/draw.json")))
        assert drawing.wrong_in(record) == []
        assert "draw.json" in text_of(client.get(draw_url))
        reply = client.post(f"{lot_url}/drawn-award")
        assert reply.status_code == 302
        (award,) = session.query(Award).all()
        page = text_of(client.get(reply.location))
        assert award.agency.name in page
    signing(sign_in, officer, session, award)


def signing(sign_in, officer, session, award):
    """From the award to the contract, the engagement and what is owed after it."""
    url = f"/awards/{award.id}"
    with placing.first_day(award):
        client = sign_in(officer)
        assert client.get(f"{url}/contract").status_code == 200
        day = clock.today()
        told = {"number": "HT-1", "signed_on": day, "starts_on": day, "ends_on": day}
        assert client.post(f"{url}/contract", data={**told, "number": ""}).status_code == 422
        assert client.post(f"{url}/contract", data=told).status_code == 302
        (engagement,) = session.query(Engagement).filter_by(agency_id=award.agency_id).all()
        assert engagement.code in text_of(client.get(url))
        assert client.post(f"{url}/duty", data={"duty": "filed_on", "day": day}).status_code == 302
        assert client.get(f"{url}/duty").status_code == 200


def test_a_direct_choice_reaches_the_engagement(sign_in, session, officer):
    client, lead = sign_in(officer), EvaluatorFactory()
    told = need_form(officer, method="direct", reason="延续性审计要求")
    assert client.post("/procurement", data={**told, "reason": ""}).status_code == 422
    assert client.post("/procurement", data={**told, "once": fresh_token()}).status_code == 302
    (need,) = session.query(Need).all()
    url = f"/procurement-lots/{need.lots[0].id}"
    assert client.get(f"{url}/award").status_code == 200
    choice = {"evaluator": lead.id, "price": "79000", "reason": "唯一熟悉该资金"}
    assert client.post(f"{url}/award", data={**choice, "price": "80001"}).status_code == 422
    assert client.post(f"{url}/award", data=choice).status_code == 302
    (award,) = session.query(Award).all()
    signing(sign_in, officer, session, award)


def test_a_result_of_the_province_reaches_the_engagement(sign_in, session, officer):
    client, lead = sign_in(officer), EvaluatorFactory()
    told = need_form(officer, method="consultation", plan_no="临[2026]100号")
    told |= {"lots-0-budget": "600000", "notice_url": "https://platform.example.invalid/n/1"}
    bad = {**told, "notice_url": "javascript:alert(1)"}
    assert client.post("/procurement", data=bad).status_code == 422
    assert client.post("/procurement", data=told).status_code == 302
    (need,) = session.query(Need).all()
    url = f"/procurement-lots/{need.lots[0].id}"
    choice = {"evaluator": lead.id, "price": "560000", "plan_no": "临[2026]101号"}
    assert client.post(f"{url}/award", data=choice).status_code == 422
    choice["result_url"] = "https://platform.example.invalid/r/1"
    assert client.post(f"{url}/award", data=choice).status_code == 302
    (award,) = session.query(Award).all()
    assert need.plan_no == "临[2026]101号"
    signing(sign_in, officer, session, award)


def test_an_objection_is_told_answered_and_seen_by_its_agency_alone(sign_in, session, officer):
    lot = planned(officer, placing.Method.CONSULTATION, lots=big()).lots[0]
    new = awarding.NewAward(EvaluatorFactory(), lot.budget_fen, result_url="https://x.invalid/r")
    with transaction():
        award = awarding.award_lot(officer, lot, new)
    (head, lead), (other, _lead) = bidder(), bidder()
    client, agency, url = sign_in(officer), sign_in(head), f"/awards/{award.id}"
    told = {"agency": lead.agency_id, "words": "翡翠评分有误"}
    assert agency.get(f"{url}/objections").status_code == 200
    assert agency.post(f"{url}/objections", data={**told, "words": ""}).status_code == 422
    assert agency.post(f"{url}/objections", data=told).status_code == 302
    (found,) = award.objections
    here = f"/award-objections/{found.id}"
    assert "翡翠评分有误" not in text_of(sign_in(other).get(url))
    assert sign_in(other).post(f"{here}/complaint", data={"words": "x"}).status_code == 403
    for client_, step, words in (
        (client, "answer", "无误"),
        (agency, "complaint", "仍不服"),
        (client, "decision", "驳回"),
    ):
        assert client_.get(f"{here}/{step}").status_code == 200
        assert client_.post(f"{here}/{step}", data={"words": words}).status_code == 302
        assert words in text_of(agency.get(url))
    assert client.get("/award-objections/999/answer").status_code == 404


def test_an_agency_reads_its_own_offer_and_objection_whatever_the_persons_role(
    sign_in, session, officer
):
    (head, lead), (_other, rival) = pairs = [bidder(), bidder()]
    lot = placing.drawn_up(officer, pairs)
    award = placing.awarded(officer)
    with transaction():
        objecting.object_to(head, award, lead.agency, "翡翠评分有误")
    for role in AGENCY_ROLES:
        shown = {}
        for one in (lead, rival):
            person = UserFactory(role=role, organisation=one.agency.organisation)
            shown[one] = text_of(sign_in(person).get(f"/procurement-lots/{lot.id}"))
            page = text_of(sign_in(person).get(f"/awards/{award.id}"))
            assert ("翡翠评分有误" in page) == (one is lead), role
        assert lead.agency.name in shown[lead]
        assert rival.agency.name not in shown[lead]
        assert lead.agency.name not in shown[rival]


def big():
    template = placing.template_in_force("fiscal_evaluation")
    return [placing.lot(template, budget=60 * placing.WAN)]


def test_taken_back_voided_withdrawn_and_called_off_stand_on_record(sign_in, session, officer):
    pairs = [bidder() for _n in range(4)]
    lot = placing.drawn_up(officer, pairs)
    client, agency = sign_in(officer), sign_in(pairs[0][0])
    offer = f"/procurement-offers/{lot.offers[0].id}/withdrawal"
    assert agency.get(offer).status_code == 200
    assert sign_in(pairs[1][0]).get(offer).status_code == 404
    assert agency.post(offer, data={"words": "人手不足"}).status_code == 302
    with after(4):
        draw, _secret = placing.frozen(officer, lot)
    url = f"/draws/{draw.id}/void"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"words": "密封条遗失"}).status_code == 302
    assert "密封条遗失" in text_of(client.get(f"/draws/{draw.id}"))
    direct = planned(officer, placing.Method.DIRECT).lots[0]
    with transaction():
        award = awarding.award_lot(officer, direct, awarding.NewAward(EvaluatorFactory(), 1))
    assert client.post(f"/awards/{award.id}/withdrawal", data={"words": "放弃"}).status_code == 302
    assert client.get(f"/awards/{award.id}/notice.pdf").status_code == 404
    url = f"/procurement/{direct.need_id}/cancellation"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"words": "不再需要"}).status_code == 302
    assert "不再需要" in text_of(client.get(f"/procurement/{direct.need_id}"))


def test_the_notice_of_award_is_a_pdf(sign_in, officer):
    lot = planned(officer, placing.Method.DIRECT).lots[0]
    with transaction():
        award = awarding.award_lot(officer, lot, awarding.NewAward(EvaluatorFactory(), 1))
    assert sign_in(officer).get(f"/awards/{award.id}/notice.pdf").data[:5] == b"%PDF-"


def test_thresholds_are_entered_as_a_version(sign_in, officer):
    client = sign_in(officer)
    told = {"document_no": "演示〔2026〕9号", "effective_on": "2026-01-01", "limit": "300000"}
    told |= {"tender": "4000000", "publicity_days": 3, "answer_days": 5, "fewest_offers": 3}
    assert client.get("/procurement/rules/new").status_code == 200
    assert client.post("/procurement/rules/new", data={**told, "tender": "1"}).status_code == 422
    assert client.post("/procurement/rules/new", data=told).status_code == 302
    assert "演示〔2026〕9号" in text_of(client.get("/procurement/rules"))


def test_outsiders_meet_nothing_before_the_announcement(sign_in, officer):
    need = planned(officer)
    head, _lead = bidder()
    for user in (head, UserFactory(role=Role.UNIT_OFFICER), UserFactory(role=Role.SYSTEM_ADMIN)):
        client = sign_in(user)
        for url in (f"/procurement/{need.id}", f"/procurement-lots/{need.lots[0].id}"):
            assert client.get(url).status_code == 404
        assert client.get("/procurement/new").status_code == 403
    assert sign_in(UserFactory(role=Role.UNIT_OFFICER)).get("/procurement").status_code == 403
