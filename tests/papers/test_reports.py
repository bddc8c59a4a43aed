"""The rules of the final report."""

import io
from datetime import timedelta

import pytest

from app import clock, engagements
from app.db import transaction
from app.errors import Conflict, Forbidden, Invalid, Stale
from app.papers import pdf_reading, queries, services
from app.papers.joining import delivered, owed_papers, owed_report
from app.papers.models import SealKind
from app.papers.pdf_reading import PdfFacts
from app.policy import Role
from tests.factories import EvaluatorFactory, UserFactory
from tests.papers.filing import add_version, file_paper, hand_in, pdf, stage_with, stored

NAMELESS = PdfFacts(pages=3, pictures=0, names_signer=False)
SCANNED = PdfFacts(pages=3, pictures=2, names_signer=False)


def test_report_is_submitted_once_a_round(engagement, lead, audited):
    report = hand_in(lead, engagement)
    assert (report.round, report.seal) == (1, SealKind.SCANNED)
    assert audited()[-1] == "report.submitted"
    with pytest.raises(Conflict):
        hand_in(lead, engagement, version=report.version)


def test_a_member_does_not_hand_it_in(engagement, lead, member):
    version = file_paper(lead, engagement, "H-01", "正式报告").versions[0]
    with pytest.raises(Forbidden):
        hand_in(member, engagement, version=version)


def test_after_a_refusal_the_next_round_takes_the_reworked_version(engagement, lead, session):
    first = hand_in(lead, engagement)
    engagement.refusal_count = 1
    session.commit()
    assert owed_report(engagement)
    with pytest.raises(Conflict):
        hand_in(lead, engagement, version=first.version)
    reworked = add_version(lead, first.version.paper, b"%PDF-1.4 reworked")
    assert hand_in(lead, engagement, version=reworked).round == 2
    assert owed_report(engagement) is None


def test_report_is_a_pdf_of_class_h(engagement, lead):
    plan = file_paper(lead, engagement, "B-01").versions[0]
    with pytest.raises(Invalid):
        hand_in(lead, engagement, version=plan)
    with transaction():
        from app.papers.files import NewPaper

        new = NewPaper("H-02", "正式报告", engagement.current_stage)
        file = stored(b"PK", "报告.docx", media_type="application/x-docx")
        word = services.submit_paper(lead, engagement, new, file)
    with pytest.raises(Invalid):
        hand_in(lead, engagement, version=word.versions[0])


def test_only_the_newest_version_is_handed_in(engagement, lead):
    paper = file_paper(lead, engagement, "H-01", "正式报告")
    old = paper.versions[0]
    add_version(lead, paper, b"%PDF-1.4 b")
    with pytest.raises(Stale):
        hand_in(lead, engagement, version=old)


def test_a_returned_version_is_not_handed_in(engagement, lead, officer):
    paper = file_paper(lead, engagement, "H-01", "正式报告")
    with transaction():
        services.return_version(officer, paper.versions[0], "改")
    with pytest.raises(Conflict):
        hand_in(lead, engagement, version=paper.versions[0])


def test_signer_is_the_engagements_own_lead_evaluator(engagement, lead):
    other = EvaluatorFactory(agency=engagement.agency)
    with pytest.raises(Invalid):
        hand_in(lead, engagement, signed_by=other)


@pytest.mark.parametrize(
    "lost",
    [
        {"confirmed_at": None},
        {"left_at": clock.now() - timedelta(days=2)},
        {"qualification": ""},
    ],
)
def test_signer_must_still_be_qualified(engagement, lead, session, lost):
    for name, value in lost.items():
        setattr(engagement.lead_evaluator, name, value)
    session.commit()
    with pytest.raises(Invalid):
        hand_in(lead, engagement)


def test_pdf_names_the_signer_or_somebody_ticks_for_a_scanned_page(engagement, lead):
    version = file_paper(lead, engagement, "H-01", "正式报告").versions[0]
    with pytest.raises(Invalid):  # whole text, another name: a tick doesn't help
        hand_in(lead, engagement, version=version, pdf=NAMELESS, ticked=True)
    with pytest.raises(Invalid):
        hand_in(lead, engagement, version=version, pdf=SCANNED)
    assert hand_in(lead, engagement, version=version, pdf=SCANNED, ticked=True)


def test_acceptance_waits_for_the_report(engagement, lead):
    assert owed_report in engagements.acceptance_gates
    assert owed_report(engagement)
    hand_in(lead, engagement)
    assert owed_report(engagement) is None


def test_a_stage_waits_for_the_papers_it_asks_for(engagement, lead, officer):
    assert owed_papers in engagements.submission_gates
    stage = stage_with(engagement, "plan")
    asked = stage.required_papers
    assert asked, "the template asks for papers at this stage"
    assert asked[0]["title"] in str(owed_papers(stage))
    made = [
        file_paper(lead, engagement, f"{one['class']}-{n:02}", one["title"], stage=stage)
        for n, one in enumerate(asked, 1)
    ]
    assert owed_papers(stage) is None
    with transaction():
        services.return_version(officer, made[0].versions[0], "改")
    assert asked[0]["title"] in str(owed_papers(stage))


def test_a_withdrawn_paper_answers_nothing(engagement, lead):
    stage = stage_with(engagement, "plan")
    asked = stage.required_papers[0]
    paper = file_paper(lead, engagement, f"{asked['class']}-01", asked["title"], stage=stage)
    with transaction():
        services.withdraw_paper(lead, paper, "重复")
    (found, *_) = queries.required_papers([stage], queries.papers_of(engagement))
    assert found.paper is None


def test_pdf_is_searched_for_the_name_without_its_spaces():
    facts = pdf_reading.look(io.BytesIO(pdf("Lead evaluator: Yan  Shi")), "Yan Shi")
    assert (facts.pages, facts.names_signer) == (1, True)
    assert not pdf_reading.look(io.BytesIO(pdf("Nobody")), "Yan Shi").names_signer
    assert pdf_reading.look(io.BytesIO(pdf()), "Yan Shi").pictures == 1


@pytest.mark.parametrize("data", [b"%PDF-1.4 nothing", b"", b"%PDF-1.7\n" + b"\x00" * 500])
def test_a_damaged_pdf_is_refused_in_words(data):
    with pytest.raises(Invalid):
        pdf_reading.look(io.BytesIO(data), "Yan Shi")


def test_the_decision_on_acceptance_lies_beside_the_report(engagement, lead, officer):
    assert delivered(engagement, officer) is None
    report = hand_in(lead, engagement)
    template, told = delivered(engagement, officer)
    assert (told["report"], told["is_late"]) == (report, False)
    assert delivered(engagement, UserFactory(role=Role.AGENCY_MEMBER)) is None
    engagement.ends_on = clock.day_of(report.submitted_at) - timedelta(days=1)
    assert delivered(engagement, officer)[1]["is_late"]
    assert template == "papers/delivered.html"
