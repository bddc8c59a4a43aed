from app import clock
from app.payments.models import Invoice
from app.policy import Role
from app.web import fresh_token
from tests.factories import UserFactory, make_engagement
from tests.payments.paying import invoiced, planned


def text_of(reply):
    return reply.get_data(as_text=True)


def test_from_the_schedule_to_the_payment(sign_in, session, engagement, lead, officer):
    client, url = sign_in(officer), f"/engagements/{engagement.id}/payments"
    assert client.get(url).status_code == 200
    told = {"term_days": "30", "once": fresh_token()}
    assert client.post(f"{url}/instalments", data=told).status_code == 422
    told |= {"rows-0-condition": "合同签订后", "rows-0-amount": "1234.56", "rows-1-condition": ""}
    assert client.post(f"{url}/instalments", data=told).status_code == 302

    at = sign_in(lead)
    assert "1,234.56" in text_of(at.get(url))
    from app.payments.models import Instalment

    (part,) = session.query(Instalment).all()
    page = f"/instalments/{part.id}/invoices"
    assert at.get(f"{page}/new").status_code == 200
    today = clock.today().isoformat()
    told = {"code": "26330009", "issued_on": today, "received_on": today, "once": fresh_token()}
    assert at.post(page, data={**told, "amount": "9999999"}).status_code == 422
    assert at.post(page, data={**told, "amount": "1234.56"}).status_code == 302
    (invoice,) = session.query(Invoice).all()

    assert "26330009" in text_of(client.get("/payments"))
    page = f"/invoices/{invoice.id}/payments"
    assert client.get(f"{page}/new").status_code == 200
    told = {"paid_on": today, "voucher": "记-88", "once": fresh_token()}
    assert client.post(page, data={**told, "amount": "2000"}).status_code == 422
    assert client.post(page, data={**told, "amount": "1234.56"}).status_code == 302
    assert "记-88" in text_of(at.get(url))
    assert at.get(f"{page}/new").status_code == 403


def test_an_invoice_is_given_back_with_a_reason(sign_in, engagement, lead, officer):
    invoice = invoiced(lead, planned(officer, engagement).instalments[0])
    client, page = sign_in(officer), f"/invoices/{invoice.id}/return"
    assert client.post(page, data={"void-reason": ""}).status_code == 422
    assert client.post(page, data={"void-reason": "抬头有误"}).status_code == 302
    assert "抬头有误" in text_of(sign_in(lead).get(f"/engagements/{engagement.id}/payments"))


def test_strangers_meet_nothing(sign_in, engagement, lead, officer):
    invoice = invoiced(lead, planned(officer, engagement).instalments[0])
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)
    for url in (f"/engagements/{engagement.id}/payments", f"/invoices/{invoice.id}/payments/new"):
        assert sign_in(unit).get(url).status_code == 404


def test_the_pages_cost_the_same_however_many(sign_in, session, officer, statements):
    client = sign_in(officer)
    urls, few = [], 0

    def cost(url):
        session.expire_all()
        with statements() as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    for shares in ((100,), (20, 20, 20, 20, 20)):
        engagement = make_engagement()
        home = engagement.agency.organisation
        lead = UserFactory(role=Role.LEAD_EVALUATOR, organisation=home)
        for n, part in enumerate(planned(officer, engagement, shares).instalments):
            invoiced(lead, part, f"2633{engagement.id}{n}")
        urls.append(f"/engagements/{engagement.id}/payments")
        few = cost("/payments") if len(urls) == 1 else few
    assert cost("/payments") == few
    assert cost(urls[0]) == cost(urls[1])
