"""A version's passport: its entry in the log, before and after the seal, and who opened it."""

import copy
import hashlib
import io
import json
import os

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app import pdf as press
from app import verification
from app.audit import sealing
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.papers import passports
from app.papers.passports import entry_of
from app.papers.review_models import FileDigest
from app.policy import Role
from app.store import object_store
from tests.conftest import begin
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import add_version, crew_of, file_kept, file_paper, pdf

SM3_OF_ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
needs_press = pytest.mark.skipif(bool(press.missing()), reason="PDF libraries are missing here")


def test_each_version_finds_its_own_entry_and_the_proof_that_it_is_sealed(district):
    engagement = make_engagement()
    lead, _member, _officer = crew_of(engagement)
    paper = file_paper(lead, engagement)
    file_paper(lead, engagement, "B-02")
    add_version(lead, paper, b"%PDF-1.4 b")
    for version in paper.versions:
        entry = entry_of(version)
        told = db.session.get_one(AuditEvent, entry.number)
        assert version.sha256 in told.canonical
        assert (entry.sealed_size, entry.is_included) == (None, False)
    with transaction():
        sealing.seal()
    total = len(db.session.scalars(select(AuditEvent.id)).all())
    for version in paper.versions:
        entry = entry_of(version)
        assert (entry.sealed_size, entry.is_included) == (total, True)


def test_sm3_is_that_of_the_standard():
    if passports.has_sm3():
        assert passports.sm3_of([b"a", b"bc"], hashlib.sha256(b"abc").hexdigest()) == SM3_OF_ABC


@pytest.mark.skipif(not passports.has_sm3(), reason="OpenSSL here lacks SM3")
def test_no_digest_is_made_of_bytes_that_nobody_sent_in(engagement, lead, sign_in, session):
    paper = file_kept(
        lead, engagement, "B-01", "工作方案", os.urandom(9).hex().encode(), "方案.txt"
    )
    object_store().inner.discard(paper.versions[0].store_key)
    with object_store().inner.spool(limit=99) as spool:  # what rot leaves under the same name
        spool.receive([b"other bytes"])
        object_store().inner.put(spool, key=paper.versions[0].store_key)
    client, at = sign_in(lead), f"/papers/{paper.id}/versions/1"
    told = client.get(at)
    assert told.status_code == 200
    assert hashlib.new("sm3", b"other bytes").hexdigest() not in told.text
    assert client.get(f"{at}/passport.pdf").status_code == 503
    assert session.scalars(select(FileDigest)).all() == []
    object_store().inner.discard(paper.versions[0].store_key)


def test_passport_shows_both_digests_and_the_versions(engagement, lead, sign_in):
    paper = file_kept(lead, engagement, "B-01", "工作方案", pdf("plan"), "方案.pdf")
    version = paper.versions[0]
    told = sign_in(lead).get(f"/papers/{paper.id}/versions/1").text
    assert version.sha256 in told
    if passports.has_sm3():
        assert hashlib.new("sm3", pdf("plan")).hexdigest() in told


def test_who_opened_it_is_known_to_overseers_and_to_each_house_its_own(
    engagement, lead, member, officer, sign_in
):
    paper = file_kept(lead, engagement, "B-01", "工作方案", pdf("plan"), "方案.pdf")
    inspector = UserFactory(role=Role.INSPECTOR, name="演示检查员")
    leader = UserFactory(role=Role.LEADER, name="演示领导")
    for person in (member, inspector, leader, officer):
        assert sign_in(person).get(f"/papers/{paper.id}/versions/1/view").status_code == 200
    at = f"/papers/{paper.id}/versions/1"
    seen_by_agency, seen_by_bureau = sign_in(lead).get(at).text, sign_in(officer).get(at).text
    assert member.name in seen_by_agency
    for person in (inspector, leader, officer):
        assert person.name not in seen_by_agency
        assert person.name in seen_by_bureau
    assert inspector.name not in sign_in(lead).get(f"/papers/{paper.id}").text


def test_how_often_others_looked_shows_by_nothing(engagement, lead, member, sign_in, monkeypatch):
    """Not even by a list that grows shorter: the agency's own looks come first in it."""
    monkeypatch.setattr(passports, "MOST_OPENINGS", 3)
    paper = file_kept(lead, engagement, "B-01", "工作方案", pdf("plan"), "方案.pdf")
    at = f"/papers/{paper.id}/versions/1"
    sign_in(member).get(f"{at}/view")
    inspector = sign_in(UserFactory(role=Role.INSPECTOR))
    for _turn in range(4):
        inspector.get(f"{at}/view")
    assert member.name in sign_in(lead).get(at).text


@needs_press
def test_printed_passport_proves_itself_to_an_outsider(district, tmp_path):
    engagement = make_engagement()
    lead, _member, officer = crew_of(engagement)
    paper = file_kept(lead, engagement, "B-01", "工作方案", pdf("plan"), "方案.pdf")
    client = begin(district.test_client(), officer)
    at = f"/papers/{paper.id}/versions/1"
    assert client.get(f"{at}/proof.json").status_code == 404
    unsealed = PdfReader(io.BytesIO(client.get(f"{at}/passport.pdf").data))
    assert not unsealed.attachments
    with transaction():
        sealing.seal()
    made = PdfReader(io.BytesIO(client.get(f"{at}/passport.pdf").data))
    document = json.loads(made.attachments["proof.json"][0])
    assert document["entry"] == client.get(f"{at}/proof.json").json["entry"]
    text = "".join("".join(page.extract_text().split()) for page in made.pages)
    assert document["entry"]["checkpoint"].split()[-1] in text
    assert "xingpingverify" in text, "how to check it offline"
    file = tmp_path / "方案.pdf"
    file.write_bytes(pdf("plan"))
    assert verification.verify_proof(document, file=file).ok
    file.write_bytes(pdf("other"))
    assert not verification.verify_proof(document, file=file).ok


def test_a_forged_proof_does_not_hold(district):
    engagement = make_engagement()
    lead, _member, _officer = crew_of(engagement)
    paper = file_paper(lead, engagement)
    with transaction():
        sealing.seal()
    version = paper.versions[0]
    document = json.loads(json.dumps(passports.proof_of(version, entry_of(version))))
    assert verification.verify_proof(document).ok
    other = "0" * 64

    def forged(change):
        told = copy.deepcopy(document)
        change(told)
        return verification.verify_proof(told).wrong

    entry = document["entry"]
    assert forged(lambda d: d["file"].update(sha256=other))
    assert forged(lambda d: d["file"].update(size=1))
    assert forged(lambda d: d.update(number=2))
    assert forged(
        lambda d: d["entry"].update(canonical=entry["canonical"].replace(version.sha256, other))
    )
    assert forged(lambda d: d["entry"].update(seq=entry["seq"] + 1))
    assert forged(
        lambda d: d["entry"].update(checkpoint=entry["checkpoint"].replace("\n", "1\n", 1))
    )
    assert forged(lambda d: d.update(keys=[]))
    assert forged(lambda d: d.pop("entry"))
