"""One open engagement, its people, and its indicators."""

import pytest

from tests.indicators.making import approved, begun


@pytest.fixture
def draft(engagement, member):
    return begun(member, engagement)


@pytest.fixture
def system(draft, lead, officer):
    return approved(draft, lead, officer)
