"""Files under keys of their own: whoever holds the bytes alone holds noise."""

from io import BytesIO

import pytest

from storage import Damaged, StoreError, Withheld
from storage.cipher import (
    HEAD,
    MAGIC,
    PIECE,
    TAG,
    Cipher,
    Opened,
    is_sealed,
    plain_size,
    sealed_size,
)
from storage.sealed import SealedStore
from tests.storage.uploads import bytes_of, keep, left_in, read

KEY, NAME = b"k" * 32, "ab" * 32
SIZES = [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5]


def sealed_bytes(data, key=KEY, name=NAME):
    return b"".join(Cipher(key, name).seal(BytesIO(data)))


def opened_bytes(sealed, key=KEY, name=NAME):
    source = BytesIO(sealed)
    cipher = Cipher(key, name, source.read(HEAD))
    opened = Opened(source, cipher, first=0, total=plain_size(len(sealed)))
    return b"".join(iter(lambda: opened.read(70_000), b""))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens_and_has_the_promised_size(size):
    data = bytes_of(size)
    sealed = sealed_bytes(data)
    assert len(sealed) == sealed_size(size)
    assert plain_size(len(sealed)) == size
    assert opened_bytes(sealed) == data


def test_the_same_bytes_are_sealed_otherwise_each_time():
    assert sealed_bytes(b"the report") != sealed_bytes(b"the report")


@pytest.mark.parametrize("at", [len(MAGIC), HEAD, HEAD + 100, HEAD + PIECE + TAG, -1])
def test_one_bit_changed_anywhere_is_noticed(at):
    sealed = bytearray(sealed_bytes(bytes_of(2 * PIECE + 9)))
    sealed[at] ^= 1
    with pytest.raises(Damaged):
        opened_bytes(bytes(sealed))


def test_pieces_are_neither_swapped_nor_left_out_nor_cut_off():
    sealed = sealed_bytes(bytes_of(4 * PIECE))
    one = PIECE + TAG
    first, second = sealed[HEAD : HEAD + one], sealed[HEAD + one : HEAD + 2 * one]
    for wrong in (
        sealed[:HEAD] + second + first + sealed[HEAD + 2 * one :],
        sealed[:HEAD] + second + sealed[HEAD + 2 * one :],
        sealed[:-one],
        sealed[: HEAD + one],
    ):
        with pytest.raises(Damaged):
            opened_bytes(wrong)


def test_neither_another_key_nor_another_name_opens():
    sealed = sealed_bytes(b"the report")
    for key, name in ((b"x" * 32, NAME), (KEY, "cd" * 32)):
        with pytest.raises(Damaged):
            opened_bytes(sealed, key, name)


@pytest.mark.parametrize("size", [0, 1, HEAD, HEAD + TAG, HEAD + PIECE + TAG + TAG])
def test_a_size_that_no_sealed_content_has(size):
    with pytest.raises(Damaged):
        plain_size(size)


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, 10), (PIECE - 3, 6), (PIECE, 1), (2 * PIECE + 7, None), (3 * PIECE + 4, 1)],
)
@pytest.mark.parametrize("kind", ["sealed", "vault"])
def test_a_part_is_read_without_what_is_before_it(request, kind, start, length):
    store = request.getfixturevalue(kind)
    data = bytes_of(3 * PIECE + 5)
    key = keep(store, data).key
    wanted = data[start:] if length is None else data[start : start + length]
    with store.open(key, start=start, length=length) as reader:
        assert (reader.size, reader.total) == (len(wanted), len(data))
        assert reader.read() == wanted


def test_the_disk_holds_no_plain_byte(sealed, tmp_path):
    keep(sealed, b"the secret of the report" * 1000)
    [path] = left_in(tmp_path / "store")
    assert is_sealed(path.read_bytes())
    assert b"secret" not in path.read_bytes()


def test_without_its_key_a_content_is_noise(sealed, drawer):
    stored = keep(sealed, b"the report")
    drawer.keys.clear()
    with sealed.open(stored.key) as reader:
        assert is_sealed(reader.read())
    with pytest.raises(Damaged):
        sealed.check(stored.key)


def test_what_is_withheld_is_neither_read_nor_kept_again(sealed, drawer):
    stored = keep(sealed, b"the report")
    drawer.withheld.add(stored.sha256)
    for ask in (sealed.open, sealed.check):
        with pytest.raises(Withheld):
            ask(stored.key)
    with pytest.raises(Withheld):
        keep(sealed, b"the report")
    assert keep(sealed, b"another").size == 7


def test_a_plain_store_becomes_a_sealed_one_and_back_with_all_its_files(local, drawer):
    plain, sealing = (SealedStore(local, drawer, seals=seals) for seals in (False, True))
    early = keep(plain, b"kept before")
    later = keep(sealing, b"kept after it")
    for store in (plain, sealing):
        assert read(store, early.key) == b"kept before"
        assert read(store, later.key, start=5) == b"after it"
        assert store.size(later.key) == 13
        assert keep(store, b"kept before") == early
        assert keep(store, b"kept after it") == later
        store.check(early.key)
        store.check(later.key)
    assert not is_sealed(read(local, early.key))


def test_a_key_that_was_made_for_another_store_does_no_harm(local, drawer):
    """As while a district is copied to a bucket that seals, and the folder is still read."""
    plain = SealedStore(local, drawer, seals=False)
    stored = keep(plain, b"the report")
    drawer.new_key(stored.sha256)
    assert read(plain, stored.key) == b"the report"
    assert plain.size(stored.key) == 10
    assert keep(SealedStore(local, drawer, seals=True), b"the report") == stored
    plain.check(stored.key)


@pytest.mark.parametrize("keys", [{}, {"other": True}])
def test_bytes_sealed_under_a_lost_key_make_room(sealed, drawer, keys):
    """As after an old database was restored: the same file can be kept again."""
    stored = keep(sealed, b"the report")
    drawer.keys.clear()
    if keys:
        drawer.keys[stored.sha256] = b"x" * 32
    assert keep(sealed, b"the report") == stored
    assert read(sealed, stored.key) == b"the report"


def test_plain_bytes_that_look_sealed_are_refused(local, drawer):
    with pytest.raises(StoreError, match="look sealed"):
        keep(SealedStore(local, drawer, seals=False), MAGIC + b"and more")
