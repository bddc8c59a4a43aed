"""The habits of the house that a machine can check."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import (
    agencies,
    amendments,
    archiving,
    assessments,
    attachments,
    engagements,
    errors,
    expert_reviews,
    papers,
    procurement,
    reviews,
    store,
)
from app.accounts import login, lookups
from app.api.problems import MEDIA_TYPE
from app.db import Base

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
TEMPLATES = APP / "templates"
SOURCES = sorted(
    [*APP.rglob("*.py"), *(ROOT / "storage").rglob("*.py"), ROOT / "config.py", ROOT / "wsgi.py"]
)
SERVICES = sorted(APP.glob("*/services.py"))
VIEWS = sorted({*APP.glob("*/views.py"), *APP.glob("*/*_views.py")})

# Public functions of a module of actions that need no permission or leave no event, and why.
EXEMPT = {
    "accreditation.services.start_application": "every agency may apply; it is recorded",
    "accreditation.services.move": "a part of the actions that move it, which have checked",
    "accreditation.services.evidence_columns": "the columns of a row, no act",
    "accreditation.services.facts_of": "what the log says, no act",
    "accounts.sessions.sign_out": "everybody may leave; it is recorded",
    "accounts.sessions.change_password": "everybody's own; the present password is the permission",
    "accounts.sessions.choose_language": "everybody's own, and no act of business",
    "identity.entering.end_others": "everybody's own sign-ins; it is recorded",
    "identity.factors.add_factor": "everybody's own; the code is the permission",
    "identity.factors.end_factor": "everybody's own, after the password was given again",
    "identity.factors.renew_codes": "everybody's own, after the password was given again",
    "identity.services.note_proof": "everybody's own; the single sign-on's word is the permission",
    "identity.services.prove_oneself": "everybody's own; the password is the permission",
    "audit.__init__.record": "the log itself",
    "reviews.services.remind_due": "the portal reminds; nothing changes but who was reminded",
    "alerts.services.escalate_due": "the portal's clock tells the leaders, and it is recorded",
    "alerts.services.raise_alerts": "the portal's rules raise warnings, and it is recorded",
    "screening.services.raise_flags": "the portal's screens raise signs, and it is recorded",
    "sheets.services.holder_of": "a name for whoever holds a key; using the key is recorded",
    "sheets.services.note_attempt": "a count of failed attempts, kept for a day, and no act of business",
    "reviews.services.unseal_due": "the portal's clock opens what is due, and it is recorded",
    "attachments.waiting.begin": "bytes on their way; what comes of them is recorded",
    "papers.uploads.begin_upload": "bytes on their way; what comes of them is recorded",
    "papers.uploads.end_upload": "one's own bytes, before they became anything",
    "notifications.services.send": "a part of the action that tells, which has checked and recorded",
    "notifications.services.mark_read": "one's own inbox, and no act of business",
    "notifications.services.mark_all_read": "one's own inbox, and no act of business",
}
# Who ends a transaction, and why.
COMMITS = {
    "db.py": "the one place that commits",
    "audit/commands.py": "a command that runs on ends its reads, so that it sees what is new",
    "migrating.py": "migrations are no user's action, and hold a lock over several transactions",
}
# Pages that answer GET and hold a transaction, because that somebody read or took it is an event.
TOLD = {
    "api.v1.get_file",
    "identity.single.finish",  # the browser comes back from the single sign-on by GET
    "training.check_certificate",  # a number that names nothing is counted
    "accreditation.follow",  # a key that opens nothing is counted
    "sheets.open_link",  # a key that opens nothing is counted
    "assessments.export_year",
    "experts.fee_workbook",
    "consultations.export",
    "documents.take_docx",
    "documents.take_pdf",
    "indicators.export",
    "indicators.export_results",
    "indicators.export_scores",
    "packs.take",
    "pages.export_board",
    "pages.export_log",
    "pages.export_statistics",
    "papers.download",
    "papers.download_all",
    "papers.passport_pdf",
    "reading.reading_copy",
    "reading.view",
    "rankings.export",
    "rankings.public_bundle",
    "rectifications.export",
    "requests.ledger",
}
# Tables of one line an entry, which an enumeration keeps in one file; and how long they may grow.
TABLES = {"app/audit/events.py": 700, "app/policy/permissions.py": 500, "config.py": 340}
# How many upper features speak up where a lower one asks.
JOINED = {
    "agencies.namings": (agencies.namings, 1),
    "agencies.panels": (agencies.panels, 5),
    "amendments.fee_gates": (amendments.fee_gates, 1),
    "amendments.on_fee_changed": (amendments.on_fee_changed, 1),
    "assessments.evidence": (assessments.evidence, 1),
    "archiving.on_archived": (archiving.on_archived, 1),
    "archiving.panels": (archiving.panels, 1),
    "lookups.lookups": (lookups.lookups, 16),
    "engagements.submission_gates": (engagements.submission_gates, 5),
    "engagements.gates": (engagements.gates, 1),
    "engagements.approval_notes": (engagements.approval_notes, 1),
    "engagements.acceptance_gates": (engagements.acceptance_gates, 1),
    "engagements.on_accepted": (engagements.on_accepted, 1),
    "engagements.opening_checks": (engagements.opening_checks, 1),
    "engagements.on_opened": (engagements.on_opened, 1),
    "engagements.on_ended": (engagements.on_ended, 1),
    "expert_reviews.call_gates": (expert_reviews.call_gates, 1),
    "reviews.panels": (reviews.panels, 1),
    "engagements.acceptance_panels": (engagements.acceptance_panels, 1),
    "engagements.panels": (engagements.panels, 10),
    "engagements.tabs": (engagements.tabs, 9),
    "attachments.keepers": (attachments.keepers, 4),
    "papers.approval_gates": (papers.approval_gates, 1),
    "papers.further_bytes": (papers.further_bytes, 1),
    "papers.panels": (papers.panels, 7),
    "papers.report_gates": (papers.report_gates, 2),
    "papers.stand_ins": (papers.stand_ins, 1),
    "procurement.lot_panels": (procurement.lot_panels, 2),
    "procurement.need_panels": (procurement.need_panels, 3),
    "procurement.notice_gates": (procurement.notice_gates, 2),
    "procurement.offer_gates": (procurement.offer_gates, 1),
    "papers.takers": (papers.takers, 4),
    "store.on_withheld": (store.on_withheld, 1),
    "errors.on_refused": (errors.on_refused, 1),
}


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path):
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)]


def public(path):
    found = [node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)]
    return [node for node in found if not node.name.startswith("_")]


def name_of(path, function):
    module = path.relative_to(APP).with_suffix("").as_posix().replace("/", ".")
    return f"{module}.{function.name}"


def first_argument(function):
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments else ""


def actions():
    """What a person does: the services, and their siblings' functions that begin with an actor."""
    for path in sorted(APP.glob("*/*.py")):
        for function in public(path):
            acts = first_argument(function) == "actor"
            if path in SERVICES or (acts and path not in VIEWS):
                yield path, function


def calls(path, function, seen=()):
    """Everything that a function calls, through the functions of its own module too."""
    local = {node.name: node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)}
    found = {ast.unparse(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)}
    for name in sorted(found & set(local) - {*seen, function.name}):
        found |= calls(path, local[name], (*seen, function.name, name))
    return found


@cache
def named_actions():
    return frozenset(function.name for _path, function in actions())


def delegates(called):
    """Whether an action hands the whole act to another one, which checks and records."""
    return any(name.rpartition(".")[2] in named_actions() for name in called)


ACTIONS = [pytest.param(p, f, id=name_of(p, f)) for p, f in actions()]


@pytest.mark.parametrize(("path", "function"), ACTIONS)
def test_every_action_is_permitted_and_recorded(path, function):
    assert ast.get_docstring(function), "the rule, as one would tell the client"
    if name_of(path, function) in EXEMPT:
        return
    assert first_argument(function) == "actor"
    called = calls(path, function)
    assert "require" in called or delegates(called), "no permission is asked"
    recorded = {"audit.record", "record"} & called
    assert recorded or delegates(called), "nothing is recorded"


def test_exemptions_name_real_actions():
    assert set(EXEMPT) <= {name_of(path, function) for path, function in actions()}


def test_only_one_place_commits():
    pattern = re.compile(r"\bsession\.(commit|rollback)\(|\bconnection\.commit\(")
    found = {
        p.relative_to(APP).as_posix() for p in APP.rglob("*.py") if pattern.search(p.read_text())
    }
    assert found == set(COMMITS)


@pytest.mark.parametrize(
    "path",
    sorted(p for name in ("services", "queries", "models") for p in APP.glob(f"*/{name}.py")),
    ids=lambda path: f"{path.parent.name}.{path.stem}",
)
def test_rules_questions_and_nouns_know_no_flask(path):
    """flask_babel's lazy words and Flask-Login's mixin of a model are no Flask in this sense."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            assert not any(name.name.startswith("flask") for name in node.names)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flask"):
            allowed = {"flask_babel": {"lazy_gettext"}, "flask_login": {"UserMixin"}}
            assert {name.name for name in node.names} <= allowed.get(node.module, set())


# Doors


VALUES = {"RecordNumber": 1, "UUIDConverter": "0" * 8 + "-0000-0000-0000-" + "0" * 12}


def url_of(rule):
    values = {}
    for name, converter in rule._converters.items():
        values[name] = VALUES.get(type(converter).__name__, "x")
    return rule.build(values)[1]


def test_a_visitor_reaches_only_the_public_list(app, client, audited):
    for rule in app.url_map.iter_rules():
        if rule.endpoint in login.PUBLIC:
            continue
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            reply = client.open(url_of(rule), method=method)
            if rule.rule.startswith("/api/"):
                assert (reply.status_code, reply.mimetype) == (401, MEDIA_TYPE), rule
                continue
            assert reply.status_code == 302, (method, rule, reply.status_code)
            assert reply.location.startswith("/sign-in"), (method, rule)
            asked = {"X-Requested-With": "fetch"}
            assert client.open(url_of(rule), method=method, headers=asked).status_code == 401, rule
    assert audited() == []


def test_the_public_lists_name_real_endpoints(app):
    assert set(app.view_functions) >= login.PUBLIC
    assert set(app.view_functions) >= login.BEFORE_CHANGE
    assert login.FILES <= login.PUBLIC <= login.BEFORE_CHANGE


def test_urls_are_kebab_case_and_typed(app):
    for rule in app.url_map.iter_rules():
        plain = re.sub(r"<[^>]+>", "", rule.rule)
        assert plain == plain.lower(), rule
        assert "_" not in plain, rule
        assert plain == "/" or not plain.endswith("/") or "<" in rule.rule, rule
        for variable in re.findall(r"<([^>]+)>", rule.rule):
            assert ":" in variable, f"{rule} leaves {variable} without a type"


def test_nothing_changes_by_a_get(app):
    """A view that answers GET holds no transaction of its own but to record that it was read."""
    for endpoint, view in app.view_functions.items():
        methods = {m for rule in app.url_map.iter_rules(endpoint) for m in rule.methods}
        module = getattr(view, "__module__", "")
        if "GET" not in methods or not module.startswith("app.") or endpoint in TOLD:
            continue
        path = ROOT / (module.replace(".", "/") + ".py")
        for function in functions(path):
            if function.name == view.__name__:
                called = calls(path, function)
                assert "transaction" not in called, f"{endpoint} changes something by GET"


def test_upper_features_have_joined(app):
    assert {name: len(joined) for name, (joined, _n) in JOINED.items()} == {
        name: expected for name, (_joined, expected) in JOINED.items()
    }


def test_joining_twice_changes_nothing(app):
    from app import archiving, guidance, indicators, notifications, reviews

    before = {name: len(joined) for name, (joined, _n) in JOINED.items()}
    for feature in (papers, indicators, guidance, reviews, archiving, notifications):
        feature.join()
    assert before == {name: len(joined) for name, (joined, _n) in JOINED.items()}


# The database


def test_migrations_have_one_head():
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def is_ours(name, kind, _parents):
    """SQLite's full text search keeps tables of its own, which follow ours by triggers."""
    return kind != "table" or not name.startswith("search_words")


# The index of the search's pairs is PostgreSQL's alone, and there it is compared.
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_migrations_equal_the_models(app, session):
    options = {"compare_type": True, "compare_server_default": False, "include_name": is_ours}
    context = MigrationContext.configure(session.connection(), opts=options)
    assert compare_metadata(context, Base.metadata) == []


def test_constraints_have_names(app):
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, (table.name, constraint)


def test_refusals_name_real_constraints(session):
    """Words stand only for constraints that some table has."""
    preparer, names = session.get_bind().dialect.identifier_preparer, set()
    for table in Base.metadata.tables.values():
        names |= {preparer.format_constraint(constraint) for constraint in table.constraints}
        names |= {index.name for index in table.indexes}
    made_by_sqlite = {"uq_sent_form_token"}  # how SQLite names the primary key that refused
    assert {str(name).strip('"') for name in names} >= set(errors.REFUSALS) - made_by_sqlite


# Sizes and shapes


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_is_long(path):
    most = TABLES.get(path.relative_to(ROOT).as_posix(), 300)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= most


def lines_of(function):
    """Lines of a function's body but for its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_views_are_short(path):
    long = {f.name: lines_of(f) for f in functions(path) if lines_of(f) > 15}
    assert long == {}


def test_actions_are_short():
    paths = {path for path, _function in actions()}
    long = {name_of(p, f): lines_of(f) for p in paths for f in functions(p) if lines_of(f) > 20}
    assert long == {}


def test_no_parameter_is_a_bare_truth_value():
    """A caller that reads f(x, True) tells nobody anything."""
    found = []
    for path in SOURCES:
        for function in functions(path):
            for argument in [*function.args.posonlyargs, *function.args.args]:
                if argument.annotation and ast.unparse(argument.annotation) == "bool":
                    found.append(f"{path.relative_to(ROOT)}:{function.lineno} {argument.arg}")
    assert found == []


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
    assert not {path for path in SOURCES if path.stem in drawers}


# Templates


def templates():
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


@cache
def mentioned():
    """Every text that may name a template: the other templates and the code."""
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    return "\n".join(
        texts + [(TEMPLATES / name).read_text(encoding="utf-8") for name in templates()]
    )


@pytest.mark.parametrize("name", templates())
def test_a_template_is_a_page_or_a_part_of_one(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    shown = f'"{name}"' in mentioned() or f"'{name}'" in mentioned()
    assert shown or name.startswith("components/"), "nothing shows it"
    if name in {"layout.html", "pdf/layout.html"}:
        return
    if re.search(r'{%-? extends "(\w+/)*layout.html"', text):
        return
    assert "<html" not in text, "a whole page extends the layout"
    assert "<h1" not in text, "only a page has a first heading"


@pytest.mark.parametrize("name", templates())
def test_templates_hold_no_script_or_style_of_their_own(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    if name.startswith("pdf/"):
        return
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|https?://(?!www\.w3\.org)", text)
    assert "|safe" not in text.replace(" ", ""), "nothing is trusted to be HTML"


@pytest.mark.parametrize("name", templates())
def test_forms_that_post_carry_their_token(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
        assert "csrf" in form, form[:120]
