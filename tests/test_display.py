"""Amounts, times and sizes are written as people here write them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from app import display


@pytest.fixture(autouse=True)
def page():
    app = Flask("plain")
    Babel(app, default_locale="zh_Hans_CN")
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (12_345_678, "12.35 万元", "¥123,457"),
        (123_500_00, "12.35 万元", "¥123,500"),
        (0, "0.00 万元", "¥0"),
        (-5_000_000, "-5.00 万元", "¥-50,000"),
        (123_456_789_000, "123,456.79 万元", "¥1,234,567,890"),
        (None, "—", "—"),
    ],
)
def test_wan_follows_the_language(fen, chinese, english):
    assert display.wan(fen) == chinese
    with force_locale("en"):
        assert display.wan(fen) == english


def test_yuan_keeps_every_fen():
    with force_locale("en"):
        assert display.yuan(123450) == "CNY 1,234.50"
        assert display.yuan(1) == "CNY 0.01"
    assert display.yuan(None) == "—"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (1_887_437, "1.8 MB"), (None, "—")],
)
def test_a_size_is_in_the_largest_fitting_unit(count, words):
    assert display.bytes_size(count) == words


def test_times_are_of_shanghai_with_or_without_a_stored_zone():
    for moment in (datetime(2026, 11, 16, 20, 20), datetime(2026, 11, 16, 20, 20, tzinfo=UTC)):  # noqa: DTZ001  # SQLite gives times back without a zone
        assert display.local_time(moment) == "2026-11-17 04:20"
        assert display.local_date(moment) == "2026-11-17"
        assert display.iso_time(moment) == "2026-11-17T04:20:00+08:00"
    assert display.local_date(date(2026, 11, 16)) == "2026-11-16"
    assert display.local_time(None) == display.local_date(None) == "—"


def test_a_digest_is_short_only_to_read():
    assert display.short_digest("5dc9da79" + "0" * 52 + "4328") == "5dc9da79…4328"
    assert display.short_digest("v3") == "v3"
    assert display.short_digest(None) == "—"


def test_shares_and_stars():
    assert display.percent(0.893) == "89%"
    assert display.percent(0.8934, 1) == "89.3%"
    assert display.percent(None) == "—"
    with force_locale("en"):
        assert [display.stars_text(each) for each in (4.46, 5.0, 4.5, None)] == [
            "4.46 stars",
            "5 stars",
            "4.5 stars",
            "—",
        ]


def test_the_page_says_its_language():
    assert display.html_lang() == "zh-CN"
    with force_locale("en"):
        assert display.html_lang() == "en"
