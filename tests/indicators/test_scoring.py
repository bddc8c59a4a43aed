"""The scoring sheet, its evidence, and what holds the final report up."""

from decimal import Decimal

import pytest

from app import papers
from app.db import transaction
from app.errors import Conflict, Forbidden, Stale
from app.indicators import queries, scoring, services
from app.indicators.joining import unscored_report
from app.indicators.scoring import FaultySheet, Score
from app.papers.services import return_version, withdraw_paper
from tests.indicators.making import D, begun, evidence, full_scores, score
from tests.papers.filing import file_paper, hand_in


@pytest.fixture
def proof(lead, engagement):
    return evidence(lead, engagement)


def wrong_cells(person, system, **scores):
    with pytest.raises(FaultySheet) as caught:
        score(person, system, scores)
    return [(one.code, one.column) for one in caught.value.faults]


def test_scores_are_exact(system, lead, proof, session):
    told = full_scores(system, "C-05")
    told["A11"] = Score(D("2.55"), D("2.10"), "凭证不全", "缺一份批复", ["C-05"])
    score(lead, system, told)
    session.expire_all()
    sheet = queries.sheet_of(system.indicators)
    assert sheet.total == D("99.10")
    assert isinstance(sheet.total, Decimal)
    row = system.indicators[0]
    assert (row.score_before, row.score_after) == (D("2.55"), D("2.10"))
    assert (row.adjustment, row.deduction, row.scored_by_id) == ("凭证不全", "缺一份批复", lead.id)


def test_an_unfinished_sheet_has_no_total(system, lead):
    score(lead, system, {"A11": Score(D(3), D(3))})
    sheet = queries.sheet_of(system.indicators)
    assert (sheet.scored, sheet.total) == (1, None)


@pytest.mark.parametrize(
    ("told", "column"),
    [
        (Score(D("3.01"), None), "before"),
        (Score(D("-1"), None), "before"),
        (Score(D(3), D("3.5"), "多了"), "after"),
        (Score(D("1.005"), None), "before"),
        (Score(D("NaN"), None), "before"),
        (Score(None, D(2)), "before"),
        (Score(D(3), D(2)), "adjustment"),
        (Score(D(3), D(2), "  "), "adjustment"),
        (Score(D(3), D(3), evidence=["C-99"]), "evidence"),
    ],
)
def test_each_cell_has_its_rule(system, member, told, column, audited):
    before = audited()
    assert wrong_cells(member, system, A11=told, A12=Score(D(2), D(2))) == [("A11", column)]
    assert audited() == before
    assert not system.indicators[1].is_scored, "nothing of the sheet is kept"


def test_nought_and_the_standard_itself_are_scores(system, member):
    score(member, system, {"A11": Score(D(0), D(0)), "A12": Score(D(2), D(2))})
    assert [one.is_scored for one in system.indicators[:3]] == [True, True, False]


def test_a_scoring_paper_does_not_prove_its_own_score(system, lead, engagement):
    file_paper(lead, engagement, "G-A11", "立项依据评分底稿")
    assert wrong_cells(lead, system, A11=Score(D(3), D(3), evidence=["G-A11"])) == [
        ("A11", "evidence")
    ]


def test_links_are_ended_and_begun_again(system, lead, proof):
    row = system.indicators[0]
    score(lead, system, {"A11": Score(D(3), D(3), evidence=["C-05"])})
    assert row.is_covered
    score(lead, system, {"A11": Score(D(3), D(3))})
    assert not row.is_covered
    assert row.links[0].unlinked_at
    score(lead, system, {"A11": Score(D(3), D(3), evidence=["C-05"])})
    assert [paper.index_no for paper in row.evidence] == ["C-05"]
    assert len(row.links) == 1


def test_a_returned_or_withdrawn_paper_bears_nothing_out(system, lead, officer, proof):
    row = system.indicators[0]
    score(lead, system, {"A11": Score(D(3), D(3), evidence=["C-05"])})
    with transaction():
        return_version(officer, proof.versions[0], "看不清")
    assert not row.is_covered
    assert row.evidence
    with transaction():
        withdraw_paper(lead, proof, "误传")
    assert row.evidence == []


def test_the_log_tells_each_change(system, lead, proof, session):
    from app.audit.models import AuditEvent

    score(lead, system, {"A11": Score(D(3), D(2), "复核", "缺批复", ["C-05"])})
    last = session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert last.event == "scores.saved"
    for words in ("A11", "3.00/2.00", "复核", "缺批复", "C-05"):
        assert words in last.canonical


def test_only_the_agency_scores_and_only_what_is_approved(draft, lead, officer):
    with pytest.raises(Forbidden):
        score(officer, draft, {"A11": Score(D(3), D(3))})
    with pytest.raises(Conflict):
        score(lead, draft, {"A11": Score(D(3), D(3))})


def test_a_second_scorer_hears_that_somebody_was_first(system, lead):
    seen = system.revision
    score(lead, system, {"A11": Score(D(3), D(3))})
    with pytest.raises(Stale), transaction():
        scoring.save_scores(lead, system, {"A11": Score(D(1), D(1))}, seen)


# The final report


@pytest.fixture
def report(lead, engagement):
    return file_paper(lead, engagement, "H-01", "正式报告", data=b"%PDF-1.4 report").versions[0]


def test_the_gate_has_joined(app):
    assert unscored_report in papers.report_gates


def test_without_indicators_nothing_is_asked(report):
    assert unscored_report(report) is None


def test_indicators_that_are_not_approved_hold_the_report_up(draft, report):
    assert unscored_report(report)


def test_a_score_without_evidence_holds_the_report_up_by_name(system, lead, proof, report):
    told = full_scores(system, "C-05")
    told["B22"] = Score(D(5), D(5))
    del told["D21"]
    score(lead, system, told)
    words = str(unscored_report(report))
    assert "B22 制度执行有效性" in words
    assert "D21 社会公众或服务对象满意度" in words
    assert "A11" not in words
    with pytest.raises(Conflict, match="B22"):
        hand_in(lead, report.paper.engagement, version=report)


def test_a_whole_sheet_lets_the_report_pass(system, lead, proof, report):
    score(lead, system, full_scores(system, "C-05"))
    assert unscored_report(report) is None


def test_scores_are_locked_once_the_report_is_in(system, lead, proof, report, monkeypatch, session):
    score(lead, system, full_scores(system, "C-05"))
    monkeypatch.setattr(papers, "report_gates", [unscored_report])
    hand_in(lead, report.paper.engagement, version=report)
    with pytest.raises(Conflict):
        score(lead, system, full_scores(system, "C-05", less=1))
    report.paper.engagement.refusal_count += 1  # sent back for rework
    session.commit()
    score(lead, system, full_scores(system, "C-05", less=1))


def test_every_scope_with_indicators_counts(session, lead, report):
    from app.engagements.queries import template_in_force
    from tests.factories import make_engagement, make_task
    from tests.papers.filing import crew_of

    template = template_in_force("fiscal_evaluation")
    engagement = make_engagement(tasks=[make_task(template), make_task(template, project="二")])
    leader, _member, officer = crew_of(engagement)
    begun(leader, engagement)
    second = begun(leader, engagement, task=engagement.tasks[1])
    with transaction():
        services.submit_system(leader, second)
    paper = file_paper(leader, engagement, "H-01", "正式报告")
    assert unscored_report(paper.versions[0])
