import os
import threading

import pytest

from storage import CHUNK, Damaged
from storage.ahead import Ahead
from storage.reader import Reader


class Line:
    """A source that counts what was asked of it, and may fail at its end."""

    def __init__(self, data, error=None):
        self.data, self.error = memoryview(data), error
        self.asked = self.closed = 0

    def read(self, size, /):
        self.asked += 1
        piece, self.data = self.data[: size // 2], self.data[size // 2 :]
        if not piece and self.error:
            raise self.error
        return bytes(piece)

    def close(self):
        self.closed += 1


def ahead():
    return [one for one in threading.enumerate() if one.name == "ahead"]


def test_the_bytes_come_in_order_and_in_any_size():
    data = os.urandom(5 * CHUNK + 7)
    with Reader(Ahead(Line(data)), size=len(data), total=len(data)) as reader:
        assert reader.read(10) == data[:10]
        assert b"".join([reader.read(CHUNK), *reader]) == data[10:]
    assert ahead() == []


def test_a_fault_is_raised_after_the_bytes_before_it():
    source = Ahead(Line(b"x" * 100, Damaged("cut")))
    assert source.read(1000) == b"x" * 100
    with pytest.raises(Damaged):
        source.read(1)
    source.close()


def test_whoever_leaves_early_ends_the_thread_and_no_more_is_read_than_fits():
    line = Line(bytes(40 * CHUNK))
    source = Ahead(line)
    assert len(source.read(CHUNK)) == CHUNK // 2
    source.close()
    source.close()
    assert (ahead(), line.closed) == ([], 2)
    assert line.asked <= 6
    unread = Ahead(line)
    unread.close()
    assert ahead() == []
