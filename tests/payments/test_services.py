from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app import amendments, clock
from app.amendments import contract
from app.assessments import queries as assessments
from app.assessments import rules
from app.assessments.grading import AgencyGrade
from app.db import db, transaction
from app.engagements.progress import Light
from app.errors import Conflict, Forbidden, Invalid
from app.payments import joining, lights, queries, services
from app.payments.models import Invoice, PaymentPlan
from app.payments.services import NewInstalment, NewInvoice
from app.policy import Permission, Role, can
from tests.assessments.making import confirmed
from tests.assessments.test_annual import plan as changed
from tests.factories import OrganisationFactory, UserFactory, make_engagement
from tests.payments.paying import invoiced, planned
from tests.reviews.rounds import ended


@pytest.fixture
def plan(officer, engagement):
    return planned(officer, engagement)


def paid(officer, invoice, amount=None):
    with transaction():
        fen = amount or invoice.left_fen
        return services.record_payment(officer, invoice, fen, paid_on=clock.today())


def test_from_the_contract_to_the_last_payment(plan, engagement, lead, officer, audited):
    for n, part in enumerate(plan.instalments):
        paid(officer, invoiced(lead, part, f"2633000{n}"))
    fee = engagement.fee_fen
    assert (plan.planned_fen, plan.invoiced_fen, plan.paid_fen) == (fee, fee, fee)
    assert joining.tab(engagement, officer).count == 0
    wanted = ["payment.instalments_added", *["invoice.handed_in", "payment.recorded"] * 2]
    assert [e for e in audited() if e.startswith(("payment.", "invoice."))] == wanted


def test_nothing_passes_the_fee_and_the_database_says_so_too(plan, engagement, lead, officer):
    with pytest.raises(Invalid):
        planned(officer, engagement, (1,))
    part = plan.instalments[0]
    with pytest.raises(Invalid):
        invoiced(lead, part, amount=part.amount_fen + 1)
    invoice = invoiced(lead, part)
    with pytest.raises(Invalid):
        paid(officer, invoice, invoice.amount_fen + 1)
    for wrong in ({"planned_fen": engagement.fee_fen + 1}, {"paid_fen": invoice.amount_fen + 1}):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.query(PaymentPlan).update(wrong)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.query(Invoice).update({"paid_fen": invoice.amount_fen + 1})


def test_the_bound_follows_a_supplement_and_never_falls_below_the_plan(plan, engagement, officer):
    assert joining.follow_fee in amendments.on_fee_changed
    fee = engagement.fee_fen
    with transaction():
        new = contract.Supplement("补充协议", "增加范围", fee_fen=fee + 100)
        contract.add_supplement(officer, engagement, new)
    assert plan.fee_fen == fee + 100
    with pytest.raises(Invalid), transaction():
        new = contract.Supplement("补充协议", "减少范围", fee_fen=fee - 100)
        contract.add_supplement(officer, engagement, new)
    with transaction():
        services.add_instalments(officer, engagement, [NewInstalment("补充协议款", 100)], 30)
    assert plan.planned_fen == fee + 100


def test_the_clock_runs_from_receipt_and_turns_red(plan, lead, officer, engagement):
    invoice = invoiced(lead, plan.instalments[0])
    today = clock.today()
    assert invoice.due_on == today + timedelta(days=30)
    assert lights.light_of(invoice, today) is Light.GREEN
    assert lights.light_of(invoice, invoice.due_on) is Light.YELLOW
    late = invoice.due_on + timedelta(days=1)
    assert lights.light_of(invoice, late) is Light.RED
    with clock.frozen(clock.start_of(late) + timedelta(hours=9)):
        assert joining.tab(engagement, officer).tone == "bad"
        assert len(db.session.scalars(queries.overdue(officer)).all()) == 1
        paid(officer, invoice, invoice.amount_fen - 1)
        assert lights.light_of(invoice, late) is Light.RED
        paid(officer, invoice)
    assert (lights.light_of(invoice, late), lights.days_taken(invoice, late)) == (Light.NONE, 31)


def test_an_invoice_is_there_once_and_can_be_given_back(plan, lead, officer):
    first, second = plan.instalments
    invoice = invoiced(lead, first)
    with pytest.raises(Invalid):
        invoiced(lead, second, invoice.code)
    with pytest.raises(Invalid):
        services.void_invoice(officer, invoice, " ")
    with transaction():
        services.void_invoice(officer, invoice, "抬头有误")
    assert (plan.invoiced_fen, first.invoiced_fen, invoice.left_fen) == (0, 0, 0)
    with pytest.raises(Conflict):
        services.void_invoice(officer, invoice, "抬头有误")
    again = invoiced(lead, first, invoice.code)
    paid(officer, again, 1)
    with pytest.raises(Conflict):
        services.void_invoice(officer, again, "再退")


def test_who_does_what(engagement, lead, member, officer):
    with pytest.raises(Forbidden):
        planned(lead, engagement)
    plan = planned(officer, engagement)
    for person in (member, officer):
        with pytest.raises(Forbidden):
            invoiced(person, plan.instalments[0])
    invoice = invoiced(lead, plan.instalments[0])
    with pytest.raises(Forbidden):
        paid(lead, invoice)


def test_wrong_entries_are_told(engagement, officer, plan, lead):
    today = clock.today()
    for rows, term in (([], 30), ([NewInstalment(" ", 1)], 30), ([NewInstalment("x", 0)], 30),
                       ([NewInstalment("x", 1)], 61)):  # fmt: skip
        with pytest.raises(Invalid), transaction():
            services.add_instalments(officer, engagement, rows, term)
    for code, issued, received in ((" ", today, today), ("1", today, today - timedelta(days=1)),
                                   ("1", today, today + timedelta(days=1))):  # fmt: skip
        with pytest.raises(Invalid), transaction():
            new = NewInvoice(code, 1, issued, received)
            services.hand_in_invoice(lead, plan.instalments[0], new)


def test_the_grade_is_evidence_beside_what_was_paid(officer, session):
    engagement = ended(actor=officer).engagement
    assert queries.earned_by(engagement) is None
    before = assessments.rules_in_force()
    pay = dict(zip(AgencyGrade, (100, 90, 70, 0), strict=True))
    with transaction():
        rules.edit_rules(officer, before, changed(before, pay=pay), "合同约定")
    confirmed(engagement, officer, lost=15)
    assert queries.earned_by(engagement).amount_fen == engagement.fee_fen * 90 // 100


@pytest.mark.parametrize("role", sorted(Role))
def test_the_list_and_the_policy_agree(session, engagement, officer, lead, plan, role):
    invoiced(lead, plan.instalments[0])
    engagement.client = OrganisationFactory()
    session.commit()
    homes = {
        Role.SECTION_OFFICER: engagement.tasks[0].section,
        Role.DEPARTMENT_OFFICER: engagement.client,
        Role.LEAD_EVALUATOR: engagement.agency.organisation,
        Role.UNIT_OFFICER: engagement.tasks[0].unit,
    }
    everything = session.query(Invoice).all()
    for home in (homes.get(role), None):
        user = UserFactory(role=role, **({"organisation": home} if home else {}))
        told = [one for one in everything if can(user, Permission.PAYMENT_READ, one)]
        assert list(session.scalars(queries.invoices_visible_to(user))) == told
    make_engagement()
