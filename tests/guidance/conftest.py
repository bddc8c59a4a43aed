"""One paper of an open engagement, and those who talk about it."""

import pytest

from app.policy import Role
from tests.factories import UserFactory
from tests.papers.filing import file_paper


@pytest.fixture
def section(engagement):
    return UserFactory(role=Role.SECTION_OFFICER, organisation=engagement.tasks[0].section)


@pytest.fixture
def paper(engagement, lead):
    return file_paper(lead, engagement, "G-B21", "资金使用合规性评分底稿")
