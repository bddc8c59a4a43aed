"""Nobody gets at what isn't theirs, and no nonsense breaks a page: asked of every address there is."""

import re

import pytest

from app.policy import ADMINISTRATORS, Role
from tests import hostility
from tests.hostility import HOSTILE, SECRETS, client_of, forms_of, rules, undone, url_of, world


@pytest.fixture
def found(session):
    return world()


@pytest.fixture
def asks(app, found):
    """Ask once as somebody and forget what it did; a trace is an answer of 500."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def ask(user, method, url, **more):
        with undone():
            return client_of(app, user).open(url, method=method, **more)

    yield ask
    app.config["PROPAGATE_EXCEPTIONS"] = None


# Who of the strangers reads a record that isn't theirs, and why.
UNITS = {Role.UNIT_OFFICER, Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER}
AGENCIES = {Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR, Role.AGENCY_MEMBER}
HEADS = AGENCIES - {Role.AGENCY_MEMBER}  # whoever may bid reads and asks, in the register or not
OPEN_TO = {
    "openness.call": set(Role),  # what is announced is public
    "procurement.show": AGENCIES,
    "procurement.show_lot": AGENCIES,
    "procurement.show_draw": AGENCIES,
    "procurement.show_award": AGENCIES,
    "procurement.award_notice": AGENCIES,
    "procurement.offer": HEADS,
    "procurement.add_number": HEADS,
    "procurement.object_to": HEADS,
    "frameworks.show": AGENCIES,
    "frameworks.rotation": AGENCIES,
    "clarifications.ask": HEADS,
    "assessments.show_consequence": UNITS | {Role.SECTION_OFFICER},  # what was told of an agency
    "assessments.show_form": set(Role) - ADMINISTRATORS,  # how agencies are assessed is no secret
    "openness.profile": set(Role),  # what everybody may know of an agency
    "accreditation.void_proof": set(Role),  # whoever holds the key, which the address carries
    "agencies.show": UNITS | {Role.SECTION_OFFICER},  # who may work with an agency sees who it is
    "accounts.organisation": {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN},
    "accounts.person": {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN},
    "accounts.ask_reset": {Role.SECURITY_ADMIN},
    "accounts.reset_password": {Role.SECURITY_ADMIN},
    "onboarding.print_slip": {Role.SECURITY_ADMIN},
    "personal.answer": {Role.SECURITY_ADMIN},
    "personal.correction": {Role.SECURITY_ADMIN},
    "accounts.ask_closing": {Role.SECURITY_ADMIN},
    "accounts.close_account": {Role.SECURITY_ADMIN},
    "accounts.grant_role": {Role.SECURITY_ADMIN},
    "identity.ask_factor_end": {Role.SECURITY_ADMIN},
    "identity.end_factor_of": {Role.SECURITY_ADMIN},
    "api.ask_token_end": {Role.SECURITY_ADMIN},
    "api.end_token": {Role.SECURITY_ADMIN},
    "identity.acts.confirm": {Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN},
    "identity.acts.refuse": {Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN},
    "custody.ask_reason": {Role.ARCHIVIST},  # whose archives they are, when the work is over
    "custody.confirm": {Role.ARCHIVIST},
    "custody.give_reason": {Role.ARCHIVIST},
    "custody.release": {Role.ARCHIVIST},
    "custody.purges.show": {Role.ARCHIVIST},  # lists are of the whole archive
    "spills.show": {Role.SECURITY_ADMIN, Role.AUDIT_ADMIN},
    "spills.destroy": {Role.SECURITY_ADMIN},
    "spills.dismiss": {Role.SECURITY_ADMIN},
    "queueing.retry": {Role.SYSTEM_ADMIN},
    "notifications.target": {Role.SYSTEM_ADMIN},
    "notifications.edit_target": {Role.SYSTEM_ADMIN},
    "notifications.ask_retirement": {Role.SYSTEM_ADMIN},
    "notifications.retire_target": {Role.SYSTEM_ADMIN},
    "notifications.try_target": {Role.SYSTEM_ADMIN},
    "notifications.retry_delivery": {Role.SYSTEM_ADMIN},
}
REFUSED = {403, 404}


@pytest.mark.database("sqlite")  # who may is asked of the policy, not of the database
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_stranger_meets_no_record_of_others(app, found, asks, method):
    for rule in rules(app, method):
        if not any(name.endswith("_id") for name in rule.arguments):
            continue
        for role, user in found.strangers.items():
            if role in OPEN_TO.get(rule.endpoint, ()):
                continue
            reply = asks(user, method, url_of(rule, found.keys))
            assert reply.status_code in REFUSED, (role, method, rule, reply.status_code)
            text = reply.get_data(as_text=True)
            assert not [word for word in SECRETS if word in text], (role, rule)


def test_the_open_doors_are_real(app):
    assert set(OPEN_TO) <= set(app.view_functions)


@pytest.mark.database("sqlite")
def test_who_reads_no_papers_reads_no_word_of_them(app, found, asks):
    """The evaluated unit sees how far the work is, not the papers and the opinions on them."""
    for rule in rules(app, "GET"):
        reply = asks(found.insiders["unit"], "GET", url_of(rule, found.keys))
        text = reply.get_data().decode(errors="replace")
        assert not [word for word in SECRETS if word in text], (rule, reply.status_code)


def readers_in(found):
    """One person for each side, who together see every page."""
    sides = ("officer", "lead", "agency", "rater", "section")
    admins = (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN)
    return [found.insiders[s] for s in sides] + [found.strangers[role] for role in admins]


AMOUNT = pytest.mark.parametrize("amount", [1, pytest.param(99, marks=pytest.mark.nightly)])


def some_of(kinds, place, amount):
    """So many kinds of nonsense, in turn from place to place; each night all of them everywhere."""
    kinds = list(kinds)
    return [kinds[(amount * place + step) % len(kinds)] for step in range(min(amount, len(kinds)))]


@pytest.mark.timeout(1500)
@pytest.mark.database("postgres")  # which takes less than SQLite
@AMOUNT
def test_hostile_addresses_break_no_page(app, found, asks, amount):
    names, broken = hostility.asked_names(), []
    for place, rule in list(enumerate(rules(app, "GET")))[:: 4 if amount == 1 else 1]:
        url = url_of(rule, found.keys)
        readers = (u for u in readers_in(found) if asks(u, "GET", url).status_code == 200)
        reader = next(readers, found.insiders["officer"])
        for kind in some_of(hostility.IN_ADDRESSES, place, amount):
            value = HOSTILE[kind].encode("utf-8", "surrogateescape")
            reply = asks(reader, "GET", url, query_string=dict.fromkeys(names, value))
            broken += [(rule.endpoint, kind)] if reply.status_code >= 500 else []
    assert broken == []


def test_hostile_numbers_in_a_path_are_no_record(app, found, asks):
    keys = dict.fromkeys(found.keys, hostility.HUGE)
    broken = []
    for method in ("GET", "POST"):
        for rule in rules(app, method):
            if set(rule.arguments) & set(keys):
                for who in ("officer", "lead"):
                    reply = asks(found.insiders[who], method, url_of(rule, keys))
                    broken += (
                        [(rule.endpoint, who)] if reply.status_code not in {405, *REFUSED} else []
                    )
    assert broken == []


def test_numbers_that_are_asked_for_have_an_end():
    """int alone lets through what no column takes: views read numbers by intake.whole."""
    loose = re.compile(r"\.get\([^()]*type=int\b")
    found = [p.name for p in hostility.APP.rglob("*.py") if loose.search(p.read_text())]
    assert found == []


def filled_forms(app, found, asks, readers):
    """Every form that one of these finds on a page, once, with who found it."""
    known = {}
    for user in readers:
        for url in [*(url_of(rule, found.keys) for rule in rules(app, "GET")), *found.more]:
            reply = asks(user, "GET", url)
            if reply.status_code == 200 and reply.mimetype == "text/html":
                for form in forms_of(url, reply.get_data(as_text=True)):
                    known.setdefault(form.action, (user, form))
    return list(known.values())


@pytest.mark.timeout(1500)
@pytest.mark.database("postgres")
@AMOUNT
def test_hostile_fields_break_no_form(app, found, asks, amount):
    """One field is nonsense, the others are as a person would fill them."""
    broken = []
    readers = readers_in(found)[: 2 if amount == 1 else None]
    forms = filled_forms(app, found, asks, readers)[:: 2 if amount == 1 else 1]  # all by night
    for place, (user, form) in enumerate(forms):
        for name in hostility.telling(form.fields):
            for kind in some_of(HOSTILE, place + len(name), amount):
                value = HOSTILE[kind]
                told = {**form.fields, name: value.encode("utf-8", "surrogateescape")}
                reply = asks(user, "POST", form.action, data=told)
                broken += [(form.action, name, kind)] if reply.status_code >= 500 else []
    assert broken == []
