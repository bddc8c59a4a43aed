"""One paper of an open engagement, and those who talk about it."""

import pytest

from app.policy import Role
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_paper


@pytest.fixture
def engagement(session):
    return make_engagement()


@pytest.fixture
def crew(engagement):
    return crew_of(engagement)


@pytest.fixture
def lead(crew):
    return crew[0]


@pytest.fixture
def officer(crew):
    return crew[2]


@pytest.fixture
def section(engagement):
    return UserFactory(role=Role.SECTION_OFFICER, organisation=engagement.tasks[0].section)


@pytest.fixture
def paper(engagement, lead):
    return file_paper(lead, engagement, "G-B21", "资金使用合规性评分底稿")
