"""A paper with a file that must not be here, its people, and those who decide."""

from dataclasses import dataclass

import pytest

from app.accounts.models import User
from app.engagements.models import Engagement
from app.papers.models import PaperVersion
from app.policy import Role
from app.store import object_store
from tests.conftest import begin
from tests.factories import UserFactory, make_engagement
from tests.papers.filing import crew_of, file_kept


@dataclass
class Scene:
    """One engagement with one stored paper."""

    app: object
    engagement: Engagement
    lead: User
    officer: User
    version: PaperVersion

    def get(self, user, what):
        path = f"/papers/{self.version.paper_id}/versions/{self.version.number}{what}"
        return begin(self.app.test_client(), user).get(path)

    def stored(self):
        with object_store().open(self.version.store_key) as reader:
            return reader.read()


@pytest.fixture
def make_scene(district):
    return lambda data, number="C-01": scene_in(district, data, number)


def scene_in(app, data, number="C-01"):
    engagement = make_engagement()
    lead, _member, officer = crew_of(engagement)
    paper = file_kept(lead, engagement, number, "资料", data, "资料.pdf")
    return Scene(app, engagement, lead, officer, paper.versions[0])


@pytest.fixture
def deciders(district):
    return UserFactory(role=Role.SECURITY_ADMIN), UserFactory(role=Role.LEADER)
