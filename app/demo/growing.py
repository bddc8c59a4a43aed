"""Courses that people learn from, trainings, hours, topics with answers, policies, an agreement."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from app import clock
from app.accounts.models import User
from app.demo.district import District
from app.demo.growing_words import ANSWERS, COURSES, POSTS, QUESTIONS
from app.demo.papers import keep
from app.demo.pdf import pdf
from app.exchange import agreeing
from app.exchange import services as exchange
from app.exchange.models import PostKind
from app.exchange.services import NewPost
from app.reviews.queries import dimensions
from app.training import authoring, making_up, queries, services, watching
from app.training.authoring import CourseFacts, NewSession
from app.training.models import Audience, Course, TrainingSession
from app.training.services import NewClaim

VIDEO = Path(__file__).parents[1] / "data" / "demo_course.mp4"  # six slides without sound

# Which dimension of the stars a course strengthens, by its place; the units' course none.
STRENGTHENS = {0: 0, 2: 2, 3: 1, 4: 3}


def tell(district: District) -> Iterator[datetime]:
    """From the first course, three months ago, to a topic of yesterday."""
    today, desk = clock.today(), district.performance[0]
    yield _at(today - timedelta(days=90), 9)
    courses = [_course(desk, number) for number in range(len(COURSES))]
    yield _at(today - timedelta(days=60), 10)
    for post in POSTS[:4]:
        written = exchange.write_post(desk, _post(post, today))
        if written.document_no:
            lines = [[written.document_no, written.body]]
            text = keep(f"{written.title}.pdf", pdf(written.title, lines))
            exchange.add_file(desk, written, text)
    yield _at(today - timedelta(days=56), 10)
    _lapse(district)
    yield _at(today - timedelta(days=40), 14)
    held = _called(desk, courses[1])
    yield held.starts_at + timedelta(minutes=5)
    for person in _listeners(district):
        services.sign_in_session(person, held, held.code)
    yield held.ends_at + timedelta(hours=1)
    late = district.officer_of(district.units[8].id)
    making_up.make_up_sign_in(desk, held, late, "未带手机，纸质签到表有本人签名")
    yield _at(today - timedelta(days=20), 15)
    for number, firm in enumerate(district.firms[:6]):
        _learn(firm.members[0], courses[0], wrong=3 * (number % 3 == 2))
    yield from _talk(district, today)
    yield _at(today - timedelta(days=3), 10)
    for firm, hours in zip(district.firms[2:5], (16, 8, 24), strict=False):
        _claim(firm.members[0], hours)


def _claim(person: User, hours: int) -> None:
    """Hours from elsewhere on which the section has still to decide."""
    earned = clock.today() - timedelta(days=30)
    new = NewClaim("财政支出绩效评价实务培训（演示）", "演示注册会计师协会", hours, earned, 24)
    lines = [[person.name, f"{hours} 学时"]]
    services.claim_hours(person, new, keep("培训结业证明.pdf", pdf("培训结业证明", lines)))


def _talk(district: District, today: date) -> Iterator[datetime]:
    asker, helper = district.firms[0].members[0], district.performance[0]
    yield _at(today - timedelta(days=12), 10)
    topic = exchange.write_post(asker, _post(POSTS[4], today))
    yield _at(today - timedelta(days=10), 11)
    answer = exchange.answer_post(helper, topic, ANSWERS[0])
    exchange.answer_post(district.firms[1].admin, topic, ANSWERS[1])
    yield _at(today - timedelta(days=9), 9)
    exchange.accept_answer(asker, topic, answer)
    yield _at(today - timedelta(days=8), 16)
    lead, other = district.firms[0], district.firms[1]
    exchange.write_post(lead.admin, _post(POSTS[5], today))
    parts = {lead.agency.id: "牵头，负责总体方案和报告", other.agency.id: "现场核查和问卷调查"}
    words = "拟联合参加农业类重点绩效评价项目遴选，成员对委托方承担连带责任。"
    agreeing.propose_consortium(lead.admin, "农业项目绩效评价联合体（演示）", words, parts)


def _lapse(district: District) -> None:
    """Hours of two lead evaluators that were good still when they were claimed, and ran out."""
    leads = [firm.leads[0].user for firm in district.firms[:2]]
    earned = clock.today() - timedelta(days=700)
    for person in [each for each in leads if each is not None]:
        claim = NewClaim("预算绩效管理继续教育（演示）", "演示行业协会", 30, earned, 24)
        proof = keep("继续教育证明.pdf", pdf("继续教育证明", [[person.name, "30 学时"]]))
        record = services.claim_hours(person, claim, proof)
        authoring.accept_hours(district.performance[0], record, "已核对原件")


def _course(desk: User, number: int) -> Course:
    title, summary, audience, hours, pages = COURSES[number]
    known = list(dimensions())
    facts = CourseFacts(
        title=title,
        summary=summary,
        audience=Audience(audience),
        dimension_id=known[STRENGTHENS[number]].id if number in STRENGTHENS else None,
        hours=hours,
        valid_months=24,
        questions_asked=3,
        pass_percent=60,
        minutes=20,
        attempts_allowed=3,
    )
    course = authoring.make_course(desk, facts)
    for heading, body in pages:
        authoring.write_page(desk, course, heading, body)
    for words, options in QUESTIONS:
        authoring.write_question(desk, course, words, options)
    if number == 0:
        video = keep("底稿索引号怎么编（演示）.mp4", VIDEO.read_bytes())
        authoring.add_file(desk, course, video)
    authoring.publish_course(desk, course)
    return course


def _called(desk: User, course: Course) -> TrainingSession:
    day = clock.add_working_days(clock.today(), 3)
    begins = _at(day, 9)
    new = NewSession(
        "单位绩效经办人集中培训（演示）", "财政局三楼会议室", begins, begins + timedelta(hours=3), 4
    )
    return authoring.call_session(desk, course, new)


def _listeners(district: District) -> list[User]:
    return [district.officer_of(unit.id) for unit in district.units[:8]]


def _learn(person: User, course: Course, *, wrong: int) -> None:
    for page in course.pages:
        services.finish_page(person, course, page)
    for file in watching.unwatched(person, course):
        services.finish_video(person, course, file)
    attempt = services.begin_quiz(person, course)
    asked = enumerate(queries.questions_of(attempt))
    answers = {str(each.id): [] if n < wrong else list(each.right) for n, each in asked}
    services.send_quiz(person, attempt, answers)


def _post(told: tuple[str, str, str, str], today: date) -> NewPost:
    kind, title, body, number = told
    in_force = today - timedelta(days=50) if number else None
    return NewPost(PostKind(kind), title, body, number, in_force)


def _at(day: date, hour: int) -> datetime:
    return clock.start_of(clock.add_working_days(day, 0)) + timedelta(hours=hour)
