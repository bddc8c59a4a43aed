"""The rules of indicator systems and their versions."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.indicators import definition, queries, services
from app.indicators.models import Indicator
from app.indicators.rows import FaultyRows
from app.indicators.services import Source
from app.notifications.queries import unread_count
from tests.factories import make_engagement
from tests.indicators.making import (
    approved,
    begun,
    evidence,
    full_scores,
    row,
    rows,
    saved,
    score,
)
from tests.papers.filing import crew_of


def test_a_task_begins_with_the_library(draft, audited):
    assert (draft.version, draft.task.number, draft.is_draft) == (1, 1, True)
    assert len(draft.indicators) == 17
    assert sum(one.points for one in draft.indicators) == 100
    assert draft.indicators[0].code == "A11"
    assert audited()[-1] == "indicators.begun"


def test_a_scope_has_one_system(engagement, draft, member):
    with pytest.raises(Conflict):
        begun(member, engagement)


def test_an_own_frame_is_of_the_whole_engagement(session):
    engagement = make_engagement("ex_ante")
    lead = crew_of(engagement)[0]
    with pytest.raises(Invalid):
        begun(lead, engagement, Source.FRAME)
    with pytest.raises(Invalid):
        begun(lead, engagement, Source.LIBRARY, task=None)
    system = begun(lead, engagement, Source.FRAME, task=None)
    assert {one.level1 for one in system.indicators} == {
        line["name"] for line in engagement.template.scoring_frame
    }
    assert [one.code for one in system.indicators] == ["A11", "B11", "C11", "D11", "E11"]


def test_the_bureau_writes_no_indicators(engagement, officer, audited):
    before = audited()
    with pytest.raises(Forbidden):
        begun(officer, engagement)
    assert audited() == before


def test_rows_are_written_all_at_once_or_not_at_all(draft, member, session, audited):
    told = rows(draft)
    with pytest.raises(FaultyRows) as caught:
        saved(member, draft, [*told[:3], row(level1="其他")])
    assert [(one.row, one.column) for one in caught.value.faults] == [(3, "level1")]
    session.expire_all()
    assert len(draft.indicators) == 17
    saved(member, draft, [*told[:3], row(name="新指标")])
    assert [one.code for one in draft.indicators] == ["A11", "A12", "A21", "A13"]
    assert audited()[-1] == "indicators.saved"


def test_a_second_editor_hears_that_somebody_was_first(draft, member, lead):
    seen = draft.revision
    saved(member, draft, rows(draft)[:5])
    with pytest.raises(Stale):
        saved(lead, draft, rows(draft), expected=seen)


def test_points_are_a_hundred_before_submission(draft, lead, officer):
    saved(lead, draft, rows(draft, A11={"points": Decimal("3.5")}))
    with pytest.raises(Conflict, match="100.50"), transaction():
        services.submit_system(lead, draft)
    saved(lead, draft, rows(draft, A11={"points": Decimal(3)}))
    before = unread_count(officer)
    with transaction():
        services.submit_system(lead, draft)
    assert draft.submitted_at
    assert unread_count(officer) == before + 1


def test_a_member_does_not_submit_and_the_agency_does_not_approve(draft, lead, member):
    with pytest.raises(Forbidden), transaction():
        services.submit_system(member, draft)
    with transaction():
        services.submit_system(lead, draft)
    with pytest.raises(Forbidden), transaction():
        services.approve_system(lead, draft)


@pytest.mark.parametrize(
    ("code", "warned"),
    [("fiscal_evaluation", True), ("departmental_evaluation", True)],
)
def test_light_outcomes_are_a_warning_only(session, code, warned):
    engagement = make_engagement(code)
    lead, _member, officer = crew_of(engagement)
    system = begun(lead, engagement)
    assert definition.warnings_of(system) == []
    moved = {"C11": {"points": Decimal(4)}, "A11": {"points": Decimal(9)}}
    saved(lead, system, rows(system, **moved))
    assert bool(definition.warnings_of(system)) is warned
    approved(system, lead, officer)
    assert system.is_in_force


def test_other_kinds_of_work_are_not_warned(session):
    engagement = make_engagement("ex_ante")
    system = begun(crew_of(engagement)[0], engagement, Source.FRAME, task=None)
    assert definition.warnings_of(system) == []


def test_an_approved_version_is_frozen(system, lead, audited):
    with pytest.raises(Conflict):
        saved(lead, system, rows(system))
    with pytest.raises(Conflict), transaction():
        services.submit_system(lead, system)


def test_a_return_says_what_has_to_change(draft, lead, officer):
    with transaction():
        services.submit_system(lead, draft)
    with pytest.raises(Invalid), transaction():
        services.return_system(officer, draft, " ")
    with transaction():
        services.return_system(officer, draft, "产出指标不够细")
    assert draft.is_draft
    assert draft.return_reason == "产出指标不够细"
    with pytest.raises(Conflict), transaction():
        services.return_system(officer, draft, "再改")
    approved(draft, lead, officer)


def test_a_change_makes_the_next_version_with_its_reason(system, lead, officer, engagement):
    with pytest.raises(Invalid), transaction():
        services.begin_next_version(lead, system, "")
    with transaction():
        following = services.begin_next_version(lead, system, "项目内容调整")
    assert (following.version, following.reason, following.made_by_id) == (
        2,
        "项目内容调整",
        lead.id,
    )
    assert system.is_in_force
    assert len(following.indicators) == 17
    with pytest.raises(Conflict), transaction():
        services.begin_next_version(lead, system, "再来")
    approved(following, lead, officer)
    assert system.retired_at
    assert queries.systems_in_force(engagement) == [following]


def test_scores_go_on_where_the_row_is_the_same(system, lead, officer, engagement):
    evidence(lead, engagement)
    score(lead, system, full_scores(system, "C-05"))
    with transaction():
        following = services.begin_next_version(lead, system, "调整分值")
    moved = {"A11": {"points": Decimal(2)}, "A12": {"points": Decimal(3)}}
    saved(lead, following, rows(following, **moved))
    approved(following, lead, officer)
    sheet = queries.sheet_of(following.indicators)
    assert (sheet.rows, sheet.scored, sheet.covered) == (17, 15, 15)


def test_a_version_tells_what_it_changed(system, lead):
    with transaction():
        following = services.begin_next_version(lead, system, "调整")
    moved = {"A11": {"points": Decimal(2)}}
    kept = [one for one in rows(following, **moved) if one.code != "A22"]
    saved(lead, following, [*kept, row(level1="效益", level2="满意度", name="新")])
    told = definition.changes_between(definition.rows_of(system), definition.rows_of(following))
    assert [(one.code, bool(one.before), bool(one.after)) for one in told] == [
        ("A11", True, True),
        ("D22", False, True),
        ("A22", True, False),
    ]


def test_the_digest_follows_the_rows(draft, lead):
    before = definition.digest_of(draft)
    assert before == definition.digest_of(draft)
    saved(lead, draft, rows(draft, A11={"standard": "另一标准"}))
    assert definition.digest_of(draft) != before


def test_nothing_moves_after_the_end(draft, lead, engagement, session):
    engagement.terminated_at = clock.now()
    session.commit()
    with pytest.raises(Forbidden):
        saved(lead, draft, rows(draft))


def test_a_whole_system_is_read_in_a_fixed_number_of_statements(
    system, lead, engagement, session, statements
):
    for number in range(1, 6):
        evidence(lead, engagement, f"C-{number:02}")
    score(lead, system, full_scores(system, "C-01", "C-02", "C-03"))
    key = system.id
    session.expunge_all()
    with statements() as sent:
        whole = queries.whole_system(key)
        assert all(len(one.evidence) == 3 for one in whole.indicators)
    assert len(sent) == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE indicator SET points = 1 WHERE system_id = {id}",
        "UPDATE indicator SET name = 'x' WHERE system_id = {id}",
        "DELETE FROM indicator WHERE system_id = {id}",
        "UPDATE indicator_system SET approved_at = NULL WHERE id = {id}",
    ],
)
def test_the_database_itself_keeps_an_approved_version(system, session, statement):
    with pytest.raises(DBAPIError, match="frozen"), session.begin_nested():
        session.execute(text(statement.format(id=system.id)))
    assert len(system.indicators) == 17


def test_the_database_takes_no_further_row_into_an_approved_version(system, session):
    system.indicators.append(
        Indicator(position=99, code="D99", level1="效益", level2="二", name="三", points=Decimal(1))
    )
    with pytest.raises(DBAPIError, match="frozen"), session.begin_nested():
        session.flush()
