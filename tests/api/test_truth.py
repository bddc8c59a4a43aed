"""Who reads what through the API: every address, every role, at home and from another house.

The table is held against the addresses themselves: one without a row fails.
"""

from types import SimpleNamespace

import pytest

from app import clock
from app.accounts.models import OrganisationKind
from app.api.declaring import OPERATIONS
from app.api.models import Scope
from app.audit import sealing
from app.db import db, transaction
from app.exchange import services as exchange
from app.exchange.models import PostKind
from app.exchange.services import NewPost
from app.indicators.grading import Grade
from app.indicators.models import ResultUse
from app.policy import ADMINISTRATORS, AGENCY_ROLES, UNIT_ROLES, Role
from app.rankings import services as rankings
from tests.api.asking import System, document, token_for
from tests.factories import AgencyFactory, OrganisationFactory, UserFactory, make_task
from tests.hostility import keep
from tests.papers.filing import file_paper
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import ended

R = Role


def own(*roles):
    return {f"own {role}" for role in roles}


def every(*roles):
    return own(*roles) | {f"foreign {role}" for role in roles}


EVERYBODY = every(*Role)
ADMINS = every(*ADMINISTRATORS)
BUSINESS = EVERYBODY - ADMINS
OVERSEERS = every(R.PERFORMANCE_OFFICER, R.LEADER, R.INSPECTOR)
HOUSE, UNITS, SECTION = own(*AGENCY_ROLES), own(*UNIT_ROLES), own(R.SECTION_OFFICER)
ARCHIVISTS = every(R.ARCHIVIST)  # the work is over
READERS = OVERSEERS | HOUSE | UNITS | SECTION | ARCHIVISTS
OF_PAPERS = OVERSEERS | HOUSE | SECTION | ARCHIVISTS
RATERS = every(R.SECTION_OFFICER, *UNIT_ROLES)
NOBODY: set[str] = set()

# Who finds something; who finds an empty list; what all the others are told.
TABLE = {
    "get_account": (EVERYBODY, NOBODY, 0),
    "get_agency": (OVERSEERS | HOUSE | RATERS, NOBODY, 404),
    "get_engagement": (READERS, NOBODY, 404),
    "get_file": (OF_PAPERS, NOBODY, 404),
    "get_notice": (BUSINESS, NOBODY, 404),
    "get_paper": (OF_PAPERS, NOBODY, 404),
    "get_ranking": (BUSINESS, NOBODY, 404),
    "get_rating": (READERS, NOBODY, 404),
    "import_engagements": (NOBODY, NOBODY, 403),  # but who may is told what is wrong: 422
    "list_agencies": (
        OVERSEERS | RATERS | every(*AGENCY_ROLES),
        every(R.EXPERT) | ARCHIVISTS,
        403,
    ),
    "list_changes": (READERS, BUSINESS - READERS, 403),
    "list_engagements": (READERS, BUSINESS - READERS, 403),
    "list_notices": (BUSINESS, NOBODY, 403),
    "list_papers": (OF_PAPERS, EVERYBODY - OF_PAPERS, 0),
    "list_papers_of": (OF_PAPERS, NOBODY, 404),
    "list_rankings": (BUSINESS, NOBODY, 403),
    "list_results": (OVERSEERS | SECTION, every(R.SECTION_OFFICER) - SECTION, 403),
    "list_rounds": (OVERSEERS | HOUSE, RATERS | every(*AGENCY_ROLES) - HOUSE, 403),
    "list_rows": (BUSINESS, NOBODY, 404),
    "list_stages": (READERS, NOBODY, 404),
}


@pytest.fixture
def world(session):
    """One engagement that is over and rated, with a paper, a result, a ranking and a notice."""
    from app.engagements import queries

    department, office = (
        OrganisationFactory(kind=kind)
        for kind in (OrganisationKind.DEPARTMENT, OrganisationKind.FINANCE_OFFICE)
    )
    unit = OrganisationFactory(department_id=department.id, finance_office_id=office.id)
    section = OrganisationFactory(kind=OrganisationKind.SECTION)
    agency, officer = AgencyFactory(), UserFactory()
    template = queries.template_in_force("fiscal_evaluation")
    task = make_task(template, unit=unit, section=section)
    lead = UserFactory(role=R.LEAD_EVALUATOR, organisation=agency.organisation)
    keep(b"%PDF-1.4 a")
    done = ended(agency=agency, actor=officer, tasks=[task])
    with_paper = done.engagement
    with_paper.terminated_at = None  # papers came in while the work went on
    db.session.commit()
    paper = file_paper(lead, with_paper, "G-01")
    with_paper.terminated_at = clock.now()
    db.session.commit()
    for party in done.officers:
        done.rate(party, 4)
    made = snapshot(officer)
    with transaction():
        rankings.publish_snapshot(officer, made, "演示")
        notice = exchange.write_post(officer, NewPost(PostKind.NOTICE, "演示公告", "演示正文"))
        db.session.add(result_of(with_paper, officer))
        sealing.seal()
    homes = dict.fromkeys(AGENCY_ROLES, agency.organisation)
    homes |= {R.UNIT_OFFICER: unit, R.DEPARTMENT_OFFICER: department}
    homes |= {R.FINANCE_OFFICE_OFFICER: office, R.SECTION_OFFICER: section}
    keys = {"engagement_id": with_paper.id, "paper_id": paper.id, "number": 1, "position": 1}
    keys |= {"snapshot_id": made.id, "agency_id": agency.id, "post_id": notice.id}
    people = {}
    for role in Role:
        more = {"organisation": homes[role]} if role in homes else {}
        people[f"own {role}"] = UserFactory(role=role, **more)
        people[f"foreign {role}"] = UserFactory(role=role)
    return SimpleNamespace(keys=keys, people=people, done=done)


def result_of(engagement, officer):
    return ResultUse(
        engagement_id=engagement.id, task_id=engagement.tasks[0].id, budget_year=2027, score=88,
        grade=Grade.GOOD, proposed_cut_fen=0, proposed_by_id=officer.id, proposed_at=clock.now(),
    )  # fmt: skip


def address_of(operation, keys):
    path = operation.path
    for name, value in keys.items():
        path = path.replace(f"<int:{name}>", str(value))
    return f"{path}?after=-1" if operation.name == "list_changes" else path


def test_every_address_has_its_row_and_its_place_in_the_document(app, session):
    assert set(TABLE) == set(OPERATIONS)
    rules = {
        (rule.endpoint, method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    told = {
        (f"api.v1.{each['operationId']}", method)
        for methods in document()["paths"].values()
        for method, each in methods.items()
    }
    assert rules == told | {("api.v1.document", "get")}


def told(system, operation, keys):
    """What somebody finds at an address: something, an empty list, or a refusal."""
    path = address_of(operation, keys)
    if operation.method == "post":
        reply = system.post(path, {"rows": []})
        return "asked for more" if reply.status_code == 422 else reply.status_code
    reply = system.get(path)
    if reply.status_code != 200:
        return reply.status_code
    is_empty = operation.name.startswith("list_") and not reply.get_json()["items"]
    return "empty" if is_empty else "sees"


def expected(name, who):
    sees, empty, others = TABLE[name]
    if name == "import_engagements" and who in every(R.PERFORMANCE_OFFICER):
        return "asked for more"
    return "sees" if who in sees else "empty" if who in empty else others


@pytest.mark.database("sqlite")  # who may is asked of the policy, not of the database
def test_truth(app, world):
    wrong, tried = {}, 0
    for who, user in world.people.items():
        system = System(app, token_for(user))
        for name, operation in OPERATIONS.items():
            found = told(system, operation, world.keys)
            tried += 1
            if found != expected(name, who):
                wrong[name, who] = (found, expected(name, who))
    assert wrong == {}
    assert tried == len(TABLE) * len(Role) * 2


@pytest.mark.database("sqlite")
def test_a_scope_only_narrows(app, world):
    """A token opens exactly the addresses of its scopes, whatever its account may."""
    officer = world.people["own performance_officer"]
    for scope in Scope:
        system = System(app, token_for(officer, scope))
        for operation in OPERATIONS.values():
            path = address_of(operation, world.keys)
            reply = system.get(path) if operation.method == "get" else system.post(path, {})
            lacking = reply.status_code == 403
            assert lacking == (operation.scope not in {None, scope}), (scope, operation.name)
            if lacking:
                assert "insufficient_scope" in reply.headers["WWW-Authenticate"]
