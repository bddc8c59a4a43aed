"""What the agency's reply and appeal look like beside the rating."""

from app.policy import Role
from tests.factories import UserFactory
from tests.reviews.rounds import rated


def test_reply_and_appeal_stand_on_the_page_once(session, sign_in):
    done = rated(4)
    home = done.engagement.agency.organisation
    head = UserFactory(role=Role.AGENCY_ADMIN, organisation=home)
    page = f"/engagements/{done.engagement.id}/reviews"
    text = sign_in(head).get(page).get_data(as_text=True)
    assert text.count(f'href="/engagements/{done.engagement.id}/appeal"') == 1
    unit = sign_in(done.officers["unit"]).get(page).get_data(as_text=True)
    assert "/appeal" not in unit
