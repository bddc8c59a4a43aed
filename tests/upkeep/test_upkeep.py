"""The entry is kept true: a yearly word, reminders once each, people who move on, a workbook."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from app import clock, credit_code
from app.accreditation.models import Requirement
from app.agencies import related
from app.agencies import services as agencies
from app.agencies.models import Agency, Evaluator
from app.agencies.qualification import qualifies
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.papers.files import StoredFile
from app.policy import Role
from app.tabular import FaultyTable
from app.upkeep import figures, ministry, queries, reminding, services, taking, transfers
from app.upkeep.models import Transfer
from app.web import fresh_token
from tests.accreditation import applying
from tests.factories import AgencyFactory, EvaluatorFactory, UserFactory, make_engagement
from tests.training import learning

NEWCOMER = {"role": Role.LEAD_EVALUATOR, "name": "演示来者"}


def admin_of(agency):
    return UserFactory(role=Role.AGENCY_ADMIN, organisation=agency.organisation)


def proved(admin, agency, days):
    file = StoredFile("营业执照.pdf", "application/pdf", 9, "b" * 64, "演示", is_unclassified=True)
    ends = clock.today() + timedelta(days=days)
    with transaction():
        return services.add_proof(admin, agency, Requirement.PARTICULARS, file, expires_on=ends)


def test_a_document_that_ends_is_told_of_four_times_and_once_each(session):
    agency = AgencyFactory()
    admin, officer = admin_of(agency), UserFactory()
    proof = proved(admin, agency, 100)
    sent = []
    for day in range(105):
        with clock.frozen(clock.start_of(clock.today() + timedelta(days=day))):
            if day in (45, 46):  # nights without work
                continue
            with transaction():
                if reminding.remind_of_proof():
                    sent.append(proof.days_left)
    assert sent == [90, 60, 30, 7]
    told = session.scalars(select(Message).where(Message.user_id == admin.id)).all()
    assert [one.kind for one in told] == ["proof_expires"] * 4
    assert len(session.scalars(select(Message).where(Message.user_id == officer.id)).all()) == 1
    with pytest.raises(Invalid):
        proved(admin, agency, -1)


def test_a_year_after_the_last_word_the_next_is_due(session, sign_in):
    agency = AgencyFactory(registered_at=clock.now() - timedelta(days=400))
    admin, officer = admin_of(agency), sign_in(UserFactory())
    assert queries.standing(agency).is_overdue
    assert agency.name in officer.get("/agencies/overdue-confirmations").get_data(as_text=True)
    page = sign_in(admin)
    assert page.get(f"/agencies/{agency.id}/upkeep").status_code == 200
    url = f"/agencies/{agency.id}/yearly-confirmations"
    assert officer.post(url).status_code == 403
    assert page.post(url).status_code == 302
    assert not queries.standing(agency).is_overdue
    assert agency.name not in officer.get("/agencies/overdue-confirmations").get_data(as_text=True)
    with pytest.raises(Conflict), transaction():
        services.confirm_register(admin, agency)
    changed = {"agency_type": "law", "legal_representative": "演示新法人", "address": "演示路 9 号"}
    assert page.post(f"/agencies/{agency.id}", data=changed).status_code == 302
    history = page.get(f"/agencies/{agency.id}/history").get_data(as_text=True)
    assert "演示路 9 号" in history
    assert "演示新法人" not in history, "data of persons stay out of the log"
    other = sign_in(admin_of(AgencyFactory()))
    for path in ("upkeep", "history"):
        assert other.get(f"/agencies/{agency.id}/{path}").status_code == 404


def test_branches_and_associates_are_entered_and_ended(session, sign_in):
    agency = AgencyFactory()
    page, home = sign_in(admin_of(agency)), f"/agencies/{agency.id}"
    told = {"branch-name": "演示分公司", "branch-credit_code": "9133", "branch-once": fresh_token()}
    assert page.post(f"{home}/branches", data=told).status_code == 422
    told |= {"branch-credit_code": credit_code.make(710_000)}
    assert page.post(f"{home}/branches", data=told).status_code == 302
    known = {"associate-name": "演示专家", "associate-once": fresh_token()}
    assert page.post(f"{home}/associates", data=known).status_code == 302
    (branch,), (associate,) = related.branches_of(agency.id), related.associates_of(agency.id)
    assert page.post(f"{home}/branches/{branch.id}/ending").status_code == 302
    assert page.post(f"{home}/associates/{associate.id}/ending").status_code == 302
    assert not related.branches_of(agency.id)
    assert not related.associates_of(agency.id)


def test_who_moves_on_leaves_signatures_and_engagements_behind(session, sign_in):
    engagement = make_engagement()
    old, person = engagement.agency, engagement.lead_evaluator
    new = AgencyFactory()
    asker, holder = admin_of(new), admin_of(old)
    told = {"agency": old.id, "name": "演示无此人", "reason": "劳动合同", "once": fresh_token()}
    page = sign_in(asker)
    assert page.get("/evaluator-transfers/new").status_code == 200
    assert page.post("/evaluator-transfers", data=told).status_code == 422
    told |= {"name": person.name, "once": fresh_token()}
    assert page.post("/evaluator-transfers", data=told).status_code == 302
    transfer = session.query(Transfer).one()
    url, named = f"/evaluator-transfers/{transfer.id}/decision", f"transfer{transfer.id}-outcome"
    assert page.post(url, data={named: "release"}).status_code == 403
    old_desk = sign_in(holder)
    for role in (Role.UNIT_OFFICER, Role.LEAD_EVALUATOR, Role.SECTION_OFFICER, Role.EXPERT):
        nobody = sign_in(UserFactory(role=role))
        assert nobody.get("/evaluator-transfers").status_code == 403
        assert "/evaluator-transfers" not in nobody.get("/").text
    assert person.name in old_desk.get("/evaluator-transfers").get_data(as_text=True)
    assert old_desk.post(url, data={named: "refuse"}).status_code == 422
    assert old_desk.post(url, data={named: "release"}).status_code == 302
    again = old_desk.post(url, data={named: "release"})
    assert (again.status_code, "该事项已处理" in again.text) == (409, True)
    successor = session.get(Evaluator, transfer.successor_id)
    assert successor.agency_id == new.id
    told = page.get(f"/agencies/{new.id}/history").text
    assert f"同意人员转出，该人员转入本机构：{person.name}" in told, (
        "who came stands in the history"
    )
    for path in ("", "/history"):
        told = old_desk.get(f"/agencies/{old.id}{path}").text
        assert f"同意该人员转入新机构：{person.name}" in told, "whom an entry is about is said"
    account, running = f"/accounts/new?organisation={new.id}", f"/evaluators/{person.id}"
    shown = page.get("/evaluator-transfers").text
    assert account in shown, "what comes next"
    assert f"/evaluators/{successor.id}/edit" in shown
    assert f'"{running}"' not in shown, "the old agency's to do"
    desk = sign_in(UserFactory()).get("/evaluator-transfers").text
    shown = old_desk.get("/evaluator-transfers").text
    assert all(f'"{running}"' in told for told in (shown, desk)), "a running one needs another"
    assert account in desk
    assert account not in shown
    with transaction():
        agencies.link_account(
            asker, successor, UserFactory(**NEWCOMER, organisation=asker.organisation)
        )
    assert account not in page.get("/evaluator-transfers").text, "that is done"
    engagement.accepted_at = clock.now()
    session.flush()
    assert f'"{running}"' not in old_desk.get("/evaluator-transfers").text
    engagement.accepted_at = None
    assert qualifies(successor, clock.today()) is None
    assert qualifies(person, clock.today()) is not None
    assert engagement.lead_evaluator_id == person.id
    assert figures.work_of(successor).running == 1
    shown = page.get(f"/evaluators/{successor.id}").get_data(as_text=True)
    assert engagement.name not in shown, "the other agency's work is not the new one's to read"
    assert old_desk.get(f"/evaluators/{person.id}").status_code == 200
    assert old_desk.get(f"/evaluators/{successor.id}").status_code == 404
    with pytest.raises(Forbidden), transaction():
        transfers.release_transfer(holder, transfer)


def test_who_leaves_leaves_work_and_an_account_to_be_seen_to(session, sign_in):
    engagement = make_engagement()
    person, home = engagement.lead_evaluator, engagement.agency.organisation
    person.user = UserFactory(role=Role.LEAD_EVALUATOR, organisation=home)
    session.flush()
    page = sign_in(admin_of(engagement.agency))
    url = f"/evaluators/{person.id}"
    assert "待办事项</b>" not in page.get(url).text
    gone = page.post(f"/agencies/evaluators/{person.id}/leavings", follow_redirects=True)
    assert (gone.request.path, "有 1 个在办项目需另行确定主评人" in gone.text) == (url, True)
    assert f'href="/accounts/{person.user_id}"' in gone.text
    engagement.accepted_at = clock.now()
    person.user.closed_at = clock.now()
    session.flush()
    assert "待办事项</b>" not in page.get(url).text, "all of it is done"


def test_years_that_the_agency_changes_are_confirmed_anew(session, sign_in):
    person = EvaluatorFactory()
    admin, officer = sign_in(admin_of(person.agency)), sign_in(UserFactory())
    told = {"name": person.name, "qualification": "注册会计师", "remark": "演示"}
    told |= {"working_since": "2012-07-01", "evaluating_since": "2016-07-01"}
    url = f"/evaluators/{person.id}"
    assert admin.post(url, data=told).status_code == 302
    assert person.confirmed_at is not None, "a remark is no matter of qualification"
    assert admin.post(url, data=told | {"qualification": "律师"}).status_code == 302
    assert person.confirmed_at is None
    with transaction():
        agencies.confirm_evaluator(UserFactory(), person)
    assert officer.post(url, data=told | {"evaluating_since": "2017-07-01"}).status_code == 302
    assert person.confirmed_at is not None
    recent = {"evaluating_since": (clock.today() - timedelta(days=90)).isoformat()}
    assert officer.post(url, data=told | recent).status_code == 302
    assert person.confirmed_at is None


def test_an_account_that_was_opened_later_is_given_to_its_practitioner(session, sign_in):
    """Whoever came with a ledger or moved on has no account at first; then hours show."""
    person, other = EvaluatorFactory(user=None), EvaluatorFactory()
    boss = admin_of(person.agency)
    own = UserFactory(role=Role.LEAD_EVALUATOR, organisation=person.agency.organisation)
    page, home = sign_in(boss), f"/evaluators/{person.id}"
    assert own.login in page.get(f"{home}/edit").text
    told = {"name": person.name, "qualification": person.qualification, "remark": "演示"}
    told |= {"working_since": person.working_since, "evaluating_since": person.evaluating_since}
    assert page.post(home, data=told | {"user": other.user_id or 0}).status_code == 422
    confirmed = person.confirmed_at
    assert page.post(home, data=told | {"user": own.id}).status_code == 302
    assert (person.user_id, person.confirmed_at) == (own.id, confirmed)
    assert own.login in page.get(home).text
    learning.passed(own, learning.course())
    assert "机构名录登记" in sign_in(own).get("/personal-data").text
    taken = sign_in(own).post("/personal-data/files/json").get_json()
    assert [row["qualification"] for row in taken["register_entries"]] == [person.qualification]
    assert (len(taken["hours"]), len(taken["quizzes"])) == (1, 1)
    assert figures.work_of(person).hours_valid > 0, "and hours stand beside the name"
    assert person.name in page.get(f"/agencies/{person.agency_id}/history").text
    assert page.post(home, data=told).status_code == 302
    assert person.user_id == own.id, "a form without the field leaves it"
    assert page.post(home, data=told | {"user": ""}).status_code == 302
    assert person.user_id is None
    with pytest.raises(Invalid), transaction():
        agencies.link_account(boss, person, UserFactory())


def register_of(serials):
    """Agencies with people, branches and associates, and who looks after the register."""
    officer = UserFactory()
    for serial in serials:
        with transaction():
            told = agencies.Particulars(
                "accounting", "演示法人", "演示路", "0990-1", date(2010, 1, 2)
            )
            new = agencies.NewAgency(f"演示机构{serial}", credit_code.make(serial), told)
            agency = agencies.register_agency(officer, new)
            related.enter_branch(officer, agency, related.NewBranch("演示分所"))
            for title in ("教授", "副教授"):  # two of one name
                related.enter_associate(officer, agency, related.NewAssociate("演示专家", title))
            day = date(2012, 7, 1)
            for name, title in (("演示甲", "注册会计师"), ("演示乙", ""), ("演示乙", "律师")):
                person = agencies.NewEvaluator(name, title, day, day)
                made = agencies.register_evaluator(officer, agency, person)
                if title:
                    agencies.confirm_evaluator(officer, made)
    return officer


def rows_of(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        name: [[c.value for c in row] for row in book[name].iter_rows()] for name in book.sheetnames
    }


def changed_in(data, change):
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_was_exported_comes_in_again_as_it_was(session, sign_in):
    """The same register changes nothing; under other codes it makes the same register again."""
    officer = register_of([720_001, 720_002])
    with transaction():
        data = ministry.export_register(officer).data
    with transaction():
        rows, changes = taking.import_register(officer, data)
    assert (rows, changes) == (16, 0)

    def head_alone(book):
        book[ministry.AGENCY].delete_rows(2, 5)
        book[ministry.HEAD]["B2"] = "演示新任"

    with transaction():
        assert taking.import_register(officer, changed_in(data, head_alone))[1] == 1
    assert session.query(Agency).filter_by(legal_representative="演示新任").one()
    with transaction():
        assert taking.import_register(officer, data)[1] == 1
    others = {credit_code.make(n): credit_code.make(n + 10) for n in (720_001, 720_002)}

    def rename(book):
        for sheet in book:
            for row in sheet.iter_rows(min_row=2):
                row[0].value = others[row[0].value]
                if sheet.title == ministry.AGENCY:
                    row[1].value += "改"

    page = sign_in(officer)
    renamed = io.BytesIO(changed_in(data, rename))
    sent = {"file": (renamed, "名录.xlsx"), "once": fresh_token()}
    assert page.post("/register-workbooks", data=sent).status_code == 302
    again = page.post("/register-workbooks/exports").data
    before, after = rows_of(data), rows_of(again)
    for name, found in before.items():
        copied = [row for row in after[name][1:] if row[0] in others.values()]
        original = [[others[row[0]], *row[1:]] for row in found[1:]]
        if name == ministry.AGENCY:
            original = [[row[0], f"{row[1]}改", *row[2:]] for row in original]
        assert copied == original, name
    agency = session.scalars(select(Agency).order_by(Agency.id.desc())).first()
    own = sign_in(admin_of(agency)).post(f"/agencies/{agency.id}/register-exports")
    assert len(rows_of(own.data)[ministry.AGENCY]) == 2


def test_every_wrong_cell_is_told_and_nothing_is_taken(session, sign_in):
    officer = register_of([730_001])
    with transaction():
        data = ministry.export_register(officer).data

    def spoil(book):
        book[ministry.LEADS]["D2"] = "前年"
        book[ministry.HEAD]["B2"] = "演示😀"
        book[ministry.AGENCY]["C2"] = "专业咨询机构"
        book[ministry.AGENCY].append([credit_code.make(739_998), "演示无类", "没有这种机构"])
        book[ministry.HEAD].append([credit_code.make(739_998), "演示法人"])
        book[ministry.BRANCHES]["C2"] = "9133"
        book[ministry.ASSOCIATES].append([credit_code.make(739_999), "演示", "", ""])
        book[ministry.OTHERS]["B2"] = "演示丙"
        book[ministry.AGENCY].append(["9133", "演示无码机构", "会计师事务所"])
        new = date(clock.today().year - 1, 1, 1)
        book[ministry.LEADS].append([credit_code.make(730_001), "演示丁", "律师", new, new])
        old = date(2010, 1, 1)
        book[ministry.LEADS].append([credit_code.make(730_001), "演示戊", "律师", old, new])
        late = date(clock.today().year + 1, 1, 1)
        book[ministry.LEADS].append([credit_code.make(730_001), "演示己", "律师", late, late])
        book[ministry.OTHERS]["E2"] = old  # before work began: corrected as little as entered

    spoiled = changed_in(data, spoil)
    with pytest.raises(FaultyTable) as refusal, transaction():
        taking.import_register(officer, spoiled)
    told = [(one.column, one.row) for one in refusal.value.faults]
    assert told == [
        (f"{ministry.AGENCY} C", 3),
        (f"{ministry.AGENCY} A", 4),
        (f"{ministry.HEAD} B", 2),
        (f"{ministry.BRANCHES} C", 2),
        (f"{ministry.LEADS} D", 2),
        (f"{ministry.LEADS} D", 4),
        (f"{ministry.LEADS} E", 5),
        (f"{ministry.LEADS} D", 6),
        (f"{ministry.OTHERS} E", 2),
        (f"{ministry.ASSOCIATES} A", 4),
    ], "cell by cell, in the order of the workbook"
    assert not session.query(Evaluator).filter_by(name="演示丙").all()
    sent = {"file": (io.BytesIO(spoiled), "名录.xlsx"), "once": fresh_token()}
    page = sign_in(officer).post("/register-workbooks", data=sent)
    assert page.status_code == 422
    assert "没有这种机构" not in page.get_data(as_text=True)
    assert f"{ministry.LEADS} D" in page.get_data(as_text=True)


def test_lists_cost_the_same_for_one_and_for_many(session, sign_in, statements):
    officer = register_of([740_001])
    page = sign_in(officer)

    def one_more(serial):
        applying.handed_in(serial)
        person = EvaluatorFactory()
        with transaction():
            asker = admin_of(AgencyFactory())
            transfers.ask_transfer(asker, person.agency, person.name, "劳动合同")

    def costs():
        found = []
        for url in ("/register-applications", "/evaluator-transfers"):
            with statements() as sent:
                assert page.get(url).status_code == 200
            found.append(len(sent))
        with statements() as sent:
            page.post("/register-workbooks/exports")
        return [*found, len(sent)]

    one_more(741_000)
    few = costs()
    for serial in (741_001, 741_002):
        one_more(serial)
    register_of([740_002, 740_003])
    assert costs() == few
