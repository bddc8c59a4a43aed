"""Until opening, no page of any role depends on a star; afterwards only those of the entitled."""

import re
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select, update

from app.db import db, transaction
from app.exporting import XLSX_MIME
from app.policy import AGENCY_ROLES, Role
from app.reviews.models import Review, ReviewScore
from tests.factories import UserFactory
from tests.hostility import client_of
from tests.reviews.rounds import ended, unfrozen

MARK, FACT = "紫色鲸鱼演示词", "琥珀灯塔演示处"
CHANGING = re.compile(
    r'name="(csrf_token|([a-z]+-)?once|slip)"( type="hidden")? value="[^"]*"'
    r'|content="[^"]*" name="csrf-token"'
    r'|data-live-etag="[^"]*"'
    r"|<code.*?</code>|<time.*?</time>|\d\d:\d\d(:\d\d)?|nonce-[\w-]+"
)
# After opening, where stars could show; what computes from them (rankings) has tests of its own.
OPENED = re.compile(
    r"/$|/(reviews|engagements|board|agencies|messages|appeals|flags|unit-ratings|review-links)"
)
# These count the log's entries, which the visits themselves add; what stands in the log has a test
# of its own.
COUNTING = {"/log", "/system", "/readyz"}
# These read the whole log on a connection of their own, which the test's transaction has none of.
WHOLE_LOG = {"/log/verification", "/log/export"}
OVERSEERS = {Role.PERFORMANCE_OFFICER, Role.LEADER, Role.INSPECTOR}


@pytest.fixture
def done(session):
    return ended()


@pytest.fixture
def people(done):
    """Everybody: each role twice where it has a side, and a colleague of each writer."""
    unit = done.invitation("unit").organisation
    section = done.invitation("section").organisation
    agency = done.engagement.agency.organisation
    found = {f"other {role}": UserFactory(role=role) for role in Role}
    for role in AGENCY_ROLES:
        found[f"own {role}"] = UserFactory(role=role, organisation=agency)
    found["colleague of the unit"] = UserFactory(role=Role.UNIT_OFFICER, organisation=unit)
    found["colleague of the section"] = UserFactory(role=Role.SECTION_OFFICER, organisation=section)
    found["officer who opened it"] = done.officers["performance"]
    found["writer of the unit"] = done.officers["unit"]
    found["writer of the section"] = done.officers["section"]
    return found


def set_stars(stars):
    """What the database refuses to everybody: here the triggers are away, and come back."""
    with transaction(), unfrozen("review", "review_score"):
        db.session.execute(update(ReviewScore).values(stars=stars))
        db.session.execute(update(Review).values(words=MARK if stars == 1 else "", fact=FACT))


def addresses(app, done):
    """Every page that can be asked for without sending anything."""
    known = {
        "engagement_id": done.engagement.id,
        "agency_id": done.engagement.agency_id,
        "locale": "en",
        "form": "csv",
        "kind": "csv",
    }
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.endswith("static"):
            continue
        if rule.endpoint.startswith("identity."):  # a new secret at every asking
            continue
        if rule.rule in WHOLE_LOG:
            continue
        if rule.endpoint.startswith("api.v1."):  # tried with tokens, in a test of its own
            continue
        invitations = [i.id for i in done.round.invitations]
        keys = invitations if "invitation_id" in rule.arguments else [1]
        for key in keys:
            values = {name: known.get(name, key) for name in rule.arguments}
            with app.test_request_context():
                found.append(app.url_for(rule.endpoint, **values))
    return sorted(set(found))


def text_of(answer):
    """What a page or a file says, without what is new at every asking."""
    if answer.mimetype == XLSX_MIME:
        book = openpyxl.load_workbook(BytesIO(answer.get_data()))
        return str([list(sheet.values) for sheet in book])
    return answer.get_data(as_text=answer.mimetype != "application/pdf") or ""


def pages(app, sign_in, person, urls):
    client = client_of(app, person)  # that doesn't parse the HTML: here thousands are fetched
    told = {}
    for url in urls:
        answer = client.get(url)
        text = CHANGING.sub("", text_of(answer))
        told[url] = (answer.status_code, re.sub(r"\d+", "", text) if url in COUNTING else text)
    return told


def seen_with(stars, app, sign_in, people, urls):
    """What everybody sees with these stars; what the visits leave in the log is forgotten."""
    db.session.rollback()
    visits = db.engines[None].begin_nested()
    set_stars(stars)
    found = {name: pages(app, sign_in, person, urls) for name, person in people.items()}
    db.session.rollback()
    visits.rollback()
    return found


def differing(one, other):
    """Which person saw which page differ between the two sets of stars."""
    return {
        (name, url)
        for name, told in one.items()
        for url, answer in told.items()
        if answer != other[name][url]
    }


@pytest.mark.database("sqlite")  # thousands of pages; what they ask of the database is the same
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.nightly)])
def test_before_opening_only_the_writers_page_depends_on_a_star(app, done, people, sign_in, every):
    """Every page of all people each night; in every run the writers and each twelfth of the others."""
    writers = {name: person for name, person in people.items() if name.startswith("writer")}
    people = dict(list(people.items())[::every]) | writers
    done.rate("unit", 4, words="演示")
    done.rate("section", 4, words="演示")
    urls = addresses(app, done)
    told = [seen_with(stars, app, sign_in, people, urls) for stars in (1, 5)]
    own = {
        ("writer of the unit", f"/reviews/{done.invitation('unit').id}"),
        ("writer of the section", f"/reviews/{done.invitation('section').id}"),
    }
    assert differing(*told) == own
    for name, url in {(n, u) for n in told[0] for u in urls} - own:
        assert MARK not in str(told[0][name][url][1]), (name, url)
        assert FACT not in str(told[0][name][url][1]), (name, url)


@pytest.mark.database("sqlite")
@pytest.mark.timeout(1500)
@pytest.mark.nightly
@pytest.mark.parametrize("every", [1])
def test_after_opening_only_the_entitled_see_a_difference(app, done, people, sign_in, every):
    """All people, each night."""
    of_note = {
        name: person for name, person in people.items()
        if person.role in OVERSEERS or name.startswith(("own ", "writer ", "officer who "))
    }  # fmt: skip
    people = dict(list(people.items())[::every]) | of_note
    for party in ("unit", "section", "performance"):
        done.rate(party, 4, words="演示")
    urls = [url for url in addresses(app, done) if OPENED.match(url)]
    told = [seen_with(stars, app, sign_in, people, urls) for stars in (1, 5)]
    page = f"/engagements/{done.engagement.id}/reviews"
    entitled = {(n, page) for n, p in people.items() if p.role in OVERSEERS}
    entitled |= {(f"own {role}", page) for role in AGENCY_ROLES}
    # an appeal may be against the shuffled words that the agency reads
    heads = (Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR)
    entitled |= {(f"own {role}", f"/engagements/{done.engagement.id}/appeal") for role in heads}
    writers = {"unit": "writer of the unit", "section": "writer of the section"}
    writers["performance"] = "officer who opened it"
    entitled |= {(n, f"/reviews/{done.invitation(p).id}") for p, n in writers.items()}
    assert differing(*told) == entitled
    for name, url in {(n, u) for n in people for u in urls} - entitled:
        assert MARK not in str(told[0][name][url][1]), (name, url)
    agency = told[0]["own agency_admin"][page][1]
    assert MARK in agency
    assert FACT not in agency
    for officer in done.officers.values():  # made by number: 演示人员2 is not 演示人员20
        assert not re.search(rf"{officer.name}(?!\d)", agency)
    for each in done.round.invitations:
        if each.organisation_id != done.engagement.client_id:
            assert each.organisation.name not in agency


def test_who_may_open_which_page(app, done, people, sign_in):
    done.rate("unit", 4)
    statuses = {}
    for name, person in people.items():
        client = sign_in(person)
        own = [client.get(f"/reviews/{i.id}").status_code for i in done.round.invitations]
        page = client.get(f"/engagements/{done.engagement.id}/reviews").status_code
        statuses[name] = (client.get("/reviews").status_code, page, *own)
    order = [str(i.party) for i in done.round.invitations]

    def invited(party):
        return tuple(200 if each == party else 404 for each in order)

    nobody = invited("")
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.EXPERT):
        assert statuses[f"other {role}"] == (403, 404, *nobody)
    assert statuses["other archivist"] == (403, 200, *nobody)
    for role in (Role.LEADER, Role.INSPECTOR):
        assert statuses[f"other {role}"] == (200, 200, *nobody)
    for role in AGENCY_ROLES:
        assert statuses[f"other {role}"] == (200, 404, *nobody)
        assert statuses[f"own {role}"] == (200, 200, *nobody)
    for role in (Role.UNIT_OFFICER, Role.SECTION_OFFICER, Role.DEPARTMENT_OFFICER):
        assert statuses[f"other {role}"] == (200, 404, *nobody)
    assert statuses["other performance_officer"] == (200, 200, *invited("performance"))
    assert statuses["colleague of the unit"] == (200, 200, *invited("unit"))
    assert statuses["writer of the section"] == (200, 200, *invited("section"))


@pytest.mark.owner
def test_two_ratings_stay_hidden_from_the_agency_after_the_window(app, done, people, sign_in):
    from datetime import timedelta

    from app import clock
    from app.reviews import services

    done.rate("unit", 4, words="演示")
    done.rate("section", 4, words="演示")
    with transaction():
        services.unseal_due(clock.start_of(done.round.closes_on + timedelta(days=1)))
    own = {name: p for name, p in people.items() if name.startswith("own ")}
    urls = [url for url in addresses(app, done) if OPENED.match(url)]
    told = [seen_with(stars, app, sign_in, own, urls) for stars in (1, 5)]
    assert differing(*told) == set()


def test_the_colleague_sees_that_it_is_done_and_no_more(done, people, sign_in):
    done.rate("unit", 1, words=MARK, fact=FACT)
    address = f"/reviews/{done.invitation('unit').id}"
    colleague = sign_in(people["colleague of the unit"]).get(address).get_data(as_text=True)
    writer = sign_in(people["writer of the unit"]).get(address).get_data(as_text=True)
    assert MARK in writer
    assert MARK not in colleague
    assert db.session.scalars(select(Review.words)).one() == MARK
