import io
from datetime import date

import docx
import pytest
from sqlalchemy.exc import IntegrityError

from app import clock
from app.db import db, transaction
from app.documents import filling, layout, queries, services, wordings
from app.documents.docx_file import docx_of
from app.documents.models import DocumentKind, OfficialDocument
from app.errors import Conflict, Forbidden, Invalid
from app.notifications.models import Message
from app.policy import Permission, Role, can
from tests.assessments.making import confirmed
from tests.documents.issuing import drawn, issued
from tests.factories import OrganisationFactory, UserFactory
from tests.rectifications import notices
from tests.reviews.rounds import ended

Kind = DocumentKind


def test_numbers_of_a_series_run_through_the_year_and_are_used_once(
    engagement, officer, lead, audited
):
    year = clock.today().year
    first, second = issued(officer, engagement), issued(officer, engagement)
    assert first.document_no == f"演财绩〔{year}〕1号"
    assert second.number == 2
    with transaction():
        services.void_document(officer, second, "内容有误")
    with pytest.raises(Conflict):
        issued(officer, engagement, number=2)
    assert queries.next_number("演财绩", year) == 3
    assert issued(officer, engagement, series="演财函", number=1).number == 1
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.query(OfficialDocument).filter_by(id=second.id).update({"number": 1})
    assert audited().count("document.issued") == 3
    assert {m.kind for m in db.session.query(Message).filter_by(user_id=lead.id)} >= {
        "official_document_issued"
    }


def test_the_task_letter_is_filled_from_the_contract(engagement, officer):
    made = issued(officer, engagement)
    told = (
        engagement.agency.name,
        engagement.code,
        engagement.tasks[0].project,
        engagement.lead_evaluator.name,
        layout.day_in_words(engagement.ends_on),
    )
    for words in told:
        assert words in made.body
    assert made.sha256 == layout.digest(made)
    made.body += "改"
    assert made.sha256 != layout.digest(made)


def test_after_the_work_each_record_has_its_document(officer, session):
    engagement = ended(actor=officer).engagement
    notices.issued(officer, engagement)
    confirmed(engagement, officer, lost=10)
    kinds = [source.kind for source in filling.sources_of(engagement, officer)]
    assert {Kind.TASK, Kind.RECTIFICATION, Kind.ASSESSMENT} <= set(kinds)
    notice = issued(officer, engagement, Kind.RECTIFICATION)
    assert notice.addressee_id == engagement.tasks[0].unit_id
    assert "资金闲置" in notice.body
    assert "123,456.00" in notice.body
    sheet = issued(officer, engagement, Kind.ASSESSMENT)
    table = next(part for part in layout.parts_of(sheet.body) if part.sort == "table")
    assert len(table.rows) > 5
    assert "90" in sheet.body


def test_what_is_left_open_is_not_issued(engagement, officer):
    for changes in (
        {"body": "请于{时间}到场"},
        {"body": " "},
        {"title": ""},
        {"series": "a b"},
        {"number": 0},
        {"dated_on": date(1999, 1, 1)},
    ):
        with pytest.raises(Invalid):
            issued(officer, engagement, **changes)
    with pytest.raises(Forbidden):
        services.issue_document(
            UserFactory(role=Role.LEADER), engagement, drawn(officer, engagement)
        )


def test_the_docx_has_the_layout_and_can_be_edited(engagement, officer):
    made = issued(officer, engagement, copies="演示区审计局")
    found = docx.Document(io.BytesIO(docx_of(made)))
    page = found.sections[0]
    margins = (page.top_margin, page.right_margin, page.bottom_margin, page.left_margin)
    assert [round(each.mm) for each in margins] == [37, 26, 35, 28]
    texts = [each.text for each in found.paragraphs]
    assert made.document_no in texts
    assert made.title in texts
    assert "抄送：演示区审计局" in texts
    assert found.tables[0].rows[1].cells[1].text == engagement.tasks[0].project
    body = next(p for p in found.paragraphs if p.text.startswith("自2"))
    assert body.runs[0].font.size.pt == 16
    assert 'w:eastAsia="仿宋_GB2312"' in body.runs[0]._r.xml


def test_the_usual_words_are_versions(engagement, officer):
    before = wordings.in_force(Kind.TALK)
    told = {"title": "约谈通知", "body": "{机构}：\n请来谈。", "reason": "简化"}
    with transaction():
        services.edit_wording(officer, Kind.TALK, "演财谈", **told)
    now = wordings.in_force(Kind.TALK)
    assert (before.version, now.version, now.series) == (0, 1, "演财谈")
    with pytest.raises(Invalid):
        services.edit_wording(officer, Kind.TALK, "演财谈", **{**told, "reason": " "})
    with pytest.raises(Forbidden):
        services.edit_wording(UserFactory(role=Role.LEADER), Kind.TALK, "演财谈", **told)


def test_a_text_falls_into_its_parts():
    parts = list(layout.parts_of("某某：\n说明\n\n一、要求\n（一）其一\na|b\n1|2|3\n完"))
    sorts = [part.sort for part in parts]
    assert sorts == ["address", "text", "heading", "lower", "table", "text"]
    assert parts[4].rows == [["a", "b", ""], ["1", "2", "3"]]
    assert layout.filled("{甲}和{乙}", {"甲": "{乙}"}) == "{乙}和{乙}"


def test_every_shipped_word_knows_its_places(engagement, officer):
    common = filling.values_of(engagement, filling.sources_of(engagement, officer)[0])
    own = {
        "截止日期",
        "附件",
        "问题表",
        "事由",
        "依据",
        "验收日期",
        "验收轮次",
        "验收表",
        "验收意见",
    }
    own |= {"得分表", "考核得分", "考核等级", "异议截止"}
    for words in wordings.shipped().values():
        assert set(layout.PLACE.findall(words.title + words.body)) <= common.keys() | own


@pytest.mark.parametrize("role", sorted(Role))
def test_the_list_and_the_policy_agree(session, engagement, officer, role):
    issued(officer, engagement)
    engagement.client = OrganisationFactory()
    session.commit()
    homes = {
        Role.SECTION_OFFICER: engagement.tasks[0].section,
        Role.DEPARTMENT_OFFICER: engagement.client,
        Role.LEAD_EVALUATOR: engagement.agency.organisation,
        Role.UNIT_OFFICER: engagement.tasks[0].unit,
    }
    everything = session.query(OfficialDocument).all()
    for home in (homes.get(role), None):
        user = UserFactory(role=role, **({"organisation": home} if home else {}))
        told = [one for one in everything if can(user, Permission.OFFICIAL_DOCUMENT_READ, one)]
        assert list(session.scalars(queries.documents_visible_to(user))) == told
