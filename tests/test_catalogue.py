"""The Chinese catalogue holds every word of the pages, and nothing else."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "app/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])|%(?!\()(?:%|.)?")
HAN = re.compile(r"[㐀-鿿]")
# Words that are the same in both languages: codes, units, names of formats.
SAME = re.compile(r"[\W\d_]*|(EN|PDF|Excel|CSV|XLSX|SHA-256)")


@pytest.fixture(scope="module")
def words():
    """Every msgid of the code and the templates, with the places that use it."""
    with open(ROOT / "app/translations/babel.cfg") as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None}
    found: dict[str, list[str]] = {}
    extracted = extract_from_dir(ROOT / "app", methods, options, keywords)
    for file, line, message, _comments, _context in extracted:
        assert isinstance(message, str), f"{file}:{line} uses plurals, which no page needs"
        found.setdefault(message, []).append(f"{file}:{line}")
    return found


@pytest.fixture(scope="module")
def catalogue():
    with open(CATALOGUE, "rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def test_something_was_found(words):
    assert len(words) > 100
    assert "Sign in" in words
    assert "Please sign in" in words  # a lazy one


def test_no_word_is_missing_or_empty(words, catalogue):
    missing = {
        word: places[0]
        for word, places in words.items()
        if word and (catalogue.get(word) is None or not catalogue.get(word).string)
    }
    assert missing == {}


def test_no_word_is_fuzzy(catalogue):
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_no_word_is_left_over(words, catalogue):
    assert sorted({message.id for message in catalogue if message.id} - set(words)) == []


def test_placeholders_agree(catalogue):
    for message in catalogue:
        if message.id and message.string:
            asked = sorted(PLACEHOLDER.findall(message.id))
            assert sorted(PLACEHOLDER.findall(message.string)) == asked, message.id


def test_chinese_words_are_chinese(catalogue):
    plain = [
        message.id
        for message in catalogue
        if message.id
        and not HAN.search(message.string)
        and not SAME.fullmatch(re.sub(r"%\(\w+\)s", "", message.string).strip())
    ]
    assert plain == []


def test_full_stops_and_commas_are_chinese(catalogue):
    """A Chinese sentence does not end with a Western full stop."""
    for message in catalogue:
        if message.id and HAN.search(message.string):
            assert not re.search(r"[㐀-鿿]\.$", message.string), message.string


def test_the_compiled_catalogue_is_up_to_date_or_absent():
    """`make install` compiles it; an old one would show old words."""
    compiled = CATALOGUE.with_suffix(".mo")
    assert not compiled.exists() or compiled.stat().st_mtime >= CATALOGUE.stat().st_mtime - 1
