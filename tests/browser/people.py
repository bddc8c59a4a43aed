"""A person at a browser: goes to pages, fills in forms, and notices whatever is wrong with them."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

AXE = Axe()
PICTURES = Path(__file__).parents[2] / "var" / "screenshots"
# A form with an error is answered by 422, which the browser tells in its console.
EXPECTED = re.compile(r"Failed to load resource.* 422 ")


@dataclass(frozen=True)
class Portal:
    """Where the portal is, and the password of its demonstration's people."""

    address: str
    password: str
    env: dict


class Visitor:
    """One browser with one page."""

    def __init__(self, portal: Portal, context: BrowserContext) -> None:
        self.portal, self.context = portal, context
        self.problems: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("response", self._response)
        return page

    def _console(self, message) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            where = message.location.get("url", "") if message.location else ""
            self.problems.append(f"{self.page.url} {where}: {message.text}")

    def _response(self, response) -> None:
        if response.status >= 500 or response.status in {404, 403}:
            self.problems.append(f"{response.url}: {response.status}")

    def go(self, path: str) -> "Visitor":
        self.page.goto(self.portal.address + path)
        return self

    @property
    def path(self) -> str:
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def sign_in(self, login: str, password: str = "") -> "Visitor":
        self.go("/sign-in")
        self.fill(login=login, password=password or self.portal.password)
        self.page.locator("main button[type=submit]").click()
        expect(self.page.locator("header form[action='/sign-out']")).to_be_visible()
        return self

    def fill(self, **fields) -> "Visitor":
        """Fill in the fields of the page by their names; a select by its value or its words."""
        for name, value in fields.items():
            self._fill(name.replace("__", "-"), value)
        return self

    def _fill(self, name: str, value) -> None:
        found = self.page.locator(f"main [name='{name}']")
        kind = found.first.evaluate("e => e.tagName == 'SELECT' ? 'select' : e.type")
        if kind == "select":
            choose(found, value)
        elif kind == "radio":
            self.page.locator(f"main [name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            found.set_checked(value)
        elif kind == "file":
            found.set_input_files(value)
        else:
            found.fill(str(value))

    def press(self, words: str) -> "Visitor":
        """Press the button, or follow the link, that says these words."""
        found = self.page.get_by_role("button", name=words).or_(
            self.page.get_by_role("link", name=words)
        )
        found.first.click()
        return self

    def sees(self, words: str) -> "Visitor":
        expect(self.page.locator("body")).to_contain_text(words)
        return self

    def speak(self, language: str) -> "Visitor":
        self.page.locator(f"form.languages button[lang='{language}']").click()
        expect(self.page.locator("html")).to_have_attribute("lang", language)
        return self

    def look(self) -> "Visitor":
        """Nothing on the page keeps anybody out (WCAG, by axe-core), and nothing sticks out."""
        found = AXE.run(self.page).response["violations"]
        told = [
            f"{self.path} {each['impact']} {each['id']}: {node['target']} {node['failureSummary']}"
            for each in found
            for node in each["nodes"][:3]
        ]
        self.problems.extend(told)
        return self

    def picture(self, name: str) -> None:
        """Keep a picture at the size of an office screen and of a phone."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        for width, height in ((1366, 768), (390, 844)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(150)
            overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            if self.page.evaluate(overflow) > 1:
                self.problems.append(f"{self.path}: sticks out at {width} px")
            self.page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 720})


def choose(select, value) -> None:
    """Choose by value, or by the first option whose words, or whose group's, hold the value."""
    told = select.evaluate(
        "(e, v) => { const o = [...e.options]; const f = o.find(x => x.value == v)"
        " || o.find(x => x.text.includes(v))"
        " || o.find(x => (x.parentElement.label || '').includes(v)); return f ? f.value : null; }",
        str(value),
    )
    assert told is not None, f"no choice {value!r}"
    select.select_option(told)
