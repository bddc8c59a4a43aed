"""Every kind of page that a role can reach by links: nothing keeps anybody out, nothing fails."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy
from babel.messages.pofile import read_po

ROLES = (
    "jixiao", "zhuping1", "jigou1", "chengyuan1", "danwei1", "zhuguan1", "caizhengsuo1", "keshi1",
    "juzhang", "jiancha", "dangan", "zhuanjia", "xitong", "anquan", "shenji",
)  # fmt: skip
MOST = 45  # kinds of page for one role
FILES = re.compile(r"/(file|files/\w+|export|exports|preview)(/|$|\?)|\.\w{2,5}$")
CATALOGUE = Path(__file__).parents[2] / "app/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
CHINESE = re.compile("[一-鿿]+")
# Rules are cited by number and title, and terms of the field may stand beside their translation.
CITED = re.compile(r"[一-鿿]+〔\d+〕\d+号|《[^》]+》|第[一二三四五六七八九十]+条")


def kind_of(path):
    """An address without its numbers: pages of one kind are looked at once."""
    parts = urlsplit(path)
    keys = sorted(part.split("=")[0] for part in parts.query.split("&") if part)
    return re.sub(r"\d+", "N", parts.path) + ("?" + "&".join(keys) if keys else "")


def links_of(visitor):
    found = visitor.page.evaluate(
        "[...document.querySelectorAll('a[href]:not([download])')].map(a => a.href)"
    )
    home = visitor.portal.address
    return [link.removeprefix(home).split("#")[0] for link in found if link.startswith(home)]


def walk(visitor, seen, most=MOST):
    """Open one page of each kind that links lead to, those not seen before."""
    waiting, count = ["/"], 0
    queued = set()
    while waiting and count < most:
        path = waiting.pop(0)
        answer = visitor.page.goto(visitor.portal.address + path)
        assert answer.status == 200, f"{path}: {answer.status}"
        count += 1
        yield path
        for link in links_of(visitor):
            kind = kind_of(link)
            if kind not in seen and kind not in queued and link and not FILES.search(link):
                if "?" in link and urlsplit(link).path == urlsplit(path).path:
                    continue  # the same list, filtered or sorted
                queued.add(kind)
                waiting.append(link)
        seen |= queued


@pytest.mark.timeout(240)
@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.nightly)])
def test_pages_of_all_roles_keep_nobody_out(sign_in, every):
    """Every kind of page is opened and each third one looked at by each third role; at night all."""
    seen, told = set(), []
    for login in ROLES[::every]:
        visitor = sign_in(login)
        for path in walk(visitor, seen):
            if len(told) % every == 0:
                visitor.look()
            told.append((login, kind_of(path)))
        visitor.context.close()
    assert len({kind for _login, kind in told}) > 30, told


@pytest.mark.timeout(120)
def test_the_second_language_is_whole(sign_in, portal):
    """On an English page Chinese is only what people wrote: never a word of the portal's own."""
    own, written = words_of_the_portal(), words_of_people(portal)
    seen, wrong = set(), []
    for login in ("jixiao", "zhuping1", "danwei1", "shenji"):
        visitor = sign_in(login)
        visitor.speak("en")
        for path in walk(visitor, seen, most=30):
            for text in texts_of(visitor):
                if text in own or not is_written(text, written):
                    wrong.append(f"{path}: {text}")
        visitor.speak("zh-CN")
        visitor.context.close()
    assert not wrong, "\n".join(sorted(set(wrong))[:40])


def texts_of(visitor):
    texts = visitor.page.evaluate(
        """() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
          const parent = walker.currentNode.parentElement;
          if (!parent.closest('[lang^=zh], script, style')) found.push(walker.currentNode.data);
        }
        for (const e of document.querySelectorAll('[placeholder], [aria-label], [title]'))
          for (const name of ['placeholder', 'aria-label', 'title'])
            if (e.hasAttribute(name)) found.push(e.getAttribute(name));
        return found; }"""
    )
    return {text.strip() for text in texts if CHINESE.search(text)}


def words_of_the_portal():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans_CN")
    return {str(m.string).strip() for m in catalogue if m.id and len(str(m.string)) > 1}


def words_of_people(portal):
    """Everything in Chinese that stands in the database: names, titles, opinions, templates."""
    engine = sqlalchemy.create_engine(portal.env["DATABASE_URL"])
    told = []
    with engine.connect() as connection:
        columns = connection.execute(
            sqlalchemy.text(
                "SELECT table_name, column_name FROM information_schema.columns WHERE"
                " table_schema = 'public' AND data_type IN ('character varying', 'text', 'json')"
                " AND (table_name NOT LIKE 'audit%' OR table_name = 'audit_event')"
            )
        ).all()
        for table, column in columns:
            rows = connection.execute(
                sqlalchemy.text(f'SELECT DISTINCT "{column}"::text FROM "{table}"')
            )
            told += [decoded(row[0]) for row in rows if row[0]]
    engine.dispose()
    return "\n".join(told)


def decoded(text):
    """JSON columns keep Chinese as escapes."""
    if "\\u" not in text:
        return text
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def is_written(text, written):
    rest = CITED.sub(" ", text)
    return all(run in written for run in CHINESE.findall(rest))
