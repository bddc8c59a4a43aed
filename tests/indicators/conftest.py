"""One open engagement, its people, and its indicators."""

import pytest

from tests.factories import make_engagement
from tests.indicators.making import approved, begun
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
def draft(engagement, member):
    return begun(member, engagement)


@pytest.fixture
def system(draft, lead, officer):
    return approved(draft, lead, officer)
