"""A district with one published ranking."""

import pytest

from app.db import transaction
from tests.factories import AgencyFactory, UserFactory
from tests.reviews.rounds import rated


@pytest.fixture
def officer(session):
    return UserFactory()


@pytest.fixture
def agencies(session):
    """Two agencies with two rated engagements each, and one with none."""
    made = [AgencyFactory() for _n in range(3)]
    for agency, stars in zip(made, (5, 3), strict=False):
        for _n in range(2):
            rated(stars=stars, agency=agency)
    return made


@pytest.fixture
def published(officer, agencies):
    from tests.rankings.snapshots import snapshot

    made = snapshot(officer, "演示公开排名")
    from app.rankings import services  # late: it needs every feature's nouns

    with transaction():
        services.publish_snapshot(officer, made, "演示发布理由")
    return made
