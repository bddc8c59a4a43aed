"""What somebody means who sends the portal nonsense: a small district, its pages, hostile values."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.alerts import queries as alerts
from app.alerts.models import AlertKind
from app.alerts.patterns import Finding
from app.alerts.services import raise_alerts
from app.api import services as tokens
from app.api.models import Scope
from app.assessments import objections
from app.clarifications import services as clarifications
from app.custody import services as custody
from app.custody.models import RetentionLock
from app.custody.purging import ask_purge
from app.db import db, transaction
from app.guidance import services as guidance
from app.guidance import stage_services as stage_notes
from app.guidance.models import NoteKind
from app.notifications.models import Message
from app.oversight import services as oversight
from app.packs import services as packs
from app.personal import services as personal
from app.policy import Role
from app.procurement import objecting
from app.procurement.methods import Method
from app.rankings import asking
from app.rankings.making import Needs
from app.spills import services as spills
from app.spills.models import SpillKind
from app.store import object_store
from app.upkeep import transfers
from storage import key_of
from tests.accreditation import applying
from tests.amendments import asking as changes
from tests.assessments.making import begun, confirmed, drawn, imposed
from tests.conftest import begin
from tests.consultations import asking as drafts
from tests.documents import issuing as letters
from tests.expert_reviews import meeting
from tests.factories import (
    PASSWORD,
    EvaluatorFactory,
    OrganisationFactory,
    UserFactory,
    make_engagement,
)
from tests.fieldwork import entering as entries
from tests.frameworks import agreements
from tests.pages import forget_the_last_request
from tests.papers.filing import crew_of, file_paper, hand_in, stage_with
from tests.payments import paying as money
from tests.procurement import placing
from tests.rankings.snapshots import snapshot
from tests.rectifications import notices
from tests.requests import making as material
from tests.reviews.rounds import ended

APP = Path(__file__).parent.parent / "app"
NEW = "Neu-Wort-2031"
SECRETS = (
    "紫色鲸鱼标题",
    "琥珀灯塔意见",
    "翡翠信箱理由",
)  # a paper's title, an opinion, its reason
HUGE = 10**30
WIDE = "１２３"
# Shapes of nonsense: each once broke something somewhere.
HOSTILE = {
    "nul": "a\x00b",
    "huge": str(HUGE),
    "minus": "-1",
    "long": "长" * 3000,
    "wide": WIDE,
    "quote": "'\"><svg/onload=x>%\\_",
    "surrogate": "\udcff",
    "nan": "NaN",
    "endless": "1E+999999",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "nothing": "",
}

OWN = {"_scheme", "_external", "_anchor", "_method", "endpoint"}  # words that url_for keeps
IN_ADDRESSES = ("nul", "huge", "minus", "long", "wide", "quote", "surrogate")
# What a person types where not every text will do.
BELIEVABLE = {
    "fee": "80000",
    "amount": "5000000",
    "login": "demo.user",
    "index_no": "C-07",
    "papers": "",
}
BELIEVABLE |= {"credit_code": "91330304MA2DEM0179", "old": PASSWORD, "new": NEW, "again": NEW}


@dataclass
class World:
    """Two engagements of one agency with all that hangs on them, and who may be there."""

    keys: dict[str, int]
    insiders: dict[str, User]
    strangers: dict[Role, User]
    more: list[str]  # further pages with forms


def world() -> World:
    """A running engagement with a paper, an opinion and a message, one that is rated, a draft."""
    running = make_engagement()
    lead, member, officer = crew_of(running)
    title, words, reason = SECRETS
    paper = file_paper(lead, running, "G-01", title)
    running.current_stage.submitted_at = clock.now()
    keep(b"%PDF-1.4 a")  # the bytes that file_paper speaks of
    with transaction():
        new = guidance.NewNote(NoteKind.SCORE, words, reason=reason)
        note = guidance.issue_note(officer, paper.versions[0], new)
    asked = material.sent(lead, running)
    given = material.supply(material.officer_of_unit(running), asked.items[0])
    visit = entries.enter(lead, running)
    consulted = drafts.sent(lead, running, drafts.draft(lead, running, "H-77"))
    drafts.respond(material.officer_of_unit(running), consulted)
    judges = meeting.experts(1)
    held = meeting.called(officer, lead, running, judges)
    meeting.judge(judges[0], held)
    rated = ended(actor=officer, agency=running.agency, lead_evaluator=running.lead_evaluator)
    home, task = running.agency.organisation, running.tasks[0]
    insiders = {
        "officer": officer,
        "lead": lead,
        "member": member,
        "agency": UserFactory(role=Role.AGENCY_ADMIN, organisation=home),
        "unit": UserFactory(role=Role.UNIT_OFFICER, organisation=task.unit),
        "section": UserFactory(role=Role.SECTION_OFFICER, organisation=task.section),
        "rater": rated.officers["unit"],
    }
    insiders |= {role: UserFactory(role=role) for role in (Role.LEADER, Role.INSPECTOR)}
    strangers = {role: UserFactory(role=role) for role in Role if role not in insiders}
    strangers.pop(Role.PERFORMANCE_OFFICER)  # the whole district is theirs
    draft = snapshot(officer)
    message = db.session.scalars(select(Message).where(Message.user_id == lead.id)).first()
    keys = {
        "engagement_id": running.id,
        "stage_id": running.current_stage.id,
        "paper_id": paper.id,
        "number": 1,
        "note_id": note.id,
        "invitation_id": rated.invitation("unit").id,
        "snapshot_id": draft.id,
        "agency_id": running.agency_id,
        "evaluator_id": EvaluatorFactory(agency=running.agency, confirmed_at=None).id,
        "user_id": lead.id,
        "organisation_id": OrganisationFactory(name="演示外单位").id,
        "template_id": running.template_id,
        "message_id": message.id,
        "visit_id": visit.id,
        "entry_id": visit.id,
        "photo_id": 1,
        "consultation_id": consulted.id,
        "opinion_id": consulted.opinions[0].id,
        "review_id": held.id,
        "request_id": asked.id,
        "item_id": asked.items[0].id,
        "keeper": "request_item",
        "record_id": asked.items[0].id,
        "file_id": given.id,
        **assessed(officer, insiders["agency"], rated.engagement),
        **kept_safe(officer, lead, running, rated.engagement),
        **procured(officer),
        **registered(running.agency),
    }
    more = [at_acceptance(officer), f"/assessments/{begun(actor=officer).id}/edit"]
    keys["amendment_id"] = changes.ask(lead, running).id
    keys["document_id"] = letters.issued(officer, running).id
    part = money.planned(officer, running).instalments[0]
    keys |= {"instalment_id": part.id, "invoice_id": money.invoiced(lead, part).id}
    keys["notice_id"] = notices.issued(officer, rated.engagement).id
    with transaction():
        keys["correction_id"] = personal.ask_correction(lead, "演示更正").id
    with transaction():
        days = {"expires_on": clock.today(), "most_days": 1}
        keys["token_id"] = tokens.make_token(lead, "演示系统", {Scope.PAPERS}, **days)[0].id
    keys |= overseen(officer, running)
    with transaction():
        wish = {"as_of": clock.today(), "since": None, "needs": Needs()}
        keys["ranking_request_id"] = asking.ask_snapshot(officer, "演示", **wish).id
    return World(keys, insiders, strangers, more)


def registered(agency):
    """An application with its key and its proof, and somebody who is asked for by another agency."""
    draft, key = applying.begun(700_099)
    evidence = applying.file_proof(draft, "particulars")
    waiting, _key = applying.handed_in(700_098)
    asker = UserFactory(role=Role.AGENCY_ADMIN)
    with transaction():
        name = EvaluatorFactory(agency=agency).name
        transfer = transfers.ask_transfer(asker, agency, name, "演示转入")
    found = {"application_id": waiting.id, "key": key, "evidence_id": evidence.id}
    return {**found, "transfer_id": transfer.id}


def procured(officer):
    """A need by draw with its offers and a frozen list; an award with an objection to it."""
    pairs = [placing.bidder() for _n in range(3)]
    lot = placing.drawn_up(officer, pairs)
    with placing.after(4):
        draw, _secret = placing.frozen(officer, lot)
    award = placing.awarded(officer)
    head, lead = pairs[0]
    with transaction():
        objection = objecting.object_to(head, award, lead.agency, "演示异议")
        pack = packs.ask_pack(officer, award.lot.need)
        question = clarifications.ask(head, lot.need, "演示提问")
    framework = agreements.entered(officer, Method.FRAMEWORK_TURN)
    return {
        "framework_id": framework.id,
        "member_id": framework.members[0].id,
        "need_question_id": question.id,
        "need_id": lot.need_id,
        "lot_id": lot.id,
        "offer_id": lot.offers[0].id,
        "draw_id": draw.id,
        "award_id": award.id,
        "award_objection_id": objection.id,
        "decision_pack_id": pack.id,
    }


def assessed(officer, head, engagement):
    """A confirmed assessment, a year's list that is drawn up, a measure, and its appeal."""
    found = confirmed(engagement, officer, lost=10)
    made = imposed(engagement.agency, actor=officer)
    with transaction():
        raised = objections.raise_objection(head, made, "演示异议")
    drawn_up = drawn(officer)
    return {
        "assessment_id": found.id,
        "consequence_id": made.id,
        "form_id": found.form_id,
        "list_id": drawn_up.id,
        "objection_id": raised.id,
        "row_id": drawn_up.rows[0].id,
    }


def kept_safe(officer, lead, running, over):
    """A file that was reported and waits, and a legal hold that waits."""
    version = file_paper(lead, running, "F-98", data=b"%PDF-1.4 misplaced").versions[0]
    told = spills.Report(version.sha256, SpillKind.PERSONAL, "演示误传")
    with transaction():
        spill = spills.report_spill(officer, version, told)
    with transaction():
        hold = custody.ask_hold(officer, over, "演示审计")
    with transaction():
        db.session.add(
            RetentionLock(
                engagement_id=over.id, store_key=key_of("ab" * 32), is_permanent=False,
                until=clock.now() - timedelta(days=1), asked_at=clock.now(),
            )
        )  # fmt: skip
    with transaction():
        purge = ask_purge(UserFactory(role=Role.ARCHIVIST), "演示鉴定")
    kept = {"spill_id": spill.id, "hold_id": hold.id, "step": "refusal"}
    return {**kept, "purge_id": purge.id}


def at_acceptance(officer):
    """The page on which an engagement is accepted or refused."""
    engagement = make_engagement(actor=officer)
    lead = UserFactory(role=Role.LEAD_EVALUATOR, organisation=engagement.agency.organisation)
    hand_in(lead, engagement)
    engagement.current_stage_position = stage_with(engagement, "acceptance").position
    db.session.commit()
    return f"/engagements/{engagement.id}/acceptance"


def keep(data):
    """Put bytes into the store."""
    with object_store().spool(limit=1 << 20) as spool:
        spool.receive(BytesIO(data), expected=len(data))
        object_store().put(spool)


def people_of(found: World) -> dict[str, User]:
    """Everybody, by a name for failures."""
    return {**found.insiders, **{f"stranger {role}": who for role, who in found.strangers.items()}}


def rules(app, method):
    """The portal's own pages that take this method; the API has a table of its own."""
    found = [rule for rule in app.url_map.iter_rules() if method in rule.methods]
    pages = [rule for rule in found if not rule.endpoint.startswith("api.v1.")]
    return [rule for rule in pages if not rule.endpoint.endswith("static")]


def overseen(officer, engagement):
    """A warning, a kept view of the board, an opinion on a stage."""
    rule = alerts.rule_in_force(AlertKind.OVERDUE)
    finding = Finding(engagement.id, "overdue:hostile", clock.today(), None, {"due": "2026-01-05"})
    with transaction():
        raise_alerts({rule.kind: [finding]})
        view = oversight.save_view(officer, "演示视图", "state=overdue")
        new = guidance.NewNote(NoteKind.SUGGESTION, "演示阶段意见")
        note = stage_notes.issue_stage_note(officer, engagement.current_stage, new)
    alert = alerts.known_marks([finding.mark])[finding.mark]
    return {"alert_id": alert.id, "view_id": view.id, "stage_note_id": note.id}


def url_of(rule, keys):
    """A rule's address about our records; a record that this module doesn't know is number 1."""
    words = {"locale": "en", "form": "csv", "kind": "csv"}
    values = {name: keys.get(name, words.get(name, 1)) for name in rule.arguments}
    return rule.build(values)[1]


class Client(FlaskClient):
    """A client that doesn't look at the HTML: here thousands of pages are fetched."""

    def open(self, *args, **kwargs):
        forget_the_last_request()
        return super().open(*args, **kwargs)


def client_of(app, user=None):
    """Somebody's own client."""
    client = Client(app, app.response_class, use_cookies=True)
    return begin(client, user) if user else client


@contextmanager
def undone():
    """Whatever happens inside is forgotten, commits included."""
    db.session.rollback()
    point = db.engines[None].begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        if point.is_active:
            point.rollback()


@dataclass
class Form:
    """One form of a page: where it goes and a believable filling."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collect the forms of a page that are sent by POST."""

    def __init__(self):
        super().__init__()
        self.found: list[Form] = []
        self.form: Form | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "form":
            self.form = Form(told.get("action") or "") if told.get("method") == "post" else None
            self.found += [self.form] if self.form else []
        if self.form is None:
            return
        if tag == "input" and name and told.get("type") != "submit":
            self._input(told.get("type") or "text", name, value)
        elif tag == "textarea":
            self.area, self.form.fields[name] = name, ""
        elif tag == "select":
            self.select = name
            self.form.fields.setdefault(name, "")
        elif (
            tag == "option"
            and value not in {"", "0"}
            and not self.form.fields.get(self.select, "-")
        ):
            self.form.fields[self.select] = value

    def _input(self, kind, name, value):
        if kind in {"radio", "checkbox"}:
            self.form.fields.setdefault(name, value)
        elif kind == "date":
            self.form.fields[name] = value or "2026-03-02"
        else:
            last = name.rpartition("-")[2]
            self.form.fields[name] = value or BELIEVABLE.get(last, "演示12")

    def handle_data(self, data):
        if self.form and self.area:
            self.form.fields[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.form:
            self.form.fields[self.area] = self.form.fields[self.area].strip() or BELIEVABLE.get(
                self.area.rpartition("-")[2], "演示文字"
            )
        self.form = None if tag == "form" else self.form
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area


def forms_of(url, html):
    """The forms of a page with whole addresses."""
    parser = _Forms()
    parser.feed(html)
    for form in parser.found:
        form.action = urlsplit(form.action or url).path
    return parser.found


def telling(fields):
    """The fields worth trying: one row stands for all, and a token is nobody's typing."""
    return [
        name
        for name in fields
        if name not in {"csrf_token", "once", "next"} and not re.search(r"-[1-9]\d*-", name)
    ]


def asked_names():
    """Every name that some view reads from the address or from a form by hand."""
    pattern = re.compile(r"request\.(?:args|form|values)\.get\(\s*\"([a-z_]+)\"")
    return sorted({n for p in APP.rglob("*.py") for n in pattern.findall(p.read_text())} | OWN)
