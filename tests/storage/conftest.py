"""Both stores for every test: a folder, and a bucket of a real SeaweedFS."""

import os

import pytest

from storage import StoreOptions, open_store
from storage.local import LocalStore
from storage.sealed import SealedStore, Standing
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


class Drawer:
    """A register of keys in memory, for a store whose portal is not there."""

    def __init__(self):
        self.keys, self.withheld = {}, set()

    def standing(self, sha256):
        return Standing(sha256 in self.withheld, self.keys.get(sha256))

    def new_key(self, sha256):
        return self.keys.setdefault(sha256, os.urandom(32))


@pytest.fixture
def drawer():
    return Drawer()


@pytest.fixture
def sealed(local, drawer):
    return SealedStore(local, drawer, seals=True)


@pytest.fixture
def locked(s3_server, tmp_path):
    """A bucket with Object Lock, which nobody can empty: each test brings bytes of its own."""
    url = s3_server.url.rpartition("/")[0] + "/locked"
    return open_store(url, StoreOptions(spool_folder=tmp_path / "spools", locks=True))


@pytest.fixture
def vault(locked, drawer):
    """What production has: sealed files in a bucket with Object Lock."""
    return SealedStore(locked, drawer, seals=True)


@pytest.fixture(params=["local", "s3", "sealed", "vault"])
def store(request):
    return request.getfixturevalue(request.param)
