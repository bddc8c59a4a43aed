"""What everybody may read without signing in, and nothing beyond it."""

import csv
import hashlib
import io
import json

from app import clock
from app.db import db
from app.policy import Role
from app.rankings import queries
from app.rankings.labels import COLUMNS
from tests.factories import AgencyFactory, UserFactory
from tests.rankings.snapshots import snapshot

PAGES = ("/public", "/public/agencies", "/public/rankings", "/public/method")


def text_of(reply):
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def test_a_visitor_reads_the_empty_district(client):
    for page in PAGES:
        assert 'href="/sign-in"' in text_of(client.get(page))
        assert 'href="/certificates"' in text_of(client.get(page)), "nobody has to know an address"


def test_a_visitor_reads_the_published_ranking_and_no_other(client, officer, agencies, published):
    draft = snapshot(officer, "演示草稿排名")
    page = text_of(client.get(f"/public/rankings/{published.id}"))
    ranked = [row.agency for row in queries.rows_of(published) if row.rank is not None]
    for row in queries.rows_of(published):
        assert (row.agency.name in page) == (row.agency in ranked)
    for agency in ranked:
        assert f'href="/public/agencies/{agency.id}"' in page
    ranked[0].organisation.closed_at = clock.now()
    db.session.commit()
    page = text_of(client.get(f"/public/rankings/{published.id}"))
    assert ranked[0].name in page
    assert f'href="/public/agencies/{ranked[0].id}"' not in page, "its profile is public no more"
    assert agencies[2].name in text_of(client.get(f"/public/rankings/{published.id}?state=unrated"))
    assert published.result_digest in page
    for address in (f"/public/rankings/{draft.id}", f"/public/rankings/{draft.id}/files/csv"):
        assert client.get(address).status_code == 404
    for address in ("/public", "/public/rankings"):
        listed = text_of(client.get(address))
        assert "演示公开排名" in listed
        assert "演示草稿排名" not in listed


def test_the_register_tells_no_telephone_and_no_address(client, session):
    agency = AgencyFactory(phone="057712345678", address="演示路88号")
    agency.organisation.credit_code = "91330300MA2DEMO16X"
    db.session.commit()
    page = text_of(client.get("/public/agencies"))
    assert agency.name in page
    assert "91330300MA2DEMO16X" in page
    assert "057712345678" not in page
    assert "演示路88号" not in page
    assert agency.name not in text_of(client.get("/public/agencies?q=nobody"))
    assert agency.name in text_of(client.get("/public/agencies", query_string={"q": agency.name}))


def test_the_register_is_paged_by_number(client, session):
    made = [AgencyFactory() for _n in range(51)]
    first = text_of(client.get("/public/agencies"))
    assert f">{made[0].name}<" in first
    assert f'href="/public/agencies?after={made[49].id}"' in first
    second = text_of(client.get(f"/public/agencies?after={made[49].id}"))
    assert f">{made[50].name}<" in second
    assert f">{made[0].name}<" not in second


def test_the_register_costs_the_same_however_many_there_are(client, session, statements):
    AgencyFactory()
    client.get("/public/agencies")
    with statements() as few:
        client.get("/public/agencies")
    for _n in range(20):
        AgencyFactory()
    with statements() as many:
        client.get("/public/agencies")
    assert len(few) == len(many) <= 4  # the list, and three that keep a visitor's pace


def right(value, field):
    """Whether a cell of the CSV is what its column promises."""
    bounds = field.get("constraints", {})
    if value == "":
        return not bounds.get("required")
    if field["type"] == "string":
        return value in bounds.get("enum", [value])
    number = int(value) if field["type"] == "integer" else float(value)
    return bounds.get("minimum", number) <= number <= bounds.get("maximum", number)


def test_the_dataset_is_what_its_schema_says(client, published):
    data = client.get(f"/public/rankings/{published.id}/files/csv").data
    package = json.loads(client.get(f"/public/rankings/{published.id}/files/package").data)
    (resource,) = package["resources"]
    assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert resource["bytes"] == len(data)
    assert package["licenses"] == [{"name": "CC-BY-4.0"}]
    assert package["sources"][0]["title"] == "演示区财政局"
    fields = resource["schema"]["fields"]
    heads, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    assert heads == [field["name"] for field in fields] == list(COLUMNS)
    assert len(rows) == len(queries.rows_of(published)) > 2
    for row in rows:
        wrong = [(f["name"], v) for v, f in zip(row, fields, strict=True) if not right(v, f)]
        assert wrong == []


def test_the_files_tell_no_more_than_the_signed_text(client, published):
    answer = client.get(f"/public/rankings/{published.id}/files/json")
    assert answer.get_data(as_text=True) == published.public
    again = client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/public/rankings/{published.id}/files/bundle").data[:2] == b"PK"
    assert client.get(f"/public/rankings/{published.id}/files/workings").status_code == 404


def test_the_public_pages_speak_english_too(client, session):
    client.post("/languages/en", data={"next": "/public"})
    page = text_of(client.get("/public"))
    assert '<html lang="en"' in page
    assert "Agencies in the directory" in page


def test_who_is_signed_in_sees_the_same_page_without_the_way_in(sign_in):
    client = sign_in(UserFactory(role=Role.AGENCY_MEMBER))
    page = text_of(client.get("/public"))
    assert 'href="/sign-in"' not in page
    assert 'href="/public/agencies"' in page
