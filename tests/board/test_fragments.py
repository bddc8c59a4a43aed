"""A live fragment is made once for each change, whoever asks for it at the same time."""

import threading
import time

import pytest

from app.pages.fragments import Fragments
from app.policy import Role
from tests.conftest import begin
from tests.factories import UserFactory, make_engagement


def test_of_many_who_ask_at_once_one_makes_it():
    kept, made, found = Fragments(4), [], []

    def make():
        made.append(1)
        time.sleep(0.05)
        return "fragment"

    def ask():
        found.append(kept.get("key", make))

    threads = [threading.Thread(target=ask) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), found) == (1, ["fragment"] * 20)


def test_only_so_many_are_kept_and_a_failure_is_none_of_them():
    kept = Fragments(2)
    for key in "abc":
        kept.get(key, lambda key=key: key)
    assert list(kept.made) == ["b", "c"]
    with pytest.raises(ZeroDivisionError):
        kept.get("d", lambda: str(1 / 0))
    assert kept.get("d", lambda: "fresh") == "fresh"
    assert kept.making == {}


def test_two_of_one_role_share_and_another_house_does_not(make_district):
    app = make_district(LIVE_FRAGMENTS=8)
    with app.app_context():
        engagement = make_engagement()
        people = [UserFactory(role=Role.LEADER), UserFactory(role=Role.LEADER)]
        stranger = UserFactory(role=Role.AGENCY_ADMIN)
        pages = [begin(app.test_client(), who).get("/board/live") for who in (*people, stranger)]
        assert pages[0].headers["ETag"] == pages[1].headers["ETag"] != pages[2].headers["ETag"]
        assert len(app.extensions["fragments"].made) == 2
        assert engagement.code in pages[1].get_data(as_text=True)
        assert engagement.code not in pages[2].get_data(as_text=True)


def test_sorting_from_the_fragment_leads_to_the_board(session, sign_in):
    make_engagement()
    page = (
        sign_in(UserFactory(role=Role.LEADER)).get("/board/live?year=2026").get_data(as_text=True)
    )
    assert "/board/live" not in page
    assert "/board?" in page
