"""One of three volume servers is killed while files come in: no upload fails, none is lost."""

import os
import threading
import time

import pytest

from storage import StoreOptions, open_store
from storage.sealed import SealedStore
from tests.cluster import cluster
from tests.storage.conftest import Drawer
from tests.storage.uploads import MIB, keep

SECONDS = 12
SENDERS = 4


def uploads_under_a_kill(found, store, seconds):
    """Keep files without a pause from several threads, and kill a server after a third of it."""
    kept, failed, until = [], [], time.monotonic() + seconds

    def send():
        while time.monotonic() < until:
            data = os.urandom(MIB)
            try:
                kept.append(keep(store, data).key)
            except Exception as error:  # counted, whatever it is
                failed.append(error)

    threads = [threading.Thread(target=send) for _turn in range(SENDERS)]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 3)
    before = len(kept)
    found.volumes[0].kill()
    found.volumes[0].wait()
    for thread in threads:
        thread.join()
    return kept, failed, before


@pytest.mark.nightly
@pytest.mark.parametrize("locks", [False, True])
def test_no_upload_fails_while_a_volume_server_dies(tmp_path, locks):
    with cluster(tmp_path) as found:
        url = found.server.url if not locks else found.server.url.rpartition("/")[0] + "/locked"
        options = StoreOptions(spool_folder=tmp_path / "spools", locks=locks)
        store = SealedStore(open_store(url, options), Drawer(), seals=locks)
        kept, failed, before = uploads_under_a_kill(found, store, SECONDS)
        assert failed == []
        assert before > 5
        assert len(kept) > before + 5, "it went on after the kill"
        for key in kept:
            store.check(key)
