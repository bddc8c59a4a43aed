"""What is wrong with a list in a form is said in the reader's language, with its row and field."""

import re

import pytest
from flask import render_template_string
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, IntegerField, SelectMultipleField

from app.errors import Invalid
from app.listed import ListedRow
from app.summary import in_page_order
from app.web import told_in

SUMMARY = (
    '{% from "components/error_summary.html" import error_summary with context %}'
    "{{ error_summary(form) }}"
)
TICKS = SelectMultipleField  # no page offers another choice than its own
pytestmark = pytest.mark.database("sqlite")


def rows_of(cls=ListedRow):
    for each in cls.__subclasses__():
        yield each
        yield from rows_of(each)


def test_every_row_of_every_list_says_what_is_wrong_in_chinese(app):
    """Nonsense in every field of every kind of row: no word of English, and the field is named."""
    found = [one for one in rows_of() if one.__module__.startswith("app.")]
    assert len(found) > 15
    with app.test_request_context("/", headers={"Accept-Language": "zh"}):
        for cls in found:
            names = [field.name for field in cls() if not isinstance(field, FieldList | TICKS)]
            row = cls(MultiDict(dict.fromkeys(names, "?")))
            for field in row:
                if getattr(field, "choices", ()) is None:
                    field.choices = []
            row.validate()
            page = render_template_string(SUMMARY, form=row)
            for line in re.findall(r"<li><a[^>]*>(.*?)</a></li>", page, re.S):
                label, _colon, words = line.partition("：")
                assert label.strip(), (cls, line)
                assert re.search(r"[\u4e00-\u9fff]", words), (cls, line)
                assert not re.search(r"[a-z]{4,}", words), (cls, line)


def test_no_list_takes_rows_that_speak_english_only():
    """A row that is a bare form of WTForms would say “This field is required.” in any language."""
    kinds = [one for one in rows_of(Form) if one.__module__.startswith("app.")]
    assert [one for one in kinds if not issubclass(one, ListedRow | FlaskForm)] == []


def test_of_several_rows_the_wrong_one_is_named(app):
    class Price(ListedRow):
        amount = IntegerField("金额")

    class Prices(Form):
        rows = FieldList(FormField(Price), "明细")

    told = MultiDict({"rows-0-amount": "1", "rows-1-amount": "一"})
    with app.test_request_context("/", headers={"Accept-Language": "zh"}):
        form = Prices(told)
        form.validate()
        page = render_template_string(SUMMARY, form=form)
    assert '<a href="#rows-1-amount">第 2 行 · 金额：' in page
    assert "rows-0" not in page


def test_the_summary_has_the_order_of_the_page_and_lines_without_a_place_come_last():
    lines = ["<li>两次</li>", '<li><a href="#b">乙</a></li>', '<li><a href="#a">甲</a></li>']
    told = f'<div class="error-summary"><h2>有误</h2><ul>{"".join(lines)}</ul></div>'
    fields = '<input id="a"><input id="b"><ul><li>别的</li></ul>'
    page = in_page_order(told + fields)
    assert page == told.replace("".join(lines), "".join(reversed(lines))) + fields


@pytest.mark.parametrize(
    ("named", "at"), [("third", "third"), ("ends_at", "second"), ("", "second")]
)
def test_a_refusal_that_names_no_field_of_the_form_stands_where_the_view_says(app, named, at):
    class Three(Form):
        first, second, third = IntegerField(), IntegerField(), IntegerField()

    with app.test_request_context("/"):
        form = Three(MultiDict())
        with told_in(form, "second"):
            raise Invalid("有误", field=named)
        assert {one.name: one.errors for one in form if one.errors} == {at: ["有误"]}
