"""The library counts engagements, each once, and asks the same for few and for many."""

import re

from app.db import transaction
from app.indicators import services
from app.indicators.uses import library_uses
from app.policy import Role
from tests.factories import UserFactory, make_engagement
from tests.indicators.making import approved, begun, rows, saved
from tests.papers.filing import crew_of


def uses_of(name):
    return next(one.uses for one in library_uses().rows if one.row.name == name)


def shown(page):
    """The codes in their order, each with its count."""
    cells = re.findall(r'<td data-label="[^"]*" class="([^"]*)">([^<]*)', page)
    codes = [text for kinds, text in cells if "text-nowrap" in kinds]
    counts = [int(text) for kinds, text in cells if "num" in kinds][1::2]
    return list(zip(codes, counts, strict=True))


def test_the_library_tells_how_many_engagements_use_an_indicator(
    system, lead, officer, sign_in, session, statements
):
    client = sign_in(officer)
    with statements() as few:
        session.expire_all()
        assert client.get("/indicator-library").status_code == 200
    assert (uses_of("预算执行率"), library_uses().engagements) == (1, 1)
    other = make_engagement()
    its_lead, its_member, its_officer = crew_of(other)
    draft = begun(its_member, other)
    changed = rows(draft, D11={"name": "演示个性化效益"}, B12={"check_point": "演示核查要点"})
    saved(its_member, draft, changed)
    assert uses_of("预算执行率") == 1  # a draft isn't in use
    approved(draft, its_lead, its_officer)
    with transaction():
        services.begin_next_version(lead, system, "演示原因")
    assert (uses_of("预算执行率"), uses_of("实施效益")) == (2, 1)
    with statements() as many:
        session.expire_all()
        page = client.get("/indicator-library").text
    assert len(many) <= len(few)
    found = shown(page)
    assert len(found) == 17
    assert (found[0], found[-1]) == (("A11", 2), ("D11", 1))
    assert shown(client.get("/indicator-library?sort=uses").text)[0] == ("D11", 1)
    assert shown(client.get("/indicator-library?sort=-code").text)[0] == ("D21", 2)
    assert shown(client.get("/indicator-library?sort=nonsense").text)[0] == ("A11", 2)


def test_an_administrator_sees_no_library(sign_in, session):
    client = sign_in(UserFactory(role=Role.SYSTEM_ADMIN))
    assert client.get("/indicator-library").status_code == 403
