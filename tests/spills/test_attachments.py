"""What a unit sent is reported where it is shown, by the same procedure as a paper."""

import io

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEvent
from app.db import db, transaction
from app.notifications.models import Message
from app.papers.models import PaperVersion
from app.policy import Role
from app.spills.models import Outcome, Spill
from app.store import object_store
from app.training import authoring
from app.training import services as training
from app.training.services import NewClaim
from app.web import fresh_token
from storage import Withheld
from storage.cipher import is_sealed
from tests.accreditation import applying
from tests.archiving.finished import kept_file
from tests.conftest import begin
from tests.consultations import asking
from tests.factories import UserFactory, make_engagement
from tests.fieldwork import entering
from tests.papers.filing import crew_of, file_kept, pdf
from tests.rectifications import notices
from tests.requests import making
from tests.training import learning

SECRET = pdf("what a unit sent by mistake")
REASON = "附件列有群众身份证号"


def form(data, name, field="file", **more):
    told = {"unclassified": "y", "once": fresh_token(), **more}
    return {field: (io.BytesIO(data), name), **told}


class Scene:
    """An engagement, its people, and a file of every kind that somebody sent."""

    def __init__(self, app):
        self.app = app
        self.engagement = make_engagement()
        self.lead, _member, self.officer = crew_of(self.engagement)
        self.unit = making.officer_of_unit(self.engagement)
        item = making.sent(self.lead, self.engagement).items[0]
        visit = entering.enter(self.lead, self.engagement)
        consultation = asking.sent(self.lead, self.engagement)
        self.pages = {
            "request_item": f"/request-items/{item.id}",
            "site_visit": f"/site-visits/{visit.id}",
            "consultation": f"/consultations/{consultation.id}",
        }
        letter = form(SECRET, "反馈函.pdf", **{"opinions-0-body": "数据不一致"})
        self.send(self.unit, "request_item", "files", form(SECRET, "名单.pdf"))
        self.send(self.unit, "consultation", "response", letter)
        self.send(self.lead, "site_visit", "photos", form(entering.photo(), "1.jpg", "files"))
        finding = notices.issued(self.officer, self.engagement).items[0]
        self.pages["rectification_item"] = f"/rectification-items/{finding.id}"
        self.send(self.unit, "rectification_item", "files", form(pdf("proof"), "佐证.pdf"))
        self.downloads = {
            kind: f"{page}/photos/1/file" if kind == "site_visit" else f"{page}/files/1"
            for kind, page in self.pages.items()
        }

    def client(self, user):
        return begin(self.app.test_client(), user)

    def send(self, sender, kind, what, data):
        reply = self.client(sender).post(f"{self.pages[kind]}/{what}", data=data)
        assert reply.status_code == 302, kind


@pytest.fixture
def scene(make_district):
    app = make_district(STORAGE_ENCRYPT=True)
    with app.app_context():
        yield Scene(app)


def report_of(kind):
    return f"/kept-files/{kind}/1/spill"


def told(sha256):
    return {"file": sha256, "kind": "personal", "reason": REASON, "once": fresh_token()}


def test_every_kind_is_reported_where_it_is_shown_and_two_people_destroy_it(scene):
    officer = scene.client(scene.officer)
    security, sha256 = UserFactory(role=Role.SECURITY_ADMIN), ""
    for kind, page in scene.pages.items():
        if kind == "consultation":  # the same bytes as the material, so the same end
            assert scene.client(scene.unit).get(scene.downloads[kind]).status_code == 410
            assert "tag red" in officer.get(page).text
            assert officer.post(report_of(kind), data=told(sha256)).status_code == 422
            continue
        assert report_of(kind) in officer.get(page).text, kind
        for sender in (scene.unit, scene.lead):
            assert report_of(kind) not in scene.client(sender).get(page).text
        asked = officer.get(report_of(kind)).text
        sha256 = asked.partition('<option value="')[2][:64]
        assert officer.post(report_of(kind), data={"kind": "personal"}).status_code == 422
        assert officer.get(scene.downloads[kind]).status_code == 200
        case = officer.post(report_of(kind), data=told(sha256)).location
        assert officer.get(scene.downloads[kind]).status_code == 410
        assert report_of(kind) not in officer.get(page).text
        assert officer.post(f"{case}/destruction", data={"words": "x"}).status_code == 403
        sealed = object_store().inner.open(f"sha256/{sha256[:2]}/{sha256}").read()
        assert is_sealed(sealed)
        assert scene.client(security).get("/spills").status_code == 200
        reply = scene.client(security).post(f"{case}/destruction", data={"words": "属实，销毁"})
        assert reply.status_code == 302
        assert not object_store().inner.exists(f"sha256/{sha256[:2]}/{sha256}")
        assert "tag red" in officer.get(page).text
        shown = scene.client(security).get(case).text
        assert sha256 in shown
        assert REASON in shown
        gone = officer.get(scene.downloads[kind])
        assert (gone.status_code, "属实，销毁" in gone.text) == (410, True)
    spills = db.session.scalars(select(Spill)).all()
    assert {spill.outcome for spill in spills} == {Outcome.DESTROYED}
    assert {spill.engagement_id for spill in spills} == {scene.engagement.id}
    package = scene.client(scene.officer).get(f"/engagements/{scene.engagement.id}/archive")
    assert package.status_code == 200


@pytest.mark.database("sqlite")
def test_a_paper_and_a_units_file_of_the_same_bytes_go_together(scene):
    security, other = UserFactory(role=Role.SECURITY_ADMIN), make_engagement()
    lead = crew_of(other)[0]
    version = file_kept(lead, other, "C-01", "资料", SECRET, "资料.pdf").versions[0]
    officer = scene.client(scene.officer)
    reply = officer.post(report_of("request_item"), data=told(version.sha256))
    version = db.session.get(PaperVersion, version.id)
    with pytest.raises(Withheld):
        object_store().open(version.store_key)
    page = scene.client(security).get(reply.location).text
    for house in (other.agency.name, scene.unit.organisation.name):
        assert house in page
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.event.like("spill.%reported"))
    ).all()
    assert {(one.event, one.scope) for one in events} == {
        ("spill.file_reported", f"engagement:{scene.engagement.id}"),
        ("spill.reported", f"engagement:{other.id}"),
    }
    assert sum(one.event == "spill.file_reported" for one in events) == 2  # material and letter
    links = {
        (message.user_id, message.link)
        for message in db.session.scalars(select(Message).where(Message.kind == "spill_reported"))
    }
    assert (security.id, reply.location) in links
    assert (scene.unit.id, scene.pages["request_item"]) in links
    assert (scene.unit.id, scene.pages["consultation"]) in links
    assert (scene.lead.id, scene.pages["request_item"]) in links
    assert (lead.id, f"/papers/{version.paper_id}") in links
    assert not {link for user, link in links if user == lead.id} & set(scene.pages.values())
    scene.client(security).post(f"{reply.location}/dismissal", data={"words": "未发现问题"})
    assert scene.client(scene.unit).get(scene.downloads["request_item"]).status_code == 200


@pytest.mark.database("sqlite")
def test_who_may_not_report_is_refused_and_strangers_find_nothing(scene):
    stranger = making.officer_of_unit(make_engagement())
    assert scene.client(stranger).get(report_of("request_item")).status_code == 404
    for address in ("/kept-files/nothing/1/spill", "/kept-files/request_item/99/spill"):
        assert scene.client(scene.officer).get(address).status_code == 404
    for person in (scene.unit, scene.lead):
        assert scene.client(person).get(report_of("request_item")).status_code == 403
        assert scene.client(person).post(report_of("request_item")).status_code == 403
    assert scene.client(scene.unit).get(scene.downloads["request_item"]).status_code == 200


@pytest.mark.database("sqlite")
def test_files_of_no_engagement_are_reported_as_well(district):
    officer, security = UserFactory(), UserFactory(role=Role.SECURITY_ADMIN)
    client = begin(district.test_client(), officer)
    learner = learning.learner()
    files = {name: kept_file(pdf(name), f"{name}.pdf") for name in ("slides", "hours", "proof")}
    made, (application, _key) = learning.course(officer), applying.handed_in()
    with transaction():
        authoring.add_file(officer, made, files["slides"])
    with transaction():
        claim = NewClaim("演示培训", "演示学会", 8, clock.today(), 12)
        record = training.claim_hours(learner, claim, files["hours"])
    with transaction():
        evidence = application.evidence[0]
        evidence.sha256, evidence.store_key = files["proof"].sha256, files["proof"].key
    places = {
        "course_file": (f"/courses/{made.id}", made.files[0]),
        "hour_proof": (f"/training-hours/{record.id}", record.proof),
        "register_evidence": (f"/register-applications/{application.id}", evidence),
    }
    for kind, (page, file) in places.items():
        address = f"/kept-files/{kind}/{file.id}/spill"
        sha256 = file.sha256
        assert address in client.get(page).text, kind
        case = client.post(address, data=told(sha256)).location
        with pytest.raises(Withheld):
            object_store().open(f"sha256/{sha256[:2]}/{sha256}")
        shown = client.get(page).text
        assert "tag amber" in shown, kind
        assert address not in shown
        decided = begin(district.test_client(), security)
        assert decided.post(f"{case}/destruction", data={"words": "属实"}).status_code == 302
        assert decided.get(case).status_code == 200
    assert client.get("/spills").text.count("tag red") == 3
    kinds = db.session.scalars(select(AuditEvent.event).where(AuditEvent.event.like("spill%")))
    assert sorted(kinds) == ["spill.file_destroyed"] * 3 + ["spill.file_reported"] * 3
