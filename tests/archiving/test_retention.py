"""How long papers are kept, by class."""

import pytest

from app.archiving import queries
from app.archiving.models import Retention
from app.papers.models import IndexClass
from app.policy import Role
from tests.factories import UserFactory


def test_shipped_retention_classes(session):
    rules = queries.retention_rules()
    assert set(rules) == set(IndexClass)
    assert rules[IndexClass.H] is Retention.THIRTY_YEARS
    assert rules[IndexClass.D] is Retention.TEN_YEARS
    assert rules[IndexClass.A] is Retention.FIFTEEN_YEARS


@pytest.mark.parametrize("role", [Role.PERFORMANCE_OFFICER, Role.ARCHIVIST])
def test_retention_classes_are_set_on_their_page(session, sign_in, audited, role):
    page = sign_in(UserFactory(role=role))
    assert page.get("/retention").status_code == 200
    told = {f"class_{one.lower()}": "10y" for one in IndexClass} | {"class_h": "permanent"}
    assert page.post("/retention", data=told | {"class_a": "forever"}).status_code == 422
    assert page.post("/retention", data=told).status_code == 302
    assert queries.retention_rules()[IndexClass.H] is Retention.PERMANENT
    assert audited()[-1] == "retention.changed"
    assert page.get("/retention").status_code == 200


def test_nobody_else_sets_them(session, sign_in):
    assert sign_in(UserFactory(role=Role.AGENCY_ADMIN)).get("/retention").status_code == 403
