"""The test client looks at the HTML of every page that any test fetches."""

from collections import Counter

import html5lib
from flask import g, has_app_context
from flask.testing import FlaskClient

NS = "{http://www.w3.org/1999/xhtml}"
UNLABELLED = {"hidden", "submit", "button", "reset"}


class CheckingClient(FlaskClient):
    """Fails a test whose page is not good HTML, whatever the test was about."""

    def open(self, *args, **kwargs):
        forget_the_last_request()
        response = super().open(*args, **kwargs)
        is_page = response.mimetype == "text/html" and response.status_code not in {301, 302, 303}
        if is_page and not response.is_streamed and response.data.strip():
            check(response.get_data(as_text=True))
        return response


def forget_the_last_request() -> None:
    """A test's own app context serves all its requests: who signed in before must not stay there."""
    if has_app_context():
        for name in list(g):
            g.pop(name)


def check(html: str) -> None:
    """Valid, one h1, every field labelled, no id twice, no script or style inline."""
    whole = "<html" in html
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(html) if whole else parser.parseFragment(html)
    errors = [e for e in parser.errors if e[1] not in {"expected-doctype-but-got-start-tag"}]
    assert not errors, (errors[:3], html[:400])
    elements = [e for e in tree.iter() if isinstance(e.tag, str)]
    ids = Counter(e.get("id") for e in elements if e.get("id"))
    assert not [i for i, n in ids.items() if n > 1], f"ids twice: {ids.most_common(3)}"
    if whole:
        assert sum(e.tag == f"{NS}h1" for e in elements) == 1, "not one h1"
    for e in elements:
        assert "style" not in e.attrib, f"inline style at {e.tag} {e.attrib}"
        assert not any(name.startswith("on") for name in e.attrib), f"inline script at {e.tag}"
    check_labels(elements)
    check_summary(elements)


def check_summary(elements) -> None:
    """What is wrong is told at the top in the order in which it stands below."""
    place = {e.get("id"): n for n, e in enumerate(elements) if e.get("id")}
    told = [link for e in elements if "error-summary" in e.get("class", "") for link in e.iter()]
    leads = [link.get("href", "")[1:] for link in told if link.tag == f"{NS}a"]
    assert set(leads) <= set(place), f"a line of the summary leads nowhere: {leads}"
    assert leads == sorted(leads, key=place.__getitem__), f"out of order: {leads}"


def check_labels(elements) -> None:
    """Every field of a form has a label or a name for those who cannot see it."""
    labelled = {e.get("for") for e in elements if e.tag == f"{NS}label"}
    inside = {id(c) for e in elements if e.tag == f"{NS}label" for c in e.iter()}
    for e in elements:
        if e.tag not in {f"{NS}input", f"{NS}select", f"{NS}textarea"}:
            continue
        named = e.get("aria-label") or e.get("aria-labelledby") or e.get("id") in labelled
        hidden = e.get("type") in UNLABELLED
        assert named or hidden or id(e) in inside, f"a field without a label: {e.attrib}"
