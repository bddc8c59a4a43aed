"""Files to send in, papers that are in, and the people who deal with them."""

import hashlib
import io
import zipfile

from app.accounts.models import User
from app.db import db, transaction
from app.papers import queries, reports, review_queries, reviewing, services, uploading
from app.papers.files import NewPaper, StoredFile
from app.papers.models import SealKind
from app.papers.pdf_reading import PdfFacts
from app.papers.review_models import LEVELS, ReviewOutcome
from app.policy import Role
from app.store import object_store
from tests.factories import UserFactory

CHINESE_NAME = "G-B21 资金使用合规性评分底稿(终稿)“第3版”.pdf"
NAMED = PdfFacts(pages=3, pictures=0, names_signer=True)


def pdf(*lines: str) -> bytes:
    """A PDF of one page with these lines, or with a picture's emptiness where there are none."""
    text = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td {text} ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(parts) + 1,
        len(out),
    )
    return out + head + table + tail


def zip_bomb() -> bytes:
    """A small archive whose directory says that it unpacks to nearly two gigabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nothing.txt", bytes(1 << 20))
    data = bytearray(out.getvalue())
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = (0x7FFFFFF0).to_bytes(4, "little")
    return bytes(data)


def stored(data: bytes = b"%PDF-1.4 a", name: str = "底稿.pdf", **changes) -> StoredFile:
    """A file that the store has, as far as the services care."""
    sha256 = hashlib.sha256(data).hexdigest()
    told = {
        "name": name,
        "media_type": "application/pdf",
        "size": len(data),
        "sha256": sha256,
        "key": f"sha256/{sha256[:2]}/{sha256}",
        "is_unclassified": True,
    }
    return StoredFile(**{**told, **changes})


def crew_of(engagement):
    """The agency's lead evaluator and member, and the bureau's officer."""
    home = engagement.agency.organisation
    return (
        UserFactory(role=Role.LEAD_EVALUATOR, organisation=home),
        UserFactory(role=Role.AGENCY_MEMBER, organisation=home),
        UserFactory(role=Role.PERFORMANCE_OFFICER),
    )


def stage_with(engagement, code):
    return next(stage for stage in engagement.stages if stage.code == code)


def file_paper(
    lead, engagement, index_no="B-01", title="工作方案", *, data=b"%PDF-1.4 a", stage=None
):
    """A paper by the service, committed."""
    with transaction():
        new = NewPaper(index_no, title, stage or engagement.current_stage)
        return services.submit_paper(lead, engagement, new, stored(data))


def file_kept(lead, engagement, index_no, title, data, name):
    """A paper whose bytes are really in the store, judged by their content."""
    arrival = uploading.Arrival(io.BytesIO(data), name, len(data), len(data), is_unclassified=True)
    file = uploading.keep(object_store(), arrival)
    with transaction():
        new = NewPaper(index_no, title, engagement.current_stage or engagement.stages[-1])
        return services.submit_paper(lead, engagement, new, file)


def add_version(lead, paper, data):
    with transaction():
        return services.submit_version(lead, paper, paper.current_version, stored(data))


def pass_levels(engagement, version):
    """Three people of the agency review a version by the services, level after level."""
    home = engagement.agency.organisation
    if len(review_queries.reviewers_of(engagement)) < len(LEVELS):
        trio = [UserFactory(role=Role.LEAD_EVALUATOR, organisation=home) for _ in LEVELS]
        with transaction():
            reviewing.appoint_reviewers(trio[0], engagement, trio)
    while turn := review_queries.standing_of(version.paper).turn:
        with transaction():
            reviewer = db.session.get_one(User, turn.reviewer_id)
            reviewing.review_version(reviewer, turn, ReviewOutcome.PASSED, "与底稿一致")


def may_be_reviewed(version):
    paper = version.paper
    is_newest = version.number == paper.current_version
    return is_newest and paper.withdrawn_at is None and not queries.is_locked(paper)


def hand_in(lead, engagement, *, pdf=NAMED, ticked=False, version=None, **changes):
    """The final report by the service, reviewed by its three levels; made where none is given."""
    if version is None:
        version = file_paper(
            lead, engagement, "H-01", "正式报告", data=b"%PDF-1.4 report"
        ).versions[0]
    if changes.pop("reviewed", True) and may_be_reviewed(version):
        pass_levels(engagement, version)
    new = reports.NewReport(
        version=version,
        signed_by=changes.pop("signed_by", None) or engagement.lead_evaluator,
        seal=SealKind.SCANNED,
        pdf=pdf,
        name_is_ticked=ticked,
    )
    with transaction():
        return reports.submit_report(lead, engagement, new)


def first_of(model):
    return db.session.query(model).order_by(model.id).first()
