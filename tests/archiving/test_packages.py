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
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlalchemy import select, text

from app import clock
from app import pdf as press
from app.archiving import packing
from app.archiving.contents import contents_of, path_of
from app.audit.models import AuditEvent
from app.cli import main
from app.db import db, transaction
from app.errors import Conflict
from app.policy import Role
from app.store import object_store
from app.verification import CHECKPOINT, EVENTS, KEY, MANIFEST, SUMS, verify_archive
from app.zipping import Packed, zipped
from tests.archiving.finished import (
    ANNEX,
    PLAN,
    REPORT,
    download,
    make_finished,
    packed,
    parts_of,
    with_manifest,
)
from tests.audit.log import seal, unguard
from tests.conftest import begin
from tests.factories import UserFactory, make_engagement
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
    told = {one["path"]: one for one in manifest["files"]}
    assert told[REPORT]["retention"] == "30y"
    assert (told[PLAN]["position"], told[ANNEX]["position"]) == (1, 2)
    assert [one["level"] for one in told[REPORT]["reviews"]] == [1, 2, 3]
    sheet = load_workbook(io.BytesIO(parts["目录.xlsx"])).worksheets[0]
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


def test_a_good_package_verifies_with_and_without_a_key(archive, district, tmp_path):
    found = verify_archive(archive)
    assert found.wrong == []
    assert (found.checked["papers"], found.told["keys"]) == (4, "the package's own")
    key = tmp_path / "log.pub"
    key.write_bytes(parts_of(archive)[KEY])
    anchor = tmp_path / "anchor.txt"
    anchor.write_bytes(parts_of(archive)[CHECKPOINT])
    run = CliRunner().invoke(
        main, ["verify", str(archive), "--key", str(key), "--anchor", str(anchor)]
    )
    assert (run.exit_code, run.output.startswith("Whole")) == (0, True)
    assert json.loads(CliRunner().invoke(main, ["verify", str(archive), "--json"]).output)["ok"]


def swapped_event(parts):
    """An event's text changed, its proof left."""
    lines = (
        parts[EVENTS].replace(b"\\u4f20\\u9519", b"x").replace("传错了".encode(), "没有错".encode())
    )
    assert lines != parts[EVENTS]
    return {**parts, EVENTS: lines}


def without_event(parts):
    lines = parts[EVENTS].splitlines(keepends=True)
    return {**parts, EVENTS: b"".join(lines[:3] + lines[4:])}


def without_last_event(parts):
    return {**parts, EVENTS: b"".join(parts[EVENTS].splitlines(keepends=True)[:-1])}


def other_bytes(parts):
    return {**parts, PLAN: parts[PLAN].replace(b"plan", b"plot")}


def all_digests_fitted(parts):
    """The forger changes a paper and lets manifest and sums follow."""
    data = parts[PLAN].replace(b"plan", b"plot")

    def change(told):
        one = next(one for one in told["files"] if one["path"] == PLAN)
        one["sha256"] = hashlib.sha256(data).hexdigest()

    return {**with_manifest(parts, change), PLAN: data}


def hidden_version(parts):
    return with_manifest(parts, lambda told: told["left_out"].pop())


def dropped_from_everywhere(parts):
    return without_trace(parts, PLAN)


def annex_dropped_from_everywhere(parts):
    return without_trace(parts, ANNEX)


def without_trace(parts, path):
    left = {name: data for name, data in parts.items() if name != path}
    keep = lambda told: told.update(files=[f for f in told["files"] if f["path"] != path])  # noqa: E731
    return with_manifest(left, keep)


TAMPERED = {
    "bytes of a paper": (other_bytes, f"{PLAN}: its bytes were changed"),
    "a paper is cut": (lambda p: {**p, PLAN: p[PLAN][:-3]}, f"{PLAN}: has"),
    "a paper is missing": (lambda p: {n: d for n, d in p.items() if n != PLAN}, f"{PLAN}: missing"),
    "a paper was added": (lambda p: {**p, "底稿/B/B-09 补.pdf": b"x"}, "not in the manifest"),
    "a paper stands twice": (lambda p: [*p.items(), (PLAN, p[PLAN])], "twice"),
    "the catalogue": (lambda p: {**p, "目录.xlsx": p["目录.xlsx"] + b" "}, "目录.xlsx: has"),
    "the readme": (
        lambda p: {**p, "说明.txt": p["说明.txt"].replace("星".encode(), b"xxx")},
        "说明",
    ),
    "metadata": (
        lambda p: with_manifest(p, lambda told: told["engagement"].update(fee_fen=1)),
        "not the one that the log vouches for",
    ),
    "a paper, manifest and sums": (all_digests_fitted, "the log tells of no such file"),
    "a paper left out of everything": (dropped_from_everywhere, "the manifest is silent of it"),
    "a further file of a version": (
        annex_dropped_from_everywhere,
        "the manifest is silent of it",
    ),
    "an earlier version is hidden": (hidden_version, "the manifest is silent of it"),
    "the sums": (lambda p: {**p, SUMS: p[SUMS].replace(b"a", b"b")}, f"{SUMS}: differs"),
    "an event's words": (swapped_event, "not in the log that the checkpoint signs"),
    "an event is missing": (without_event, "events are missing or were added"),
    "the package's own event is missing": (without_last_event, "not the one that the log vouches"),
    "the checkpoint": (
        lambda p: {**p, CHECKPOINT: p[CHECKPOINT].replace(b"\n", b"1\n", 1)},
        "checkpoint:",
    ),
    "no manifest": (lambda p: {n: d for n, d in p.items() if n != MANIFEST}, "form"),
    "a manifest that is no JSON": (lambda p: {**p, MANIFEST: b"{"}, "form"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")  # the forger's own zipfile warns
def test_every_tampered_package_is_named(archive, tmp_path):
    parts = parts_of(archive)
    assert verify_archive(packed(parts, tmp_path / "same.zip")).ok
    for what, (tamper, words) in TAMPERED.items():
        forged = packed(tamper(parts), tmp_path / "forged.zip")
        wrong = verify_archive(forged).wrong
        assert any(words in one for one in wrong), (what, wrong)
        assert CliRunner().invoke(main, ["verify", str(forged)]).exit_code == 1, what


def test_a_package_signed_by_another_key_needs_the_true_key(archive, tmp_path, make_district):
    other = make_district()
    with other.app_context():
        engagement, officer, _papers = make_finished()
        forged = download(other, officer, engagement, tmp_path / "forged.zip")
    key, anchor = tmp_path / "log.pub", tmp_path / "anchor"
    key.write_bytes(parts_of(archive)[KEY])
    anchor.write_bytes(parts_of(archive)[CHECKPOINT])
    assert verify_archive(forged).ok
    assert CliRunner().invoke(main, ["verify", str(forged), "--key", str(key)]).exit_code == 1
    assert CliRunner().invoke(main, ["verify", str(forged), "--anchor", str(anchor)]).exit_code == 1


@pytest.mark.parametrize("cut", [10, 0.3, 0.9])
def test_a_package_broken_off_is_no_package(archive, tmp_path, cut):
    data = archive.read_bytes()
    part = tmp_path / "part.zip"
    part.write_bytes(data[: cut if cut > 1 else int(len(data) * cut)])
    assert not verify_archive(part).ok
    assert CliRunner().invoke(main, ["verify", str(part)]).exit_code == 1


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


def test_a_damaged_log_gives_no_package(district):
    engagement, officer, _papers = make_finished()
    seal()
    unguard()
    with transaction():
        db.session.execute(text("DELETE FROM audit_checkpoint"))
    client = begin(district.test_client(), officer)
    assert client.post(f"/engagements/{engagement.id}/archive").status_code == 503
