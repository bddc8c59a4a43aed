"""Courses and people for the tests of training."""

from app.db import transaction
from app.policy import Role
from app.training import authoring, queries, quizzing, services
from app.training.authoring import CourseFacts
from app.training.models import Audience
from tests.factories import UserFactory

FACTS = {
    "title": "演示课程：绩效评价报告撰写",
    "summary": "演示摘要",
    "audience": Audience.ALL,
    "dimension_id": None,
    "hours": 4,
    "valid_months": 24,
    "questions_asked": 3,
    "pass_percent": 60,
    "minutes": 20,
    "attempts_allowed": 2,
}


def course(officer=None, *, pages=2, questions=5, published=True, **changes):
    """A course with pages and a bank; the first option is always the right one."""
    officer = officer or UserFactory()
    with transaction():
        made = authoring.make_course(officer, CourseFacts(**{**FACTS, **changes}))
        for n in range(1, pages + 1):
            authoring.write_page(officer, made, f"第{n}页", "第一段\n\n第二段")
        for n in range(questions):
            authoring.write_question(officer, made, f"演示题{n}", "*对\n错\n也错")
    if published:
        with transaction():
            authoring.publish_course(officer, made)
    return made


def learner(role=Role.AGENCY_MEMBER, **more):
    return UserFactory(role=role, **more)


def read_all(person, made):
    with transaction():
        for page in made.pages:
            services.finish_page(person, made, page)


def begun(person, made):
    read_all(person, made)
    with transaction():
        return services.begin_quiz(person, made)


def answers(attempt, *, wrong=0):
    """Right answers but for the first `wrong` questions."""
    asked = queries.questions_of(attempt)
    return {str(each.id): [1] if n < wrong else [0] for n, each in enumerate(asked)}


def ticked(attempt, *, wrong=0):
    """The same as a browser sends it: a form tells the places that it showed."""
    fields = {}
    for each in queries.questions_of(attempt):
        order = quizzing.order_of(len(each.options), each.id, attempt.seed)
        (own,) = answers(attempt, wrong=wrong)[str(each.id)]
        fields[f"q{each.id}"] = str(order.index(own))
    return fields


def passed(person, made):
    attempt = begun(person, made)
    with transaction():
        services.send_quiz(person, attempt, answers(attempt))
    return attempt
