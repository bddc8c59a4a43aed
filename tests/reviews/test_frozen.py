"""What was given once stays: the database itself refuses, whoever asks."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.db import db, transaction
from app.rankings import services as rankings
from app.reviews import services
from app.reviews.models import RulingKind
from app.reviews.rating import NewReview
from tests.factories import UserFactory
from tests.rankings.snapshots import snapshot
from tests.reviews.rounds import ended, rated

STARS = (
    "UPDATE review SET words = 'x'",
    "UPDATE review SET author_id = NULL",
    "DELETE FROM review_score",
    "DELETE FROM review",
    "UPDATE review_score SET stars = 5",
    "UPDATE review_problem SET problem_id = 2",
    "DELETE FROM review_problem",
    "UPDATE review_ruling SET kind = 'returned'",
    "DELETE FROM review_ruling",
)
RANKINGS = (
    "UPDATE ranking_snapshot SET result = '{}'",
    "UPDATE ranking_snapshot SET published_at = NULL",
    "UPDATE ranking_row SET score = 5",
    "DELETE FROM ranking_row",
    "DELETE FROM ranking_snapshot",
    "INSERT INTO ranking_row (snapshot_id, agency_id, position, reliability, engagements, reviews)"
    " SELECT snapshot_id, agency_id, 99, 0, 0, 0 FROM ranking_row LIMIT 1",
)


def refused(statement):
    db.session.rollback()
    with pytest.raises(DatabaseError, match="frozen"), transaction():
        db.session.execute(text(statement))


@pytest.fixture
def given(session):
    """A rated engagement with a tick and a ruling."""
    done = ended()
    from app.reviews import queries

    kind = queries.problem_kinds()[0]
    new = NewReview({d.id: 4 for d in queries.dimensions()}, problems=frozenset({kind.id}))
    with transaction():
        services.submit_review(done.officers["unit"], done.invitation("unit"), new)
    for party in ("section", "performance"):
        done.rate(party, 4)
    review = done.invitation("unit").review
    with transaction():
        services.rule(UserFactory(), review, RulingKind.VOIDED, "演示理由")
    return done


@pytest.mark.owner
@pytest.mark.parametrize("statement", STARS)
def test_submitted_reviews_stay(given, statement):
    refused(statement)


@pytest.mark.database("sqlite")
def test_no_row_of_a_review_is_replaced(given):
    refused(
        "INSERT OR REPLACE INTO review_score SELECT id, review_id, dimension_id, 1 FROM review_score"
    )
    refused(
        "INSERT OR REPLACE INTO review_score (review_id, dimension_id, stars)"
        " SELECT review_id, dimension_id, 1 FROM review_score"
    )
    refused("INSERT OR REPLACE INTO review SELECT * FROM review")


@pytest.mark.owner
@pytest.mark.database("postgres")
@pytest.mark.parametrize("table", ["review", "review_score", "review_ruling", "ranking_row"])
def test_nothing_is_truncated(given, table):
    refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.owner
@pytest.mark.parametrize("statement", RANKINGS)
def test_a_published_ranking_stays(session, statement):
    for _n in range(3):
        rated(4)
    officer = UserFactory()
    made = snapshot(officer)
    with transaction():
        rankings.publish_snapshot(officer, made, "演示")
    refused(statement)


def test_a_draft_is_published_once(session):
    made = snapshot(UserFactory())
    with transaction():
        rankings.publish_snapshot(UserFactory(), made, "演示")
    assert made.published_at is not None
