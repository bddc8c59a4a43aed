"""What must not be here is withheld with the report, and destroyed by a second person."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import clock
from app.audit.models import AuditEvent
from app.blobs import destroying
from app.blobs.models import FileKey, WithheldFile
from app.custody import holdings
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.papers.models import VersionFile
from app.policy import Role
from app.reading import cache
from app.similarity import texts
from app.similarity.models import TextBucket
from app.spills import services
from app.spills.models import Outcome, Spill, SpillKind
from app.store import object_store
from app.verification import verify_archive
from storage import NotStored, Withheld
from storage.cipher import is_sealed
from tests.conftest import begin
from tests.factories import UserFactory
from tests.papers.filing import file_kept, pdf
from tests.spills.conftest import scene_in

KEPT = timedelta(days=90)
SHOWN = ("", "/file", "/preview", "/view", "/passport.pdf")


def report(scene, actor=None, kind=SpillKind.PERSONAL):
    told = services.Report(scene.version.sha256, kind, "含身份证号")
    with transaction():
        return services.report_spill(actor or scene.officer, scene.version, told)


def destroy(spill, actor, words="确认"):
    with transaction():
        services.destroy_spill(actor, db.session.get(Spill, spill.id), words, backups_kept=KEPT)


def events(name):
    return db.session.scalars(select(AuditEvent).where(AuditEvent.event == name)).all()


def test_from_the_report_on_nobody_reads_it_anywhere(make_scene, deciders):
    scene = make_scene(pdf("secret"))
    cache.place(scene.version.sha256).parent.mkdir(parents=True)
    cache.place(scene.version.sha256).write_bytes(b"%PDF a conversion")
    assert scene.get(scene.officer, "/file").status_code == 200
    spill = report(scene)
    for reader in (scene.lead, scene.officer, deciders[1], UserFactory(role=Role.INSPECTOR)):
        for what in SHOWN:
            reply = scene.get(reader, what)
            assert reply.status_code == 410, (reader.role, what)
            assert "含身份证号" in reply.text
            assert scene.version.sha256 in reply.text
    with pytest.raises(Withheld):
        scene.stored()
    assert not cache.place(scene.version.sha256).exists()
    assert spill.outcome is None
    again = UserFactory(role=Role.PERFORMANCE_OFFICER)
    with pytest.raises(Conflict):
        report(scene, again)


WORDS = {"text": "受访群众的姓名、身份证号和住址" * 9, "buckets": [1, 2, 3]}


def test_its_words_are_forgotten_those_that_are_read_meanwhile_too(make_scene):
    scene, other = make_scene(pdf("secret")), make_scene(pdf("secret too"))
    texts.keep(scene.version.sha256, WORDS)
    assert "身份证号" in texts.text_of(scene.version.sha256)
    report(scene)
    assert texts.text_of(scene.version.sha256) == ""
    report(other)
    texts.keep(other.version.sha256, WORDS)  # a reader had begun before the report
    assert texts.text_of(other.version.sha256) == ""
    assert db.session.query(TextBucket).count() == 0
    made = cache.place(other.version.sha256)
    made.parent.mkdir(parents=True, exist_ok=True)
    made.write_bytes(b"%PDF made meanwhile")
    with transaction():
        destroying.destroy_again()
    assert not made.exists()


def test_a_second_person_destroys_and_the_record_stays(make_scene, deciders):
    scene = make_scene(pdf("secret"))
    security, leader = deciders
    spill = report(scene)
    destroy(spill, security)
    assert not object_store().exists(scene.version.store_key)
    reply = scene.get(scene.lead, "/file")
    assert reply.status_code == 410
    for words in (scene.version.sha256, "含身份证号", scene.officer.name, security.name, "确认"):
        assert words in reply.text
    [told] = events("spill.destroyed")
    assert scene.version.sha256 in told.canonical
    spill = db.session.get(Spill, spill.id)
    assert spill.in_backups_until == clock.today() + KEPT
    page = begin(scene.app.test_client(), leader).get(f"/spills/{spill.id}")
    assert page.status_code == 200
    with pytest.raises(Conflict):
        destroy(spill, leader)
    assert holdings.check_all(object_store()).ok, "what was destroyed is not lost"


@pytest.mark.parametrize("role", [Role.LEADER, Role.SECURITY_ADMIN])
def test_who_reported_never_decides(make_scene, role):
    scene = make_scene(pdf("secret"))
    spill = report(scene)
    spill.reported_by_id = UserFactory(role=role).id
    db.session.commit()
    reporter = db.session.get(type(scene.lead), spill.reported_by_id)
    with pytest.raises(Forbidden):
        destroy(spill, reporter)
    with pytest.raises(Forbidden):
        destroy(spill, scene.officer)
    assert object_store().exists(scene.version.store_key)
    spill = db.session.get(Spill, spill.id)
    assert spill.outcome is None


def test_the_database_itself_wants_two_people(make_scene):
    spill = report(make_scene(pdf("secret")))
    spill.decided_by_id, spill.decided_at = spill.reported_by_id, clock.now()
    spill.outcome = Outcome.DESTROYED
    with pytest.raises(Exception, match="decided_by_another"):
        db.session.commit()
    db.session.rollback()


def test_nothing_wrong_lets_it_be_read_again(make_scene, deciders):
    scene = make_scene(pdf("harmless"))
    spill = report(scene)
    with transaction():
        services.dismiss_spill(deciders[1], db.session.get(Spill, spill.id), "未发现问题")
    assert scene.get(scene.lead, "/file").status_code == 200
    assert scene.stored() == pdf("harmless")
    second = report(scene)
    destroy(second, deciders[0])
    assert scene.get(scene.lead, "/file").status_code == 410


def test_the_same_bytes_elsewhere_are_withheld_too_and_no_agency_hears_of_another(
    make_scene, deciders
):
    here, there = make_scene(pdf("shared")), make_scene(pdf("shared"), "D-07")
    other = make_scene(pdf("another"))
    spill = report(here)
    assert there.get(there.lead, "/file").status_code == 410
    assert other.get(other.lead, "/file").status_code == 200
    text = there.get(there.lead, "/file").text
    assert here.engagement.name not in text.replace(there.engagement.name, "")
    assert here.engagement.agency.name not in text
    page = begin(here.app.test_client(), deciders[0]).get(f"/spills/{spill.id}").text
    assert here.engagement.agency.name in page
    assert there.engagement.agency.name in page
    scopes = {one.scope for one in events("spill.reported")}
    assert scopes == {f"engagement:{here.engagement.id}", f"engagement:{there.engagement.id}"}
    for scene, foreign in ((here, there), (there, here)):
        [told] = db.session.scalars(
            select(Message).where(
                Message.user_id == scene.lead.id, Message.kind == "spill_reported"
            )
        ).all()
        assert told.link == f"/papers/{scene.version.paper_id}"
        assert foreign.version.paper.index_no not in json.dumps(told.facts)
    destroy(spill, deciders[0])
    assert there.get(there.lead, "/file").status_code == 410


@pytest.mark.database("sqlite")
def test_the_same_bytes_do_not_come_in_again(make_scene, deciders):
    scene = make_scene(pdf("secret"))
    spill = report(scene)
    for turn in ("withheld", "destroyed"):
        reply = begin(scene.app.test_client(), scene.lead).post(
            f"/engagements/{scene.engagement.id}/papers",
            data={
                "index_no": "C-09", "title": "又一次", "unclassified": "y",
                "stage": str(scene.engagement.current_stage.id),
                "file": (io.BytesIO(pdf("secret")), "资料.pdf"),
            },
        )  # fmt: skip
        assert reply.status_code == 422, turn
        assert "名单" in reply.text or "list of those" in reply.text
        if turn == "withheld":
            destroy(spill, deciders[0])
    [first, *_more] = events("paper.upload_refused")
    assert '"refusal":"must_not_be_here"' in first.canonical
    assert not object_store().exists(scene.version.store_key)


@pytest.mark.database("sqlite")
def test_a_package_goes_without_it_and_says_so(make_scene, tmp_path):
    scene = make_scene(pdf("secret"))
    good = papers_file(scene, "C-02", pdf("plan"))
    report(scene)
    scene.engagement.accepted_at = clock.now()
    db.session.commit()
    client = begin(scene.app.test_client(), scene.officer)
    assert 'class="notice bad"' in client.get(f"/engagements/{scene.engagement.id}/archive").text
    reply = client.post(f"/engagements/{scene.engagement.id}/archive")
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert not any("C-01" in name for name in archive.namelist())
        assert any("C-02" in name for name in archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        assert good.sha256 in archive.read("SHA256SUMS").decode()
    [left] = manifest["left_out"]
    assert (left["sha256"], left["is_withheld"]) == (scene.version.sha256, True)
    assert verify_archive(written(reply.data, tmp_path), []).ok


def written(data, folder):
    path = folder / "package.zip"
    path.write_bytes(data)
    return path


@pytest.mark.database("sqlite")
def test_all_files_of_a_version_as_zip_go_without_it_and_say_so(make_scene):
    scene = make_scene(pdf("plan"))
    with object_store().spool(limit=1 << 20) as spool:
        spool.receive(io.BytesIO(pdf("secret")))
        stored = object_store().put(spool)
    with transaction():
        more = {"file_name": "名单.pdf", "media_type": "application/pdf", "position": 2}
        db.session.add(
            VersionFile(
                version_id=scene.version.id, size=stored.size, sha256=stored.sha256,
                store_key=stored.key, **more,
            )
        )  # fmt: skip
    told = services.Report(stored.sha256, SpillKind.PERSONAL, "含身份证号")
    with transaction():
        services.report_spill(scene.officer, scene.version, told)
    assert scene.get(scene.officer, "/file?file=2").status_code == 410
    assert scene.get(scene.officer, "/file").status_code == 200
    reply = scene.get(scene.officer, "/files.zip")
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert sorted(archive.namelist()) == ["未包含的文件.txt", "资料.pdf"]
        said = archive.read("未包含的文件.txt").decode("utf-8-sig")
    assert "名单.pdf" in said
    assert stored.sha256 in said


def papers_file(scene, number, data):
    return file_kept(scene.lead, scene.engagement, number, "方案", data, "方案.pdf").versions[0]


def test_the_pages_lead_from_the_report_to_the_decision(make_scene, deciders):
    scene = make_scene(pdf("secret"))
    officer, security = (
        begin(scene.app.test_client(), who) for who in (scene.officer, deciders[0])
    )
    address = f"/papers/{scene.version.paper_id}/versions/1/spill"
    assert address in officer.get(f"/papers/{scene.version.paper_id}").text
    assert (
        address
        not in begin(scene.app.test_client(), scene.lead)
        .get(f"/papers/{scene.version.paper_id}")
        .text
    )
    assert officer.get(address).status_code == 200
    assert officer.post(address, data={"kind": "personal"}).status_code == 422
    told = {"file": scene.version.sha256, "kind": "personal", "reason": "含身份证号"}
    page = officer.post(address, data=told)
    assert page.status_code == 302
    assert "confirm" not in officer.get(page.location).text
    assert f"{page.location}/destruction" not in officer.get(page.location).text
    assert security.get("/").text.count("/spills") >= 1, "it stands among what waits"
    assert f"{page.location}/destruction" in security.get(page.location).text
    assert officer.post(f"{page.location}/destruction", data={"words": "x"}).status_code == 403
    assert security.post(f"{page.location}/destruction", data={"words": ""}).status_code == 422
    assert security.post(f"{page.location}/destruction", data={"words": "确认"}).status_code == 302
    assert security.post(f"{page.location}/dismissal", data={"words": "不"}).status_code == 422
    listed = officer.get("/spills").text
    assert listed.count("tag red") == 1
    assert "上一页" not in listed, "there is one page"


def test_a_report_needs_its_words_and_a_file_of_the_version(make_scene):
    scene = make_scene(pdf("secret"))
    for told in (
        services.Report(scene.version.sha256, SpillKind.CLASSIFIED, " "),
        services.Report("0" * 64, SpillKind.CLASSIFIED, "涉密"),
    ):
        with pytest.raises(Invalid), transaction():
            services.report_spill(scene.officer, scene.version, told)
    with pytest.raises(Forbidden):
        report(scene, scene.lead)
    assert scene.get(scene.lead, "/file").status_code == 200


# Sealed files: destroying the key is destroying the file


@pytest.fixture
def sealing(make_district):
    app = make_district(STORAGE_ENCRYPT=True)
    with app.app_context():
        yield app


def test_a_sealed_file_is_destroyed_by_its_key(sealing):
    scene = scene_in(sealing, pdf("secret"))
    security = UserFactory(role=Role.SECURITY_ADMIN)
    sealed = object_store().inner.open(scene.version.store_key).read()
    assert is_sealed(sealed)
    key = db.session.get(FileKey, scene.version.sha256)
    before = key.wrapped
    destroy(report(scene), security)
    row = db.session.get(FileKey, scene.version.sha256)
    assert (row.wrapped, row.destroyed_at is not None) == ("", True)
    assert before not in dump_of_database()
    with pytest.raises(NotStored):
        object_store().inner.open(scene.version.store_key)


def dump_of_database():
    """The bytes of an embedded database; of PostgreSQL the table alone."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        with open(url.database, "rb") as file:
            return file.read().decode("latin-1")
    return str(db.session.execute(text("SELECT * FROM file_key")).all())


@pytest.mark.owner
def test_an_old_backup_does_not_bring_it_back(sealing):
    """The list of destroyed files lies outside the database."""
    scene = scene_in(sealing, pdf("secret"))
    keep = db.session.get(FileKey, scene.version.sha256).wrapped
    destroy(report(scene), UserFactory(role=Role.LEADER))
    with transaction():  # as the database of last week
        db.session.query(Spill).delete()
        db.session.query(WithheldFile).delete()
        row = db.session.get(FileKey, scene.version.sha256)
        row.destroyed_at, row.wrapped = None, keep
    with object_store().inner.spool(limit=1 << 20) as spool:  # and its store
        spool.receive(io.BytesIO(b"the sealed bytes of last week"))
        object_store().inner.put(spool, key=scene.version.store_key)
    holdings.record_check(holdings.compare(object_store()), is_full=True)
    with pytest.raises(Withheld):
        scene.stored()
    assert db.session.get(FileKey, scene.version.sha256).wrapped == ""
    assert not object_store().inner.exists(scene.version.store_key)
    assert len(events("spill.repeated")) == 1
    holdings.record_check(holdings.compare(object_store()), is_full=True)
    assert len(events("spill.repeated")) == 1


def test_a_destroyed_file_that_the_list_lacks_is_added(sealing):
    scene = scene_in(sealing, pdf("secret"))
    destroy(report(scene), UserFactory(role=Role.LEADER))
    destroying.destroyed_list().unlink()  # as when the power failed between the two
    with transaction():
        assert destroying.destroy_again() == []
    assert destroying.listed_as_destroyed() == {scene.version.sha256}
