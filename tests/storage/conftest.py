"""Both stores for every test: a folder, and a bucket of a real SeaweedFS."""

import pytest

from storage import StoreOptions, open_store
from storage.local import LocalStore
from tests import servers


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory):
    with servers.seaweedfs(tmp_path_factory.mktemp("weed")) as server:
        yield server


@pytest.fixture
def local(tmp_path):
    return LocalStore(tmp_path / "store", spool_folder=tmp_path / "spools")


@pytest.fixture
def s3(s3_server, tmp_path):
    return open_store(s3_server.url, StoreOptions(spool_folder=tmp_path / "spools"))


@pytest.fixture(params=["local", "s3"])
def store(request):
    return request.getfixturevalue(request.param)
