"""One portal a database, made by its migrations; a session that forgets; a district that keeps."""

import os
import shutil
import uuid
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import select

from app import clock, create_app
from app.audit.models import AuditEvent
from app.db import db
from app.rights import ROLE
from config import load_config
from tests import pages, servers

DATABASES = ("sqlite", "postgres")
TAKEN = "duplicate_object OR unique_violation"  # another process of the tests has made it
LONG = ("tests/browser/", "tests/demo/", "test_hostile.py", "test_sealed.py")

os.environ["PATH"] += ":/usr/sbin:/sbin"  # where Debian has daemons, and its users don't look


def pytest_addoption(parser):
    parser.addoption("--database", choices=DATABASES, help="run on this database only")


def pytest_generate_tests(metafunc):
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        only = metafunc.definition.get_closest_marker("database")
        kinds = [kind for kind in (only.args if only else DATABASES) if chosen in (None, kind)]
        metafunc.parametrize("database_kind", kinds, scope="session", indirect=True)


def pytest_collection_modifyitems(items):
    """The long files begin first: with several processes nobody waits for the last one."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONG))


@pytest.fixture(scope="session")
def database_kind(request):
    return request.param


@pytest.fixture(scope="session")
def start_postgres():
    """The address of a server for all tests of this process, started when it is first asked."""
    with ExitStack() as kept:
        given = os.environ.get("TEST_POSTGRES_URL")  # a new one is not below tmp_path: see there
        yield cache(lambda: given or kept.enter_context(servers.postgres()))


@pytest.fixture(scope="session")
def postgres_server(start_postgres):
    return start_postgres()


def make_settings(var: Path, url: str, **changes) -> dict[str, object]:
    """Settings of a portal in a folder of its own, with the cheapest password hashes."""
    settings = load_config(
        {
            "XINGPING_VAR": str(var),
            "XINGPING_EMBEDDED": "1",
            "DATABASE_URL": url,
            "JOBS": "0",
            "TODO_COUNT_SECONDS": "0",
            "LIVE_FRAGMENTS": "0",
            "PUBLIC_REQUESTS_A_MINUTE": "0",
        }
    )
    cheap = {"ARGON2_TIME_COST": 1, "ARGON2_MEMORY_KIB": 8, "ARGON2_PARALLELISM": 1}
    named = {"SERVER_NAME": "portal.test", "TESTING": True, "WTF_CSRF_ENABLED": False}
    return {**settings, **cheap, **named, **changes}


def migrate(settings: dict[str, object]) -> None:
    from flask_migrate import upgrade

    app = create_app(settings)
    with app.app_context():
        upgrade()
        db.engine.dispose()


class Maker:
    """Copies of one migrated database; migrating anew for each test would take seconds."""

    def __init__(self, kind, folder, server):
        self.kind, self.folder, self.server = kind, folder, server
        self.template = f"template_{uuid.uuid4().hex[:8]}"
        if kind == "postgres":
            self._create(self.template, "template0")
            self._execute(f"DO $$BEGIN CREATE ROLE {ROLE}; EXCEPTION WHEN {TAKEN} THEN END$$")
        migrate(make_settings(folder / "template", self.url(self.template)))

    def url(self, name: str, **query: str) -> str:
        if self.kind == "sqlite":
            (self.folder / name).mkdir(exist_ok=True)
            return f"sqlite:///{self.folder / name}/portal.db"
        url = sqlalchemy.make_url(self.server).set(database=name, drivername="postgresql+psycopg")
        return url.update_query_dict(query).render_as_string(hide_password=False)

    def copy(self, *, owner: bool = False) -> str:
        """A new migrated database; its address, for the role that the portal has in production."""
        name = f"copy_{uuid.uuid4().hex[:8]}"
        if self.kind == "sqlite":
            shutil.copytree(self.folder / self.template, self.folder / name)
        else:
            self._create(name, self.template)
        return self.url(name) if owner else self.url(name, options=f"-crole={ROLE}")

    def drop(self, url: str) -> None:
        name = sqlalchemy.make_url(url).database
        if self.kind == "sqlite":
            shutil.rmtree(Path(name).parent, ignore_errors=True)
        else:
            self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _create(self, name: str, template: str) -> None:
        utf8 = "ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE {template} {utf8}')

    def _execute(self, statement: str) -> None:
        url = sqlalchemy.make_url(self.server).set(drivername="postgresql+psycopg")
        engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def portals(start_postgres, tmp_path_factory):
    """The maker and the portal of each database, made once: migrating costs seconds.

    pytest ends a parametrized fixture at each change of its parameter, twice in every file.
    """
    with ExitStack() as kept:

        @cache
        def of(kind):
            server = start_postgres() if kind == "postgres" else ""
            maker = Maker(kind, tmp_path_factory.mktemp(kind), server)
            return maker, kept.enter_context(portal_of(maker, tmp_path_factory.mktemp("var")))

        yield of


@contextmanager
def portal_of(maker, var):
    """A portal on a database of its own."""
    url = maker.copy()
    app = create_app(make_settings(var, url))
    app.test_client_class = pages.CheckingClient
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
        maker.drop(url)


@pytest.fixture(scope="session")
def maker(database_kind, portals):
    return portals(database_kind)[0]


@pytest.fixture(scope="session")
def app(database_kind, portals):
    return portals(database_kind)[1]


def is_owners(request) -> bool:
    """Whether the test does what only the owner of the tables may, and never the portal."""
    return request.node.get_closest_marker("owner") is not None


def become_owner(connection) -> None:
    """Until the transaction ends; SQLite has no roles."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL ROLE NONE")


@pytest.fixture
def session(app, request):
    """A session in an outer transaction that is always rolled back, commits included."""
    with app.app_context():
        engine = db.engine
        connection = engine.connect().execution_options(writes=True)
        outer = connection.begin()
        if is_owners(request):
            become_owner(connection)
        db.engines[None] = connection
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield db.session
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            db.engines[None] = engine


@pytest.fixture
def make_district(maker, tmp_path, request):
    """Start portals that each have a database of their own with committed rows; ended after."""
    made = []

    def make(**changes):
        url = maker.copy(owner=is_owners(request))
        var = tmp_path / f"var{len(made)}"
        app = create_app(make_settings(var, url, **changes))
        app.test_client_class = pages.CheckingClient
        made.append((app, url))
        return app

    yield make
    for app, url in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        maker.drop(url)


@pytest.fixture
def district(make_district):
    """A portal with a database of its own: for the sealer, workers, races and the browser."""
    app = make_district()
    with app.app_context():
        yield app


@pytest.fixture
def client(app, session):
    return app.test_client()


@contextmanager
def signed_in(app, user):
    """A client with this person's session."""
    client = app.test_client()
    begin(client, user)
    yield client


def begin(client, user):
    with client.session_transaction() as cookie:
        now = int(clock.now().timestamp())
        cookie.update(_user_id=user.get_id(), _fresh=True, began=now, seen=now)
    return client


@pytest.fixture
def sign_in(app, session):
    """Return a client of one's own for each person."""
    return lambda user: begin(app.test_client(), user)


@pytest.fixture
def audited(session):
    """The events that were recorded so far, by name."""
    return lambda: list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))


@pytest.fixture
def engagement(session):
    """An open engagement from a shipped template."""
    from tests.factories import make_engagement

    return make_engagement()


@pytest.fixture
def crew(engagement):
    """Its lead evaluator, a member of the team, and the officer who opened it."""
    from tests.papers.filing import crew_of

    return crew_of(engagement)


@pytest.fixture
def lead(crew):
    return crew[0]


@pytest.fixture
def member(crew):
    return crew[1]


@pytest.fixture
def officer(crew):
    return crew[2]


@pytest.fixture
def statements(session):
    """Count the SQL statements that a piece of code sends."""

    @contextmanager
    def counting():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        engine = db.session.get_bind()
        sqlalchemy.event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sqlalchemy.event.remove(engine, "before_cursor_execute", note)

    return counting
