"""The demonstration district, made once for all tests here: it takes as long as it takes a newcomer."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app import clock, create_app
from app.accounts import passwords
from app.accounts.models import Organisation, OrganisationKind, User
from app.agencies.models import Agency
from app.audit.models import AuditEvent, AuditLeaf
from app.cli import main
from app.credit_code import check
from app.db import db
from app.demo import build, names, planning, registering
from app.engagements import queries
from app.engagements.models import Engagement, EngagementTemplate, Stage, Task
from app.exchange.models import Case
from app.guidance.models import GuidanceNote, NoteReply
from app.papers import required
from app.papers.models import FinalReport, PaperVersion, WorkingPaper
from app.papers.queries import papers_of
from app.policy import Role
from app.rankings.models import RankingSnapshot
from app.reviews.models import Review, ReviewRound
from app.store import object_store
from tests.conftest import make_settings

# The whole district is built each night; the browser's tests build a part of it in every run.
pytestmark = [pytest.mark.database("sqlite"), pytest.mark.timeout(600), pytest.mark.nightly]


@pytest.fixture(scope="module")
def made(maker, tmp_path_factory):
    url = maker.copy()
    app = create_app(make_settings(tmp_path_factory.mktemp("demo"), url))
    words = build(app)
    with app.app_context():
        yield app, words
        db.session.remove()
        db.engine.dispose()
    maker.drop(url)


def count(model, *conditions):
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_it_has_the_size_of_a_district(made):
    assert count(Agency) == 26, "one of them came by an application of its own"
    units = ("unit", "department", "finance_office")
    assert 55 <= count(Organisation, Organisation.kind.in_(map(OrganisationKind, units))) <= 65
    assert count(Organisation, Organisation.kind == OrganisationKind.SECTION) == 8
    assert count(Engagement) >= 175
    assert {count(Engagement, Engagement.year == y) > 20 for y in years()} == {True}
    opened = ReviewRound.unsealed_at.is_not(None)
    reviews = select(func.count(Review.id)).join(ReviewRound, Review.round_id == ReviewRound.id)
    assert 350 <= db.session.scalar(reviews.where(opened)) <= 650


def test_the_library_shows_an_example_and_one_that_waits_for_the_second(made):
    released = db.session.scalars(select(Case).order_by(Case.id)).all()
    assert [one.is_published for one in released] == [True, False]


def years():
    now = clock.today().year
    return (now - 1, now)


def test_engagements_stand_in_every_stage_and_some_are_late(made):
    current = (Stage.engagement_id == Engagement.id) & (
        Stage.position == Engagement.current_stage_position
    )
    rows = db.session.execute(
        select(Stage.code, Stage.due_on).join(Engagement, current).where(queries.IS_OPEN)
    ).all()
    found = {code for code, _due in rows}
    assert {"contract", "plan", "fieldwork", "draft", "consultation", "final_report"} <= found
    late = sum(due < clock.today() for _code, due in rows)
    assert 3 <= late < len(rows) / 2
    assert count(Engagement, Engagement.closed_at.is_not(None)) > 60
    assert count(Engagement, Engagement.terminated_at.is_not(None)) > 2
    assert count(Engagement, Engagement.refusal_count > 0) > 4


def test_each_of_seven_templates_is_carried_to_closure_past_every_gate(made):
    """With its papers, its signed report and its ratings, by the services that people use."""
    done = (Engagement.closed_at.is_not(None), Engagement.accepted_at.is_not(None))
    closed = db.session.scalars(select(Engagement).where(*done)).all()
    assert {one.template.code for one in closed} == set(
        db.session.scalars(select(EngagementTemplate.code))
    )
    assert len({one.template.code for one in closed}) == 7
    for one in closed:
        stages = required.coverage_of(one.stages, papers_of(one))
        assert stages
        assert [owed for stage in stages for owed in stage.owed] == []
        assert all(stage.approved_at for stage in one.stages)
        assert count(FinalReport, FinalReport.engagement_id == one.id) >= 1
        rating = db.session.query(ReviewRound).filter_by(engagement_id=one.id).one()
        assert rating.unsealed_at is not None
        reviews = db.session.query(Review).filter_by(round_id=rating.id, version=1).all()
        assert {each.invitation.party for each in reviews} <= set(one.template.rating_parties)
        people = [each.author_id or each.author_name for each in reviews]
        assert len(set(people)) == len(people), "each a different person"


def test_a_batch_has_forty_tasks_and_a_study_has_no_unit(made):
    tasks = select(func.count(Task.id)).group_by(Task.engagement_id)
    assert max(db.session.scalars(tasks)) >= 40
    assert count(Task, Task.unit_id.is_(None)) > 10


def test_everything_is_invented_and_says_so(made):
    for name, code in db.session.execute(select(Organisation.name, Organisation.credit_code)):
        assert "演示" in name
        assert code is None or (check(code) is None and code[2:8] == "990100")
    assert all("演示" in name for name in db.session.scalars(select(User.name)))


def test_papers_are_real_files_under_chinese_names(made):
    versions = db.session.scalars(select(PaperVersion).limit(60)).all()
    assert len({version.media_type for version in versions}) >= 3
    for version in versions:
        assert re.search("[一-鿿]", version.file_name)
        assert object_store().size(version.store_key) == version.size
    assert count(PaperVersion, PaperVersion.number > 1) > 20
    assert count(WorkingPaper) > 1000


def test_opinions_were_written_answered_and_partly_left_open(made):
    assert count(GuidanceNote) > 100
    assert count(NoteReply) > 100
    assert count(GuidanceNote, GuidanceNote.settled_at.is_(None)) > 0


def test_final_reports_name_their_signer(made):
    assert count(FinalReport) > 80


def test_two_rankings_are_published_and_a_third_waits(made):
    published = db.session.scalars(select(RankingSnapshot.published_at)).all()
    assert len(published) == 3
    assert sum(at is not None for at in published) == 2


def test_the_log_is_whole_sealed_and_in_the_order_of_time(made):
    app, _words = made
    result = CliRunner().invoke(main, ["audit", "verify", "--json"], obj=lambda: app)
    assert result.exit_code == 0, result.output
    assert '"ok": true' in result.output
    assert count(AuditLeaf) == count(AuditEvent)
    times = db.session.scalars(select(AuditEvent.at).order_by(AuditEvent.id)).all()
    assert sorted(times) == list(times)
    assert times[-1] <= clock.now()


def test_everybody_signs_in_with_the_printed_password(made):
    _app, words = made
    password = re.search(r"password: (\S+)", words)[1]
    people = db.session.scalars(select(User)).all()
    assert {user.role for user in people} == set(Role)
    for user in people[:2]:
        assert passwords.matches(user.password_hash, password)
    waiting = {user.login for user in people if user.must_change_password}
    # who came by the ledger, an application or into the pool opens the account by a slip
    assert waiting == {"shenqing1", "xin1", "xin2", "xin3", "zhuanjia4", "zhuanjia5", "zhuanjia6"}
    assert all(user.login in words for user in db.session.scalars(first_of_each_role()))


def first_of_each_role():
    firsts = select(func.min(User.id)).group_by(User.role)
    return select(User).where(User.id.in_(firsts))


def test_no_password_stands_in_the_source(made):
    _app, words = made
    password = re.search(r"password: (\S+)", words)[1]
    assert passwords.make_one() != password


def test_the_names_are_the_same_every_time(made):
    agencies = select(Organisation.name).where(Organisation.kind == OrganisationKind.AGENCY)
    known = {name for name, *_rest in names.AGENCIES} | {registering.ENTERED}
    assert set(db.session.scalars(agencies)) == known
    first = select(User.name).where(User.login == "jixiao")
    assert db.session.scalar(first) == FIRST_OFFICER


FIRST_OFFICER = "演示廖慕"


def test_a_database_with_people_in_it_is_refused(made, monkeypatch):
    app, _words = made
    monkeypatch.setattr("app.cli.portal", lambda: app)
    monkeypatch.setattr("app.cli.migrate_database", lambda app: None)
    result = CliRunner().invoke(main, ["demo"])
    assert result.exit_code != 0
    assert "isn't empty" in result.output


def test_names_of_contracts_never_run_out():
    taken = set()
    lots = [planning._distinct("演示领域自评项目复评", taken) for _n in range(30)]
    assert len(set(lots)) == 30
    assert lots[1] == "演示领域自评项目复评（第二包）"
