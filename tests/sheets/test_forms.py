"""The signed form: taken as a whole, once, and only with its own cells unchanged."""

from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid
from app.policy import Role
from app.reviews.models import Review
from app.sheets import reading, services
from app.sheets.views import book_of
from app.sheets.workbook import HEAD_ROW, NAME_ROW, SHOWN, ChangedForm
from app.web import fresh_token
from tests.factories import OrganisationFactory, UserFactory, make_task
from tests.reviews.rounds import ended

STARS = slice(SHOWN + 1, SHOWN + 5)  # columns of the four dimensions, from one


@pytest.fixture
def unit(session):
    """A unit with two engagements that wait for its stars."""
    from app.engagements import queries

    home = OrganisationFactory(name="演示少登录单位")
    template = queries.template_in_force("fiscal_evaluation")
    for _n in range(2):
        ended(tasks=[make_task(template, unit=home)])
    return home


def made(app, unit, officer=None):
    with transaction():
        keys = services.issue_form(officer or UserFactory(), unit, "演示经办人", days=30)
    with app.test_request_context():
        return book_of(keys, unit)


def filled(data, *rows, name="演示填表人", change=None):
    """The workbook with these answers by row: four stars, words, fact."""
    book = openpyxl.load_workbook(BytesIO(data))
    page = book.worksheets[0]
    page.cell(NAME_ROW + 1, 2).value = name
    for number, answer in enumerate(rows, HEAD_ROW + 2):
        for column, value in enumerate(answer, SHOWN + 1):
            page.cell(number, column).value = value
    if change:
        change(page)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def take(app, data):
    with transaction():
        return reading.take_form(app, data)


def test_a_form_of_two_rows_is_taken_at_once_and_sealed(app, unit):
    data = filled(made(app, unit), (4, 4, 4, 4, "", ""), (5, 4, "不适用", 4, "演示很好", ""))
    taken = take(app, data)
    assert (taken.now, taken.before, taken.empty) == (2, 0, 0)
    reviews = db.session.scalars(select(Review).order_by(Review.id)).all()
    assert [sorted(map(str, review.stars.values())) for review in reviews] == [
        ["4", "4", "4", "4"],
        ["4", "4", "5", "None"],
    ]
    assert {review.author_name for review in reviews} == {"演示填表人"}
    assert all(review.round.unsealed_at is None for review in reviews)


def test_a_form_tells_where_it_is_sent_back(app, unit):
    page = openpyxl.load_workbook(BytesIO(made(app, unit))).worksheets[0]
    assert page.cell(2, 1).value.endswith("/review-forms")


def test_the_same_form_again_changes_nothing_and_another_answer_is_refused(app, unit):
    blank = made(app, unit)
    data = filled(blank, (4, 4, 4, 4, "", ""))
    assert (take(app, data).now, take(app, data).now) == (1, 0)
    again = take(app, data)
    assert (again.before, again.empty) == (1, 1)
    with pytest.raises(Invalid):
        take(app, filled(blank, (3, 4, 4, 4, "", "")))
    later = take(app, filled(blank, (4, 4, 4, 4, "", ""), (3, 3, 3, 3, "", "")))
    assert (later.now, later.before) == (1, 1)


def hidden(page, offset, row=HEAD_ROW + 2):
    return page.cell(row, SHOWN + 4 + 2 + 1 + offset)


def swap_keys(page):
    one, other = hidden(page, 0), hidden(page, 0, HEAD_ROW + 3)
    one.value, other.value = other.value, one.value


CHANGES = {
    "the key": lambda page: setattr(hidden(page, 0), "value", "x" * 43),
    "keys of two rows": swap_keys,
    "what is asked": lambda page: setattr(hidden(page, 1), "value", '[[1, "x"]]'),
    "no list": lambda page: setattr(hidden(page, 1), "value", "{"),
    "the signature": lambda page: setattr(hidden(page, 2), "value", "0" * 64),
    "no signature": lambda page: setattr(hidden(page, 2), "value", None),
    "the agency": lambda page: setattr(page.cell(HEAD_ROW + 2, 3), "value", "演示别家机构"),
    "the engagement": lambda page: setattr(page.cell(HEAD_ROW + 2, 1), "value", "X-1"),
    "the last day": lambda page: setattr(page.cell(HEAD_ROW + 2, 5), "value", "2099-12-31"),
    "a head": lambda page: setattr(page.cell(HEAD_ROW + 1, SHOWN + 1), "value", "别的"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_form_whose_own_cells_were_changed_is_refused_as_a_whole(app, unit, change):
    good = (4, 4, 4, 4, "", "")
    data = filled(made(app, unit), good, good, change=change)
    with pytest.raises(ChangedForm):
        take(app, data)
    assert db.session.query(Review).count() == 0


@pytest.mark.parametrize(
    "row",
    [
        (6, 4, 4, 4, "演示", ""),
        (4, 4, 4, None, "", ""),
        ("=1+3", 4, 4, 4, "", ""),
        (5, 4, 4, 4, "", ""),
        (1, 4, 4, 4, "演示", ""),
    ],
    ids=["six", "one missing", "a formula", "five without words", "one without a fact"],
)
def test_one_bad_row_keeps_the_whole_form_out(app, unit, row):
    data = filled(made(app, unit), (4, 4, 4, 4, "", ""), row)
    with pytest.raises(Invalid):
        take(app, data)
    db.session.rollback()
    assert db.session.query(Review).count() == 0


def test_a_form_without_a_name_or_of_nobody_is_refused(app, unit):
    blank = made(app, unit)
    with pytest.raises(Invalid):
        take(app, filled(blank, (4, 4, 4, 4, "", ""), name=""))
    for junk in (b"", b"PK\x03\x04", b"x" * 100):
        with pytest.raises(ChangedForm):
            take(app, junk)


def test_a_form_of_another_portal_is_refused(app, unit, monkeypatch):
    data = filled(made(app, unit), (4, 4, 4, 4, "", ""))
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret of another portal")
    with pytest.raises(ChangedForm):
        take(app, data)


def test_a_form_that_was_out_while_the_key_was_changed_is_taken(app, unit, monkeypatch):
    data = filled(made(app, unit), (4, 4, 4, 4, "", ""))
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "SECRET_KEY_OLD", str(app.secret_key))
        patch.setitem(app.config, "SECRET_KEY", "演示的新密钥" * 8)
        told = {"file": (BytesIO(data), "演示.xlsx")}
        assert app.test_client().post("/review-forms", data=told).status_code == 302
        assert [take(app, data).before] == [1], "sent twice it counts once"
    assert db.session.query(Review).count() == 1


def test_only_the_performance_section_makes_forms_and_only_where_something_waits(app, unit):
    for role in sorted(set(Role) - {Role.PERFORMANCE_OFFICER}):
        with pytest.raises(Forbidden):
            made(app, unit, UserFactory(role=role))
    with pytest.raises(Conflict):
        made(app, OrganisationFactory())


def test_the_form_comes_and_goes_through_the_pages(app, unit, sign_in, client):
    officer = sign_in(UserFactory())
    place = f"/organisations/{unit.id}/review-form"
    assert officer.get(f"{place}/new").status_code == 200
    assert officer.post(place, data={"name": "", "once": fresh_token()}).status_code == 422
    answer = officer.post(place, data={"name": "演示", "once": fresh_token()})
    assert answer.status_code == 200
    assert client.get("/review-forms").status_code == 200
    data = filled(answer.get_data(), (4, 4, 4, 4, "", ""))
    sent = client.post("/review-forms", data={"file": (BytesIO(data), "演示.xlsx")})
    assert sent.status_code == 302
    assert db.session.query(Review).count() == 1
    bad = client.post("/review-forms", data={"file": (BytesIO(b"x"), "演示.xlsx")})
    assert bad.status_code == 422
    assert client.post("/review-forms", data={}).status_code == 422
    stranger = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    assert stranger.get(f"{place}/new").status_code == 404
