"""A live fragment is made once for each change, whoever asks for it at the same time."""

import threading
import time
from datetime import date

import pytest

from app.pages.fragments import Fragment, Fragments, House, Shown, packed
from app.policy import Role
from tests.factories import UserFactory, make_engagement

DAY = date(2026, 11, 23)


def shown(address):
    return Shown(House(1, Role.LEADER), "zh", address)


def fits(version):
    return lambda kept: kept.version == version


def made_of(text, version=(1,)):
    return lambda: packed(text, version, DAY)


def test_of_many_who_ask_at_once_one_makes_it():
    kept, made, found = Fragments(4), [], []

    def make():
        made.append(1)
        time.sleep(0.05)
        return packed("fragment", (1,), DAY)

    def ask():
        found.append(kept.get(shown("/a"), fits((1,)), make).html)

    threads = [threading.Thread(target=ask) for _n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), found) == (1, ["fragment"] * 20)


def test_an_old_fragment_is_made_anew_and_the_same_content_keeps_its_mark():
    kept = Fragments(2)
    first = kept.get(shown("/a"), fits((1,)), made_of("same"))
    assert kept.get(shown("/a"), fits((1,)), lambda: 1 / 0) is first
    second = kept.get(shown("/a"), fits((2,)), made_of("same", (2,)))
    assert second is not first
    assert second.tag == first.tag
    assert kept.get(shown("/a"), fits((3,)), made_of("other", (3,))).tag != first.tag


def test_only_so_many_are_kept_and_a_failure_is_none_of_them():
    kept = Fragments(2)
    for key in "abc":
        kept.get(shown(key), fits((1,)), made_of(key))
    assert list(kept.made) == [shown("b"), shown("c")]
    with pytest.raises(ZeroDivisionError):
        kept.get(shown("d"), fits((1,)), lambda: 1 / 0)
    assert isinstance(kept.get(shown("d"), fits((1,)), made_of("fresh")), Fragment)
    assert kept.making == {}


def test_sorting_from_the_fragment_leads_to_the_board(session, sign_in):
    make_engagement()
    page = (
        sign_in(UserFactory(role=Role.LEADER)).get("/board/live?year=2026").get_data(as_text=True)
    )
    assert "/board/live" not in page
    assert "/board?" in page
