"""Until opening, nothing that the API answers depends on a star, whoever's token asks."""

import re

import pytest

from app.api.declaring import OPERATIONS
from app.db import db
from tests.api.asking import System, token_for
from tests.reviews.test_sealed import FACT, MARK, done, people, set_stars

__all__ = ["done", "people"]
NEW = re.compile(r'"instance": ?"[^"]*"')  # of each request


def answers(app, keys, addresses):
    """What everybody is told at every address."""
    told = {}
    for name, key in keys.items():
        system = System(app, key)
        for address in addresses:
            reply = system.get(address)
            told[name, address] = reply.status_code, NEW.sub("", reply.get_data(as_text=True))
    return told


@pytest.mark.database("sqlite")  # what they ask of the database is the same
def test_before_opening_no_answer_depends_on_a_star(app, done, people):
    few = dict(list(people.items())[::7]) | {"writer": done.officers["unit"]}
    keys = {name: token_for(person) for name, person in few.items()}
    done.rate("unit", 4, words="演示")
    done.rate("section", 4, words="演示")
    known = {"engagement_id": done.engagement.id, "agency_id": done.engagement.agency_id}
    addresses = [
        re.sub(r"<int:(\w+)>", lambda found: str(known.get(found[1], 1)), one.path)
        for one in OPERATIONS.values()
        if one.method == "get"
    ]
    told = []
    for stars in (1, 5):
        db.session.rollback()
        point = db.engines[None].begin_nested()
        set_stars(stars)
        told.append(answers(app, keys, addresses))
        db.session.rollback()
        point.rollback()
    assert told[0] == told[1]
    assert not [place for place, (_status, text) in told[0].items() if MARK in text or FACT in text]
    assert {status for status, _text in told[0].values()} >= {200, 403, 404}
