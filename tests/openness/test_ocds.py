"""Open contracting data: valid by the standard's own schemas, and by the portal's own check."""

import copy
import json
import os
from pathlib import Path

import pytest

from app.openness import ocds, processes, structure
from app.openness.ocds import Publisher
from tests.factories import AgencyFactory, UserFactory, make_engagement
from tests.reviews.rounds import rated

SCHEMAS = Path(os.environ.get("OCDS_SCHEMAS", Path(__file__).parents[3] / "shared" / "ocds"))
PREFIX = "ocds-a1b2c3"
BY = Publisher("演示区财政局", PREFIX, "https://portal.example", "https://portal.example/licence")


@pytest.fixture
def district(session):
    """A contract under way, and one that was accepted and rated by all three parties."""
    return make_engagement(), rated(stars=4, agency=AgencyFactory())


@pytest.fixture
def packages(district):
    found = processes.processes(2026)
    assert len(found) == 2
    return {
        "releases": ocds.release_package(BY, found, 2026),
        "records": ocds.record_package(BY, found, 2026),
    }


def validators():
    """Validators of both packages; the release's schema is found by its own address."""
    jsonschema = pytest.importorskip("jsonschema")
    referencing = pytest.importorskip("referencing")
    release = json.loads((SCHEMAS / "release-schema.json").read_text())
    patch = json.loads((SCHEMAS / "metrics-extension-patch.json").read_text())["definitions"]
    for name, told in patch.items():
        own = release["definitions"].setdefault(name, {"properties": {}})
        own["properties"] |= told.get("properties", {})
        own |= {key: value for key, value in told.items() if key != "properties"}
    for kind in ("releases", "records"):
        whole = json.loads((SCHEMAS / f"{kind[:-1]}-package-schema.json").read_text())
        draft = referencing.jsonschema.DRAFT4
        address = release["id"]
        resources = {address, address.rstrip("#"), *addresses(whole)}
        registry = referencing.Registry().with_resources(
            (each, draft.create_resource(release)) for each in resources
        )
        yield (
            kind,
            jsonschema.Draft4Validator(
                whole, registry=registry, format_checker=jsonschema.FormatChecker()
            ),
        )


def addresses(schema):
    """The addresses of release schemas that a package's schema refers to."""
    text = json.dumps(schema)
    return {part.split('"')[0] for part in text.split('"$ref": "')[1:] if part.startswith("http")}


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason=f"the standard's schemas are not at {SCHEMAS}")
def test_both_packages_are_valid_by_the_standard(packages):
    for kind, validator in validators():
        errors = [(list(e.absolute_path), e.message[:200]) for e in
                  validator.iter_errors(packages[kind])]  # fmt: skip
        assert errors == []
        broken = copy.deepcopy(packages[kind])
        del broken[kind][0]["ocid"]
        assert list(validator.iter_errors(broken))


def test_both_packages_pass_the_portals_own_check(packages):
    for package in packages.values():
        assert structure.faults_of(package, PREFIX) == []


def contract_of(packages):
    return packages["records"]["records"][1]["compiledRelease"]["contracts"][0]


def spoil_date(package):
    package["publishedDate"] = "2026-11-23"


def spoil_party(package):
    package["records"][0]["compiledRelease"]["buyer"]["id"] = "XP-0"


def spoil_award(package):
    package["records"][0]["compiledRelease"]["contracts"][0]["awardID"] = "other"


def spoil_state(package):
    package["records"][0]["compiledRelease"]["contracts"][0]["status"] = "complete"


def spoil_order(package):
    package["records"][1]["releases"][0]["date"] = "2099-01-01T00:00:00+08:00"


def spoil_prefix(package):
    package["records"][0]["releases"][0]["ocid"] = "ocds-zzzzzz-1"


def spoil_null(package):
    package["records"][0]["compiledRelease"]["tender"]["title"] = None


def spoil_ratings(package):
    contract = package["records"][1]["compiledRelease"]["contracts"][0]
    seen = contract["implementation"]["metrics"][0]["observations"][0]
    seen["dimensions"]["ratings"] = "2"


def spoil_measure(package):
    contract = package["records"][1]["compiledRelease"]["contracts"][0]
    contract["implementation"]["metrics"][0]["observations"][0]["measure"] = 4.33


def spoil_twice(package):
    contract = package["records"][1]["compiledRelease"]["contracts"][0]
    milestones = contract["implementation"]["milestones"]
    milestones.append(milestones[0])


@pytest.mark.parametrize(
    "spoil",
    [spoil_date, spoil_party, spoil_award, spoil_state, spoil_order, spoil_prefix, spoil_null,
     spoil_ratings, spoil_measure, spoil_twice],
)  # fmt: skip
def test_the_portals_own_check_finds_each_fault(packages, spoil):
    package = packages["records"]
    spoil(package)
    assert structure.faults_of(package, PREFIX)


def test_stars_are_bands_of_three_and_only_of_what_has_ended(packages, district):
    running, done = packages["records"]["records"]
    assert "implementation" not in running["compiledRelease"]["contracts"][0]
    metrics = contract_of(packages)["implementation"]["metrics"]
    assert metrics
    for metric in metrics:
        (seen,) = metric["observations"]
        assert seen["measure"] == "4-4.5"
        assert int(seen["dimensions"]["ratings"]) >= 3
    assert done["ocid"] == f"{PREFIX}-{district[1].engagement.code}"


@pytest.mark.parametrize(
    ("stars", "band"),
    [((5, 5, 5), "4.5-5"), ((5, 5, 4), "4.5-5"), ((1, 1, 1), "1-1.5"), ((1, 1, 2), "1-1.5"),
     ((3, 3, 3), "3-3.5"), ((3, 3, 4), "3-3.5")],
)  # fmt: skip
def test_no_band_tells_a_single_star(stars, band):
    """Of three ratings each band leaves room for another star of anybody."""
    assert processes.Rated("x", "x", 3, processes.low_of(sum(stars) / 3)).band == band


def test_a_contract_under_sealed_ratings_tells_none(session):
    from tests.reviews.rounds import ended

    ended()
    (process,) = processes.processes(2026)
    assert process.rated == []


@pytest.mark.parametrize(
    ("prefix", "good"),
    [("ocds-a1b2c3", True), ("ocds-xxxxxx", False), ("ocds-213czf", False), ("ocds-A1B2C3", False),
     ("", False), ("a1b2c3", False)],
)  # fmt: skip
def test_a_placeholder_is_no_prefix(prefix, good):
    assert ocds.is_registered(prefix) is good


def test_nothing_leaves_under_a_placeholder(app, client, district, monkeypatch):
    page, address = "/public/ocds", "/public/ocds/2026/releases"
    assert address not in client.get(page).get_data(as_text=True)
    assert client.get(address).status_code == 409
    monkeypatch.setitem(app.config, "OCID_PREFIX", PREFIX)
    assert address in client.get(page).get_data(as_text=True)
    told = client.get(address).get_json()
    assert told["publisher"] == {"name": "演示区财政局"}
    assert len(told["releases"]) == 5
    assert len(client.get("/public/ocds/2026/records").get_json()["records"]) == 2
    assert client.get("/public/ocds/2020/releases").status_code == 404
    assert client.get("/public/ocds/2026/secrets").status_code == 404


def test_what_fails_the_check_stays(app, client, district, monkeypatch):
    monkeypatch.setitem(app.config, "OCID_PREFIX", PREFIX)
    monkeypatch.setitem(app.config, "BUREAU_NAME", "")
    assert client.get("/public/ocds/2026/releases").status_code == 409


def test_a_year_costs_the_same_however_many_contracts(session, statements):
    officer = UserFactory()
    make_engagement(actor=officer)
    with statements() as few:
        ocds.record_package(BY, processes.processes(2026), 2026)
    for _n in range(4):
        make_engagement(actor=officer)
    session.expire_all()
    with statements() as many:
        told = ocds.record_package(BY, processes.processes(2026), 2026)
    assert len(told["records"]) == 5
    assert len(many) <= len(few) + 1
