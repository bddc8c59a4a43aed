"""One sealed log a database, made once; every test works on it inside a transaction that ends."""

import pytest

from app import create_app
from app.db import db, transaction
from tests.audit.log import SEALS, seal, write
from tests.conftest import become_owner, make_settings


@pytest.fixture(scope="session")
def sealed_portal(maker, tmp_path_factory):
    """300 sealed entries in five seals and three that wait, all committed."""
    url = maker.copy()
    app = create_app(make_settings(tmp_path_factory.mktemp("log"), url))
    with app.app_context():
        for number in SEALS:
            with transaction():
                write(number)
            assert seal().added == number
        with transaction():
            write(3)
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()
    maker.drop(url)


@pytest.fixture
def log(sealed_portal):
    """The sealed log; whatever a test does to it, guards included, is rolled back."""
    with sealed_portal.app_context():
        engine = db.engine
        connection = engine.connect().execution_options(writes=True)
        outer = connection.begin()
        become_owner(connection)  # who tampers is none whom rights and triggers stop
        db.engines[None] = connection
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield sealed_portal
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            db.engines[None] = engine
