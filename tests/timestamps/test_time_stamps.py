"""Time stamps: asked of a real authority (openssl's), believed only when they hold."""

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.audit import sealing
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.operations import service_checks
from app.operations.findings import State
from app.papers.models import FinalReport, SealKind
from app.policy import Role
from app.timestamps import asking, stamping
from app.timestamps.models import TimeStamp
from tests.conftest import begin
from tests.factories import EvaluatorFactory, UserFactory, make_engagement
from tests.papers.filing import crew_of, file_kept, pdf
from tests.timestamps.authority import House, openssl, running

DIGEST = hashlib.sha256(b"words").digest()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return House(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def url(house):
    house.spoil = lambda reply: reply
    with running(house) as address:
        yield address


def test_our_request_is_one_that_openssl_understands(tmp_path):
    for nonce in (0, 1, 127, 128, 2**63 - 1):
        (tmp_path / "q").write_bytes(asking.request_for(DIGEST, nonce))
        told = openssl("ts", "-query", "-in", str(tmp_path / "q"), "-text").decode()
        assert "sha256" in told
        assert int(re.search("Nonce: 0x([0-9A-F]+)", told)[1], 16) == nonce
        assert "Certificate required: yes" in told


def test_a_stamp_is_taken_and_holds_for_others_too(house, url, tmp_path):
    stamp = asking.Authority(url, house.roots).stamp(DIGEST)
    assert abs(stamp.stamped_at - clock.now()) < timedelta(minutes=1)
    assert stamp.authority == "CN=demonstration time"
    (tmp_path / "words").write_bytes(b"words")
    (tmp_path / "token").write_bytes(stamp.token)
    verify = ("ts", "-verify", "-data", f"{tmp_path}/words", "-in", f"{tmp_path}/token")
    assert b"Verification: OK" in openssl(*verify, "-CAfile", str(house.roots))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda reply: reply[:-40] + bytes(40),
        lambda reply: b"",
        lambda reply: b"no stamp at all",
        lambda reply: reply.replace(DIGEST, hashlib.sha256(b"others").digest()),
        lambda reply: bytes(asking.MOST_BYTES + 1),
    ],
)
def test_a_stamp_that_does_not_hold_is_none(house, url, spoil):
    house.spoil = spoil
    with pytest.raises(asking.NoStamp):
        asking.Authority(url, house.roots).stamp(DIGEST)


def test_an_old_answer_and_a_strangers_are_none(house, url, tmp_path):
    ours = asking.Authority(url, house.roots)
    first = ours.stamp(DIGEST)
    house.spoil = lambda _reply: first.token  # played again: another nonce was asked for
    with pytest.raises(asking.NoStamp, match="[Nn]once"):
        ours.stamp(DIGEST)
    house.spoil = lambda reply: reply
    stranger = House(tmp_path / "stranger")
    with pytest.raises(asking.NoStamp):
        asking.Authority(url, stranger.roots).stamp(DIGEST)
    with pytest.raises(asking.NoStamp, match="can't be read"):
        asking.Authority(url, tmp_path / "nothing").stamp(DIGEST)
    with pytest.raises(asking.NoStamp, match="does not answer"):
        asking.Authority("http://127.0.0.1:9/", house.roots).stamp(DIGEST)


def test_reports_and_the_log_are_stamped_once_and_shown(district, house, url):
    engagement = make_engagement()
    lead, _member, officer = crew_of(engagement)
    paper = file_kept(lead, engagement, "H-01", "正式报告", pdf("report"), "报告.pdf")
    report = FinalReport(
        engagement_id=engagement.id, round=1, version=paper.versions[0], seal=SealKind.SCANNED,
        signed_by=EvaluatorFactory(agency=engagement.agency), submitted_by_id=lead.id,
        submitted_at=clock.now(),
    )  # fmt: skip
    with transaction():
        db.session.add(report)
    with transaction():
        sealing.seal()
    assert stamping.stamp_waiting("", "") == 0
    assert stamping.stamp_waiting("http://127.0.0.1:9/", str(house.roots)) == 0
    assert stamping.stamp_waiting(url, str(house.roots)) == 2
    assert stamping.stamp_waiting(url, str(house.roots)) == 0
    of_report, of_log = db.session.scalars(select(TimeStamp).order_by(TimeStamp.id)).all()
    assert of_report.sha256 == paper.versions[0].sha256
    assert of_log.about.startswith("audit_checkpoint:")
    told = select(AuditEvent.subject).where(AuditEvent.event == "time_stamp.received")
    assert set(db.session.scalars(told)) == {of_report.about, of_log.about}
    page = begin(district.test_client(), officer).get(f"/papers/{paper.id}").text
    assert "demonstration time" in page
    assert "电子签章" not in page
    reader = begin(district.test_client(), officer)
    assert reader.get(f"/time-stamps/{of_report.id}/token").data == of_report.token
    assert reader.get(f"/time-stamps/{of_log.id}/token").status_code == 404
    auditor = begin(district.test_client(), UserFactory(role=Role.AUDIT_ADMIN))
    assert f"/time-stamps/{of_log.id}/token" in auditor.get("/log").text
    note = auditor.get(f"/time-stamps/{of_log.id}/checkpoint").data
    assert hashlib.sha256(note).hexdigest() == of_log.sha256
    assert auditor.get(f"/time-stamps/{of_report.id}/token").status_code == 404
    assert auditor.get(f"/time-stamps/{of_report.id}/checkpoint").status_code == 404
    district.config.update(TSA_URL=url, TSA_ROOTS_FILE=str(house.roots))
    assert [one.state for one in service_checks.time_stamps()] == [State.GOOD]
    district.config.update(TSA_ROOTS_FILE="/nowhere")
    assert [one.state for one in service_checks.time_stamps()] == [State.BAD]
