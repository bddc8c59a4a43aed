"""The list and the policy agree, and counts are what the rows say."""

import pytest

from app import clock
from app.accounts.models import OrganisationKind
from app.db import transaction
from app.guidance.models import NoteKind
from app.guidance.queries import notes_visible_to
from app.guidance.services import NewNote, issue_note
from app.papers import queries, services
from app.papers.models import WorkingPaper
from app.policy import Permission, Role, can
from tests.factories import OrganisationFactory, UserFactory, make_engagement
from tests.papers.filing import add_version, crew_of, file_paper

BUREAU = (
    Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR, Role.ARCHIVIST, Role.EXPERT,
    Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN,
)  # fmt: skip


@pytest.fixture
def two_engagements(session):
    """One of the bureau, ended; one that a department commissioned."""
    department = OrganisationFactory(kind=OrganisationKind.DEPARTMENT)
    made = [make_engagement(), make_engagement("departmental_evaluation", client=department)]
    for one in made:
        lead, _member, officer = crew_of(one)
        paper = file_paper(lead, one)
        with transaction():
            issue_note(officer, paper.versions[0], NewNote(NoteKind.SUGGESTION, "改"))
    made[0].terminated_at = clock.now()
    session.commit()
    return made


def everybody(engagements):
    people = [UserFactory(role=role) for role in BUREAU]
    for one in engagements:
        task = one.tasks[0]
        places = [
            (Role.AGENCY_ADMIN, one.agency.organisation),
            (Role.LEAD_EVALUATOR, one.agency.organisation),
            (Role.AGENCY_MEMBER, one.agency.organisation),
            (Role.UNIT_OFFICER, task.unit),
            (Role.SECTION_OFFICER, task.section),
            (Role.DEPARTMENT_OFFICER, one.client),
        ]
        people += [UserFactory(role=role, organisation=place) for role, place in places]
    return people


def test_lists_agree_with_the_policy_for_every_kind_of_person(two_engagements, session):
    papers = session.query(WorkingPaper).all()
    seen = set()
    for person in everybody(two_engagements):
        allowed = {p.id for p in papers if can(person, Permission.PAPER_READ, p)}
        listed = {p.id for p in session.scalars(queries.papers_visible_to(person))}
        noted = {n.paper_id for n in session.scalars(notes_visible_to(person))}
        assert listed == noted == allowed, person.role
        seen.add((len(allowed), len(papers)))
    assert {count for count, _all in seen} == {0, 1, 2}


def test_counts_are_of_living_papers_in_one_statement(session, statements):
    first, second = make_engagement(), make_engagement()
    lead, _member, officer = crew_of(first)
    papers = [file_paper(lead, first, f"B-{n}") for n in range(1, 5)]
    with transaction():
        services.approve_version(officer, papers[0].versions[0])
    with transaction():
        services.return_version(officer, papers[1].versions[0], "改")
    with transaction():
        services.withdraw_paper(lead, papers[2], "重复")
    keys = [first.id, second.id]
    with statements() as sent:
        counted = queries.paper_counts(keys)
    assert len(sent) == 1
    assert counted[keys[0]] == queries.PaperCounts(total=3, waiting=1, returned=1, approved=1)
    assert counted[keys[1]] == queries.PaperCounts()
    assert queries.counted(queries.papers_of(first)) == counted[keys[0]]


def test_waiting_papers_are_those_of_open_engagements(session):
    open_one, ended = make_engagement(), make_engagement()
    paper = file_paper(crew_of(open_one)[0], open_one)
    file_paper(crew_of(ended)[0], ended)
    ended.terminated_at = clock.now()
    session.commit()
    assert session.scalars(queries.waiting_papers()).all() == [paper]


def test_search_finds_by_number_and_by_title(engagement, lead, officer, session):
    paper = file_paper(lead, engagement, "C-07", "收资台账")
    for words in ("收资", "C-07", ""):
        assert session.scalars(queries.search(officer, words)).all() == [paper], words
    assert session.scalars(queries.search(officer, "访谈")).all() == []


def test_versions_of_a_paper_are_read_together(engagement, lead, statements, session):
    paper = file_paper(lead, engagement)
    for n in range(3):
        add_version(lead, paper, b"%%PDF-1.4 %d" % n)
    key = paper.id
    session.expunge_all()
    with statements() as sent:
        whole = queries.whole_paper(key)
        assert [v.submitted_by.name for v in whole.versions]
    assert len(sent) == 3, "papers, their versions, their further files"
