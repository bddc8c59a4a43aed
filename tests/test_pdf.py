"""PDFs: Chinese is text and not boxes, pages are numbered, and nothing outside is reached."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, render_template
from flask_babel import Babel
from jinja2 import ChoiceLoader, DictLoader
from pypdf import PdfReader

from app import charts, display, pdf

DOCUMENT = """{% extends "pdf/layout.html" %}
{% block title %}机构质量排名报告{% endblock %}
{% block subtitle %}演示区财政局{% endblock %}
{% block content %}{{ body }}{% endblock %}"""

needs_tools = pytest.mark.skipif(bool(pdf.missing()), reason="; ".join(pdf.missing()))


@pytest.fixture
def app():
    app = Flask("app", root_path=str(Path(pdf.__file__).parent))
    app.config.update(BABEL_DEFAULT_LOCALE="zh_Hans_CN", SERVER_NAME="localhost")
    app.jinja_loader = ChoiceLoader([app.jinja_loader, DictLoader({"pdf/trial.html": DOCUMENT})])
    Babel(app)
    display.init_app(app)
    with app.app_context(), app.test_request_context():
        yield app


def pages(made: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(made)).pages]


@needs_tools
def test_chinese_is_extracted_as_text_and_pages_are_numbered(app):
    body = display.charts.Markup("<p>第一段,资金使用合规性评分底稿。</p>" + "<p>逐段留痕</p>" * 120)
    made = pdf.pdf_of("pdf/trial.html", body=body, number="R2026H1", digest="5dc9" * 16)
    read = pages(made)
    assert len(read) > 1
    assert "机构质量排名报告" in read[0]
    assert "资金使用合规性评分底稿" in read[0]
    for number, text in enumerate(read, 1):
        squeezed = re.sub(r"\s+", "", text)
        assert f"第{number}页共{len(read)}页" in squeezed
        assert "5dc9" * 16 in squeezed
        assert "R2026H1" in squeezed


@needs_tools
def test_every_character_comes_from_the_one_font_file(app):
    made = pdf.pdf_of(
        "pdf/trial.html", body=display.charts.Markup("<p>星评 <b>粗体</b> <code>5dc9</code> ★</p>")
    )
    fonts = set()
    for page in PdfReader(BytesIO(made)).pages:
        fonts |= {
            str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()
        }
    assert fonts
    assert all("Xingping-Sans" in font for font in fonts), fonts


@needs_tools
def test_a_chart_prints_with_its_words(app):
    chart = charts.intervals([("演示机构 12", 4.6, 4.4, 4.8, 4.5)], title="区间")
    assert "演示机构 12" in pages(pdf.pdf_of("pdf/trial.html", body=chart))[0]


@needs_tools
def test_landscape_pages_lie_down(app):
    made = pdf.pdf_of("pdf/trial.html", body="横排", landscape=True)
    box = PdfReader(BytesIO(made)).pages[0].mediabox
    assert box.width > box.height


@needs_tools
def test_english_pages_are_numbered_in_english(app):
    html = render_template("pdf/trial.html", body="x").replace('lang="zh-CN"', 'lang="en"')
    assert "Page 1 of 1" in pages(pdf.render_pdf(html))[0]


@needs_tools
def test_nothing_outside_is_fetched(app, monkeypatch, tmp_path):
    asked = []
    real = pdf.own_file
    monkeypatch.setattr(pdf, "own_file", lambda url: (asked.append(url), real(url))[1])
    outside = tmp_path / "secret.svg"
    outside.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret words</text></svg>')
    body = (
        '<img src="http://127.0.0.1:9/a.png"><img src="/etc/passwd">'
        f'<img src="{outside.as_uri()}"><link rel="stylesheet" href="file:///etc/passwd">'
        '<link rel="attachment" href="file:///etc/passwd"><p>其余照印</p>'
    )
    made = pdf.render_pdf(f'<html lang="zh-CN"><body>{body}</body></html>')
    assert "其余照印" in pages(made)[0]
    assert "secret words" not in pages(made)[0]
    assert b"root:" not in made
    assert "http://127.0.0.1:9/a.png" in asked
    assert outside.as_uri() in asked
    assert not PdfReader(BytesIO(made)).attachments


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://portal.invalid/a.css",
        "data:text/css,x",
        "/etc/passwd",
        "portal:/etc/passwd",
        "portal:static/../errors.py",
        "portal:static/../../config.py",
        "portal:static/%2e%2e/errors.py",
        "portal:static//etc/passwd",
        "portal:static/forms.js",
        "portal:",
    ],
)
def test_only_our_own_pictures_and_styles_are_answered(url):
    with pytest.raises(pdf.Refused):
        pdf.own_file(url)


def test_our_own_style_is_answered():
    assert pdf.own_file("portal:static/pdf.css") == pdf.STATIC / "pdf.css"


def test_what_is_missing_is_named_with_its_command(app, monkeypatch):
    monkeypatch.setattr(pdf, "_loads", lambda name: False)
    app.config["PDF_FONT_FILE"] = Path("/nowhere/font.ttc")
    lines = pdf.missing()
    assert len(lines) == 3
    assert all("\n" not in line for line in lines)
    assert "libpango-1.0-0" in lines[0]
    assert "libharfbuzz-subset0" in lines[1]
    assert "fonts-noto-cjk" in lines[2]
    with pytest.raises(pdf.PdfUnavailable, match="libharfbuzz-subset0"):
        pdf.render_pdf("<p>x</p>")


def test_the_font_of_the_settings_comes_first(app, tmp_path):
    chosen = tmp_path / "Own-Regular.otf"
    chosen.write_bytes(b"font")
    app.config["PDF_FONT_FILE"] = chosen
    assert pdf.font_file() == chosen
    assert pdf.own_file("portal:font/bold") == chosen
    (tmp_path / "Own-Bold.otf").write_bytes(b"bold")
    assert pdf.own_file("portal:font/bold").name == "Own-Bold.otf"
