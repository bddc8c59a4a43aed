"""One open engagement and those who work on it."""

import pytest

from tests.factories import make_engagement
from tests.papers.filing import crew_of


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
def member(crew):
    return crew[1]


@pytest.fixture
def officer(crew):
    return crew[2]


@pytest.fixture
def audited_last(session, audited):
    """The newest events, oldest first."""
    return lambda n: audited()[-n:]
