"""A small district of rated agencies."""

import pytest

from app import clock
from app.db import transaction
from app.policy import Role
from tests.factories import AgencyFactory, UserFactory
from tests.reviews.rounds import ended, rated


@pytest.fixture
def officer(session):
    return UserFactory(role=Role.PERFORMANCE_OFFICER)


@pytest.fixture
def district(officer):
    """Three agencies of different merit, a fourth with one rating, a fifth with none."""
    agencies = [AgencyFactory() for _ in range(5)]
    for agency, stars in zip(agencies, (5, 4, 2), strict=False):
        for _ in range(3):
            rated(stars, agency=agency)
    alone = ended(agency=agencies[3])
    alone.rate("unit", 4)
    with transaction():
        alone.round.unsealed_at = clock.now()
    return agencies
