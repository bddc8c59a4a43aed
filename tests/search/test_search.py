"""Words of one, two and more characters are found, by those who may read where they stand."""

import pytest

from app.db import db, transaction
from app.exchange import services
from app.papers.queries import papers_visible_to
from app.policy import Role
from app.search import indexing, marking, queries, showing
from app.search.grams import asked_of, grams_of, plain
from app.search.models import SearchEntry
from app.training import authoring
from app.training.models import Audience
from app.training.queries import courses_visible_to
from tests.exchange.test_exchange import answered, post
from tests.factories import UserFactory
from tests.papers.filing import file_paper
from tests.training.learning import course


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("绩效评价", ["绩", "绩效", "效", "效评", "评", "评价", "价"]),
        ("绩 效", ["绩", "效"]),
        ("Ａb１", ["a", "ab", "b", "b1", "1"]),
        ("文号〔2026〕", ["文", "文号", "号", "2", "20", "0", "02", "26", "6"]),
        ("", []),
        ("<%_'>", []),
    ],
)
def test_grams_are_neighbours_within_a_run(text, grams):
    assert grams_of(text) == grams


def test_what_is_asked_is_pairs_or_one_character():
    assert asked_of("绩效评价") == ["绩效", "效评", "评价"]
    assert asked_of("绩") == ["绩"]
    assert asked_of("绩 效评") == ["绩", "效评"]
    assert plain("  甲，乙  ") == "甲 乙"


def found(user, words):
    return [one.title for one in queries.found_by(user, words)]


@pytest.fixture
def written(session):
    told = ("绩效评价指标怎样设置", "评价绩效的方法", "资金使用合规")
    made = [post(title=title, body="演示正文") for title in told]
    with transaction():
        indexing.catch_up()
    return made


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("绩效评价", {"绩效评价指标怎样设置"}),
        ("评价", {"绩效评价指标怎样设置", "评价绩效的方法"}),
        ("绩效 方法", {"评价绩效的方法"}),
        ("资", {"资金使用合规"}),
        ("规", {"资金使用合规"}),  # the last character of a run
        ("效方", set()),
        ("绩%", {"绩效评价指标怎样设置", "评价绩效的方法"}),
        ("'; DROP", set()),
        ("？", set()),
    ],
)
def test_words_are_found(written, words, titles):
    assert set(found(UserFactory(), words)) == titles


def test_what_is_edited_or_hidden_is_found_so(written):
    first, officer, reader = written[0], UserFactory(), UserFactory(role=Role.UNIT_OFFICER)
    with transaction():
        services.edit_post(first.author, first, services.NewWords("改了题目", "别的"))
    with transaction():
        assert indexing.catch_up() == 1
    assert found(reader, "指标") == []
    assert found(reader, "改了") == ["改了题目"]
    with transaction():
        services.hide_post(officer, first, "理由")
    assert found(reader, "改了") == []
    assert found(officer, "改了") == ["改了题目"]
    with transaction():
        assert indexing.catch_up() == 0


def test_answers_are_found_where_they_stand_by_those_who_may_read_them(written):
    first, officer, reader = written[0], UserFactory(), UserFactory(role=Role.UNIT_OFFICER)
    answer = answered(first, body="紫色鲸鱼的回答")
    with transaction():
        assert indexing.catch_up() == 1
    (line,) = showing.lines(queries.found_by(reader, "鲸鱼"), "鲸鱼")
    assert line.values == {"post_id": first.id, "_anchor": f"answer-{answer.id}"}
    assert ("鲸鱼", True) in line.excerpt
    with transaction():
        services.hide_answer(officer, answer, "理由")
    assert found(reader, "鲸鱼") == []
    assert found(officer, "鲸鱼") == [first.title]
    with transaction():
        services.hide_post(officer, first, "理由")
    assert found(reader, "鲸鱼") == []


def courses(person, words):
    return [hit.title for hit in queries.courses_with(person, words)]


def test_courses_and_their_pages_are_found_by_those_who_see_them_in_the_list(session, sign_in):
    officer = UserFactory()
    made = [
        course(officer, title=f"橙色海豚课程{n}", summary="演示摘要", audience=each)
        for n, each in enumerate(Audience)
    ]
    made.append(course(officer, title="橙色海豚草稿", published=False))
    with transaction():
        authoring.rewrite_page(officer, made[0], made[0].pages[1], "第二页", "虎鲸怎样抽样" * 400)
    with transaction():
        assert indexing.catch_up() == len(made)
    for role in Role:
        person = UserFactory(role=role)
        listed = {one.title for one in db.session.scalars(courses_visible_to(person))}
        assert set(courses(person, "海豚")) == listed, role
    reader = UserFactory(role=Role.AGENCY_MEMBER)
    (line,) = showing.lines(queries.courses_with(reader, "虎鲸 抽样"), "虎鲸 抽样")
    assert (line.values, line.note) == ({"course_id": made[0].id, "position": 2}, "第二页")
    page = sign_in(reader).get("/search?q=虎鲸").get_data(as_text=True)
    assert f"/courses/{made[0].id}/pages/2" in page
    (line,) = showing.lines(queries.courses_with(reader, "海豚课程0 摘要"), "海豚课程0 摘要")
    assert line.values == {"course_id": made[0].id}
    with transaction():
        authoring.rewrite_page(officer, made[0], made[0].pages[1], "第二页", "改了")
    with transaction():
        assert indexing.catch_up() == 1
    assert courses(reader, "虎鲸") == []
    with transaction():
        authoring.withdraw_course(officer, made[0])
    assert made[0].title not in courses(reader, "海豚")


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("绩效评价办法", "评价", [("绩效", False), ("评价", True), ("办法", False)]),
        ("甲ＡＢc乙", "abC", [("甲", False), ("ＡＢc", True), ("乙", False)]),
        ("评价、绩效", "绩效 评价 价", [("评价", True), ("、", False), ("绩效", True)]),
        ("财监〔2021〕4号", "4号", [("财监〔2021〕", False), ("4号", True)]),
        (
            "<b>粗</b>",
            "b",
            [("<", False), ("b", True), (">粗</", False), ("b", True), (">", False)],
        ),
        ("没有", "。", [("没有", False)]),
        ("", "词", []),
    ],
)
def test_what_was_looked_for_is_marked(text, words, shown):
    assert marking.marked(text, words) == shown
    assert "".join(piece for piece, _found in marking.marked(text, words)) == text


def test_an_excerpt_shows_the_find_in_a_long_text():
    told = marking.excerpt("甲" * 300 + "绩效" + "乙" * 300, "绩效")
    assert ("绩效", True) in told
    assert [piece[0][0] for piece in (told[0], told[-1])] == ["…", "乙"]
    assert told[-1][0].endswith("…")
    assert marking.excerpt("短 文\n在此", "无") == [("短 文 在此", False)]


def test_titles_of_papers_are_found_by_their_readers_alone(engagement, lead):
    file_paper(lead, engagement, "B-01", "紫色鲸鱼底稿")
    with transaction():
        indexing.catch_up()
    for role in Role:
        person = UserFactory(role=role)
        sees = bool(db.session.scalars(papers_visible_to(person)).all())
        assert bool(found(person, "鲸鱼")) == sees, role
    assert found(lead, "鲸") == ["紫色鲸鱼底稿"]


def test_the_page_finds_turns_and_costs_the_same(written, sign_in, statements):
    client = sign_in(UserFactory(role=Role.UNIT_OFFICER))
    page = client.get("/search?q=资金").get_data(as_text=True)
    assert f"/posts/{written[2].id}" in page
    assert client.get("/search").status_code == 200
    assert "<mark>资金</mark>" in page
    assert "<mark>资金</mark>使用合规性" in page  # of the indicator library
    script = client.get("/search?q=<script>alert(1)</script>").get_data(as_text=True)
    assert "<script>alert" not in script
    for odd in ("？", "%", "'", "\\", "😀", "资", "a", " "):
        assert client.get("/search", query_string={"q": odd}).status_code == 200
    assert sign_in(UserFactory(role=Role.SYSTEM_ADMIN)).get("/search?q=资金").status_code == 403
    client.get("/search?q=资金")
    with statements() as few:
        client.get("/search?q=资金")
    for _n in range(4):
        post(title="资金又一条")
    with transaction():
        indexing.catch_up()
    client.get("/search?q=资金")
    with statements() as many:
        client.get("/search?q=资金")
    assert len(many) == len(few)
    assert db.session.query(SearchEntry).count() == 7


def test_what_few_may_read_is_found_behind_what_many_wrote(written, monkeypatch):
    """The index is asked for a few entries at a time, until a page is full or nothing is left."""
    monkeypatch.setattr(queries, "WINDOWS", (2, 3, 1000))
    officer, reader = UserFactory(), UserFactory(role=Role.UNIT_OFFICER)
    hidden = [post(title="资金暂存") for _n in range(6)]
    with transaction():
        for one in hidden:
            services.hide_post(officer, one, "理由")
        indexing.catch_up()
    assert found(reader, "资金") == ["资金使用合规"]
    assert len(found(officer, "资金")) == 7
    assert found(reader, "资金使用的") == []
    newest, *_others, oldest = queries.found_by(officer, "资金")
    assert queries.found_by(officer, "资金", before=oldest.id) == []
    assert [one.id for one in queries.found_by(officer, "资金", after=oldest.id, most=6)][
        -1
    ] == newest.id
