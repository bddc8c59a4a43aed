"""A version of several files: one opinion and one decision on all, each with its own digest."""

import io
import json
import zipfile
from urllib.parse import quote

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.audit import sealing
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.papers import arriving, passports, queries, services, uploads
from app.papers.files import NewPaper
from app.papers.models import PaperVersion, Upload, VersionFile, WorkingPaper
from app.policy import Role
from app.verification import verify_proof
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import pdf, stored
from tests.papers.test_tus import announce, send

FIRST, SECOND, THIRD = pdf("first"), pdf("second"), pdf("third")


def three(lead, engagement):
    with transaction():
        new = NewPaper("D-01", "现场核查记录", engagement.current_stage)
        files = (stored(FIRST, "记录.pdf"), stored(SECOND, "照片.pdf"), stored(THIRD, "照片.pdf"))
        return services.submit_paper(lead, engagement, new, *files)


def facts(session, event):
    told = session.scalars(select(AuditEvent).where(AuditEvent.event == event))
    return [json.loads(one.canonical)["facts"] for one in told.all()]


def test_a_version_keeps_its_files_in_their_order_and_the_log_tells_of_each(
    engagement, lead, audited, session
):
    paper = three(lead, engagement)
    version = paper.versions[0]
    assert audited()[-3:] == ["paper.submitted", "file.attached", "file.attached"]
    assert [(f.position, f.file_name) for f in version.files] == [
        (1, "记录.pdf"), (2, "照片.pdf"), (3, "照片.pdf"),
    ]  # fmt: skip
    told = facts(session, "file.attached")
    assert [one["sha256"] for one in told] == [file.sha256 for file in version.more]
    assert uploads.bytes_of(engagement) == len(FIRST) + len(SECOND) + len(THIRD)


def test_the_same_set_of_files_is_no_new_version(engagement, lead):
    paper = three(lead, engagement)
    again = [stored(THIRD), stored(FIRST), stored(SECOND)]
    with pytest.raises(Conflict), transaction():
        services.submit_version(lead, paper, 1, *again)
    with transaction():
        fewer = services.submit_version(lead, paper, 1, *again[:2])
    assert (fewer.number, len(fewer.files)) == (2, 2)


def test_a_file_stands_in_a_version_once_and_not_without_the_tick(engagement, lead):
    paper = three(lead, engagement)
    for files, error in (
        ((stored(b"%PDF-1.4 x", "甲.pdf"), stored(b"%PDF-1.4 x", "乙.pdf")), Conflict),
        ((stored(b"%PDF-1.4 x"), stored(b"%PDF-1.4 y", is_unclassified=False)), Invalid),
        ((), Invalid),
        ([stored(b"%%PDF-1.4 %d" % n) for n in range(arriving.MOST_FILES + 1)], Invalid),
    ):
        with pytest.raises(error), transaction():
            services.submit_version(lead, paper, 1, *files)


def fields_of(engagement):
    return {"index_no": "D-02", "title": "访谈", "unclassified": "y",
            "stage": str(engagement.current_stage.id)}  # fmt: skip


def send_three(client, engagement, url):
    """By the page's script: each in parts, then the form that names them."""
    keys = []
    for data, name in ((FIRST, "甲.pdf"), (SECOND, "乙.pdf"), (THIRD, "丙.pdf")):
        address = announce(client, engagement, len(data), name).headers["Location"]
        assert send(client, address, 0, data).status_code == 204
        keys.append(address.rsplit("/", 1)[1])
    headers = {
        "Content-Type": "application/octet-stream",
        "X-Upload": ",".join(keys),
        "X-Upload-Fields": quote(json.dumps(fields_of(engagement))),
        "X-Requested-With": "fetch",
    }
    return client.post(url, data=b"", headers=headers)


def test_files_in_parts_become_one_version(sign_in, lead, engagement, session):
    url = f"/engagements/{engagement.id}/papers/uploads"
    sent = send_three(sign_in(lead), engagement, url)
    assert sent.status_code == 201, sent.json
    version = session.scalars(select(PaperVersion)).one()
    assert [file.file_name for file in version.files] == ["甲.pdf", "乙.pdf", "丙.pdf"]
    assert session.scalars(select(Upload)).all() == []


def plain(client, url, told, *files):
    parts = [(io.BytesIO(data), name) for data, name in files]
    return client.post(url, data={**told, "file": parts}, content_type="multipart/form-data")


def test_a_plain_form_brings_several_and_each_is_taken_away_again(
    sign_in, lead, engagement, session, audited
):
    client = sign_in(lead)
    url = f"/engagements/{engagement.id}/papers"
    done = plain(client, url, fields_of(engagement), (FIRST, "图.pdf"), (SECOND, "图.pdf"))
    assert done.status_code == 302
    page = client.get(done.location).get_data(as_text=True)
    assert "files.zip" in page
    at = f"{done.location}/versions/1"
    assert client.get(f"{at}/file").data == FIRST
    assert client.get(f"{at}/file?file=2").data == SECOND
    assert client.get(f"{at}/file?file=3").status_code == 404
    whole = client.get(f"{at}/files.zip")
    with zipfile.ZipFile(io.BytesIO(whole.data)) as packed:
        assert packed.testzip() is None
        assert {one.filename: packed.read(one) for one in packed.infolist()} == {
            "图.pdf": FIRST, "图 (2).pdf": SECOND,
        }  # fmt: skip
    assert audited()[-4:] == ["paper.downloaded"] * 4
    assert len({one["sha256"] for one in facts(session, "paper.downloaded")[-2:]}) == 2


def test_one_bad_file_refuses_all_of_them(sign_in, lead, engagement, session):
    url = f"/engagements/{engagement.id}/papers"
    told = fields_of(engagement)
    done = plain(sign_in(lead), url, told, (FIRST, "甲.pdf"), (b"MZ\x90\0" * 99, "乙.pdf"))
    assert done.status_code == 422
    assert "D-02" in done.get_data(as_text=True)
    assert session.scalars(select(WorkingPaper)).all() == []


def test_each_file_has_its_passport(sign_in, lead, engagement, session):
    client = sign_in(lead)
    url = f"/engagements/{engagement.id}/papers"
    at = plain(client, url, fields_of(engagement), (FIRST, "甲.pdf"), (SECOND, "乙.pdf")).location
    version = session.scalars(select(PaperVersion)).one()
    page = client.get(f"{at}/versions/1").get_data(as_text=True)
    assert all(file.sha256 in page for file in version.files)
    second = client.get(f"{at}/versions/1?file=2").get_data(as_text=True)
    assert "乙.pdf" in second
    assert f"<code>{version.more[0].sha256}</code>" in second
    assert client.get(f"{at}/versions/1?file=9").status_code == 404


def test_each_file_is_proved_by_its_own_entry(district, tmp_path):
    engagement = make_engagement()
    home = engagement.agency.organisation
    three(UserFactory(role=Role.LEAD_EVALUATOR, organisation=home), engagement)
    with transaction():
        sealing.seal()
    version = db.session.scalars(select(PaperVersion)).one()
    for file, data in zip(version.files, (FIRST, SECOND, THIRD), strict=True):
        entry = passports.entry_of(file)
        document = json.loads(json.dumps(passports.proof_of(file, entry)))
        (tmp_path / "file").write_bytes(data)
        assert verify_proof(document, file=tmp_path / "file").ok
        document["file"]["sha256"] = version.files[file.position - 2].sha256
        assert not verify_proof(document, file=tmp_path / "file").ok


def test_a_paper_with_its_versions_and_files_takes_the_same_statements(
    engagement, lead, statements, session
):
    lead_id, key = lead.id, three(lead, engagement).id
    session.expunge_all()
    with statements() as few:
        [file.file_name for v in queries.whole_paper(key).versions for file in v.files]
    paper = session.get(WorkingPaper, key)
    author = session.get(User, lead_id)
    for n in range(3):
        with transaction():
            more = [stored(b"%%PDF-1.4 %d %d" % (n, one)) for one in range(4)]
            services.submit_version(author, paper, n + 1, *more)
    session.expunge_all()
    with statements() as many:
        [file.file_name for v in queries.whole_paper(key).versions for file in v.files]
    assert len(few) == len(many)
    assert session.query(VersionFile).count() == 2 + 3 * 3
