"""The archive package: what is in it, who takes it, how much memory it costs, and the check of it."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile

import psutil
import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text

from app import clock
from app import pdf as press
from app.archiving import packing
from app.archiving.contents import contents_of, path_of
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.errors import Conflict
from app.policy import Role
from app.store import object_store
from app.verification import EVENTS, MANIFEST
from app.zipping import Packed, zipped
from tests.archiving.finished import (
    ANNEX,
    PHOTO,
    PLAN,
    REPLY,
    REPORT,
    download,
    make_finished,
    parts_of,
)
from tests.audit.log import seal, unguard
from tests.conftest import begin
from tests.factories import UserFactory, make_engagement
from tests.fieldwork.entering import photo
from tests.papers.filing import pdf

MIB = 1 << 20


@pytest.fixture
def archive(district, tmp_path):
    engagement, officer, _papers = make_finished()
    return download(district, officer, engagement, tmp_path / "package.zip")


def test_package_holds_papers_catalogue_metadata_and_log(district, tmp_path):
    engagement, officer, papers = make_finished()
    parts = parts_of(download(district, officer, engagement, tmp_path / "a.zip"))
    manifest = json.loads(parts[MANIFEST])
    assert (parts[PLAN], parts[REPORT]) == (pdf("plan"), pdf("report"))
    assert parts[ANNEX] == pdf("annex")
    assert "底稿/D/D-01 现场_照片_一.pdf" in parts
    assert not any("误传" in name for name in parts)
    assert {(one["index_no"], one["number"]) for one in manifest["left_out"]} == {
        ("B-01", 1),
        ("C-01", 1),
    }
    assert (parts[REPLY], parts[PHOTO]) == (pdf("reply"), photo())
    enclosed = {one["file_name"]: one for one in manifest["enclosures"]}
    assert [name for name, one in enclosed.items() if one["path"] is None] == ["mistake.pdf"]
    assert enclosed["reply.pdf"]["about"].startswith("资料清单1 第1项")
    told = {one["path"]: one for one in manifest["files"]}
    assert told[REPORT]["retention"] == "30y"
    assert (told[PLAN]["position"], told[ANNEX]["position"]) == (1, 2)
    assert [one["level"] for one in told[REPORT]["reviews"]] == [1, 2, 3]
    sheet, others = load_workbook(io.BytesIO(parts["目录.xlsx"])).worksheets[:2]
    assert {row[-1] for row in others.iter_rows(min_row=2, values_only=True)} >= {REPLY, PHOTO}
    assert {row[1] for row in sheet.iter_rows(min_row=3, values_only=True)} == {
        "B-01",
        "D-01",
        "H-01",
    }
    assert ("目录.pdf" in parts) == (not press.missing())
    events = [json.loads(line) for line in parts[EVENTS].splitlines()]
    made = json.loads(events[-1]["canonical"])
    assert made["event"] == "archive.made"
    assert made["facts"]["manifest_sha256"] == hashlib.sha256(parts[MANIFEST]).hexdigest()
    page = begin(district.test_client(), officer).get(f"/engagements/{engagement.id}/archive")
    assert made["facts"]["manifest_sha256"] in page.text
    assert papers[0].title in page.text


def test_verify_needs_no_portal(archive, tmp_path):
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.getcwd(),
        "XINGPING_VAR": str(tmp_path / "no"),
    }
    script = "from app.cli import main; main()"
    run = subprocess.run(
        [sys.executable, "-c", script, "verify", str(archive)],
        env=env, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout[:5]) == (0, "Whole"), run.stderr
    assert not (tmp_path / "no").exists()


def test_who_may_build_and_when(district):
    engagement, officer, papers = make_finished()
    archivist, leader = UserFactory(role=Role.ARCHIVIST), UserFactory(role=Role.LEADER)
    at = f"/engagements/{engagement.id}/archive"
    assert begin(district.test_client(), archivist).post(at).status_code == 200
    reader = begin(district.test_client(), leader)
    assert (reader.get(at).status_code, reader.post(at).status_code) == (200, 403)
    agency = UserFactory(role=Role.AGENCY_ADMIN, organisation=engagement.agency.organisation)
    assert begin(district.test_client(), agency).get(at).status_code == 404
    running = make_engagement()
    client = begin(district.test_client(), officer)
    assert client.get(f"/engagements/{running.id}/archive").status_code == 200
    assert client.post(f"/engagements/{running.id}/archive").status_code == 403
    events = db.session.scalars(select(AuditEvent.event)).all()
    assert events.count("archive.made") == 1


def test_a_lost_paper_stops_the_package_before_it_begins(district):
    engagement, officer, papers = make_finished()
    version = papers[0].versions[-1]
    object_store().discard(version.store_key)
    with pytest.raises(Conflict, match="B-01"):
        packing.check_store(object_store(), contents_of(engagement))
    client = begin(district.test_client(), officer)
    assert client.post(f"/engagements/{engagement.id}/archive").status_code == 409
    assert "archive.made" not in db.session.scalars(select(AuditEvent.event)).all()


def test_a_rotten_paper_breaks_the_stream_off(district):
    engagement, officer, papers = make_finished()
    version = papers[3].versions[-1]
    blob = next((district.config["XINGPING_VAR"] / "store").rglob(version.sha256))
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes().replace(b"report", b"rotten"))
    with pytest.raises(Exception, match=version.sha256):
        begin(district.test_client(), officer).post(f"/engagements/{engagement.id}/archive").data  # noqa: B018


def test_names_in_the_package_are_safe_and_short():
    from types import SimpleNamespace as Thing

    paper = Thing(
        index_no="G-B21",
        index_class="G",
        title="../" + "评" * 200,
        withdrawn_at=None,
        current_version=2,
    )
    version = Thing(paper=paper, number=1)
    path = path_of(Thing(version=version, position=1, file_name="x.xlsx"))
    assert path.startswith("底稿/G/G-B21 ")
    assert path.endswith(" v1.xlsx")
    further = path_of(Thing(version=version, position=2, file_name="照:片" * 60 + ".png"))
    assert further.startswith("底稿/G/G-B21 附02 照_片")
    assert further.endswith(" v1.png")
    for one in (path, further):
        assert ".." not in one
        assert len(one.encode()) < 200


def test_a_stream_of_a_gigabyte_needs_little_memory():
    """300 MB in test, 2 GB in the bench; the receiver takes each piece and forgets it."""
    process, piece = psutil.Process(), os.urandom(MIB)

    def chunks(count):
        for _ in range(count):
            yield piece

    files = [Packed(f"{n}.bin", clock.now(), 100 * MIB, chunks(100)) for n in range(3)]
    before = most = process.memory_info().rss
    total = 0
    for number, sent in enumerate(zipped(files)):
        total += len(sent)
        if number % 16 == 0:
            most = max(most, process.memory_info().rss)
    assert total > 300 * MIB
    assert most - before < 64 * MIB


def test_large_entries_take_their_eight_bytes(monkeypatch, tmp_path):
    from app import zipping

    monkeypatch.setattr(zipping, "LARGE", 4)
    made = tmp_path / "large.zip"
    made.write_bytes(b"".join(zipped([Packed("中文.txt", clock.now(), 5, [b"12", b"345"])])))
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        assert archive.read("中文.txt") == b"12345"


@pytest.mark.owner
def test_a_damaged_log_gives_no_package(district):
    engagement, officer, _papers = make_finished()
    seal()
    unguard()
    with transaction():
        db.session.execute(text("DELETE FROM audit_checkpoint"))
    client = begin(district.test_client(), officer)
    assert client.post(f"/engagements/{engagement.id}/archive").status_code == 503
