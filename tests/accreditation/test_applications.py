"""From the public form to the register: what is asked, returned, put right, and entered once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import clock
from app.accounts import services as accounts
from app.accounts.models import OrganisationKind, User
from app.accounts.services import NewAccount
from app.accreditation import deciding, queries, services
from app.accreditation.holder import Applicant
from app.accreditation.models import Requirement, State
from app.agencies.models import Agency, Evaluator
from app.agencies.related_models import Associate, Branch
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.person_names import is_name
from app.personal import services as personal
from app.policy import Role
from app.upkeep import reminding
from app.web import fresh_token
from tests.accreditation import applying
from tests.accreditation.applying import PHONE, begun, form, handed_in, key_in, proof, the_only
from tests.factories import AgencyFactory, OrganisationFactory, UserFactory


def test_an_agency_applies_puts_right_and_is_entered(app, client, sign_in, session, audited):
    """The whole way through the pages; nothing is typed twice."""
    assert client.get("/register-applications/new").status_code == 200
    two = form(credit_code="91990100DM7000019X", contact_name="")
    wrong = client.post("/register-applications", data=two)
    assert wrong.status_code == 422
    told = wrong.get_data(as_text=True)
    assert ('id="credit_code-error"' in told, 'id="contact_name-error"' in told) == (True, True)
    assert "演示主评甲" in wrong.get_data(as_text=True), "what was typed stays"
    several = form(
        **{
            "legal_representative": "演示😀",
            "login": "甲",
            "people-0-evaluating_since": "2010-07-01",
            "people-1-kind": "practitioner",
            "people-1-name": "演示<b>",
            "people-1-qualification": "会计师",
            "people-2-qualification": "有职称而无姓名",
            "branches-0-name": "演示分公司",
            "branches-0-credit_code": "9133",
        }
    )
    told = client.post("/register-applications", data=several).get_data(as_text=True)
    summary = told.partition('class="error-summary"')[2].partition("</ul>")[0]
    assert re.findall(r'href="#([^"]+)"', summary) == [
        "legal_representative",
        *("people-0-evaluating_since", "people-1-name", "people-1-working_since"),
        *("people-2-name", "people-2-working_since", "branches-0-credit_code", "login"),
    ], "all at once, each at its own field, in the order of the page"
    assert "第 2 行 · 姓名：" in summary
    more = client.post("/register-applications", data=form(add="people")).get_data(as_text=True)
    assert 'name="people-3-name"' in more
    page = client.post("/register-applications", data=form()).get_data(as_text=True)
    home = key_in(page)
    assert client.post(f"{home}/submission").status_code == 422, "proof is missing"
    bad = proof(Requirement.FINANCE, "bad", file=(applying.io.BytesIO(b"MZ\x90"), "a.exe"))
    refused = client.post(f"{home}/proof", data=bad)
    assert refused.status_code == 422
    assert "演示主评甲" in refused.get_data(as_text=True), "what is saved stands there still"
    for place, item in enumerate(queries.NEEDED):
        shown = client.get(home).get_data(as_text=True)
        assert f'<option selected value="{queries.NEEDED[place]}">' in shown, "the next that lacks"
        sent = client.post(f"{home}/proof", data=proof(item, f"once-{item}"))
        assert sent.status_code == 302, sent.get_data(as_text=True)[:3000]
    shown = client.get(home).get_data(as_text=True)
    assert shown.index(f'action="{home}"') < shown.index(f'action="{home}/submission"'), (
        "first saved"
    )
    assert 'href="#hand-in"' in shown
    assert client.post(f"{home}/submission").status_code == 302
    application = the_only()
    number = application.id
    assert client.post(home, data=form(name="演示改名")).status_code == 403

    officer = sign_in(UserFactory(login="the.desk"))
    desk = f"/register-applications/{number}"
    assert PHONE in officer.get(desk).get_data(as_text=True)
    asked = {"outcome": "return", "once": fresh_token()}
    assert officer.post(f"{desk}/decision", data=asked).status_code == 422, "no reason"
    taken = {"outcome": "enter", "login": "the.desk", "once": fresh_token()}
    refused = officer.post(f"{desk}/decision", data=taken).get_data(as_text=True)
    assert '<a href="#login">' in refused, "a name that is taken stands at its field"
    why = {"why_training": "请补 2026 年度培训计划", "once": fresh_token()}
    assert officer.post(f"{desk}/decision", data={**asked, **why}).status_code == 302
    returned = client.get(home).get_data(as_text=True)
    assert "请补 2026 年度培训计划" in returned
    assert '<option selected value="training">' in returned, "the next proof is what came back"
    saved = client.post(home, data=form(contact_name="演示新管理员"))
    assert saved.status_code == 302
    again = client.post(f"{home}/proof", data=proof(Requirement.TRAINING, "once-again"))
    assert again.status_code == 302
    assert client.post(f"{home}/submission").status_code == 302
    assert officer.get(desk).get_data(as_text=True).count("退回后提交") == 1, (
        "what is new is marked"
    )

    told = {"outcome": "enter", "login": "xinrui", "once": fresh_token()}
    entered = officer.post(f"{desk}/decision", data=told)
    assert entered.status_code == 200
    account = session.scalar(select(User).where(User.login == "xinrui"))
    assert account.name == "演示新管理员"
    assert account.role is Role.AGENCY_ADMIN
    agency = session.get(Agency, account.organisation_id)
    assert agency.organisation.credit_code == application.credit_code
    lead = session.scalar(select(Evaluator).where(Evaluator.agency_id == agency.id))
    assert lead.confirmed_at is not None
    assert application.state is State.ENTERED
    assert application.round == 2
    assert {one.agency_id for one in application.evidence} == {agency.id}
    assert officer.get(f"/agencies/{agency.id}").status_code == 200
    assert "register_application.entered" in audited()
    assert client.get(home).status_code == 200
    assert officer.get("/register-applications?state=entered").status_code == 200


def test_everything_comes_with_it_and_a_code_enters_once(session):
    officer = UserFactory()
    application, _key = handed_in()
    twin, _other = handed_in(700_001, login="zwilling", name="演示另一名称")
    with transaction():
        slip = deciding.enter_applicant(officer, application, "", 14)
    assert slip.user.login == "xinrui700001"
    agency = session.get(Agency, application.agency_id)
    assert session.query(Branch).filter_by(agency_id=agency.id).one().name == "演示分公司"
    assert session.query(Associate).filter_by(agency_id=agency.id).one().title == "教授"
    people = session.query(Evaluator).filter_by(agency_id=agency.id).order_by(Evaluator.id).all()
    assert [one.confirmed_at is not None for one in people] == [True, False]
    with pytest.raises(Conflict), transaction():
        deciding.enter_applicant(officer, twin, "", 14)
    with transaction():
        deciding.refuse_application(officer, twin, "同一信用代码已入库")
    with pytest.raises(Conflict), transaction():
        services.start_application(applying.audit.VISITOR, applying.told(700_001, login="dritter"))


def test_only_the_section_decides_and_only_the_key_fills(session, sign_in, client):
    application, key = begun()
    with pytest.raises(Forbidden), transaction():
        services.save_application(Applicant(application.id + 1), application, applying.told())
    with pytest.raises(Forbidden), transaction():
        deciding.refuse_application(UserFactory(), application, "还没有提交")
    for role in (Role.AGENCY_ADMIN, Role.UNIT_OFFICER, Role.EXPERT):
        assert sign_in(UserFactory(role=role)).get("/register-applications").status_code == 403
    officer = sign_in(UserFactory())
    assert officer.get(f"/register-applications/{application.id}").status_code == 404, "a draft"
    for _n in range(10):
        assert client.get("/register-applications/keys/wrong").status_code == 404
    assert client.get(f"/register-applications/keys/{key}").status_code == 429


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact_phone": "电话"}, "contact_phone"),
        ({"login": "甲"}, "login"),
        ({"contact_name": "演示😀"}, "contact_name"),
        ({"credit_code": "9133"}, "credit_code"),
        ({"branches": [applying.NewBranch("演示", "9133")]}, "branches"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(session, changes, field):
    with pytest.raises(Invalid) as refusal:
        begun(**changes)
    assert refusal.value.field == field


def test_names_are_written_by_hand():
    assert is_name("阿依古丽·买买提")
    assert not is_name("演示😀")
    assert not is_name("—")


def test_no_name_anywhere_has_pictures(session, sign_in):
    officer, agency = UserFactory(), AgencyFactory()
    home = OrganisationFactory()
    with transaction(), pytest.raises(Invalid):
        accounts.open_account(officer, NewAccount(home, Role.UNIT_OFFICER, "demo.x", "演示😀"))
    with transaction(), pytest.raises(Invalid):
        accounts.register_organisation(officer, OrganisationKind.UNIT, "演示单位🏢")
    with transaction(), pytest.raises(Invalid):
        personal.ask_correction(officer, "名字不对", "演示👍")
    page = sign_in(officer).post(
        f"/agencies/{agency.id}/evaluators",
        data={"name": "演示😀", "working_since": "2012-07-01", "once": fresh_token()},
    )
    assert page.status_code == 422
    assert "演示😀" in page.get_data(as_text=True)


def test_the_telephone_is_sealed_and_goes_when_its_days_are_over(session):
    application, _key = handed_in()
    raw = session.execute(text("SELECT contact_phone FROM register_application")).scalar_one()
    assert PHONE not in raw
    with transaction():
        deciding.refuse_application(UserFactory(), application, "不属于财监4号第二条所列机构")
    with transaction():
        assert reminding.erase_contacts(365) == 0
    with clock.frozen(clock.now() + timedelta(days=366)), transaction():
        assert reminding.erase_contacts(365) == 1
    assert application.contact_phone is None
    assert db.session.get(type(application), application.id).name
