"""Lists of thousands are drawn once for a page, and just as WTForms draws them."""

import re

import pytest
from flask import Flask
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app import long_lists


class Choosing(Form):
    unit = SelectField("Unit", [InputRequired()], coerce=int, render_kw={"size": "5"})


def tags(html):
    """Attributes and words of each tag, whatever their order."""
    found = re.findall(r"<(/?\w+)([^>]*)>([^<]*)", str(html))
    return [(name, sorted(told.split()), words) for name, told, words in found]


@pytest.fixture
def page():
    with Flask("plain").test_request_context():
        yield


@pytest.mark.parametrize("chosen", [None, 0, 17, 999_999])
@pytest.mark.parametrize("group", [None, "演示 & 机构"])
def test_a_long_list_is_the_same_list(page, chosen, group):
    choices = [SelectChoice(0, "请选择")]
    choices += [SelectChoice(n, f'<单位 {n}> & "', optgroup=group) for n in range(1, 300)]
    form = Choosing(data={"unit": chosen})
    form.unit.choices = choices
    ours = long_lists.long_list(form.unit, class_="x", aria_describedby=False)
    assert tags(ours) == tags(form.unit(class_="x", aria_describedby=False))


def test_rows_that_share_a_list_draw_it_once(page, monkeypatch):
    drawn, plain = [], long_lists._option
    monkeypatch.setattr(long_lists, "_option", lambda one: drawn.append(one) or plain(one))
    choices = [SelectChoice(n, f"单位 {n}") for n in range(300)]
    for chosen in (3, 4):
        form = Choosing(data={"unit": chosen})
        form.unit.choices = choices
        assert long_lists.is_long(form.unit)
        assert f'value="{chosen}" selected>单位 {chosen}<' in long_lists.long_list(form.unit)
    assert len(drawn) == 300


def test_short_lists_stay_as_they_are(page):
    form = Choosing()
    form.unit.choices = [SelectChoice(1, "单位")]
    assert not long_lists.is_long(form.unit)


def test_options_of_a_filter_are_escaped_and_one_is_chosen():
    pairs = [(1, "<甲> & 乙"), ("x'y", 'say "丙"'), (11, "丁\x1f戊")]
    drawn = str(long_lists.options(pairs, 1))
    assert drawn.count(" selected") == 1
    assert '<option value="1" selected>&lt;甲&gt; &amp; 乙</option>' in drawn
    assert '<option value="x&#39;y">say &#34;丙&#34;</option>' in drawn
    assert drawn.endswith('<option value="11">丁戊</option>')
    assert " selected" not in long_lists.options(pairs, None)
    assert long_lists.options([]) == ""
