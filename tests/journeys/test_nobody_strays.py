"""In a lived-in district, on both databases: every address opens to those whom the policy names."""

import pytest
from sqlalchemy import select

from app import create_app
from app.accounts.models import User
from app.db import db
from app.demo import build
from app.engagements.models import Engagement
from app.papers.models import WorkingPaper
from app.policy import Permission, can
from app.rankings.models import RankingSnapshot
from app.reviews.models import ReviewInvitation
from tests import pages
from tests.conftest import begin, make_settings

EVERY = 20  # of the demonstration's contracts, one in so many
PEOPLE = (
    "jixiao", "zhuping1", "jigou6", "chengyuan12", "danwei1", "danwei9", "zhuguan1", "caizhengsuo2",
    "keshi4", "keshi5", "juzhang", "jiancha", "dangan", "zhuanjia", "xitong", "anquan", "shenji",
)  # fmt: skip
ROOMS = (
    (Engagement, "/engagements/{}", Permission.ENGAGEMENT_READ),
    (Engagement, "/engagements/{}/papers", Permission.PAPER_READ),
    (WorkingPaper, "/papers/{}", Permission.PAPER_READ),
    (WorkingPaper, "/papers/{}/versions/1/file", Permission.PAPER_DOWNLOAD),
    (ReviewInvitation, "/reviews/{}", Permission.INVITATION_READ),
    (RankingSnapshot, "/rankings/{}", Permission.RANKING_READ),
)


@pytest.fixture(scope="module")
def district(maker, tmp_path_factory):
    url = maker.copy()
    app = create_app(make_settings(tmp_path_factory.mktemp("strays"), url))
    app.test_client_class = pages.CheckingClient
    build(app, every=EVERY)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    maker.drop(url)


def some(model, most=12):
    """Records of all ages, evenly."""
    found = db.session.scalars(select(model).order_by(model.id)).all()
    return found[:: max(1, len(found) // most)]


@pytest.mark.parametrize(("model", "address", "permission"), ROOMS)
def test_an_address_opens_exactly_to_those_who_may(district, model, address, permission):
    opened = shut = 0
    for login in PEOPLE:
        user = db.session.scalar(select(User).where(User.login == login))
        client = begin(district.test_client(), user)
        for record in some(model):
            may = can(user, permission, record)
            status = client.get(address.format(record.id)).status_code
            assert status == (200 if may else 404), (login, address.format(record.id), status)
            opened, shut = opened + may, shut + (not may)
    assert opened
    assert shut


def test_lists_show_what_their_addresses_open(district):
    """The list of engagements holds exactly those whose page opens."""
    for login in PEOPLE[:10]:
        user = db.session.scalar(select(User).where(User.login == login))
        page = begin(district.test_client(), user).get("/engagements").get_data(as_text=True)
        for engagement in db.session.scalars(select(Engagement)):
            may = can(user, Permission.ENGAGEMENT_READ, engagement)
            assert (f'/engagements/{engagement.id}"' in page) == may, (login, engagement.id)
