"""Large ledgers are taken in behind: progress is seen, a kill is undone, nothing is half there."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select, text

from app import long_tables, tabular
from app.accounts.models import User
from app.db import db, transaction
from app.onboarding import importing, queries, services, taking
from app.onboarding.ledgers import LEDGERS
from app.onboarding.models import LedgerImport
from app.policy import Role
from app.queueing import progress, running
from app.queueing.models import QueuedJob
from app.web import fresh_token
from tests.conftest import begin
from tests.factories import OrganisationFactory, UserFactory
from tests.onboarding import long_ledger
from tests.onboarding.test_ledgers import workbook

PAGE = "/first-month/ledgers/people"
WRONG = [(1, "中文"), (2, "演示无"), (3, "leader"), (0, None)]  # each with its place


def people(home, count, wrong=()):
    """Rows of the ledger of people, those whose number is among `wrong` with one wrong cell."""
    for n in range(count):
        row = [f"演示人员{n}", f"demo.p{n}", home, "unit_officer", None]
        if n in wrong:
            place, value = WRONG[n % 4]
            row[place] = value
        yield row


def sent(client, data):
    told = {"file": (io.BytesIO(data), "人员.xlsx"), "once": fresh_token()}
    return client.post(PAGE, data=told)


def head_count():
    return db.session.scalar(select(func.count()).select_from(User))


def job_of(made):
    jobs = db.session.scalars(select(QueuedJob).where(QueuedJob.name == importing.WORK))
    return next(one for one in jobs if one.facts == {"import_id": made.id})


def asked(officer, data):
    with transaction():
        return importing.ask_import(officer, LEDGERS["people"], data).id


class Killed(BaseException):
    """What a worker's end looks like from inside."""


def test_a_large_ledger_is_taken_in_behind(district, monkeypatch):
    officer, home = UserFactory(), OrganisationFactory(name="演示单位甲").name
    db.session.commit()
    client = begin(district.test_client(), officer)
    before = head_count()
    reply = sent(client, workbook("people", people(home, 520, {7, 400})))
    assert reply.status_code == 302
    page = reply.location
    assert sent(client, workbook("people", people(home, 520))).status_code == 422  # one at a time
    raw = db.session.scalar(text("SELECT workbook FROM ledger_import"))
    assert raw.startswith("v1.")  # sealed
    found = db.session.scalars(select(LedgerImport)).one()
    number, key = job_of(found).id, found.id
    seen = []

    def look(*_told):
        """Somebody else looks at the page while the transaction is open."""
        seen.append(progress.told(importing.WORK, key))
        if len(seen) == 4:
            raise Killed

    tell = progress.tell
    monkeypatch.setattr(progress, "tell", lambda *told, **counts: (tell(*told, **counts), look()))
    with pytest.raises(Killed):
        running.run(number)
    db.session.rollback()
    assert [one["checked"] for one in seen] == [0, 100, 200, 300]
    assert "<progress" in client.get(f"{page}/live").text
    assert head_count() == before
    with transaction():  # as the worker's own end does
        db.session.get(QueuedJob, number).claimed_until = None
    running.run(number)
    assert job_of(db.session.get(LedgerImport, key)).done_at
    live = client.get(f"{page}/live").text
    assert live.count('data-label="') == 2 * 3
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{page}/faults").data))
    told = [tuple(str(cell) for cell in line[:2]) for line in book.active.values]
    assert told[-2:] == [("9", "A"), ("402", "B")]
    assert client.get(f"{page}/faults".replace("people", "agencies")).status_code == 404
    assert head_count() == before
    assert queries.import_of("people", key).workbook is None
    assert client.get(f"{page}/live").status_code == 200
    assert client.get(page.replace("people", "agencies")).status_code == 404
    page = sent(client, workbook("people", people(home, 520))).location
    job = db.session.scalars(select(QueuedJob).order_by(QueuedJob.id.desc())).first()
    running.run(job.id)
    importing.take_in(**job.facts)  # done it does nothing
    assert head_count() == before + 520
    assert "520" in client.get(page).text
    assert page in client.get(PAGE).text
    page = sent(client, workbook("people", people(home, 501))).location
    job = db.session.scalars(select(QueuedJob).order_by(QueuedJob.id.desc())).first()
    with transaction():  # its worker was killed three times
        job.tries = 3
    running.run(job.id)
    assert queries.import_of("people", job.facts["import_id"]).workbook is None
    assert str(importing.GIVEN_UP) in client.get(f"{page}/live").text
    leader = begin(district.test_client(), UserFactory(role=Role.LEADER))
    db.session.commit()
    assert leader.get(page).status_code == 403


@pytest.mark.nightly
def test_all_37_wrong_of_5000_are_told_and_nobody_is_there(district, monkeypatch):
    """The session holds no more records however many rows were taken."""
    officer, home = UserFactory(), OrganisationFactory(name="演示单位甲").name
    db.session.commit()
    held, tell, wrong = [], progress.tell, set(range(5, 5000, 135))

    def look(*told, **counts):
        held.append(len(db.session.identity_map))
        tell(*told, **counts)

    monkeypatch.setattr(progress, "tell", look)
    key = asked(officer, workbook("people", people(home, 5000, wrong)))
    before = head_count()
    importing.take_in(key)
    db.session.rollback()
    found = db.session.get_one(LedgerImport, key)
    assert {(row - 2, column) for row, column, _words in found.faults} == {
        (n, "ABCD"[WRONG[n % 4][0]]) for n in wrong
    }
    assert (len(found.faults), head_count()) == (37, before)
    assert max(held) < 300


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@pytest.mark.database("sqlite")
def test_20000_people_take_the_memory_of_5000(app, tmp_path):
    few, many = (long_ledger.measured(tmp_path, rows)["peak"] for rows in (5_000, 20_000))
    assert many < few * 1.06, (few, many)  # what is left is the workbook itself


def test_of_very_many_faults_the_first_are_told(session, monkeypatch):
    monkeypatch.setattr(tabular, "MOST_TOLD", 3)
    monkeypatch.setattr(taking, "MOST_TOLD", 3)
    monkeypatch.setattr(long_tables, "MOST_TOLD", 3)
    officer, home = UserFactory(), OrganisationFactory(name="演示单位甲").name
    wrong = {n for n in range(20) if n % 4}
    data = workbook("people", people(home, 20, wrong))
    people_ledger = LEDGERS["people"]
    read = long_tables.read_long(data, people_ledger.columns, 20)
    assert (len(read[0].lines), len(list(read[0].lines))) == (20 - 5, 20 - 5)
    with pytest.raises(tabular.FaultyTable) as refusal:
        services.import_rows(officer, people_ledger, read)
    assert len(refusal.value.faults) == 3
    assert "3" in str(refusal.value.message)
    with pytest.raises(tabular.Invalid):
        long_tables.read_long(data, people_ledger.columns, 19)
