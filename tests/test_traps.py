"""What a demanding reviewer looks for in a portal of this field, where no other test says it."""

import re
from decimal import Decimal

from babel.messages.pofile import read_po
from sqlalchemy import select

from app.assessments.grading import grade_of
from app.assessments.queries import rules_in_force
from app.engagements.models import Allowance, ServiceType
from app.indicators.labels import GRADES
from app.policy import Role
from app.reviews import queries
from app.reviews.forms import form_for
from tests.factories import UserFactory
from tests.hostility import APP, client_of, rules

PO = APP / "translations/zh_Hans_CN/LC_MESSAGES/messages.po"
WORDS = PO.read_text(encoding="utf-8")
SHOWN = [*APP.glob("templates/**/*.html"), *APP.glob("static/*.*")]


def test_the_register_is_a_record_and_no_gate():
    """财库〔2019〕38号: no pool that somebody must be in to be chosen."""
    assert not re.search("备选库|资格库|入围条件|准入条件", WORDS)


def test_nobody_is_favoured_for_being_local():
    assert not re.search("本地加分|本区加分|本地机构优先", WORDS)


def test_services_are_not_bought_by_price_inquiry():
    assert "询价" not in WORDS


def test_no_self_evaluation_goes_out_in_an_agencys_name(session):
    kinds = session.scalars(select(ServiceType).where(ServiceType.name.contains("自评"))).all()
    commissioned = [kind for kind in kinds if "复核" not in kind.name and "复评" not in kind.name]
    assert commissioned, "it is listed, so that it can be refused"
    assert all(kind.allowance is not Allowance.ALLOWED for kind in commissioned)


# What may be forgotten, and why nobody could miss it.
FORGOTTEN = {
    "api/keeping.py": "answers to requests that nobody sends again, after a month",
    "attachments/waiting.py": "an upload on its way in that became nothing",
    "accounts/pacing.py": "failed sign-ins of an address, after a day",
    "queueing/running.py": "work that was done a week ago",
    "requests/services.py": "a line of a list that was never sent",
    "sheets/services.py": "attempts with one-time keys, after a day",
    "search/indexing.py": "an index of words; what they were found in stays",
    "similarity/texts.py": "an index of words; their paper stays",
    "training/hour_views.py": "attempts at certificates' numbers, after a day",
    "web.py": "tokens of forms that nobody can send any more",
}


def test_nothing_that_counts_is_ever_deleted(app):
    """Only what is still on its way in is removed: uploads that became no paper."""
    pattern = re.compile(r"session\.delete\(|(?<![.\w])delete\(")
    found = {
        p.relative_to(APP).as_posix() for p in APP.rglob("*.py") if pattern.search(p.read_text())
    }
    assert {name for name in found if not name.startswith("papers/")} <= set(FORGOTTEN)
    assert {rule.rule.split("/")[1] for rule in rules(app, "DELETE")} <= {"uploads"}


def test_no_agency_grade_is_called_like_a_projects(session):
    """优良中差 tell of a project; an agency's grade has other names, and edges belong upwards."""
    rules = rules_in_force()
    shown = {str(words) for words in GRADES.values()} | set("优良中差")
    assert not shown & set(rules.labels.values())
    edges = (rules.edge_a, rules.edge_b, rules.edge_c)
    told = [rules.label(grade_of(Decimal(edge), rules.edges)) for edge in (*edges, 59)]
    assert edges == (90, 80, 60)
    assert told == ["A级", "B级", "C级", "D级"]


def test_no_measure_bars_from_a_statutory_procurement():
    """Wherever a grade or a measure is shown, the page says what it is not."""
    for name in ("year", "row", "show", "consequence", "consequences", "propose", "credit_panel"):
        text = (APP / f"templates/assessments/{name}.html").read_text(encoding="utf-8")
        assert "no_gate()" in text or "NOT_A_GATE" in text, name
    assert "任何等次和措施均不排除机构依法参加政府采购活动" in WORDS


def test_no_star_is_chosen_beforehand(app, session):
    with app.test_request_context():
        form = form_for(queries.dimensions(), {}, [])
        assert [field.data for field in form.star_fields()] == [None] * 4


def test_nothing_comes_from_elsewhere():
    """No content network, no foreign font, picture or script: the office has no way out."""
    strange = re.compile(r"(?:src|href|action|url)\s*[=(]\s*[\"']?(?:https?:)?//(?!www\.w3\.org)")
    assert [
        p.name
        for p in SHOWN
        if p.suffix in {".html", ".css", ".js"} and strange.search(p.read_text())
    ] == []


# Where a seal is spoken of that a seal service made and verified
VERIFIED = ("documents/", "templates/documents/", "seal_service.py", "audit/sentences/course.py")


def test_no_picture_of_a_seal_is_called_a_signature():
    """电子签名法 13, 14: a pasted picture is none; only a verified seal bears the name."""
    with PO.open("rb") as file:
        said = [one for one in read_po(file) if one.id and "电子签章" in str(one.string)]
    claims = [one.id[:50] for one in said if not re.search("不是|不称|并非|未经", str(one.string))]
    assert "Electronic seal" in claims
    for path in [*APP.rglob("*.py"), *APP.rglob("*.html")]:
        text, place = path.read_text(encoding="utf-8"), path.relative_to(APP).as_posix()
        if not place.startswith(VERIFIED):
            ends = [words + ('"' if len(words) < 50 else "") for words in claims]
            assert not [words for words in ends if f'"{words}' in text], place


def test_every_amount_has_its_unit(app, session):
    """No page shows a bare amount: 元 or 万元 stands beside it."""
    for name in ("engagements/show.html", "pages/board_body.html", "engagements/tasks.html"):
        text = (APP / "templates" / name).read_text(encoding="utf-8")
        for amount in re.findall(r"{{[^}]*_fen[^}]*}}", text):
            assert re.search(r"\|\s*(wan|yuan)|money", amount) or "sum" in amount, (name, amount)


def test_administrators_see_no_business(app, session):
    """三员: who keeps the accounts, the machine or the log reads no engagement and no paper."""
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        client = client_of(app, UserFactory(role=role))
        for url in ("/board", "/engagements", "/rankings", "/reviews"):
            assert client.get(url).status_code == 403, (role, url)
