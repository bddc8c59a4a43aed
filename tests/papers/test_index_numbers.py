import pytest

from app.errors import Invalid
from app.papers.index_numbers import next_of, read
from app.papers.models import IndexClass


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("C-07", "C-07"),
        ("c-7", "C-07"),
        ("Ｃ－０７", "C-07"),
        (" G-B21 ", "G-B21"),
        ("g—b21", "G-B21"),
        ("G-A11-2", "G-A11-2"),
        ("J-1234", "J-1234"),
    ],
)
def test_index_number_is_read_and_mended(typed, kept):
    number = read(typed)
    assert number.text == kept
    assert number.index_class == kept[0]


@pytest.mark.parametrize("typed", ["", "K-01", "C07", "C-", "C-12345", "C-07/../x", "7-C", "G-B"])
def test_anything_else_is_refused(typed):
    with pytest.raises(Invalid):
        read(typed)


def test_next_number_follows_the_highest_of_its_class():
    assert next_of(IndexClass.C, []) == "C-01"
    assert next_of(IndexClass.C, ["C-01", "C-09", "B-30", "G-C11"]) == "C-10"
