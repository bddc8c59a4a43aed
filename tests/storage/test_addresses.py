"""Which store an address means, and that no secret is shown."""

import subprocess
import sys

import pytest

from storage import StoreOptions, open_store
from storage.local import LocalStore


def test_a_folder(tmp_path):
    store = open_store(f"file://{tmp_path}/%E5%BA%93")
    assert isinstance(store, LocalStore)
    assert (tmp_path / "库" / "blobs").is_dir()


def test_settings_win_over_the_address():
    store = open_store("s3+http://a%2Fb:c%40d@127.0.0.1:1/xingping")
    assert (store._place.access_key, store._place.secret_key) == ("a/b", "c@d")
    given = StoreOptions(access_key="e", secret_key="f", region="cn-north-1")
    store = open_store("s3+http://a:c@127.0.0.1:1/xingping", given)
    assert store._place.endpoint == "127.0.0.1:1"
    assert (store._place.access_key, store._place.secret_key) == ("e", "f")
    assert store._place.region == "cn-north-1"


@pytest.mark.parametrize(
    "url",
    ["", "file://", "file:///", "file://host/folder", "http://a:b@c/d", "s3+http://a:hush@c:1",
     "s3+http:///bucket", "s3+http://a:hush@c:1/B", "s3+http://a:hush@c:1/bucket/folder"],
)  # fmt: skip
def test_another_address_is_refused_without_its_secret(url):
    with pytest.raises(ValueError, match="not an object store") as caught:
        open_store(url)
    assert "hush" not in str(caught.value)


def test_secrets_are_not_shown():
    options = StoreOptions(secret_key="hush")
    assert "hush" not in repr(options)
    assert "hush" not in repr(open_store("s3+http://a:hush@127.0.0.1:1/xingping")._place)


def test_a_local_portal_does_not_load_the_sdk(tmp_path):
    code = f"import sys, storage; storage.open_store('file://{tmp_path}'); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert not {"minio", "urllib3", "flask", "app"} & set(loaded.stdout.split())
