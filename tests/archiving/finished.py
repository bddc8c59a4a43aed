"""A finished engagement with papers whose bytes are in the store, and its package."""

import io
import json
import zipfile

from app import clock
from app.attachments.exif import PhotoFacts
from app.db import db, transaction
from app.fieldwork import services as fieldwork
from app.papers import reviewing, services, uploading
from app.papers.files import NewPaper
from app.papers.review_models import ReviewOutcome
from app.papers.review_queries import standing_of
from app.policy import Role
from app.requests import services as requests
from app.store import object_store
from tests.conftest import begin
from tests.factories import UserFactory, make_engagement
from tests.fieldwork.entering import enter, photo
from tests.papers.filing import crew_of, file_kept, pdf
from tests.requests.making import sent

PLAN, REPORT = "底稿/B/B-01 工作方案.pdf", "底稿/H/H-01 正式报告.pdf"
REPLY, PHOTO = "附件/资料清单/001 reply.pdf", "附件/现场照片/001 现场_一.jpg"
ANNEX = "底稿/B/B-01 附02 附件.pdf"  # the second file of the same version


def make_finished():
    """Papers with a draft, a withdrawn one and a reviewed report; then the work is over."""
    engagement = make_engagement()
    lead, member, officer = crew_of(engagement)
    plan = file_kept(lead, engagement, "B-01", "工作方案", pdf("draft"), "方案.pdf")
    renew(lead, plan, pdf("plan"), pdf("annex"))
    photo = file_kept(member, engagement, "D-01", "现场/照片:一", pdf("photo"), "照片.pdf")
    wrong = file_kept(member, engagement, "C-01", "误传", pdf("wrong"), "误传.pdf")
    with transaction():
        services.withdraw_paper(lead, wrong, "传错了")
    enclose(engagement, lead)
    report = file_kept(lead, engagement, "H-01", "正式报告", pdf("report"), "报告.pdf")
    review(lead, engagement, report)
    engagement.accepted_at = clock.now()
    db.session.commit()
    return engagement, officer, [plan, photo, wrong, report]


def enclose(engagement, lead):
    """What the unit handed over, one of it by mistake, and a photograph of a visit."""
    unit = UserFactory(role=Role.UNIT_OFFICER, organisation=engagement.tasks[0].unit)
    item = sent(lead, engagement).items[0]
    handed = [kept_file(pdf(words), f"{words}.pdf") for words in ("reply", "mistake")]
    for file in handed:
        with transaction():
            requests.supply_file(unit, item, file)
    with transaction():
        requests.void_file(unit, item.files[-1])
    visit = enter(lead, engagement)
    with transaction():
        fieldwork.add_photo(lead, visit, kept_file(photo(), "现场:一.jpg"), PhotoFacts())


def kept_file(data, name):
    """A file whose bytes are in the store."""
    arrival = uploading.Arrival(io.BytesIO(data), name, len(data), len(data), is_unclassified=True)
    return uploading.keep(object_store(), arrival)


def renew(lead, paper, *datas):
    """A second version of one file or several whose bytes are in the store."""
    named = zip(datas, ("新.pdf", "附件.pdf"), strict=False)
    files = [kept_file(data, name) for data, name in named]
    with transaction():
        services.submit_version(lead, paper, paper.current_version, *files)


def review(lead, engagement, paper):
    home = engagement.agency.organisation
    people = [UserFactory(role=Role.AGENCY_MEMBER, organisation=home) for _ in range(3)]
    with transaction():
        reviewing.appoint_reviewers(lead, engagement, people)
    for person in people:
        with transaction():
            reviewing.review_version(person, standing_of(paper).turn, ReviewOutcome.PASSED, "好")


def download(app, officer, engagement, path):
    """Build the package over the page and keep it in a file."""
    reply = begin(app.test_client(), officer).post(f"/engagements/{engagement.id}/archive")
    assert reply.status_code == 200, reply.text
    path.write_bytes(reply.data)
    return path


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts, path):
    """A ZIP of these parts; a list of pairs may name one twice."""
    pairs = parts.items() if isinstance(parts, dict) else parts
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in pairs:
            archive.writestr(name, data)
    return path


def with_manifest(parts, change, *, sums=True):
    """The parts with another manifest, the digests beside it made to fit."""
    from app.listed_zip import SUMS, sums_of
    from app.verification import MANIFEST

    told = json.loads(parts[MANIFEST])
    change(told)
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return {**parts, MANIFEST: text, **({SUMS: sums_of(text, MANIFEST)} if sums else {})}


class Filler:
    """A PDF's head and then so many bytes, read without ever being whole in memory."""

    def __init__(self, number, size):
        self.head, self.left = b"%%PDF-1.4\n%% %d\n" % number, size
        self.piece = bytes(1 << 20)

    def read(self, size=-1):
        wanted = min(self.left, len(self.piece) if size < 0 else size)
        data = (self.head + self.piece)[:wanted] if self.head else self.piece[:wanted]
        self.head, self.left = b"", self.left - len(data)
        return data


def make_large(count, size):
    """A finished engagement of so many papers of this size."""
    engagement = make_engagement()
    lead, _member, officer = crew_of(engagement)
    for number in range(1, count + 1):
        arrival = uploading.Arrival(
            Filler(number, size), "大文件.pdf", size, size, is_unclassified=True
        )
        file = uploading.keep(object_store(), arrival)
        with transaction():
            new = NewPaper(f"C-{number:02}", "大文件", engagement.current_stage)
            services.submit_paper(lead, engagement, new, file)
    engagement.accepted_at = clock.now()
    db.session.commit()
    return engagement, officer
